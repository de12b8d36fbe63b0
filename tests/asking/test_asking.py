"""From „Wer kann uns dazu etwas sagen?“ to the answer on the sheet: who does what, who is told, and when."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.guard import TooMany
from asking import links, retention
from asking.actions import answering, asking
from asking.actions.asking import Asked
from asking.links import Purpose
from asking.models import AnsweredBy, Helped, Kind, PublicAnswer, Question, State
from consulting.models import ConsultationRequest
from ground.refusals import NotPossible, Overtaken
from mailing import outbox
from mailing.models import Email
from projects.models import Project, ProjectEditor, ReuseStatement, StatementState
from smartcities import own_data
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    ReuseStatementFactory,
    SolutionFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.asking import QuestionFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)  # a Thursday
DAY = timedelta(days=1)
TEN_WORKING_DAYS_LATER = date(2026, 11, 26)
TOWN, PROJECT = "rat@musterdorf.example", "projekt@stadt.example"


@pytest.fixture
def office(settings) -> str:
    return settings.OPERATOR["email"]


def solution_with_editor():
    solution = SolutionFactory(name="Pegelnetz")
    ProjectEditor.objects.create(project=solution.project, user=UserFactory(email=PROJECT))
    return solution


def asked(solution, *, email=TOWN, **values) -> Asked:
    filled = {
        "text": "Wie lange hat es gedauert?",
        "situation": "Drei Bäche, kein Pegel.",
        "name": "Rosa Rat",
        "phone": "0123 456",
        "municipality": MunicipalityFactory(name="Musterdorf"),
        "may_publish": True,
    }
    return Asked(solution=solution, project=solution.project, email=email, **filled | values)


def again(question: Question) -> Question:
    return Question.objects.with_everything().get(pk=question.pk)


def told() -> list[tuple[str, str]]:
    """To whom, and which, since the last look."""
    rows = list(Email.objects.order_by("pk").values_list("to", "key"))
    Email.objects.all().delete()
    return [(to, re.sub(r":\d+$", "", re.sub(r".*:v\d+:", "", key))) for to, key in rows]


def sent() -> None:
    """All that waits goes out."""
    Email.objects.filter(sent_at=None).update(sent_at=NOW)


def to_send() -> list[tuple[str, str]]:
    """To whom, and which, of what is still to go out."""
    rows = Email.objects.open().order_by("pk").values_list("to", "key")
    return [(to, key.split(":")[3]) for to, key in rows]


def test_a_question_to_a_project_from_the_form_to_the_sheet(client):
    solution = solution_with_editor()
    town = MunicipalityFactory(name="Musterdorf")
    sheet, form = solution.get_absolute_url(), reverse("asking:solution", args=[solution.slug])
    # Beside the name, above all facts.
    head = client.get(sheet).text.split('<section class="decide"')[0]
    stating = reverse("projects:state_reuse", args=[solution.slug])
    for action in (f'href="{form}"', f'href="{stating}?art=nutzt"'):
        assert action in head

    # The two questions, the Kommune, the address, and that the answer may be published.
    page = client.get(form)
    typed = {
        "situation": "Drei Bäche.", "text": "Wie lange?", "q": "Musterdorf", "picked": str(town.pk),
        "name": "Rosa Rat", "email": TOWN, "may_publish": "on", "phone": "0123 456",
        "stamp": asking.GUARD.stamp(now=timezone.now() - timedelta(minutes=1)),
    }  # fmt: skip
    assert page.context["form"].project == solution.project
    assert client.post(form, typed)["Location"] == reverse("asking:asked")
    mail = Email.objects.get()
    assert (mail.to, "Bäche" in mail.text + mail.html + mail.subject) == (TOWN, False)
    sent()

    # Seeing is not confirming.
    confirm = re.findall(r"(/fragen/bestaetigen/[^\s]+)", mail.text)[0]
    assert "Drei Bäche." in client.get(confirm).text
    assert Question.objects.get().state == State.UNCONFIRMED
    state = client.post(confirm)["Location"]
    question = Question.objects.get()
    assert (question.state, question.municipality) == (State.WITH_PROJECT, town)
    assert told() == [(TOWN, "confirm"), (PROJECT, "project_asked"), (TOWN, "received")]
    shown = client.get(state).text
    assert "liegt beim Modellprojekt" in shown
    assert TOWN not in shown
    assert PROJECT not in shown

    # The editor answers, the asker says that it helped.
    text = "Zwei Monate."
    answering.answer(again(question), text=text, by=AnsweredBy.PROJECT, now=timezone.now())
    mail = Email.objects.get()
    assert (mail.to, PROJECT in mail.text + mail.html) == (TOWN, False)
    assert text in mail.text
    rate = re.findall(r"(/fragen/geholfen/[^\s]+)", mail.text)[0]
    client.post(rate, {"helped": "ja", "text": "Danke."})
    assert client.post(rate, {"helped": "nein"}).status_code == 200
    question = again(question)
    assert (question.helped, question.helped_text) == (Helped.YES, "Danke.")
    assert "Zwei Monate." in client.get(state).text

    # In the editor's words it stands on the sheet, without name and Kommune.
    answering.publish(question, text="Wie lang?", answer="Etwa zwei Monate.", now=timezone.now())
    shown = client.get(sheet).text
    assert "Gefragt und beantwortet" in shown
    assert "Etwa zwei Monate." in shown
    assert not [word for word in ("Rosa Rat", "Musterdorf", "Drei Bäche") if word in shown]
    withdraw = re.findall(
        r"(/fragen/zurueckziehen/[^\s]+)", Email.objects.get(key__contains="published").text
    )[0]
    client.post(withdraw)
    assert "Etwa zwei Monate." not in client.get(sheet).text
    assert not PublicAnswer.objects.exists()


def test_the_form_promises_nothing_of_a_project_that_nobody_edits(client):
    project = ProjectFactory(name="Ulm")

    page = client.get(reverse("asking:project", args=[project.slug])).content.decode()

    assert "ist im Portal noch niemand eingetragen" in page
    assert (
        "Hilft anderen mit derselben Frage. Beides wird vorher, wo nötig, gekürzt und geglättet."
        in page
    )
    assert "Das Projekt" not in page


def test_who_lets_the_kommune_be_named_lets_the_answer_be_published(client):
    solution = SolutionFactory()
    form, town = reverse("asking:solution", args=[solution.slug]), MunicipalityFactory()
    typed = {
        "situation": "Drei Bäche.", "q": town.name, "picked": str(town.pk), "name": "Rosa Rat",
        "email": TOWN, "stamp": asking.GUARD.stamp(now=timezone.now() - timedelta(minutes=1)),
    }  # fmt: skip
    said = [{}, {"may_publish": "on"}, {"may_name": "on"}, {"may_name": "on", "may_publish": "on"}]

    for number, one in enumerate(said):
        answer = client.post(form, typed | one | {"text": f"Frage {number}"})
        assert answer["Location"] == reverse("asking:asked")

    stored = Question.objects.order_by("pk").values_list("may_publish", "may_name")
    assert list(stored) == [(False, False), (True, False), (True, True), (True, True)]


def test_it_has_ten_working_days_is_reminded_once_and_then_goes_to_the_office(office):
    solution = solution_with_editor()
    question = asking.confirm(asking.ask(asked(solution), now=NOW), now=NOW)
    assert question.due_on == TEN_WORKING_DAYS_LATER
    told()

    assert answering.remind(now=NOW + 6 * DAY) == 0
    assert answering.remind(now=NOW + 7 * DAY) == 1
    assert answering.remind(now=NOW + 8 * DAY) == 0
    assert told() == [(PROJECT, "project_nudge")]
    assert answering.pass_on(now=NOW + 14 * DAY) == 0
    assert answering.pass_on(now=NOW + 15 * DAY) == 1
    assert answering.pass_on(now=NOW + 15 * DAY) == 0
    assert told() == [(office, "office")]
    question = again(question)
    assert (question.state, question.due_on) == (State.AT_OFFICE, date(2026, 12, 4))
    # The project may still answer.
    answering.note_call(question, on=date(2026, 11, 27), by=AnsweredBy.PROJECT, now=NOW + 15 * DAY)
    assert told() == [(TOWN, "answered")]
    with pytest.raises(Overtaken):
        answering.answer(question, text="Zu spät", by=AnsweredBy.OFFICE, now=NOW)


def test_where_nobody_edits_the_project_the_office_gets_it_at_once(client, office):
    solution = SolutionFactory(name="Pegelkarte", project__name="Smarte Aue")
    question = asking.ask(asked(solution), now=NOW)
    sent()
    form = client.get(reverse("asking:solution", args=[solution.slug])).text
    question = asking.confirm(question, now=NOW)

    assert (question.state, question.due_on) == (State.AT_OFFICE, TEN_WORKING_DAYS_LATER)
    mail = Email.objects.get(to=office)
    assert mail.subject == "Frage an ein Modellprojekt zu „Pegelkarte“: bis 26. November 2026"
    assert "\nModellprojekt: Smarte Aue\nLösung: Pegelkarte\n" in mail.text
    assert told() == [(TOWN, "confirm"), (office, "office"), (TOWN, "received")]
    # Before and after it is said who answers, and why.
    assert "ist im Portal noch niemand eingetragen" in form
    assert "Das Projekt antwortet" not in form
    see = links.path(links.Purpose.SEE, links.token_for(question, links.Purpose.SEE))
    assert "ist im Portal noch niemand eingetragen" in client.get(see).text
    # Until somebody is, which does not move what lies with the office.
    ProjectEditor.objects.create(project=question.project, user=UserFactory())
    later = client.get(see).text
    assert "Ihre Frage liegt bei unserer Geschäftsstelle. Sie kümmert sich" in later
    assert "niemand eingetragen" not in later
    with_editor = solution_with_editor()
    form = client.get(reverse("asking:solution", args=[with_editor.slug])).text
    assert "Das Projekt antwortet" in form


def test_the_office_hands_it_to_a_group_to_a_kommune_that_uses_it_and_to_start_smart(client):
    group = CommunityFactory(name="Wasser")
    question = again(QuestionFactory(at_office=True, email=TOWN, phone="0123 456"))
    with pytest.raises(NotPossible, match="keine Koordination"):
        answering.hand_to_group(question, group, now=NOW)
    coordination = CoordinationFactory(community=group).email
    question = answering.hand_to_group(question, group, now=NOW)
    assert (question.state, question.group) == (State.WITH_GROUP, group)
    assert told() == [(coordination, "group_asked")]

    user = ReuseStatementFactory(
        confirmed=True, solution=question.solution, state=StatementState.PUBLISHED
    )
    ReuseStatementFactory(solution=question.solution, how="Nicht bestätigt.")
    assert answering.reusers_for(question) == [user]
    question = answering.hand_to_reuser(question, user, now=NOW)
    mail = Email.objects.get()
    assert mail.to == user.email
    assert not [word for word in ("Rosa Rat", "0123 456", TOWN) if word in mail.text + mail.html]
    reply = re.findall(r"(/fragen/antworten/[^\s]+)", mail.text)[0]
    told()

    # Taken away again before the Kommune answers: the old link says so.
    request = answering.make_request(question, land="BY", stage="anfang", now=NOW)
    assert client.post(reply, {"text": "Drei Monate."}).status_code == 410
    stored = ConsultationRequest.objects.get()
    assert (stored.municipality, stored.solution, stored.email, stored.phone, stored.question) == (
        question.municipality,
        question.solution,
        TOWN,
        "0123 456",
        f"{question.situation}\n\n{question.text}",
    )
    # Who asked had to open a link for it.
    assert (request.state, stored.address_proved_at) == (State.TO_ADVICE, NOW)
    to = [to for to, _key in told()]
    assert to.count(TOWN) == 2  # ours with the number, and that of Start Smart


def test_only_who_uses_it_and_can_be_reached_is_asked():
    question = again(QuestionFactory(at_office=True, email=TOWN))

    def stated(**values) -> ReuseStatement:
        values = {"solution": question.solution, "state": StatementState.PUBLISHED} | values
        return ReuseStatementFactory(confirmed=True, **values)

    user = stated()
    of_same_project = stated(solution=SolutionFactory(project=question.project))
    stated(is_planned=True)
    stated(anonymised_at=NOW, email="")
    stated(email="Rat+anders@Musterdorf.example")  # who asks would be asked
    stated(state=StatementState.WITHDRAWN)
    stated(solution=SolutionFactory())

    assert answering.reusers_for(question) == [user, of_same_project]
    # It was one of them when the page was opened, say.
    for other in ReuseStatement.objects.exclude(pk__in=[user.pk, of_same_project.pk]):
        with pytest.raises(NotPossible, match="Diese Kommune können wir nicht"):
            answering.hand_to_reuser(question, other, now=NOW)
    assert told() == []
    question = answering.hand_to_reuser(question, user, now=NOW)
    assert Email.objects.get().reply_to not in ("", TOWN)


def test_a_kommune_that_uses_it_answers_by_the_link_alone(client):
    question = again(QuestionFactory(at_office=True, email=TOWN))
    user = ReuseStatementFactory(
        confirmed=True, solution=question.solution, state=StatementState.PUBLISHED
    )
    answering.hand_to_reuser(question, user, now=NOW)
    reply = re.findall(r"(/fragen/antworten/[^\s]+)", Email.objects.get().text)[0]
    told()

    assert "Bitte schreiben Sie Ihre Antwort" in client.post(reply, {"text": " "}).text
    answer = client.post(reply, {"text": "Drei Monate."})

    assert answer["Location"] == question.solution.get_absolute_url()
    assert "Schon erledigt" in client.post(reply, {"text": "Vier."}).text
    question = again(question)
    assert (question.answer, question.answered_by) == ("Drei Monate.", AnsweredBy.REUSER)
    mail = Email.objects.get()
    assert mail.to == TOWN
    assert user.email not in mail.text + mail.html


def test_nothing_becomes_public_without_consent_or_twice():
    silent = again(QuestionFactory(answered=True))
    with pytest.raises(NotPossible):
        answering.publish(silent, text="Wie?", answer="So.", now=NOW)
    named = again(QuestionFactory(answered=True, may_publish=True, may_name=True))
    published = answering.publish(named, text="Wie?", answer="So.", now=NOW)
    with pytest.raises(NotPossible):
        answering.publish(again(published), text="Wie?", answer="Anders.", now=NOW)

    row = PublicAnswer.objects.get()
    assert (row.asked_by, row.answer) == (named.municipality.name, "So.")
    unnamed = again(QuestionFactory(answered=True, may_publish=True))
    answering.publish(unnamed, text="Wie?", answer="So.", now=NOW)
    assert PublicAnswer.objects.get(source=unnamed).asked_by == ""


def test_nothing_becomes_public_where_the_project_has_no_page(client):
    question = QuestionFactory(answered=True, may_publish=True)
    assert answering.can_be_published(again(question))
    Project.objects.update(is_public=False)

    with pytest.raises(NotPossible):
        answering.publish(again(question), text="Wie?", answer="So.", now=NOW)

    assert not PublicAnswer.objects.exists()
    assert told() == []
    for name, row in (("solution", question.solution), ("project", question.project)):
        form = reverse(f"asking:{name}", args=[row.slug])
        assert [client.get(form).status_code, client.post(form).status_code] == [404, 404]
    # Nor does an e-mail, or the page after a link, lead where nobody gets in.
    assert again(question).page_url == reverse("projects:solutions")


def test_who_gets_it_next_has_all_the_time_and_is_reminded_anew():
    group = CommunityFactory()
    coordination = CoordinationFactory(community=group).email
    question = again(QuestionFactory(waiting=True, reminded_at=NOW, passed_on_at=NOW))
    later = NOW + 7 * DAY
    question = answering.hand_to_group(question, group, now=later)
    assert (question.due_on, question.reminded_at, question.passed_on_at) == (
        date(2026, 12, 3), None, None,
    )  # fmt: skip
    told()
    assert answering.remind(now=later + 7 * DAY) == 1
    assert told() == [(coordination, "group_nudge")]


def test_a_day_is_one_of_germany():
    midnight = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    called = again(QuestionFactory(at_office=True))
    called = answering.note_call(called, on=date(2026, 11, 13), by=AnsweredBy.OFFICE, now=midnight)
    assert called.called_on == date(2026, 11, 13)
    late = again(QuestionFactory(waiting=True, due_on=date(2026, 11, 12)))
    assert answering.pass_on(now=midnight) == 1
    assert again(late).due_on == date(2026, 11, 20)
    agreed = again(QuestionFactory(answered=True, may_publish=True))
    answering.publish(agreed, text="Wie?", answer="So.", now=midnight)
    assert PublicAnswer.objects.get().published_on == date(2026, 11, 13)


def test_a_kommune_that_is_funded_becomes_no_request():
    question = QuestionFactory(at_office=True)
    ProjectFactory(municipalities=[question.municipality])
    with pytest.raises(NotPossible, match="gefördert"):
        answering.make_request(again(question), land="BY", stage="anfang", now=NOW)
    assert not ConsultationRequest.objects.exists()


def test_what_stays_public_after_a_year_leads_to_nobody_and_the_office_takes_it_away(admin_client):
    question = again(QuestionFactory(answered=True, may_publish=True, email=TOWN))
    public = answering.publish(question, text="Wie?", answer="So.", now=NOW).published
    link = links.address(Purpose.WITHDRAW, links.token_for(again(question), Purpose.WITHDRAW))

    retention.carry_out(now=NOW + 366 * DAY)

    public.refresh_from_db()
    assert public.source is None
    own_data.erase(own_data.Person.of_address(TOWN), now=NOW + 367 * DAY)
    assert list(PublicAnswer.objects.all()) == [public]
    assert admin_client.get(link.removeprefix("http://testserver")).status_code == 410
    gone = reverse("admin:asking_publicanswer_delete", args=[public.pk])
    admin_client.post(gone, {"post": "yes"})
    assert not PublicAnswer.objects.exists()


def test_a_fault_lands_with_the_office_with_the_page_and_without_an_address(client, office):
    solution = SolutionFactory()
    link = re.findall(
        r'href="(/fragen/fehler/[^"]+)"', client.get(solution.get_absolute_url()).text
    )
    page = client.get(link[0])
    assert page.context["form"]["page"].value() == solution.get_absolute_url()
    stamp = asking.GUARD.stamp(now=timezone.now() - timedelta(minutes=1))

    answer = client.post(
        link[0], {"page": solution.get_absolute_url(), "text": "Veraltet.", "stamp": stamp}
    )

    assert answer["Location"] == reverse("asking:reported")
    question = Question.objects.get()
    assert (question.kind, question.state, question.email) == (Kind.FAULT, State.AT_OFFICE, "")
    assert told() == [(office, "office")]
    answering.answer(again(question), text="Behoben.", by=AnsweredBy.OFFICE, now=timezone.now())
    assert told() == []


def test_what_was_typed_is_not_sent_to_an_address_that_nobody_has_proved():
    typed = {"text": "Kaufen Sie", "situation": "buy.example", "name": "Werbung", "phone": "0900"}

    asking.ask(asked(SolutionFactory(), written="Angebot", municipality=None, **typed), now=NOW)

    mail = Email.objects.get()
    told_all = mail.subject + mail.text + mail.html
    assert not [word for word in (*typed.values(), "Angebot") if word in told_all]


def test_who_left_an_address_with_a_fault_gets_the_answer_and_nothing_that_was_typed():
    fault = again(QuestionFactory(fault=True, email=TOWN, page="Kaufen", text="Bei uns"))

    answering.answer(fault, text="Behoben.", by=AnsweredBy.OFFICE, now=NOW)

    mail = Email.objects.get()
    assert "Behoben." in mail.text
    assert "Kaufen" not in mail.subject + mail.text + mail.html
    assert "Bei uns" not in mail.subject + mail.text + mail.html


def test_the_office_is_asked_with_the_words_that_were_searched_for_and_the_theme(client, office):
    theme = ThemeFactory(name="Wasser")
    address = f"{reverse('asking:office')}?thema={theme.slug}&frage=Badesee"
    form = client.get(address).context["form"]
    assert (form["text"].value(), form.theme) == ("Badesee", theme)
    typed = {
        "text": "Badesee?", "name": "Rosa Rat", "email": TOWN,
        "stamp": asking.GUARD.stamp(now=timezone.now() - timedelta(minutes=1)),
    }  # fmt: skip
    client.post(address, typed)
    sent()

    question = asking.confirm(again(Question.objects.get()), now=NOW)

    assert (question.kind, question.theme, question.state) == (Kind.OFFICE, theme, State.AT_OFFICE)
    mail = Email.objects.get(to=office)
    assert mail.subject.startswith("Frage an uns zu „Wasser“: bis ")
    assert "\nThema: Wasser\n" in mail.text
    assert told() == [(TOWN, "confirm"), (office, "office"), (TOWN, "received")]
    missing = client.post(address, typed | {"stamp": "", "text": ""}).text
    assert "Bitte schreiben Sie, was Sie wissen möchten." in missing


def test_sent_again_it_is_stored_once_and_a_mailbox_has_a_limit():
    solution = solution_with_editor()
    filled = asked(solution)
    first = asking.ask(filled, now=NOW)
    spelled = Asked(
        **{
            name: getattr(filled, name)
            for name in ("text", "name", "project", "solution", "municipality")
        },
        email="Rat+smart@Musterdorf.EXAMPLE",
    )

    later = NOW + timedelta(hours=2)
    assert asking.ask(spelled, now=later).pk == first.pk
    asking.ask(spelled, now=later + timedelta(minutes=5))
    assert len(told()) == 2  # once an hour is enough
    # Its link, and it itself, last two days from then.
    assert again(first).changed_at == later + timedelta(minutes=5)
    foreign = asking.ask(replace(filled, email="andere@musterdorf.example"), now=later)
    assert foreign.pk != first.pk
    told()
    for number in range(7):
        asking.ask(asked(solution, text=f"Frage {number}"), now=NOW)
    with pytest.raises(TooMany):
        asking.ask(asked(solution, text="Noch eine"), now=NOW)


def test_who_takes_it_back_is_told_and_so_are_those_who_have_it():
    solution = solution_with_editor()
    question = asking.confirm(asking.ask(asked(solution), now=NOW), now=NOW)
    sent()

    asking.withdraw(question, now=NOW)

    assert to_send() == [(PROJECT, "project_taken_back"), (TOWN, "withdrawn")]
    told()
    silent = asking.ask(asked(solution, text="Anders"), now=NOW)
    told()
    asking.withdraw(silent, now=NOW)
    assert told() == []


def with_reuser(solution) -> tuple[Question, ReuseStatement]:
    question = asking.confirm(asking.ask(asked(solution), now=NOW), now=NOW)
    user = ReuseStatementFactory(confirmed=True, solution=solution, state=StatementState.PUBLISHED)
    return answering.hand_to_reuser(question, user, now=NOW), user


def test_a_kommune_that_was_asked_hears_once_that_it_need_not_answer_any_more():
    question, user = with_reuser(solution_with_editor())
    sent()

    asking.withdraw(question, now=NOW)

    mail = Email.objects.get(to=user.email, sent_at=None)
    assert mail.key == f"question:{question.pk}:v{question.version + 1}:reuser_taken_back:{user.pk}"
    assert "/fragen/antworten/" not in mail.text + mail.html
    assert "Sie brauchen nicht mehr zu antworten." in mail.text
    assert not [word for word in ("Rosa Rat", "0123 456", TOWN) if word in mail.text + mail.html]
    with pytest.raises(Overtaken):
        asking.withdraw(question, now=NOW)
    assert to_send() == [(user.email, "reuser_taken_back"), (TOWN, "withdrawn")]


def test_a_kommune_whose_question_has_not_gone_out_yet_hears_nothing_of_it():
    question, user = with_reuser(solution_with_editor())

    asking.withdraw(question, now=NOW)

    assert not Email.objects.filter(to=user.email).exists()


def test_a_kommune_that_was_asked_hears_once_that_others_have_the_question_now():
    question, user = with_reuser(solution_with_editor())
    other = ReuseStatementFactory(
        confirmed=True, solution=question.solution, state=StatementState.PUBLISHED
    )
    group = CoordinationFactory(community=CommunityFactory()).community
    sent()

    question = answering.hand_to_reuser(question, other, now=NOW)
    assert to_send() == [(user.email, "reuser_taken_back"), (other.email, "reuser_asked")]
    told_by = Email.objects.get(to=user.email, sent_at=None)
    assert "zurückgezogen" not in told_by.subject + told_by.text
    sent()
    question = answering.hand_to_group(question, group, now=NOW)
    assert (other.email, "reuser_taken_back") in to_send()
    sent()
    asking.withdraw(question, now=NOW)

    assert not {user.email, other.email} & {to for to, _which in to_send()}


def test_a_kommune_that_was_never_sent_the_question_is_not_asked_after_others_have_it():
    question, user = with_reuser(solution_with_editor())
    group = CoordinationFactory(community=CommunityFactory()).community

    answering.hand_to_group(question, group, now=NOW)

    assert not Email.objects.filter(to=user.email).exists()


def test_a_kommune_that_was_asked_twice_hears_of_the_end_though_only_the_first_email_went_out():
    question, user = with_reuser(solution_with_editor())
    sent()
    question = answering.hand_to_reuser(question, user, now=NOW)
    assert to_send() == [(user.email, "reuser_asked")]

    asking.withdraw(question, now=NOW)

    assert to_send() == [(user.email, "reuser_taken_back"), (TOWN, "withdrawn")]


def test_a_kommune_that_was_told_and_is_asked_anew_is_not_told_of_what_it_never_got():
    question, user = with_reuser(solution_with_editor())
    sent()
    group = CoordinationFactory(community=CommunityFactory()).community
    question = answering.hand_to_group(question, group, now=NOW)
    sent()
    question = answering.hand_to_reuser(question, user, now=NOW)

    asking.withdraw(question, now=NOW)

    assert user.email not in {to for to, _which in to_send()}


def test_a_copy_that_waits_hides_from_no_kommune_that_the_question_had_gone_out():
    question, user = with_reuser(solution_with_editor())
    sent()
    asks = Email.objects.filter(to=user.email)
    assert len(outbox.send_again(asks, token="t", now=NOW)) == 1

    asking.withdraw(question, now=NOW)

    assert to_send() == [(user.email, "reuser_taken_back"), (TOWN, "withdrawn")]


def test_a_kommune_whose_mailbox_refused_the_question_hears_nothing_more():
    question, user = with_reuser(solution_with_editor())
    Email.objects.filter(to=user.email).update(refused_at=NOW)

    asking.withdraw(question, now=NOW)

    assert user.email not in {to for to, _which in to_send()}


def test_what_a_worker_has_in_hand_counts_as_gone_out():
    question, user = with_reuser(solution_with_editor())
    asks = Email.objects.filter(to=user.email)
    asks.update(claim=uuid4(), claimed_until=NOW + DAY)

    asking.withdraw(question, now=NOW)

    assert (user.email, "reuser_taken_back") in to_send()


@pytest.mark.parametrize(
    ("by", "heard"), [(AnsweredBy.REUSER, []), (AnsweredBy.OFFICE, ["reuser_taken_back"])]
)
def test_a_kommune_is_told_that_others_answered_and_not_that_it_did_itself(by, heard):
    question, user = with_reuser(solution_with_editor())
    sent()

    answering.answer(question, text="Drei Monate.", by=by, now=NOW)

    assert [which for to, which in to_send() if to == user.email] == heard


def had_by(state: State) -> tuple[Question, list[str]]:
    """A question that these had to answer, and who they are; all e-mails of it have gone out."""
    solution = solution_with_editor()
    question = asking.confirm(asking.ask(asked(solution), now=NOW), now=NOW)
    others = [PROJECT]
    if state == State.WITH_GROUP:
        group = CommunityFactory(name="Wasser")
        others = [CoordinationFactory(community=group).email for _each in range(2)]
        # Whoever coordinates: no other member, and nobody twice.
        MembershipFactory(community=group)
        CoordinationFactory(
            community=group, email=others[0].replace("@", "+zwei@"), shares_mailbox=True
        )
        question = answering.hand_to_group(question, group, now=NOW)
    sent()
    return question, others


def to_group(question: Question) -> None:
    group = CoordinationFactory(community=CommunityFactory()).community
    answering.hand_to_group(question, group, now=NOW)


def to_reuser(question: Question) -> None:
    user = ReuseStatementFactory(
        confirmed=True, solution=question.solution, state=StatementState.PUBLISHED
    )
    answering.hand_to_reuser(question, user, now=NOW)


def to_advice(question: Question) -> None:
    answering.make_request(question, land="BY", stage="anfang", now=NOW)


def answered_by_office(question: Question) -> None:
    answering.answer(question, text="So.", by=AnsweredBy.OFFICE, now=NOW)


ENDS = {
    to_group: "hat unsere Geschäftsstelle anderen gegeben.",
    to_reuser: "hat unsere Geschäftsstelle anderen gegeben.",
    to_advice: "geht jetzt als Anfrage an Start Smart.",
    answered_by_office: "hat unsere Geschäftsstelle beantwortet.",
    lambda question: asking.withdraw(question, now=NOW): "ist zurückgezogen.",
}


@pytest.mark.parametrize("state", [State.WITH_PROJECT, State.WITH_GROUP])
@pytest.mark.parametrize(("end", "words"), ENDS.items())
def test_who_had_it_reads_once_what_became_of_it_and_that_no_answer_is_needed(end, words, state):
    question, had = had_by(state)

    end(question)

    mails = list(Email.objects.open().filter(key__contains="_taken_back").order_by("pk"))
    assert [mail.to for mail in mails] == had
    for mail in mails:
        text = " ".join(mail.text.split())
        assert f"{words} Sie brauchen nicht mehr zu antworten." in text
        assert not [word for word in ("Rosa Rat", "0123 456", TOWN, "Wie lange") if word in text]


@pytest.mark.parametrize("state", [State.WITH_PROJECT, State.WITH_GROUP])
def test_who_answers_or_lets_the_time_pass_is_not_told_so(state, office):
    question, _had = had_by(state)

    with transaction.atomic():
        by = {State.WITH_PROJECT: AnsweredBy.PROJECT, State.WITH_GROUP: AnsweredBy.GROUP}[state]
        answering.answer(question, text="So.", by=by, now=NOW)
        assert to_send() == [(TOWN, "answered")]
        transaction.set_rollback(True)
    answering.pass_on(now=NOW + 30 * DAY)

    assert to_send() == [(office, "office")]


def test_who_coordinates_the_group_that_gets_it_next_is_only_asked():
    question, [first, second] = had_by(State.WITH_GROUP)
    next_one = CommunityFactory(name="Klima")
    CoordinationFactory(community=next_one, email=first)
    # One mailbox, which the two groups write differently.
    question.group.memberships.filter(email=first).update(email=first.replace("@", "+wasser@"))

    answering.hand_to_group(question, next_one, now=NOW)

    assert to_send() == [(second, "group_taken_back"), (first, "group_asked")]
    assert "Wasser" in Email.objects.get(to=second, sent_at=None).subject


def test_what_waits_to_ask_goes_to_nobody_once_others_have_the_question():
    solution = solution_with_editor()
    question = asking.confirm(asking.ask(asked(solution), now=NOW), now=NOW)
    assert (PROJECT, "project_asked") in to_send()

    to_group(question)

    assert PROJECT not in {to for to, _which in to_send()}


@pytest.mark.parametrize(
    "name", ["confirm", "project_asked", "project_nudge", "group_asked", "office", "reuser_asked"]
)
def test_an_email_that_asks_is_not_sent_again_once_its_matter_is_over(name):
    solution = solution_with_editor()
    question = asking.ask(asked(solution), now=NOW)
    if name != "confirm":
        question = asking.confirm(question, now=NOW)
    if name == "project_nudge":
        answering.remind(now=NOW + 8 * DAY)
    if name == "group_asked":
        to_group(question)
    if name == "reuser_asked":
        to_reuser(question)
    if name == "office":
        answering.pass_on(now=NOW + 30 * DAY)
    sent()
    asks = Email.objects.filter(key__contains=f":{name}")
    assert len(outbox.send_again(asks, token="before", now=timezone.now())) == 1
    sent()

    asking.withdraw(again(question), now=NOW)

    assert outbox.send_again(asks, token="after", now=timezone.now()) == []


def test_a_question_nobody_confirmed_is_on_no_page_and_in_no_file(client):
    solution = solution_with_editor()
    asking.ask(asked(solution, text="Zitronenfalter", situation="Zitronenfalter"), now=NOW)
    staff = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(staff)
    pk = Question.objects.get().pk

    pages = [
        solution.get_absolute_url(),
        solution.project.get_absolute_url(),
        reverse("opendata:api-loesungen-detail", args=[solution.slug]),
        reverse("opendata:export", args=["loesungen", "csv"]),
        reverse("admin:index"),
        reverse("admin:asking_question_changelist"),
    ]
    answers = [client.get(page) for page in pages]
    texts = [b"".join(answer).decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert [text for text in texts if "Zitronenfalter" in text] == []
    # Its own page leads back to the list, also for who may see everything.
    assert client.get(reverse("admin:asking_question_change", args=[pk])).status_code == 302

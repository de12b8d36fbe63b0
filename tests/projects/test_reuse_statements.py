"""From „Wir nutzen das auch“ to the public page: who does what, who is told, and when."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.guard import TooMany
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email
from projects.actions import judging, stating
from projects.actions.stating import Stated
from projects.models import (
    Project,
    ProjectEditor,
    ProjectSays,
    Reuse,
    ReuseStatement,
    StatedBy,
    StatementState,
)
from projects.partial_dates import PartialDateFormField
from tests.factories import (
    MunicipalityFactory,
    ReuseStatementFactory,
    SolutionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)  # a Thursday
TEN_WORKING_DAYS_LATER = date(2026, 11, 26)
FACTS = {
    "is_planned": False,
    "how": "Im Bauhof.",
    "since": "2025-09",
    "contract_until": "2027",
    "cost_text": "4.000 Euro im Jahr",
    "learned": "Früh mit dem Personalrat reden.",
}


def stated(solution=None, municipality=None, *, email="amt@musterdorf.example", **changes):
    return Stated(
        solution=solution or SolutionFactory(),
        municipality=municipality or MunicipalityFactory(),
        written="",
        email=email,
        facts=FACTS | changes,
    )


def edited_by(*addresses, solution):
    for address in addresses:
        user = UserFactory(email=address)
        ProjectEditor.objects.create(project=solution.project, user=user)


def mails(**filters) -> list[tuple[str, str]]:
    """To whom, and which."""
    rows = Email.objects.filter(**filters).order_by("pk").values_list("to", "key")
    return [(to, re.sub(r".*:v\d+:", "", key)) for to, key in rows]


def published(**values) -> ReuseStatement:
    statement = judging.publish(ReuseStatementFactory(confirmed=True, **values), now=NOW)
    statement = ReuseStatement.objects.with_everything().get(pk=statement.pk)
    Email.objects.all().delete()
    return statement


def again(statement: ReuseStatement) -> ReuseStatement:
    return ReuseStatement.objects.with_everything().get(pk=statement.pk)


def hide(solution) -> None:
    Project.objects.filter(pk=solution.project_id).update(is_public=False)


@pytest.fixture
def operator(settings):
    return settings.OPERATOR


# From the form to the confirmed statement


def test_the_form_stores_what_only_the_mailbox_learns_of(operator):
    solution = SolutionFactory()
    edited_by("projekt@stadt.example", solution=solution)

    statement = stating.state(stated(solution), now=NOW)

    assert statement.state == StatementState.UNCONFIRMED
    assert mails() == [("amt@musterdorf.example", "confirm")]
    assert not Reuse.objects.exists()


def test_what_was_typed_is_not_sent_to_an_address_that_nobody_has_proved():
    stating.state(stated(how="Kaufen Sie bei mir", learned="buy.example"), now=NOW)

    email = Email.objects.get()
    assert "Kaufen" not in email.text + email.subject + email.html
    assert "buy.example" not in email.text + email.subject + email.html


def test_sent_again_before_it_is_confirmed_the_later_words_count():
    first = stating.state(stated(), now=NOW)

    later = stated(first.solution, first.municipality, how="Doch im Rathaus.")
    second = stating.state(later, now=NOW + timedelta(minutes=5))

    assert ReuseStatement.objects.get().how == "Doch im Rathaus."
    assert (second.pk, second.version) == (first.pk, 2)
    assert mails() == [("amt@musterdorf.example", "confirm")] * 2


def test_two_spellings_of_one_mailbox_are_one():
    first = stating.state(stated(email="Amt@Musterdorf.example"), now=NOW)
    stating.confirm(first, now=NOW)

    other = stated(first.solution, first.municipality, email="amt+smart@musterdorf.EXAMPLE")
    again = stating.state(other, now=NOW + timedelta(hours=2))

    assert again.pk == first.pk
    assert ReuseStatement.objects.count() == 1
    assert mails()[-1] == ("Amt@musterdorf.example", "known:2026111211")


def test_two_mailboxes_of_one_kommune_speak_each_for_themselves():
    first = stating.state(stated(how="Im Bauhof."), now=NOW)
    colleague = "kaemmerei@musterdorf.example"

    other = stated(first.solution, first.municipality, email=colleague, how="Gar nicht.")
    second = stating.state(other, now=NOW)

    assert (again(first).how, again(second).how) == ("Im Bauhof.", "Gar nicht.")
    assert mails() == [("amt@musterdorf.example", "confirm"), (colleague, "confirm")]


def test_stated_once_more_after_it_counts_changes_nothing_and_tells_once_an_hour():
    first = stating.confirm(stating.state(stated(), now=NOW), now=NOW)
    Email.objects.all().delete()

    for minutes in (1, 2, 70):
        other = stated(first.solution, first.municipality, how="Ganz anders.")
        stating.state(other, now=NOW + timedelta(minutes=minutes))

    assert again(first).how == "Im Bauhof."
    assert [name for _to, name in mails()] == ["known:2026111209", "known:2026111210"]


def test_a_mailbox_is_written_to_ten_times_a_day():
    for _time in range(10):
        stating.state(stated(), now=NOW)

    with pytest.raises(TooMany, match="Mit dieser E-Mail-Adresse wurden heute schon viele"):
        stating.state(stated(email="AMT+11@musterdorf.example"), now=NOW)
    stating.state(stated(), now=NOW + timedelta(days=1))

    assert Email.objects.count() == 11


def test_confirmed_it_goes_to_all_who_edit_the_project(operator):
    solution = SolutionFactory()
    edited_by("eva@stadt.example", "uwe@stadt.example", solution=solution)
    edited_by("fremd@anderswo.example", solution=SolutionFactory())
    statement = stating.state(stated(solution), now=NOW)
    Email.objects.all().delete()

    statement = stating.confirm(statement, now=NOW)

    assert statement.state == StatementState.WITH_PROJECT
    assert statement.respond_by == TEN_WORKING_DAYS_LATER
    to_project = Email.objects.filter(key__contains="to_project")
    assert sorted(to_project.values_list("to", flat=True)) == [
        "eva@stadt.example",
        "uwe@stadt.example",
    ]
    assert mails(key__endswith="received") == [("amt@musterdorf.example", "received")]
    assert Email.objects.count() == 3


def test_those_who_edit_the_project_never_read_the_address(operator):
    solution = SolutionFactory()
    edited_by("eva@stadt.example", solution=solution)
    statement = stating.confirm(stating.state(stated(solution), now=NOW), now=NOW)
    asked = judging.question(statement, text="Welche Version?", now=NOW)
    stating.change(asked, FACTS | {"since": "2025"}, answer="Die zweite.", now=NOW)
    stating.withdraw(again(statement), now=NOW)

    written = Email.objects.filter(to="eva@stadt.example")
    assert len(written) == 3
    for email in written:
        assert "amt@musterdorf.example" not in email.text + email.html + email.subject
        assert email.reply_to == operator["email"]


def test_without_anybody_who_edits_the_project_the_office_is_asked_at_once(operator):
    statement = stating.confirm(stating.state(stated(), now=NOW), now=NOW)

    assert statement.state == StatementState.AT_OFFICE
    assert statement.respond_by is None
    assert mails()[1:] == [
        (operator["email"], "to_office"),
        ("amt@musterdorf.example", "received"),
    ]


def test_it_is_confirmed_once():
    statement = stating.state(stated(), now=NOW)
    stating.confirm(statement, now=NOW)

    with pytest.raises(Overtaken):
        stating.confirm(statement, now=NOW)
    assert len(mails(key__endswith="received")) == 1


# What project and office say


def waiting() -> ReuseStatement:
    statement = ReuseStatementFactory(with_project=True)
    edited_by("eva@stadt.example", solution=statement.solution)
    return statement


@pytest.mark.parametrize(
    ("answer", "says"),
    [(judging.agree, ProjectSays.AGREES), (judging.object_to, ProjectSays.OBJECTS)],
)
def test_what_the_project_says_goes_to_the_office(operator, answer, says):
    statement = answer(waiting(), text="Seit Mai in Version 2.", now=NOW)

    assert statement.state == StatementState.AT_OFFICE
    assert (statement.project_says, statement.project_text) == (says, "Seit Mai in Version 2.")
    assert mails() == [(operator["email"], "to_office")]
    assert "Seit Mai in Version 2." in Email.objects.get().text


def test_a_question_goes_to_the_municipality_and_its_answer_back_to_the_project():
    statement = judging.question(waiting(), text="Welche Version?", now=NOW)
    assert statement.state == StatementState.QUESTIONED
    assert statement.respond_by == TEN_WORKING_DAYS_LATER
    assert mails() == [(statement.email, "question")]
    assert "Welche Version?" in Email.objects.get().text

    later = NOW + timedelta(days=1)
    statement = stating.change(statement, statement.facts, answer="Die zweite.", now=later)

    assert statement.state == StatementState.WITH_PROJECT
    assert statement.respond_by == date(2026, 11, 27)
    assert "Antwort auf Ihre Rückfrage: Die zweite." in Email.objects.latest("pk").text
    # A second question has no answer yet.
    assert judging.question(statement, text="Und seit wann?", now=later).answer == ""


@pytest.mark.parametrize("step", [judging.object_to, judging.question])
def test_an_objection_and_a_question_have_words(step):
    with pytest.raises(NotPossible):
        step(waiting(), text="  ", now=NOW)
    assert mails() == []


def test_silence_until_the_day_gives_it_to_the_office_once(operator):
    statement = waiting()
    evening = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    assert judging.pass_on(now=evening) == 0

    assert judging.pass_on(now=evening + timedelta(hours=4)) == 1
    assert judging.pass_on(now=evening + timedelta(hours=5)) == 0

    assert again(statement).state == StatementState.AT_OFFICE
    assert mails() == [(operator["email"], "to_office")]
    assert "Das Projekt hat dazu nichts gesagt." in Email.objects.get().text


def test_a_question_without_an_answer_goes_to_the_office_too():
    statement = judging.question(waiting(), text="Welche Version?", now=NOW)

    judging.pass_on(now=NOW + timedelta(days=20))

    assert again(statement).state == StatementState.AT_OFFICE
    assert "Unbeantwortete Rückfrage des Projekts: Welche Version?" in (
        Email.objects.latest("pk").text
    )


def test_the_office_does_not_decide_before_the_project_had_its_days():
    statement = waiting()

    with pytest.raises(Overtaken):
        judging.publish(statement, now=NOW)
    with pytest.raises(Overtaken):
        judging.refuse(statement, reason="Nein.", now=NOW)
    assert not Reuse.objects.exists()


def test_published_it_stands_there_with_the_day_of_the_confirmation():
    statement = ReuseStatementFactory(confirmed=True, **FACTS)
    statement.project_says, statement.project_text = ProjectSays.AGREES, "Willkommen!"
    statement.save()
    edited_by("eva@stadt.example", solution=statement.solution)

    judging.publish(statement, now=NOW + timedelta(days=14))

    reuse = Reuse.objects.public().get()
    assert (reuse.solution, reuse.municipality) == (statement.solution, statement.municipality)
    assert reuse.name == statement.municipality.name
    assert reuse.stated_by == StatedBy.REUSER
    assert reuse.confirmed_on == date(2026, 11, 12)
    assert {name: getattr(reuse, name) for name in FACTS} == FACTS
    assert reuse.project_note == "Willkommen!"
    assert mails() == [
        (statement.email, "published"),
        ("eva@stadt.example", f"project_decided:{ProjectEditor.objects.get().user_id}"),
    ]


def test_an_objection_never_becomes_public():
    statement = judging.object_to(waiting(), text="Die haben nur angefragt.", now=NOW)

    judging.publish(statement, now=NOW)

    assert Reuse.objects.get().project_note == ""


def test_what_is_only_planned_counts_as_no_reuse():
    statement = published(is_planned=True, how="")

    assert not Reuse.objects.public().exists()
    assert Reuse.objects.planned().get() == statement.reuse


def test_refused_it_says_why_and_stands_nowhere():
    statement = ReuseStatementFactory(confirmed=True)

    judging.refuse(statement, reason="Das ist eine andere Lösung.", now=NOW)

    assert again(statement).state == StatementState.REFUSED
    assert mails() == [(statement.email, "refused")]
    assert "Das ist eine andere Lösung." in Email.objects.get().text
    assert not Reuse.objects.exists()
    with pytest.raises(NotPossible):
        judging.refuse(ReuseStatementFactory(confirmed=True), reason=" ", now=NOW)


# Beside what sources say


def told_by_source(statement: ReuseStatement, **values) -> Reuse:
    return Reuse.objects.create(
        solution=statement.solution,
        **{
            "name": statement.municipality.name,
            "municipality": statement.municipality,
            "how": "Laut Zeitung.",
            "source": "https://zeitung.example/bericht",
            "position": 3,
            **values,
        },
    )


@pytest.mark.parametrize("is_known", [True, False])
def test_it_takes_the_place_of_what_a_source_says_and_gives_it_back(is_known):
    statement = ReuseStatementFactory(confirmed=True, **FACTS)
    told = told_by_source(statement, **({} if is_known else {"municipality": None}))
    before = Reuse.objects.filter(pk=told.pk).values().get()

    current = judging.publish(statement, now=NOW)
    during = Reuse.objects.get()
    assert (during.pk, during.how, during.source) == (told.pk, FACTS["how"], told.source)
    assert during.is_confirmed

    stating.withdraw(again(current), now=NOW)
    assert Reuse.objects.filter(pk=told.pk).values().get() == before


def test_what_the_kommune_says_itself_is_in_doubt_no_more_from_its_own_day_on():
    # Half past midnight on the first of July in Germany.
    said_at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    statement = ReuseStatementFactory(confirmed=True, stated_at=said_at, **FACTS)
    told = told_by_source(statement, is_certain=False, note="Nur eine Zeitung sagt das.")

    judging.publish(statement, now=NOW)

    told.refresh_from_db()
    assert (told.is_certain, told.note, told.confirmed_on) == (True, "", date(2026, 7, 1))


def test_a_wish_does_not_hide_that_a_source_knows_of_the_use():
    statement = ReuseStatementFactory(confirmed=True, is_planned=True)
    told_by_source(statement)

    with pytest.raises(NotPossible, match="Nach einer Quelle nutzt diese Kommune die Lösung schon"):
        judging.publish(statement, now=NOW)
    assert again(statement).state == StatementState.AT_OFFICE
    assert mails() == []


def test_one_kommune_stands_there_once_whoever_states_it():
    first = published()
    second = ReuseStatementFactory(
        confirmed=True, solution=first.solution, municipality=first.municipality
    )

    with pytest.raises(NotPossible, match="Diese Kommune steht hier schon mit einer eigenen"):
        judging.publish(second, now=NOW)
    assert Reuse.objects.count() == 1


def test_two_kommunen_of_one_name_stand_there_beside_each_other():
    first = published(municipality=MunicipalityFactory(name="Neustadt"))

    second = published(solution=first.solution, municipality=MunicipalityFactory(name="Neustadt"))

    assert first.reuse.name == "Neustadt"
    assert second.reuse.name == "Neustadt (Gemeinde, Bayern)"


# Changing, withdrawing, a year later


def test_a_change_is_public_when_the_office_has_decided():
    statement = published(**FACTS)

    changed = stating.change(statement, FACTS | {"how": "Im Rathaus."}, now=NOW)
    assert Reuse.objects.get().how == "Im Bauhof."
    assert changed.state == StatementState.AT_OFFICE

    judging.publish(changed, now=NOW)
    assert Reuse.objects.get().how == "Im Rathaus."


def test_of_a_change_that_is_refused_the_old_words_stay():
    statement = published(**FACTS)
    changed = stating.change(statement, FACTS | {"how": "Kaufen Sie!"}, now=NOW)
    Email.objects.all().delete()

    judging.refuse(changed, reason="Das ist Werbung.", now=NOW)

    statement = again(statement)
    assert (statement.state, statement.how) == (StatementState.PUBLISHED, "Im Bauhof.")
    assert Reuse.objects.get().how == "Im Bauhof."
    assert mails() == [(statement.email, "change_refused")]


def test_saved_without_a_change_it_is_confirmed_again():
    statement = published(**FACTS)
    later = NOW + timedelta(days=100)

    current = stating.change(statement, FACTS, now=later)

    assert current.state == StatementState.PUBLISHED
    assert Reuse.objects.get().confirmed_on == later.date()
    assert mails() == []


def test_withdrawn_it_is_gone_and_the_project_knows(operator):
    statement = published()
    edited_by("eva@stadt.example", solution=statement.solution)

    stating.withdraw(statement, now=NOW)

    assert not Reuse.objects.exists()
    assert [to for to, _name in mails()] == [statement.email, "eva@stadt.example"]


def test_of_one_that_was_never_confirmed_nobody_hears():
    statement = stating.state(stated(), now=NOW)
    edited_by("eva@stadt.example", solution=statement.solution)
    Email.objects.all().delete()

    stating.withdraw(statement, now=NOW)

    assert again(statement).state == StatementState.WITHDRAWN
    assert mails() == []


def test_after_it_was_withdrawn_the_same_can_be_stated_anew():
    first = stating.withdraw(stating.state(stated(), now=NOW), now=NOW)

    second = stating.state(stated(first.solution, first.municipality), now=NOW)

    assert second.pk != first.pk
    assert second.state == StatementState.UNCONFIRMED


def test_once_a_year_the_municipality_is_asked_whether_it_still_holds():
    statement = published(**FACTS)
    published(confirmed_at=NOW + timedelta(days=10))
    ReuseStatementFactory(confirmed=True)
    later = NOW + timedelta(days=365)

    assert stating.ask_whether_still_true(now=later - timedelta(minutes=1)) == 0
    assert stating.ask_whether_still_true(now=later) == 1
    assert stating.ask_whether_still_true(now=later + timedelta(days=1)) == 0

    assert mails() == [(statement.email, "still_true:20271112")]
    stating.say_again(again(statement), now=later + timedelta(days=2))
    assert Reuse.objects.get(statement=statement).confirmed_on == date(2027, 11, 14)
    # And a year after that once more.
    stating.ask_whether_still_true(now=datetime(2028, 11, 13, 8, 59, tzinfo=UTC))
    assert mails(to=statement.email)[1:] == []
    stating.ask_whether_still_true(now=datetime(2028, 11, 13, 9, 0, tzinfo=UTC))
    assert mails(to=statement.email)[1:] == [(statement.email, "still_true:20281113")]


def test_nobody_is_asked_whether_still_holds_what_stands_on_no_page():
    removed, hidden = published(), published()
    removed.reuse.delete()
    hide(hidden.solution)

    assert stating.ask_whether_still_true(now=NOW + timedelta(days=366)) == 0

    assert mails() == []


def test_nothing_is_published_where_the_project_is_not_public():
    statement = ReuseStatementFactory(confirmed=True)
    hide(statement.solution)

    with pytest.raises(NotPossible, match="Das Projekt ist nicht öffentlich"):
        judging.publish(again(statement), now=NOW)

    assert again(statement).state == StatementState.AT_OFFICE
    assert not Reuse.objects.exists()
    assert mails() == []


def test_what_was_taken_off_the_page_meanwhile_is_looked_at_again(operator):
    statement = published()
    Reuse.objects.all().delete()

    current = stating.say_again(again(statement), now=NOW)

    assert current.state == StatementState.AT_OFFICE
    assert mails() == [(operator["email"], "to_office")]


# The form


def form_data(client, solution, **values):
    url = reverse("projects:state_reuse", args=[solution.slug])
    stamp = client.get(url).context["form"].fresh_stamp
    return url, {
        "kind": "nutzt", "how": "Im Bauhof.", "since": "9/2025", "contract_until": "31.12.2027",
        "cost_text": "", "learned": "", "email": "amt@musterdorf.example", "stamp": stamp,
        "homepage": "", **values,
    }  # fmt: skip


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr("accounts.guard.FASTEST", timedelta(0))


def test_the_form_reads_dates_as_people_write_them_and_leads_to_the_mailbox(client, patient):
    solution, town = SolutionFactory(), MunicipalityFactory(name="Musterdorf")
    url, data = form_data(client, solution, q="Musterdorf", picked=town.pk)

    answer = client.post(url, data)

    assert answer.url == reverse("projects:reuse_stated", args=[solution.slug])
    assert solution.name in client.get(answer.url).text
    statement = ReuseStatement.objects.get()
    assert (statement.municipality, statement.since) == (town, "2025-09")
    assert statement.contract_until == "2027-12-31"


def test_a_kommune_that_no_list_has_is_taken_as_it_is_written(client, patient):
    solution = SolutionFactory()
    name = "Zweckverband Oberes Tal, Hessen"
    url, data = form_data(client, solution, q=name)

    asked = client.post(url, data)
    assert "Dazu haben wir in der amtlichen Liste keine Kommune gefunden." in asked.text
    client.post(url, data | {"hits_for": name, "municipality": "wie-geschrieben"})

    statement = ReuseStatement.objects.get()
    assert statement.municipality is None
    assert statement.name == "Zweckverband Oberes Tal, Hessen"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": ""}, "Bitte wählen Sie aus, was zutrifft."),
        ({"how": ""}, "Bitte sagen Sie, wie Sie die Lösung nutzen."),
        ({"q": ""}, "Bitte suchen Sie Ihre Kommune."),
        ({"q": "Gibtsnicht"}, "Dazu haben wir in der amtlichen Liste keine Kommune gefunden."),
        ({"email": "amt"}, "Bitte geben Sie eine E-Mail-Adresse wie name@gemeinde.de an."),
        ({"since": "bald"}, "Bitte geben Sie ein Jahr, einen Monat oder einen Tag an"),
        ({"since": "31.2.2025"}, "Bitte geben Sie ein Jahr, einen Monat oder einen Tag an"),
        ({"homepage": "https://spam.example"}, "Das ging sehr schnell"),
        ({"stamp": "erfunden"}, "Das ging sehr schnell"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(client, patient, values, sentence):
    town = MunicipalityFactory(name="Musterdorf")
    found = {"q": "Musterdorf", "picked": town.pk}
    url, data = form_data(client, SolutionFactory(), **(found | values))

    answer = client.post(url, data)

    assert answer.status_code == 200
    assert sentence in answer.text
    assert not ReuseStatement.objects.exists()
    assert not Email.objects.exists()


def test_the_answer_does_not_tell_whether_an_address_is_known(client, patient):
    solution, town = SolutionFactory(), MunicipalityFactory(name="Musterdorf")
    url, data = form_data(client, solution, q="Musterdorf", picked=town.pk)

    first = client.post(url, data)
    stating.confirm(ReuseStatement.objects.with_everything().get(), now=NOW)
    second = client.post(url, data)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert client.get(first.url).text == client.get(second.url).text


def test_the_form_speaks_of_the_project_only_where_it_reaches_somebody(client):
    alone, edited = SolutionFactory(), SolutionFactory()
    edited_by("eva@stadt.example", solution=edited)
    sentence = "Das Projekt kann zehn Werktage lang"

    pages = [
        client.get(reverse("projects:state_reuse", args=[one.slug])).text for one in (alone, edited)
    ]

    assert [sentence in page for page in pages] == [False, True]


def test_a_solution_that_is_not_public_takes_no_statements(client):
    hidden = SolutionFactory(project__is_public=False)

    for name in ("state_reuse", "reuse_stated"):
        assert client.get(reverse(f"projects:{name}", args=[hidden.slug])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2025", "2025"),
        ("9/2025", "2025-09"),
        ("September 2025", "2025-09"),
        ("März 2025", "2025-03"),
        ("18. September 2025", "2025-09-18"),
        ("18.9.2025", "2025-09-18"),
    ],
)
def test_a_date_is_read_as_people_write_it_and_as_the_page_shows_it(typed, stored):
    field = PartialDateFormField()

    assert field.clean(typed) == stored
    assert field.clean(field.prepare_value(stored)) == stored

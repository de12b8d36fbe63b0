"""Who sees and answers which question in the administration."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from asking.models import AnsweredBy, PublicAnswer, Question, State
from consulting.models import ConsultationRequest
from mailing.models import Email
from office import todos
from projects.models import ProjectEditor, StatementState
from tests.factories import ReuseStatementFactory, UserFactory
from tests.factories.asking import QuestionFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, TopicGroupFactory

pytestmark = pytest.mark.django_db

LONG_AGO = date(2020, 1, 2)
TOWN = "rat@musterdorf.example"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office() -> Client:
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktion"))
    client = signed_in(user)
    client.user = user
    return client


@pytest.fixture
def editor() -> Client:
    client = signed_in(user := UserFactory())
    client.user = user
    return client


def edited(client: Client, **values) -> Question:
    question = QuestionFactory(email=TOWN, **values)
    ProjectEditor.objects.create(project=question.project, user=client.user)
    return question


def page(question: Question, step: str = "") -> str:
    if step:
        return reverse("admin:asking_question_step", args=[question.pk, step])
    return reverse("admin:asking_question_change", args=[question.pk])


def steps(client: Client, question: Question) -> list[str]:
    return [step.slug for step, _url in client.get(page(question)).context["steps"]]


def hidden_of(client: Client, path: str) -> dict[str, str]:
    form = client.get(path).context["form"]
    filled = {field.name: field.value() for field in form}
    return {name: value for name, value in filled.items() if value is not None}


def do(client: Client, question: Question, step: str, **typed) -> Question:
    path = page(question, step)
    hidden = hidden_of(client, path)
    answer = client.post(path, hidden | typed)
    assert answer.status_code == 302, answer.context["form"].errors
    question.refresh_from_db()
    return question


def listed(client: Client) -> set[int]:
    answer = client.get(reverse("admin:asking_question_changelist"))
    return (
        {row.pk for row in answer.context["cl"].result_list} if answer.status_code == 200 else set()
    )


def waiting(client: Client) -> list[str]:
    return [
        one.text for one in todos.todos_of(client.user, now=timezone.now()) if "Frage" in one.text
    ]


def test_an_editor_sees_questions_to_their_project_answers_and_never_sees_the_address(editor):
    question = edited(editor, waiting=True, due_on=LONG_AGO, phone="0123 456", may_publish=True)
    silent = QuestionFactory(solution=question.solution, project=question.project)
    others = QuestionFactory(waiting=True)

    assert listed(editor) == {question.pk}
    assert waiting(editor) == ["1 Frage oder Meldung wartet auf Ihre Antwort, davon überfällig: 1"]
    for hidden in (silent, others):
        assert editor.get(page(hidden)).status_code == 302
        assert editor.get(page(hidden, "antworten")).status_code == 404
        assert editor.post(page(hidden, "antworten"), {"text": "x"}).status_code == 404
    shown = editor.get(page(question)).text
    assert "Rosa Rat" in shown
    assert TOWN not in shown
    assert steps(editor, question) == ["antworten", "angerufen"]
    assert editor.get(page(question, "start-smart")).status_code == 403

    do(editor, question, "antworten", text="Zwei Monate.")
    assert (question.state, question.answered_by) == (State.ANSWERED, AnsweredBy.PROJECT)
    assert waiting(editor) == []
    assert Email.objects.get().to == TOWN
    do(editor, question, "veroeffentlichen", text="Wie lang?", answer="Zwei Monate.")
    assert PublicAnswer.objects.get().text == "Wie lang?"
    assert editor.get(reverse("admin:asking_publicanswer_changelist")).status_code == 200
    do(editor, question, "zuruecknehmen")
    assert not PublicAnswer.objects.exists()


def test_a_call_is_an_answer_and_a_day_to_come_is_none(editor):
    question = edited(editor, waiting=True, phone="0123 456")
    path = page(question, "angerufen")

    late = editor.post(path, hidden_of(editor, path) | {"on": "2999-01-01"})
    assert "Dieser Tag liegt noch vor uns." in late.text
    do(editor, question, "angerufen", on="2026-11-20")

    assert (question.state, str(question.called_on)) == (State.ANSWERED, "2026-11-20")


def test_only_groups_whose_coordination_gets_it_are_offered_by_their_full_names(office):
    zoo = CommunityFactory(name="Zoos")
    groups = [
        TopicGroupFactory(name="Affen", parent=zoo),
        CommunityFactory(name="Brücken"),
        TopicGroupFactory(name="Holz", parent__name="Brücken und Wege"),
        CommunityFactory(name="Archive", state="archiviert"),
    ]
    for group in groups:
        CoordinationFactory(community=group)
    CoordinationFactory(community=CommunityFactory(name="Gesperrt"), user__is_active=False)
    CommunityFactory(name="Ohne Koordination")

    form = office.get(page(QuestionFactory(at_office=True), "gemeinschaft")).context["form"]

    offered = [label for _value, label in form.fields["group"].choices]
    assert offered == ["Bitte wählen", "Brücken", "Brücken und Wege: Holz", "Zoos: Affen"]


def test_a_coordinator_sees_only_what_was_given_to_their_group(office):
    question = QuestionFactory(at_office=True, email=TOWN)
    group = CommunityFactory()
    coordinator = signed_in(user := CoordinationFactory(community=group).user)
    coordinator.user = user
    other = signed_in(CoordinationFactory().user)
    assert listed(coordinator) == set()
    # What waits for the office is no work of theirs, nor is its number any of their business.
    assert waiting(coordinator) == []

    do(office, question, "gemeinschaft", group=str(group.pk))

    assert listed(coordinator) == {question.pk}
    assert listed(other) == set()
    assert other.get(page(question)).status_code == 302
    assert TOWN not in coordinator.get(page(question)).text
    assert waiting(coordinator) == ["1 Frage oder Meldung wartet auf Ihre Antwort"]
    do(coordinator, question, "antworten", text="So geht es.")
    assert (question.answered_by, listed(coordinator)) == (AnsweredBy.GROUP, {question.pk})
    # On the sheet of the project it is put by those whose sheet it is, and by the office.
    Question.objects.update(may_publish=True)
    assert (steps(coordinator, question), steps(office, question)) == ([], ["veroeffentlichen"])
    forged = coordinator.post(page(question, "veroeffentlichen"), {"text": "Wie?", "answer": "So."})
    assert (forged.status_code, PublicAnswer.objects.count()) == (302, 0)


def test_what_is_with_others_or_was_taken_back_is_answered_by_no_one_else(office, editor):
    group = CommunityFactory()
    coordinator = signed_in(CoordinationFactory(community=group).user)
    question = edited(editor, waiting=True, group=group)
    elsewhere = QuestionFactory(waiting=True, state=State.WITH_REUSER, group=group)
    # Given back by the clock, it still says to whom it was given.
    assert listed(coordinator) == set()
    assert listed(editor) == {question.pk}

    Question.objects.filter(pk=question.pk).update(state=State.WITH_GROUP)
    assert listed(coordinator) == {question.pk}
    assert coordinator.get(page(elsewhere)).status_code == 302
    assert steps(editor, question) == []
    too_late = editor.post(page(question, "antworten"), {"text": "Dazwischen"}, follow=True)
    assert "Das geht beim jetzigen Stand nicht" in too_late.text

    only_reading = UserFactory(is_staff=True)
    only_reading.user_permissions.add(Permission.objects.get(codename="view_question"))
    reader = signed_in(only_reading)
    Question.objects.filter(pk=question.pk).update(state=State.AT_OFFICE)
    assert listed(reader) == {question.pk, elsewhere.pk}
    assert steps(reader, question) == []

    Question.objects.filter(pk=question.pk).update(state=State.WITHDRAWN, due_on=None)
    assert (listed(editor), listed(coordinator)) == (set(), set())
    assert editor.get(page(question)).status_code == 302
    assert listed(office) == {question.pk, elsewhere.pk}


def test_what_is_due_today_is_late_nowhere_and_what_was_due_yesterday_everywhere(office):
    today = timezone.localdate()
    due = QuestionFactory(at_office=True, due_on=today)
    said = "1 Frage oder Meldung wartet auf Ihre Antwort"

    def late() -> tuple[list[str], bool, list[int]]:
        path = reverse("admin:asking_question_changelist")
        rows = office.get(path, {"warten": "ueberfaellig"}).context["cl"].result_list
        return waiting(office), "überfällig" in office.get(page(due)).text, [row.pk for row in rows]

    assert late() == ([said], False, [])
    Question.objects.update(due_on=today - timedelta(days=1))
    assert late() == ([f"{said}, davon überfällig: 1"], True, [due.pk])


def test_the_office_sees_all_that_is_confirmed_hands_on_and_makes_a_request(office):
    question = QuestionFactory(at_office=True, due_on=LONG_AGO, email=TOWN)
    reuser = ReuseStatementFactory(
        confirmed=True, solution=question.solution, state=StatementState.PUBLISHED
    )
    fault = QuestionFactory(fault=True, due_on=LONG_AGO)
    QuestionFactory()

    assert listed(office) == {question.pk, fault.pk}
    assert TOWN in office.get(page(question)).text
    assert waiting(office) == [
        "2 Fragen oder Meldungen warten auf Ihre Antwort, davon überfällig: 2"
    ]
    assert steps(office, question) == ["antworten", "gemeinschaft", "nachnutzende", "start-smart"]
    assert steps(office, fault) == ["antworten"]
    do(office, question, "nachnutzende", statement=str(reuser.pk))
    assert question.state == State.WITH_REUSER
    do(office, question, "start-smart", stage="anfang")
    assert question.state == State.TO_ADVICE
    assert ConsultationRequest.objects.get().email == TOWN


def test_a_fault_without_an_address_is_settled_and_no_mail_is_promised(office):
    fault = QuestionFactory(fault=True, email="", page="/loesungen/pegelnetz/")
    elsewhere = QuestionFactory(fault=True, email="", page="//böse.example/loesungen/")
    by_backslash = QuestionFactory(fault=True, email="", page="/\\böse.example/loesungen/")
    shown = office.get(page(fault)).text
    assert '<a href="/loesungen/pegelnetz/">/loesungen/pegelnetz/</a>' in shown
    assert "Telefon" not in shown
    for foreign in (elsewhere, by_backslash):
        assert "böse.example/loesungen/</a>" not in office.get(page(foreign)).text

    step = office.get(page(fault, "antworten"))

    assert "Der Link führt ins Leere." in step.text
    assert "Es geht keine E-Mail hinaus." in step.text
    assert "bekommt Ihre Antwort per E-Mail" not in step.text
    data = hidden_of(office, page(fault, "antworten")) | {"text": "Ist berichtigt."}
    answer = office.post(page(fault, "antworten"), data, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert said == ["Das ist vermerkt und damit erledigt."]
    assert not Email.objects.exists()


def test_the_page_that_asks_for_an_answer_shows_the_question(editor):
    question = edited(editor, waiting=True)
    told = dict(editor.get(page(question, "antworten")).context["read_again"])
    assert told == {
        "Art": "Frage an ein Modellprojekt",
        "Worum es geht": question.about,
        "wie die Lage ist": "Wir haben drei Bäche und keinen Pegel.",
        "Frage oder Hinweis": "Wie lange hat die Einführung gedauert?",
        "Kommune": question.sender,
    }

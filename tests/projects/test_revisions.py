"""The versions of a sheet: what projects changed, and how the office puts a version back."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ground.refusals import Overtaken
from mailing.models import Email
from office.history import changes
from projects import revisions
from projects.admin.solution import SolutionAdmin
from projects.models import (
    Cost,
    Lesson,
    ProjectEditor,
    Revision,
    RevisionKind,
    Solution,
    Technology,
)
from tests.factories import ProjectFactory, SolutionFactory, ThemeFactory, UserFactory
from tests.projects.test_admin import errors, filled

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"
LIST = "admin:projects_revision_changelist"


@pytest.fixture
def pegel():
    # Looked over today, so that saving it changes nothing else.
    pegel = SolutionFactory(
        name="Pegelnetz",
        problem="Zu spät.",
        themes=[ThemeFactory(name="Wasser")],
        confirmed_on=timezone.localdate(),
    )
    Cost.objects.create(
        solution=pegel, purpose="Sensoren", period="einmalig", amount=900, source=PAGE
    )
    Lesson.objects.create(solution=pegel, kind="stolperfalle", text="Strom.", source=PAGE)
    return pegel


@pytest.fixture
def person(pegel):
    person = UserFactory(name="Petra Projekt")
    ProjectEditor.objects.create(project=pegel.project, user=person)
    return person


@pytest.fixture
def office(client):
    office = UserFactory(name="Olaf Office", is_staff=True)
    office.groups.add(Group.objects.get(name="Redaktion"))
    return office


def change(client, user, pegel, **data):
    client.force_login(user)
    address = reverse("admin:projects_solution_change", args=[pegel.pk])
    answer = client.post(address, filled(client, address) | data)
    assert answer.status_code == 302, errors(answer)


CHANGED = {
    "problem": "Ganz anders.",
    "maturity": "betrieb",
    "themes": [],
    "costs-0-amount": "1000",
    "lessons-0-DELETE": "on",
    "documents-0-kind": "konzept",
    "documents-0-title": "Konzept",
    "documents-0-url": PAGE,
}
SAID = [
    ["Problem", "Zu spät.", "Ganz anders."],
    ["Reife", "–", "in Betrieb"],
    ["Themen", "Wasser", "–"],
    ["Kosten: Sensoren – Betrag in Euro", "900,00", "1000,00"],
    ["Erkenntnis: Strom.", f"Quelle: {PAGE}; Gesichert: ja; Art: Stolperfalle; Erkenntnis: Strom.", "–"],
    ["Dokument: Konzept", "–", f"Gesichert: ja; Art: Konzept oder Strategie; Titel: Konzept; Adresse: {PAGE}"],
]  # fmt: skip


def step(revision, slug):
    return reverse("admin:projects_revision_step", args=[revision.pk, slug])


def put_back(client, revision, slug="davor"):
    page = client.get(step(revision, slug))
    assert page.status_code == 200
    return client.post(step(revision, slug), {"state": page.context["form"]["state"].value()})


def test_what_a_project_changed_stands_there_field_by_field(client, pegel, person, office):
    change(client, person, pegel, **CHANGED)
    changed, found = Revision.objects.all()

    assert (found.kind, found.by, found.changes) == (RevisionKind.FOUND, None, [])
    assert (changed.kind, changed.by, changed.is_by_project) == ("geaendert", person, True)
    assert changed.changes == SAID
    client.force_login(office)
    listed = client.get(reverse(LIST), {"vom-projekt": "ja"})
    assert [row.pk for row in listed.context["cl"].result_list] == [changed.pk]
    for said in ("Pegelnetz", "Petra Projekt", "Problem, Reife, Themen"):
        assert said in listed.text
    page = client.get(reverse("admin:projects_revision_change", args=[changed.pk]))
    for label, before, after in SAID:
        assert f"<dt>{label}</dt><dd><del>{before}</del>" in page.text
        assert f"<ins>{after}</ins>" in page.text


def test_the_version_before_is_put_back_whole_and_that_can_be_taken_back(
    client, pegel, person, office
):
    before = revisions.sheet_of(pegel.pk)
    change(client, person, pegel, **CHANGED)
    after = revisions.sheet_of(pegel.pk)
    changed = Revision.objects.first()
    client.force_login(office)

    assert "Zu spät." in client.get(step(changed, "davor")).text
    assert revisions.sheet_of(pegel.pk) == after  # it only asks
    answer = put_back(client, changed)

    restored = Revision.objects.first()
    assert answer.url == reverse("admin:projects_revision_change", args=[restored.pk])
    assert revisions.sheet_of(pegel.pk) == before
    assert (restored.kind, restored.by, restored.is_by_project) == ("hergestellt", office, False)
    assert [row[0] for row in restored.changes] == [row[0] for row in SAID]
    # It stands in the history of the solution like any other change.
    entry = LogEntry.objects.filter(user=office, object_id=str(pegel.pk)).first()
    assert changes(entry)[0].values[0] == (
        "Problem",
        "Ganz anders.",
        "Zu spät.",
    )

    # Who edits the project is told what is different now, and where to change it.
    told = Email.objects.get()
    assert (told.to, told.subject) == (
        person.email,
        "Frühere Fassung wiederhergestellt: Pegelnetz",
    )
    assert "Anders ist jetzt: Problem, Reife, Themen, Kosten: Sensoren" in told.text
    assert f"/verwaltung/projects/solution/{pegel.pk}/change/" in told.text
    assert office.email not in told.text

    put_back(client, changed, "wiederherstellen")
    assert revisions.sheet_of(pegel.pk) == after
    assert Email.objects.filter(to=person.email).count() == 2


def test_what_was_changed_while_it_asked_is_not_written_over(client, pegel, person, office):
    change(client, person, pegel, problem="Ganz anders.")
    changed = Revision.objects.first()
    client.force_login(office)
    page = client.get(step(changed, "davor"))
    Lesson.objects.create(solution=pegel, kind="erfolgsfaktor", text="Neu.", source=PAGE)
    there = revisions.sheet_of(pegel.pk)

    answer = client.post(
        step(changed, "davor"), {"state": page.context["form"]["state"].value()}, follow=True
    )

    assert "Es wurde nichts geändert." in answer.text
    assert revisions.sheet_of(pegel.pk) == there
    with pytest.raises(Overtaken):
        revisions.restore(changed, seen="anderes", by=office, now=timezone.now())


def test_a_second_yes_says_that_it_is_done(client, pegel, person, office):
    change(client, person, pegel, problem="Ganz anders.")
    changed = Revision.objects.first()
    client.force_login(office)
    put_back(client, changed)
    number = Revision.objects.count()

    again = client.post(step(changed, "davor"), {"state": "x"}, follow=True)

    assert "Das geht beim jetzigen Stand nicht" in again.text
    assert Revision.objects.count() == number


def test_a_version_that_breaks_a_rule_by_now_is_refused_in_words(client, pegel, person, office):
    change(client, person, pegel, name="Pegel neu")
    changed = Revision.objects.first()
    SolutionFactory(project=pegel.project, name="Pegelnetz", slug="zweites")
    client.force_login(office)

    answer = put_back(client, changed)

    assert "Dieses Projekt hat schon eine Lösung dieses Namens." in answer.text
    assert Solution.objects.get(pk=pegel.pk).name == "Pegel neu"


def test_what_a_version_refers_to_may_be_gone(client, pegel, person, office):
    technology = Technology.objects.create(name="LoRaWAN", slug="lorawan")
    pegel.technologies.add(technology)
    change(client, person, pegel, technologies=[], problem="Ganz anders.")
    changed = Revision.objects.first()
    technology.delete()
    client.force_login(office)

    put_back(client, changed)

    pegel.refresh_from_db()
    assert (pegel.problem, pegel.technologies.count()) == ("Zu spät.", 0)


def test_who_may_do_what(client, pegel, person, office):
    change(client, person, pegel, problem="Ganz anders.")
    changed = Revision.objects.first()
    there = revisions.sheet_of(pegel.pk)
    other = UserFactory()
    ProjectEditor.objects.create(project=ProjectFactory(), user=other)
    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name="Start Smart"))
    for user in (person, other, reader, UserFactory()):
        client.force_login(user)
        for url in (
            reverse(LIST),
            reverse("admin:projects_revision_change", args=[changed.pk]),
            step(changed, "davor"),
        ):
            assert client.get(url).status_code in (302, 403, 404)
            assert client.post(url, {"state": revisions.state_of(there)}).status_code in (
                302, 403, 404
            )  # fmt: skip
    assert revisions.sheet_of(pegel.pk) == there
    # Nor does the office write or delete one.
    client.force_login(office)
    for what in ("change", "delete"):
        url = reverse(f"admin:projects_revision_{what}", args=[changed.pk])
        assert client.post(url, {"post": "yes", "kind": "vorgefunden"}).status_code == 403
    assert client.get(reverse("admin:projects_revision_add")).status_code == 403


def test_saving_without_a_change_keeps_no_version(client, pegel, person):
    change(client, person, pegel)
    assert not Revision.objects.exists()


def test_what_came_in_another_way_is_kept_before_it_is_changed(client, pegel, person, office):
    change(client, person, pegel, problem="Eins.")
    Solution.objects.filter(pk=pegel.pk).update(problem="Aus der Tabelle.")
    change(client, office, pegel, problem="Zwei.")

    told = [
        (one.kind, one.is_by_project, one.sheet["fields"]["problem"])
        for one in Revision.objects.all()
    ]
    assert told == [
        ("geaendert", False, "Zwei."),
        ("vorgefunden", False, "Aus der Tabelle."),
        ("geaendert", True, "Eins."),
        ("vorgefunden", False, "Zu spät."),
    ]  # fmt: skip


def test_versions_go_with_their_solution_and_after_two_years(client, pegel, person, office):
    change(client, person, pegel, problem="Eins.")
    now = timezone.now()
    Revision.objects.filter(kind="vorgefunden").update(at=now - timedelta(days=731))
    assert revisions.forget_old(now=now) == 1
    assert Revision.objects.count() == 1
    # Their author's account is deleted, what the sheet said stays.
    person.delete()
    assert Revision.objects.get().by is None
    client.force_login(office)
    url = reverse("admin:projects_solution_delete", args=[pegel.pk])
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert not Solution.objects.exists()


def test_a_version_holds_every_row_that_the_form_shows():
    accessors = {
        inline.model._meta.get_field("solution").remote_field.get_accessor_name()
        for inline in SolutionAdmin.inlines
    }
    assert accessors == set(revisions.ROWS)


def test_the_list_costs_the_same_queries_however_long(client, pegel, person, office):
    def queries():
        client.force_login(office)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(LIST)).status_code == 200
        return len(captured)

    change(client, person, pegel, problem="0")
    queries()
    before = queries()
    for number in range(1, 5):
        change(client, person, pegel, problem=str(number), **{"costs-0-amount": str(number)})
    assert queries() == before

"""The table of solutions in the administration: upload, look, take in; for the office alone."""

import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from office.history import changes
from projects.models import Cost, Lesson, ProjectEditor, Solution, UploadedTable
from tests.factories import UserFactory
from tests.factories.projects import ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db

TABLE = reverse("admin:projects_solution_table")
CHECK = reverse("admin:projects_solution_table_check")
DOWNLOAD = reverse("admin:projects_solution_table_download")
LIST = reverse("admin:projects_solution_changelist")


@pytest.fixture
def pegel():
    project = ProjectFactory(name="Musterstadt")
    return SolutionFactory(project=project, name="Pegel", problem="alt")


def upload(client, text, name="liste.csv"):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post(TABLE, {"file": file})


def yes(page):
    """What the button „So einlesen“ sends."""
    return dict(re.findall(r'type="hidden" name="(column_\d+|empties|seen)" value="([^"]*)"', page))


def words(answer):
    return answer.content.decode()


def test_a_file_is_chosen_looked_at_and_taken_in_once(admin_client, pegel):
    answer = upload(admin_client, "Modellprojekt;Lösung;Art;Problem\nMusterstadt;Pegel;;neu\n"
                                  "Musterstadt;Zweite;App;frisch")  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (302, CHECK)

    page = words(admin_client.get(CHECK))
    assert "Zeile 2, geändert: Pegel (Musterstadt)" in page
    assert "<del>alt</del> → <ins>neu</ins>" in page
    assert "Zeile 3, neu: Zweite (Musterstadt)" in page
    pegel.refresh_from_db()
    assert (pegel.problem, Solution.objects.count()) == ("alt", 1)

    answer = admin_client.post(CHECK, yes(page), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Eingelesen: 1 neu, 1 geändert, 0 unverändert." in words(answer)
    pegel.refresh_from_db()
    assert (pegel.problem, Solution.objects.count()) == ("neu", 2)
    entry = LogEntry.objects.get(object_id=str(pegel.pk))
    assert [one.values for one in changes(entry)] == [[("Problem", "alt", "neu")]]
    assert not UploadedTable.objects.exists()

    again = admin_client.post(CHECK, yes(page), follow=True)
    assert "Hier wartet keine Tabelle." in words(again)
    assert LogEntry.objects.count() == 2


def test_columns_are_assigned_by_hand_where_the_headings_say_nothing(admin_client, pegel):
    upload(admin_client, "Ort;Was;Warum\nMusterstadt;Pegel;neu")
    assert "Bitte sagen, in welcher Spalte „Modellprojekt“ steht." in words(admin_client.get(CHECK))

    mapping = {"column_0": "project", "column_1": "name", "column_2": "problem"}
    page = words(admin_client.get(CHECK, mapping))
    assert "<del>alt</del> → <ins>neu</ins>" in page
    admin_client.post(CHECK, yes(page))

    pegel.refresh_from_db()
    assert pegel.problem == "neu"


def test_what_a_colleague_changed_meanwhile_is_not_written_over(admin_client, pegel):
    upload(admin_client, "Modellprojekt;Lösung;Problem\nMusterstadt;Pegel;neu")
    page = words(admin_client.get(CHECK))
    Solution.objects.filter(pk=pegel.pk).update(problem="inzwischen")

    answer = words(admin_client.post(CHECK, yes(page)))

    assert "Es wurde nichts eingelesen" in answer
    assert "<del>inzwischen</del> → <ins>neu</ins>" in answer
    pegel.refresh_from_db()
    assert pegel.problem == "inzwischen"
    admin_client.post(CHECK, yes(answer))
    pegel.refresh_from_db()
    assert pegel.problem == "neu"


def test_a_wrong_line_is_told_and_there_is_no_button(admin_client, pegel):
    upload(admin_client, "Modellprojekt;Lösung;Reife\nMusterstadt;Pegel;fast fertig")

    page = words(admin_client.get(CHECK))

    assert "Spalte C „Reife“: „fast fertig“ gibt es hier nicht." in page
    assert "So einlesen" not in page
    assert LogEntry.objects.count() == 0


def test_what_is_no_table_is_refused_beside_the_field(admin_client):
    answer = upload(admin_client, b"\x89PNG\x00", "bild.png")

    assert "Die Datei ist weder eine XLSX-Datei noch eine CSV-Tabelle." in words(answer)
    assert not UploadedTable.objects.exists()


def test_the_office_downloads_all_solutions(admin_client, pegel):
    answer = admin_client.get(DOWNLOAD)

    assert answer["Content-Disposition"] == 'attachment; filename="loesungen.xlsx"'
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][:2] == ("Modellprojekt", "Lösung")
    assert [row[:2] for row in rows[1:]] == [("Musterstadt", "Pegel")]


def test_editors_of_a_project_and_readers_neither_see_nor_use_the_table(
    client, admin_client, pegel
):
    upload(admin_client, "Modellprojekt;Lösung;Problem\nMusterstadt;Pegel;neu")
    seen = yes(words(admin_client.get(CHECK)))
    editor = ProjectEditor.objects.create(project=pegel.project, user=UserFactory()).user
    for user, status in ((editor, 403), (UserFactory(), 302)):
        client.force_login(user)
        answers = [
            *(client.get(url) for url in (TABLE, CHECK, DOWNLOAD)),
            client.post(CHECK, seen),
            upload(client, "Modellprojekt;Lösung\nMusterstadt;Pegel"),
        ]
        assert [answer.status_code for answer in answers] == [status] * 5
        assert TABLE not in words(client.get(LIST))
    assert UploadedTable.objects.count() == 1
    assert TABLE in words(admin_client.get(LIST))


def test_another_session_of_the_office_does_not_get_at_the_file(admin_client, client, admin_user):
    upload(admin_client, "Modellprojekt;Lösung\nGeheim;Geheim")
    client.force_login(admin_user)

    answer = client.get(CHECK, follow=True)

    assert "Geheim" not in words(answer)
    assert "Hier wartet keine Tabelle." in words(answer)


def test_the_office_finds_the_solutions_at_which_something_is_to_be_checked(admin_client, pegel):
    sheet = SolutionFactory(name="Bogen", unsure=["problem"], note="Wer sagt das?")
    costs, lesson = SolutionFactory(name="Kosten"), SolutionFactory(name="Lehre")
    source = {"source": "https://quelle.example/"}
    Cost.objects.create(
        solution=costs, purpose="Betrieb", period="je-jahr", is_certain=False, **source
    )
    Lesson.objects.create(
        solution=lesson, kind="stolperfalle", text="Zu früh", is_certain=False, **source
    )
    Cost.objects.create(solution=pegel, purpose="Betrieb", period="je-jahr", **source)

    found = {
        answer: {
            row.name
            for row in admin_client.get(f"{LIST}?zu-pruefen={answer}").context["cl"].queryset
        }
        for answer in ("ja", "nein")
    }

    assert found == {"ja": {sheet.name, costs.name, lesson.name}, "nein": {"Pegel"}}

"""A `publiccode.yml` is uploaded for a solution, looked at, and taken over; people in it are never read."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from office.history import changes
from projects.models import OpenSource, ProjectEditor, Reuse, Solution, StatedBy, UploadedTable
from projects.publiccode import reading
from projects.publiccode.taking import proposals
from tests.factories import UserFactory
from tests.factories.projects import ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db

FILE = """\
publiccodeYmlVersion: "0.4"
name: Pegel-App
url: https://code.example/pegel.git
usedBy:
  - Stadt Neustadt
  - Gemeinde Altdorf
  - Petra Planted <planted@privat.example>
description:
  en:
    shortDescription: Gauges
  de:
    shortDescription: Pegel auf einen Blick
    longDescription: |
      Zeigt Pegelstände und warnt.
      Fragen an planted@privat.example
legal:
  license: EUPL-1.2
  mainCopyrightOwner: Petra Planted
maintenance:
  type: internal
  contacts:
    - name: Petra Planted
      email: planted@privat.example
      phone: "+49 30 999888777"
"""
PLANTED = ("Planted", "planted@privat.example", "999888777")


@pytest.fixture
def pegel():
    project = ProjectFactory(name="Musterstadt")
    solution = SolutionFactory(project=project, name="Pegel", problem="alt")
    Reuse.objects.create(solution=solution, name="Gemeinde Altdorf", source="Vermerk")
    return solution


def address(solution, what=""):
    return reverse(f"admin:projects_solution_publiccode{what}", args=[solution.pk])


def upload(client, solution, content):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(
        address(solution), {"file": SimpleUploadedFile("publiccode.yml", content)}, follow=True
    )


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def ticked(page):
    boxes = re.findall(r'<input type="checkbox" name="taken" value="([^"]*)"([^>]*)>', page)
    return {name: "checked" in rest for name, rest in boxes}


def everywhere():
    """All that is stored, in every table."""
    return "\n".join(
        str(bytes(value) if isinstance(value, memoryview) else value)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        for row in model._base_manager.values_list()
        for value in row
    )


def test_it_is_looked_at_and_taken_over_once(admin_client, pegel):
    answer = upload(admin_client, pegel, FILE)

    page = answer.content.decode()
    assert answer.redirect_chain == [(address(pegel, "_check"), 302)]
    assert "Name: <del>Pegel</del> → <ins>Pegel-App</ins>" in page
    assert "Beschreibung: <ins>Zeigt Pegelstände und warnt.</ins>" in page
    # Ticked is what the portal lacks. Altdorf is known already.
    assert ticked(page) == {
        "name": False,
        "description": True,
        "licence": True,
        "repository": True,
        "open_source": True,
        "used_by:Stadt Neustadt": True,
    }
    assert Solution.objects.get() == pegel
    assert Solution.objects.get().licence == ""

    chosen = [name for name, is_ticked in ticked(page).items() if is_ticked]
    data = {"taken": chosen, "seen": seen(page)}
    answer = admin_client.post(address(pegel, "_check"), data, follow=True)

    assert "Aus der publiccode.yml übernommen: 5 Angaben." in answer.content.decode()
    pegel.refresh_from_db()
    assert (pegel.name, pegel.description) == ("Pegel", "Zeigt Pegelstände und warnt.")
    assert (pegel.licence, pegel.repository) == ("EUPL-1.2", "https://code.example/pegel.git")
    assert pegel.open_source == OpenSource.YES
    claimed = pegel.reuses.get(name="Stadt Neustadt")
    assert (claimed.stated_by, claimed.is_confirmed) == (StatedBy.PROJECT, False)
    assert claimed.source == "https://code.example/pegel.git"
    assert pegel.reuses.count() == 2
    entry = LogEntry.objects.get()
    [told] = [one.values for one in changes(entry)]
    assert ("Lizenz", "–", "EUPL-1.2") in told
    assert ("Nachnutzung, nicht bestätigt", "–", "Stadt Neustadt") in told
    assert not UploadedTable.objects.exists()

    again = admin_client.post(address(pegel, "_check"), data, follow=True)
    assert "Hier wartet keine publiccode.yml." in again.content.decode()
    again = upload(admin_client, pegel, FILE).content.decode()
    assert ticked(again) == {"name": False}


def test_people_in_the_file_are_nowhere_afterwards(admin_client, pegel, caplog):
    page = upload(admin_client, pegel, FILE).content.decode()
    waiting = everywhere()
    assert "Pegel-App" in waiting
    answer = admin_client.post(
        address(pegel, "_check"), {"taken": list(ticked(page)), "seen": seen(page)}, follow=True
    )

    pages = page + answer.content.decode() + admin_client.get(pegel.get_absolute_url()).text
    stored = waiting + everywhere()
    for planted in PLANTED:
        assert planted not in stored
        assert planted not in pages
        assert planted not in caplog.text
    assert "Ein Eintrag unter „usedBy“ ist kein Name einer Stelle" in page
    assert "Zeilen der Beschreibung mit einer E-Mail-Adresse bleiben weg." in page


def test_what_a_colleague_changed_meanwhile_is_not_written_over(admin_client, pegel):
    page = upload(admin_client, pegel, FILE).content.decode()
    Solution.objects.update(licence="MIT")

    data = {"taken": ["licence"], "seen": seen(page)}
    answer = admin_client.post(address(pegel, "_check"), data).content.decode()

    assert "Es wurde nichts übernommen" in answer
    assert "Lizenz: <del>MIT</del> → <ins>EUPL-1.2</ins>" in answer
    assert Solution.objects.get().licence == "MIT"


def test_nothing_is_taken_over_where_a_rule_forbids_one_of_it(admin_client, pegel):
    SolutionFactory(project=pegel.project, name="Pegel-App")
    page = upload(admin_client, pegel, FILE).content.decode()

    for taken, why in (
        (["name", "licence"], "Dieses Projekt hat schon eine Lösung dieses Namens."),
        ([], "Bitte wählen Sie, was übernommen werden soll."),
    ):
        data = {"taken": taken, "seen": seen(page)}
        assert why in admin_client.post(address(pegel, "_check"), data).content.decode()
    pegel.refresh_from_db()
    assert (pegel.name, pegel.licence) == ("Pegel", "")
    assert LogEntry.objects.count() == 0


def test_editors_fill_their_own_solutions_and_no_others(client, admin_client, pegel):
    other = SolutionFactory(name="Fremd")
    editor = ProjectEditor.objects.create(project=pegel.project, user=UserFactory()).user
    client.force_login(editor)

    assert (
        address(pegel)
        in client.get(reverse("admin:projects_solution_change", args=[pegel.pk])).text
    )
    page = upload(client, pegel, FILE).content.decode()
    data = {"taken": ["licence"], "seen": seen(page)}
    client.post(address(pegel, "_check"), data)
    assert Solution.objects.get(pk=pegel.pk).licence == "EUPL-1.2"
    # Kept as a version, as if it had been typed into the form.
    latest = pegel.revisions.first()
    assert (latest.is_by_project, latest.by) == (True, editor)
    assert latest.sheet["fields"]["licence"] == "EUPL-1.2"

    # What waits for one solution is nothing for another.
    upload(client, pegel, FILE)
    for method in (client.get, client.post):
        assert method(address(other)).status_code == 404
        assert method(address(other, "_check")).status_code == 404
    assert "Hier wartet keine" in admin_client.get(address(pegel, "_check"), follow=True).text
    client.force_login(UserFactory())
    assert client.get(address(pegel)).status_code == 302


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Die Datei ist leer."),
        (b" \n", "Die Datei ist leer."),
        (b"\xff\xfe\x00x", "kein Text in UTF-8"),
        (b"x" * (reading.LARGEST + 1), "größer als 100 kB"),
        ("name: 'offen", "kein gültiges YAML, in Zeile 1"),
        ("a: b\nc: [1, 2\nd: }", "kein gültiges YAML, in Zeile 3"),
        ("a: \x07", "kein gültiges YAML."),
        ("? [a]\n: b", "kein gültiges YAML, in Zeile 1"),
        ("---\na: b\n---\nc: d", "kein gültiges YAML"),
        ("name: Nur ein Name", "„publiccodeYmlVersion“ fehlt"),
        ("- eine\n- Liste", "„publiccodeYmlVersion“ fehlt"),
        ("a: &x [lol]\nb: *x", "In Zeile 1 steht ein Verweis"),
        ("a: [" * 30, "zu tief verschachtelt"),
        ("[" * 90_000, "zu tief verschachtelt"),
        ("{" * 90_000, "zu tief verschachtelt"),
        ("- " * 40_000, "zu tief verschachtelt"),
    ],
)
def test_a_bad_file_is_refused_beside_the_field_with_a_sentence(admin_client, pegel, content, why):
    answer = upload(admin_client, pegel, content)

    assert (answer.status_code, answer.redirect_chain) == (200, [])
    assert why in answer.content.decode()
    assert not UploadedTable.objects.exists()


def test_a_billion_laughs_are_refused_before_anything_grows():
    lines = ['a0: &a0 ["lol"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    with pytest.raises(reading.FileError, match="Verweis"):
        reading.read("\n".join(lines).encode())


def test_tags_make_nothing_but_text():
    said = reading.read(
        b'publiccodeYmlVersion: "0.4"\n'
        b'name: !!python/object/apply:os.system ["touch /tmp/never"]\n'
        b"url: !!python/name:os.system https://code.example/\n"
        b"legal: {license: no}\n"
    )

    assert (said.name, said.repository) == ("", "https://code.example/")
    assert said.left_out == [
        "Lizenz „no“: Nicht in der SPDX-Liste: no. Beispiele: „EUPL-1.2“, „GPL-3.0-or-later“, "
        "„CC-BY-4.0“. Eine eigene Lizenz heißt „LicenseRef-Name“."
    ]


def test_what_cannot_be_taken_over_is_said(pegel):
    said = reading.read(
        b"publiccodeYmlVersion: 0.4\nname: [a]\nurl: git@code.example:pegel\nusedBy: Neustadt\n"
        b"description: {en: {shortDescription: Gauges}}\nlegal: MIT\n"
    )

    assert proposals(pegel, said) == []
    assert said.left_out == [
        "Eine deutsche Beschreibung enthält die Datei nicht.",
        "Quellcode: „git@code.example:pegel“ ist keine Internetadresse.",
    ]


def test_the_file_of_the_portal_itself_is_understood():
    said = reading.read(Path("publiccode.yml").read_bytes())

    assert said.name == "Portal der Modellprojekte Smart Cities"
    assert said.licence == "EUPL-1.2"
    assert said.description.startswith("Das Portal macht auffindbar")
    assert said.left_out == []

"""Everything public in one file, and back again."""

import errno
import hashlib
import json
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, models

from communities.models import Result
from events.models import AgendaItem, Document, Event, Visibility
from opendata import snapshot
from opendata.snapshot import writing
from opendata.snapshot.tables import LOADED, TABLES
from opendata.tasks import write_snapshot
from projects.models import Lesson, Municipality, Project, Reuse, Solution
from smartcities.management.commands import load_network
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.communities import CommunityFactory, ExperienceFactory, ResultFactory
from tests.factories.events import AgendaItemFactory, EventFactory, in_days
from tests.test_personal_data import AS_LONG_AS_THE_ACCOUNT, PUBLISHED, covered_by_rules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.OPEN_DATA_FOLDER = tmp_path / "offene-daten"
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.OPEN_DATA_FOLDER


def written(target: Path) -> dict[str, list[dict]]:
    call_command("write_snapshot", str(target), stdout=StringIO())
    with ZipFile(target) as archive:
        return {
            name.removesuffix(".jsonl"): [
                json.loads(line) for line in archive.read(name).splitlines()
            ]
            for name in archive.namelist()
            if name.endswith(".jsonl")
        }


def empty_the_database() -> None:
    names = ", ".join(f'"{model._meta.db_table}"' for model in LOADED.values())
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}, projects_loadedfacts RESTART IDENTITY CASCADE")


def live_in_it() -> None:
    """What people add to the shipped network: one of everything that the data files do not know."""
    project, solution = Project.objects.first(), Solution.objects.first()
    community = CommunityFactory(
        questions="Wie?", theme=ThemeFactory(), contact_name="Erika Muster"
    )
    result = ResultFactory(
        community=community,
        link="",
        file=SimpleUploadedFile("leitfaden.txt", b"Inhalt"),
        file_name="leitfaden.txt",
    )
    result.projects.set([project])
    ExperienceFactory(community=community, solution=solution, written_by=UserFactory())
    event = EventFactory(starts_at=in_days(-5), documentation="So war es.", attendees=40)
    event.themes.set(project.themes.all())
    AgendaItemFactory(event=event, speakers="Erika Muster", room="Saal 1")
    Document.objects.create(
        event=event, title="Folien", link="https://folien.example", visibility="oeffentlich"
    )
    Solution.objects.filter(pk=solution.pk).update(
        confirmed_on="2026-03-04", duration_text="3 Monate"
    )


def test_an_empty_database_filled_from_a_snapshot_gives_the_same_bytes(tmp_path):
    call_command("load_municipalities", stdout=StringIO())
    call_command("load_network", verbosity=0, stdout=StringIO())
    live_in_it()
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    told = written(first)
    assert {name for name, rows in told.items() if not rows} == {"phasen"}
    counted = {table.name: table.model.objects.count() for table in TABLES}
    assert (len(told["projekte"]), len(told["loesungen"])) == (73, 419)
    assert len(told["kommunen"]) < counted.pop("kommunen") / 20
    empty_the_database()
    assert not Municipality.objects.exists()

    call_command("load_snapshot", str(first), stdout=StringIO())
    written(second)

    assert second.read_bytes() == first.read_bytes()
    later = ProjectFactory()  # ids go on after those that came along
    assert later.pk > max(row["id"] for row in told["projekte"])
    # What is loaded again finds everything there but the draft of an event, which is not public.
    Project.objects.filter(pk=later.pk).delete()
    reports = load_network.load(tables=load_network.TABLES)
    assert {kind: report.created for kind, report in reports.items() if report.created} == {
        "event": 1
    }
    assert Event.objects.filter(state="entwurf").count() == 1


def test_nothing_in_it_is_about_a_person_and_nothing_hidden(tmp_path):
    hidden = SolutionFactory(name="Geheime Lösung", project__is_public=False)
    hidden.project.name = "Geheimes Projekt"
    hidden.project.editors_note = "Geheime Notiz"
    hidden.project.save()
    Lesson.objects.create(solution=hidden, kind="stolperfalle", text="Geheim", source="x")
    Reuse.objects.create(
        solution=hidden,
        name="Geheim",
        source="x",
        municipality=MunicipalityFactory(name="Geheimdorf"),
    )
    open_one = SolutionFactory()
    Reuse.objects.create(solution=open_one, name="Sichtbar", project=hidden.project, source="x")
    Reuse.objects.create(
        solution=open_one, name="Geheim, weil unbestätigt", stated_by="nachnutzende"
    )
    Reuse.objects.create(
        solution=open_one, name="Geheim, weil erst geplant", is_planned=True, source="x"
    )
    contact = {"contact_name": "Erika Muster", "contact_email": "erika@muster.example"}
    ProjectFactory(**contact, contact_phone="+49 30 99999", editors_note="Geheime Notiz")
    ResultFactory(title="Geheimes Ergebnis", state="mitglieder", published_at=None)
    ExperienceFactory(title="Geheime Erfahrung", project=hidden.project, community=None)
    ExperienceFactory(title="Geheimer Entwurf", state="entwurf", published_at=None)
    draft = EventFactory(title="Geheimer Entwurf", state="entwurf")
    event = EventFactory(
        **contact,
        online_link="https://video.example/geheim",
        documentation="Geheimer Rückblick",
        editors_note="Geheime Notiz",
        part_of=draft,
    )
    event.host_projects.set([hidden.project])
    AgendaItemFactory(event=event, speakers="Erika Muster")
    papers = {"event": event, "link": "https://x.example"}
    Document.objects.create(title="Geheim", visibility=Visibility.PARTICIPANTS, **papers)
    papers["visibility"] = Visibility.PUBLIC
    Document.objects.create(title="Geheim, weil noch nicht vorbei", phase="nachher", **papers)
    Document.objects.create(title="Einladung", phase="vorher", **papers)

    told = written(tmp_path / "alles.zip")
    text = json.dumps(told, ensure_ascii=False)

    assert [word for word in ("eheim", "Erika", "muster.example", "99999") if word in text] == []
    assert [row["project"] for row in told["nachnutzungen"]] == [None]
    assert [row["title"] for row in told["unterlagen"]] == ["Einladung"]
    assert [(row["part_of"], row["host_projects"]) for row in told["veranstaltungen"]] == [
        (None, [])
    ]


def test_no_column_is_one_about_a_person():
    personal = covered_by_rules() | PUBLISHED | AS_LONG_AS_THE_ACCOUNT
    told = {f"{table.model._meta.label}.{name}" for table in TABLES for name in table.fields}
    people = {apps.get_model("accounts.User")}
    pointing = {
        f"{table.model._meta.label}.{field.name}"
        for table in TABLES
        for field in table.columns()
        if field.is_relation and field.related_model in people
    }

    assert told & personal == set()
    assert pointing == set()
    assert {name for name in told if "editors_note" in name or "online_link" in name} == set()


def test_every_public_table_is_in_it():
    """A new model that hangs on something in the snapshot has to be put in, or named here."""
    left_out = {
        # People, and what they do.
        "asking.PublicAnswer", "asking.Question",
        "communities.GroupMessage", "communities.Membership", "consulting.ConsultationRequest",
        "consulting.Slot", "events.EventMessage", "events.Invitation", "events.Registration",
        "events.SessionChoice", "projects.ProjectEditor", "projects.ReuseStatement",
        "projects.Revision", "subscribing.Subscription",
        # What only this portal needs: seats, reminders, what is shown on the start page.
        "events.Minutes", "events.ReminderRule", "events.Seats", "smartcities.PinnedCase",
        "events.EventQuestion",
        # Files do not go along.
        "communities.ResultFile",
    }  # fmt: skip
    inside = {table.model for table in TABLES}
    hanging = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in inside and model not in inside
        if not isinstance(field, models.ManyToManyField)
    }

    assert hanging == left_out


def test_checksums_and_counts_stand_in_the_manifest(tmp_path):
    SolutionFactory()
    target = tmp_path / "alles.zip"
    written(target)
    with ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, told in manifest["files"].items():
            content = archive.read(name)
            assert told["sha256"] == hashlib.sha256(content).hexdigest()
            assert told["rows"] == len(content.splitlines())
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert manifest["licence"] == "https://creativecommons.org/licenses/by/4.0/deed.de"
    assert "Destatis" in manifest["attribution"]
    assert manifest["files"]["loesungen.jsonl"]["columns"]["licence"] == "Lizenz"


def test_it_is_given_out_with_its_checksum_and_an_etag(client, folder):
    assert client.get("/daten/alles.zip").status_code == 404
    SolutionFactory()
    write_snapshot()
    first = client.get("/daten/alles.zip")
    content = first.getvalue()
    again = client.get("/daten/alles.zip", headers={"If-None-Match": first["ETag"]})
    SolutionFactory()
    write_snapshot()
    changed = client.get("/daten/alles.zip", headers={"If-None-Match": first["ETag"]})
    digest = client.get("/daten/alles.sha256").content.decode().split()

    assert (first["Content-Type"], int(first["Content-Length"])) == (
        "application/zip",
        len(content),
    )
    assert first["Content-Disposition"] == 'attachment; filename="modellprojekte-smart-cities.zip"'
    assert first["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert digest[0] == hashlib.sha256(changed.getvalue()).hexdigest()
    assert [file.name for file in folder.iterdir()] == ["alles.zip"]


def test_a_full_disk_leaves_the_file_of_before_and_a_sentence(folder, monkeypatch):
    SolutionFactory()
    write_snapshot()
    before = snapshot.path().read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(CommandError, match="ist kein Platz mehr"):
        call_command("write_snapshot")
    with pytest.raises(snapshot.NoRoomError):
        write_snapshot()

    assert snapshot.path().read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["alles.zip"]


def _damaged(source: Path, target: Path) -> None:
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b"Vorher", b"Nachher") if "loes" in name else content
            )


def test_what_is_not_empty_or_not_whole_is_refused_and_stays_as_it_is(tmp_path):
    SolutionFactory(name="Vorher")
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    written(good)
    _damaged(good, bad)
    with pytest.raises(CommandError, match="nicht leer"):
        call_command("load_snapshot", str(good))
    empty_the_database()
    with pytest.raises(CommandError, match=r"Die Prüfsumme von loesungen\.jsonl stimmt nicht"):
        call_command("load_snapshot", str(bad))
    bad.write_bytes(b"kein Archiv")
    for file in (bad, tmp_path / "gibtesnicht.zip"):
        with pytest.raises(CommandError, match="kein Schnappschuss"):
            call_command("load_snapshot", str(file))

    assert not Project.objects.exists()
    assert not Result.objects.exists()
    assert not AgendaItem.objects.exists()

"""The data files of the portal, written again from the database: how editors' knowledge flows back."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communities.models import Community
from events.models import Event
from finding.models import Synonyms
from opendata import snapshot
from projects.models import Lesson, LoadedFacts, NetworkFact, Project, Reuse, Solution, Theme
from projects.network import load, write_files
from projects.network.loading import DATA
from smartcities.management.commands.load_network import TABLES
from tests.factories import MunicipalityFactory
from tests.factories.events import EventFactory
from tests.opendata.test_snapshot import empty_the_database
from tests.shipped import load_network, load_once

NAMES = sorted({table.file.name for table in TABLES})


@pytest.fixture
def files(tmp_path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture
def network(db) -> None:
    load_network()


def changed(files: Path) -> list[str]:
    return [name for name in NAMES if (files / name).read_bytes() != (DATA / name).read_bytes()]


def test_where_nobody_changed_anything_every_byte_stays(files, network):
    call_command("write_data_files", str(files), stdout=StringIO())

    assert len(NAMES) == 10
    assert changed(files) == []


@pytest.mark.django_db(transaction=True)
def test_the_shipped_files_come_out_of_a_snapshot_byte_by_byte(files, tmp_path):
    load_once(TABLES)
    snapshot.write(tmp_path / "alles.zip")
    empty_the_database()
    snapshot.fill(tmp_path / "alles.zip")

    write_files(files, TABLES)

    assert changed(files) == []


def edit() -> None:
    """In each file one fact changed, one thing added, one removed."""
    solution, other = Solution.objects.order_by("pk")[:2]
    Solution.objects.filter(pk=solution.pk).update(problem="Neu gesagt.", duration_text="3 Monate")
    Lesson.objects.create(
        solution=solution, kind="stolperfalle", text="Neu gelernt.", source="Ulm", position=3
    )
    town = MunicipalityFactory()
    Reuse.objects.create(solution=solution, name="Neustadt", municipality=town, source="Neustadt")
    other.delete()
    project = Project.objects.order_by("pk").first()
    Project.objects.filter(pk=project.pk).update(
        summary="Erster Absatz.\n\nZweiter.", population=12
    )
    project.themes.add(Theme.objects.create(slug="neu", name="Neues Thema"))
    new = Project.objects.create(
        slug="neustadt",
        name="Neustadt",
        call_year=2021,
        applicant_kind="kleinstadt",
        laender=["BY"],
    )
    new.participations.create(municipality=town, is_lead=True)
    Solution.objects.create(project=new, slug="neustadt-app", name="App", kind="app")
    NetworkFact.objects.create(topic="programm", text="Neu.", source="x", position=33)
    Synonyms.objects.create(words="Gießkanne, Kanne", narrower="")
    Community.objects.filter(slug="urbane-digitale-zwillinge").update(also_called="UDZ, Zwillinge")
    event = Event.objects.get(slug="daten-in-der-smart-city-2023")
    Event.objects.filter(pk=event.pk).update(city="Neustadt", attendees=7)
    EventFactory(
        slug="neu-2026", kind="kongress", precision="tag",
        starts_at="2026-03-02T23:00:00Z", ends_at="2026-03-04T23:00:00Z",
    )  # fmt: skip


def test_what_editors_changed_stands_in_the_files_and_is_what_a_load_would_write(files, network):
    edit()
    write_files(files, TABLES)
    reports = load(files, tables=TABLES)
    by_slug = {
        name: {row.get("slug"): row for row in json.loads((files / name).read_text())}
        for name in ("solutions.json", "projects.json", "events.json")
    }
    solution = Solution.objects.order_by("pk").first()
    told = by_slug["solutions.json"][solution.slug]
    congress = by_slug["events.json"]["neu-2026"]

    assert [one.created for one in reports.values() if one.created] == []
    assert [name for one in reports.values() for name in (*one.kept, *one.deleted_by_editors)] == []
    # The file counts positions anew where one is gone, and knows one day of the official list only.
    assert {kind for kind, report in reports.items() if report.updated} == {
        LoadedFacts.Kind.SOLUTION,
        LoadedFacts.Kind.MUNICIPALITY,
    }
    assert (told["problem"], told["duration_text"]) == ("Neu gesagt.", "3 Monate")
    assert told["lessons"][-1] == {"text": "Neu gelernt.", "kind": "stolperfalle", "source": "Ulm"}
    assert len(by_slug["solutions.json"]) == 419
    assert by_slug["projects.json"]["neustadt"]["municipalities"][0]["is_lead"] is True
    assert (congress["starts_on"], congress["ends_on"]) == ("2026-03-03", "2026-03-04")
    assert (congress["kind"], congress["date_precision"]) == ("congress", "day")


def test_a_folder_without_the_files_is_refused(tmp_path, db):
    with pytest.raises(CommandError, match="kein Ordner der Daten"):
        call_command("write_data_files", str(tmp_path))

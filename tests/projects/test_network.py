import json
import re
import shutil
import time
from collections import Counter
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from finding.models import CatalogueVersion
from ground.land import Land
from projects.gemeindeverzeichnis import import_directory, read_directory
from projects.models import LoadedFacts, Municipality, Project, Solution, Source, Theme
from projects.network import CATALOGUE, load
from projects.network.loading import DATA
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    ThemeFactory,
)
from tests.shared import OFFICIAL_LIST, SHARED, needs_shared
from tests.shipped import load_once
from tests.some import some

pytestmark = pytest.mark.django_db
Kind = LoadedFacts.Kind

TO_BE_CHECKED = {
    "aalen-heidenheim",
    "eichenzell",
    "einbeck",
    "hassfurt",
    "hildesheim",
    "landkreis-kusel",
    "landkreis-mayen-koblenz",
    "linz-am-rhein",
    "lohmar",
    "oberhausen",
}
ONLY_ON_A_LIST = {
    "aalen-heidenheim",
    "connected-urban-twins",
    "darmstadt",
    "eichenzell",
    "einbeck",
    "gera",
    "kalletal-lemgo",
    "landkreis-hameln-pyrmont",
    "lohmar",
    "oberhausen",
}


# Of things, and of the rows that belong to them: each kind is read and written in bulk.
KINDS_OF_ROWS = len(CATALOGUE) + sum(len(table.members) for table in CATALOGUE)


class Files:
    """A copy of the data files that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(DATA, folder)

    def change(self, file: str, slug: str, **changes: object) -> None:
        rows = self._read(file)
        [row] = [row for row in rows if row["slug"] == slug]
        row.update(changes)
        self._write(file, rows)

    def remove(self, name: str, slug: str) -> None:
        self._write(name, [row for row in self._read(name) if row["slug"] != slug])

    def add(self, name: str, row: dict[str, object]) -> None:
        self._write(name, [*self._read(name), row])

    def row(self, name: str, slug: str) -> dict:
        return next(row for row in self._read(name) if row["slug"] == slug)

    def _read(self, name: str) -> list[dict]:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def _write(self, name: str, rows: list[dict]) -> None:
        (self.folder / name).write_text(json.dumps(rows), encoding="utf-8")


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path / "data")


def counts(report) -> dict[str, tuple[int, int, int]]:
    return {kind: (one.created, one.updated, one.unchanged) for kind, one in report.items()}


def slugs(projects) -> set[str]:
    return set(projects.values_list("slug", flat=True))


# What is in the files


def test_everything_is_loaded():
    report = load()

    assert counts(report) == {
        Kind.MUNICIPALITY: (142, 0, 0),
        Kind.THEME: (23, 0, 0),
        Kind.TECHNOLOGY: (169, 0, 0),
        Kind.NETWORK_FACT: (33, 0, 0),
        Kind.PROJECT: (73, 0, 0),
        Kind.PRODUCT: (12, 0, 0),
        Kind.SOLUTION: (419, 0, 0),
    }
    assert Counter(Project.objects.values_list("call_year", flat=True)) == {
        2019: 13,
        2020: 32,
        2021: 28,
    }
    assert (Municipality.objects.count(), Theme.objects.count(), Solution.objects.count()) == (
        142,
        23,
        419,
    )


def test_a_project_has_all_that_its_sources_say():
    load_once()

    project = Project.objects.get(slug="smart-region-auf")

    assert (project.name, project.call_year, project.applicant_kind, project.laender) == (
        "Smart Region AUF",
        2020,
        "kooperation",
        [Land.BY],
    )
    assert [one.municipality.name for one in project.participations.all()] == [
        "Apfeldorf",
        "Unterdießen",
        "Fuchstal",
    ]
    assert project.summary.count("\n\n") == 2
    assert (project.population, project.population_basis) == (6000, "Kommune21, gerundet")
    assert project.solutions.count() == 7
    assert [one.position for one in project.solutions.order_by("position")] == [0, 1, 2, 3, 4, 5, 6]
    assert project.sources.exists()
    assert project.website == "https://smartregion-auf.de"


def test_every_project_has_a_municipality_a_source_and_coordinates():
    load_once()

    assert not Project.objects.filter(municipalities=None).exists()
    assert not Project.objects.filter(sources=None).exists()
    assert not Project.objects.filter(latitude=None).exists()


def test_everything_loaded_is_valid_for_the_forms():
    load_once()

    for model in (Theme, Municipality, Project, Solution, Source):
        for row in model.objects.all():
            row.full_clean(validate_unique=False, validate_constraints=False)


def test_exactly_the_10_are_to_be_checked_and_say_why_and_the_editors_know_more():
    load_once()

    marked = Project.objects.exclude(check_note="")

    assert slugs(marked) == TO_BE_CHECKED
    for project in marked:
        assert project.check_note == (
            "Zusammenfassung und Eckdaten beruhen auf wenigen Quellen und sind noch zu prüfen."
        )
        assert project.editors_note.startswith("Außer der Auswahlliste ")
    assert slugs(Project.objects.exclude(editors_note="")) == TO_BE_CHECKED


def test_exactly_the_10_that_rest_on_a_selection_list_say_so():
    load_once()

    resting = Project.objects.filter(sources__note__startswith="Auswahlliste. Auf ihr allein")

    assert slugs(resting) == ONLY_ON_A_LIST


def test_unknown_stays_unknown():
    load_once()

    darmstadt = Project.objects.get(slug="darmstadt")
    assert (darmstadt.summary, darmstadt.themes_basis) == ("", "")
    assert darmstadt.themes.count() == 0
    assert set(Solution.objects.values_list("open_source", flat=True)) == {"ja", "unbekannt"}
    assert not Solution.objects.filter(maturity="").exclude(maturity_as_of="").exists()
    assert not Source.objects.exclude(checked_on=None).exists()
    assert not Project.objects.exclude(checked_on=None).exists()
    assert Project.objects.filter(population_basis__startswith="Allgemeinwissen").count() == 13
    assert Project.objects.get(slug="bad-belzig-wiesenburg").population is None


def test_shortened_addresses_are_not_links():
    load_once()

    shortened = Source.objects.filter(is_truncated=True)

    assert shortened.count() == 11
    assert {source.url for source in shortened} == {""}


def test_rhein_neckar_lies_in_three_laender_and_is_no_gemeindeverband():
    load_once()

    project = Project.objects.get(slug="verband-region-rhein-neckar")

    assert set(project.laender) == {Land.BW, Land.RP, Land.HE}
    lead = project.participations.get(is_lead=True).municipality
    assert (lead.name, lead.level, lead.ars, lead.listed_on) == (
        "Verband Region Rhein-Neckar",
        Municipality.Level.REGION,
        None,
        None,
    )
    for land in (Land.BW, Land.RP, Land.HE):
        assert project in Project.objects.filter(laender__contains=[land])


def test_who_leads_is_known_only_where_something_says_so():
    load_once()

    of_several = Project.objects.annotate(size=Count("participations")).filter(size__gt=1)

    assert slugs(of_several.filter(participations__is_lead=True)) == {
        "eifelkreis-bitburg-pruem",
        "landkreis-hameln-pyrmont",
        "landkreis-kusel",
        "landkreis-mayen-koblenz",
        "ringelai-ilzer-land",
        "verband-region-rhein-neckar",
        "wuerzburg",
    }
    alone = Project.objects.annotate(size=Count("participations")).filter(size=1)
    assert not alone.exclude(participations__is_lead=True).exists()


def test_the_files_are_consistent_and_readable(files):
    projects = files._read("projects.json")
    content = json.loads((DATA / "municipalities.json").read_text(encoding="utf-8"))
    municipalities = {row["key"]: row for row in content["municipalities"]}

    for project in projects:
        for one in project["municipalities"]:
            assert municipalities[one["municipality"]]["name"] == one["name"]
            assert one["municipality"] == "verband-region-rhein-neckar" or (
                municipalities[one["municipality"]]["land"] in project["laender"]
            )
    named = {one["municipality"] for project in projects for one in project["municipalities"]}
    assert named == municipalities.keys()
    known = {project["slug"] for project in projects}
    for event in files._read("events.json"):
        assert set(event["host_projects"]) <= known
    communities = json.loads((DATA / "communities.json").read_text(encoding="utf-8"))
    for community in communities["communities"]:
        assert set(community["topic_examples"]) <= known
    for path in DATA.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n", path.name


# The files against what was researched


@needs_shared(SHARED / "facts" / "solutions.json")
def test_no_researched_measure_source_or_theme_is_lost(files):
    researched = json.loads((SHARED / "projects_detail.json").read_text(encoding="utf-8"))
    sheets = json.loads((SHARED / "facts" / "solutions.json").read_text(encoding="utf-8"))
    facts = {sheet["project"]: sheet for sheet in sheets}

    for detail in researched:
        project = files.row("projects.json", detail["slug"])
        corrected = {
            correction["field"] for correction in facts[detail["slug"]].get("corrections", [])
        }
        if not any("summary" in field for field in corrected):
            assert project["summary"] == detail["summary_facts"]
        sources = {(source["text"], source["is_truncated"]) for source in project["sources"]}
        assert sources >= {(text, False) for text in detail["sources"]}
        if not any("sources" in field for field in corrected):
            assert sources >= {(text, True) for text in detail.get("sources_truncated", [])}
        rows = [row for row in files._read("solutions.json") if row["project"] == detail["slug"]]
        names = {row["name"] for row in rows}
        lost = [measure["name"] for measure in detail["measures"] if measure["name"] not in names]
        assert len(lost) == sum(
            field.endswith(".name") or "public-data-dna" in field for field in corrected
        )


@needs_shared(OFFICIAL_LIST)
def test_every_municipality_is_its_official_row_or_named_with_the_reason():
    load_once()
    directory = read_directory(OFFICIAL_LIST)
    official = {entry.ars: entry for entry in directory.entries}

    unlisted = Municipality.objects.filter(ars=None).values_list("name", flat=True)
    # A planning association over three Länder: the list has Gemeindeverbände only.
    assert list(unlisted) == ["Verband Region Rhein-Neckar"]
    for row in some(Municipality.objects.exclude(ars=None)):
        entry = official[row.ars]
        assert (row.ags, row.level, row.name, row.official_name, row.designation) == (
            entry.ags,
            entry.level,
            entry.name,
            entry.official_name,
            entry.designation,
        )
        assert (row.land, row.postcode, row.population, row.latitude, row.longitude) == (
            entry.land,
            entry.postcode,
            entry.population,
            entry.latitude,
            entry.longitude,
        )


@needs_shared(OFFICIAL_LIST)
def test_the_official_list_knows_the_loaded_municipalities_and_adds_no_second(files):
    load_once()
    pks = set(Municipality.objects.values_list("pk", flat=True))
    directory = read_directory(OFFICIAL_LIST, population_on=date(2019, 12, 31))

    report = import_directory(directory)
    again = load()

    assert sum(report.new.values()) == len(directory.entries) - 141
    assert (
        set(Municipality.objects.filter(projects__isnull=False).values_list("pk", flat=True)) == pks
    )
    assert counts(again)[Kind.MUNICIPALITY] == (0, 0, 142)
    assert again[Kind.MUNICIPALITY].kept == []


@needs_shared(OFFICIAL_LIST)
def test_loading_after_the_official_list_uses_its_rows():
    directory = read_directory(OFFICIAL_LIST, population_on=date(2019, 12, 31))
    import_directory(directory)

    report = load()

    assert counts(report)[Kind.MUNICIPALITY] == (1, 0, 141)
    assert Municipality.objects.count() == len(directory.entries) + 1


@needs_shared(OFFICIAL_LIST)
def test_the_figures_of_the_list_are_those_of_the_year_before():
    """83,166,711 people is the official figure of 31.12.2019; a year later there were fewer."""
    directory = read_directory(OFFICIAL_LIST)

    people = sum(entry.population or 0 for entry in directory.entries if entry.level == "gemeinde")

    assert people == 83_166_711


# Loading again


def test_loading_again_changes_nothing_and_writes_nothing():
    load_once()
    version = CatalogueVersion.current()

    with CaptureQueriesContext(connection) as queries:
        report = load()

    assert counts(report) == {
        Kind.MUNICIPALITY: (0, 0, 142),
        Kind.THEME: (0, 0, 23),
        Kind.TECHNOLOGY: (0, 0, 169),
        Kind.NETWORK_FACT: (0, 0, 33),
        Kind.PROJECT: (0, 0, 73),
        Kind.PRODUCT: (0, 0, 12),
        Kind.SOLUTION: (0, 0, 419),
    }
    assert [one.kept for one in report.values()] == [[]] * 7
    writes = [q["sql"] for q in queries if re.match("INSERT|UPDATE|DELETE", q["sql"])]
    assert writes == []
    assert len(queries) <= 2 * KINDS_OF_ROWS
    assert CatalogueVersion.current() == version


def test_a_first_load_takes_seconds_and_writes_in_bulk():
    started = time.process_time()

    with CaptureQueriesContext(connection) as queries:
        load()

    assert time.process_time() - started < 5
    assert len(queries) <= 3 * KINDS_OF_ROWS


def test_what_an_editor_changed_stays_and_is_named(files):
    load_once()
    Project.objects.filter(slug="ulm").update(summary="Von Hand", title="Ulm smart")
    files.change(
        "projects.json", "ulm", summary=["Neu recherchiert"], website="https://neu.example"
    )

    report = load(files.folder)

    project = Project.objects.get(slug="ulm")
    assert (project.summary, project.title) == ("Von Hand", "Ulm smart")
    assert project.website == "https://neu.example"
    assert counts(report)[Kind.PROJECT] == (0, 1, 72)
    assert report[Kind.PROJECT].kept == ["Ulm: Titel des Projekts, Zusammenfassung"]


def test_a_change_in_the_files_reaches_what_nobody_touched(files):
    load_once()
    before = Project.objects.get(slug="ulm")
    files.change("projects.json", "ulm", population=130000, area_km2=118.7, laender=["BW", "BY"])
    files.change("themes.json", "app", name="Stadt-App")
    solution = Solution.objects.filter(project=before).first()
    files.change("solutions.json", solution.slug, maturity="abgeschlossen")

    report = load(files.folder)

    project = Project.objects.get(slug="ulm")
    assert (project.population, float(project.area_km2), project.laender) == (
        130000,
        118.7,
        ["BW", "BY"],
    )
    assert project.updated_at > before.updated_at
    assert Theme.objects.get(slug="app").name == "Stadt-App"
    solution.refresh_from_db()
    assert solution.maturity == "abgeschlossen"
    assert [one.updated for one in report.values()] == [0, 1, 0, 0, 1, 0, 1]


def test_a_field_given_back_to_the_files_follows_them_again(files):
    load_once()
    Project.objects.filter(slug="ulm").update(title="Ulm smart")
    files.change("projects.json", "ulm", title="Ulm 2030")
    load(files.folder)
    Project.objects.filter(slug="ulm").update(title="Ulm4CleverCity")

    load(files.folder)

    assert Project.objects.get(slug="ulm").title == "Ulm 2030"


def test_a_renamed_project_is_recognised_and_not_loaded_twice():
    load_once()
    Project.objects.filter(slug="ulm").update(slug="ulm-an-der-donau", name="Ulm an der Donau")

    report = load()

    assert Project.objects.count() == 73
    assert counts(report)[Kind.SOLUTION] == (0, 0, 419)
    assert Project.objects.get(slug="ulm-an-der-donau").solutions.count() == 7


def test_what_an_editor_deleted_stays_deleted_until_it_is_restored():
    load_once()
    Project.objects.get(slug="ulm").delete()
    Theme.objects.get(slug="wasser").delete()

    report = load()

    assert not Project.objects.filter(slug="ulm").exists()
    assert report[Kind.PROJECT].deleted_by_editors == ["Ulm"]
    assert len(report[Kind.SOLUTION].deleted_by_editors) == 7
    assert report[Kind.THEME].deleted_by_editors == ["Wasser"]

    restored = load(restore=True)

    assert [one.created for one in restored.values()] == [0, 1, 0, 0, 1, 0, 7]
    ulm = Project.objects.get(slug="ulm")
    assert (ulm.solutions.count(), ulm.participations.count()) == (7, 1)
    assert counts(load())[Kind.PROJECT] == (0, 0, 73)


def test_what_the_files_no_longer_name_stays(files):
    load_once()
    slug = Solution.objects.filter(project__slug="ulm").first().slug
    files.remove("solutions.json", slug)

    report = load(files.folder)

    assert Solution.objects.filter(slug=slug).exists()
    assert report[Kind.SOLUTION].no_longer_in_files == [slug]


def test_new_things_in_the_files_are_added(files):
    load_once()
    files.add(
        "solutions.json",
        {
            "slug": "ulm-neu",
            "project": "ulm",
            "name": "Neues",
            "kind": "app",
            "maturity": "",
            "open_source": "unbekannt",
        },
    )

    report = load(files.folder)

    assert counts(report)[Kind.SOLUTION] == (1, 0, 419)
    assert Solution.objects.get(slug="ulm-neu").project.slug == "ulm"


def test_a_project_that_an_editor_entered_first_is_completed_not_overwritten():
    ProjectFactory(slug="ulm", name="Ulm (von Hand)", call_year=2019, laender=["BW"])

    report = load()

    project = Project.objects.get(slug="ulm")
    assert project.name == "Ulm (von Hand)"
    assert project.title == "Ulm4CleverCity"
    assert project.participations.count() == 1
    assert report[Kind.PROJECT].kept == ["Ulm: Name, Art der Kommune"]


def test_a_measure_that_an_editor_entered_first_is_not_loaded_a_second_time(files):
    load_once()
    ulm = Project.objects.get(slug="ulm")
    own = SolutionFactory(project=ulm, name="Neues", slug="von-hand", kind="app", position=9)
    row = files.row("solutions.json", ulm.solutions.first().slug)
    files.add(
        "solutions.json", row | {"slug": "ulm-neu", "name": "Neues", "kind": "app", "maturity": ""}
    )

    report = load(files.folder)

    # Completed with what only the files know.
    assert counts(report)[Kind.SOLUTION] == (0, 1, 419)
    assert ulm.solutions.get(name="Neues") == own
    assert report[Kind.SOLUTION].kept == ["Neues (ulm): Adresse, Reihenfolge"]


# Participants, themes and sources, one by one


def test_themes_that_an_editor_added_or_removed_stay_so(files):
    load_once()
    project = Project.objects.get(slug="ulm")
    removed = project.themes.first()
    project.themes.remove(removed)
    project.themes.add(ThemeFactory(slug="eigenes"))
    kept = set(project.themes.values_list("slug", flat=True))
    files.change(
        "projects.json", "ulm", themes=[*files.row("projects.json", "ulm")["themes"], "wasser"]
    )

    report = load(files.folder)

    assert set(project.themes.values_list("slug", flat=True)) == kept | {"wasser"}
    assert report[Kind.PROJECT].kept == ["Ulm: Themen"]


def test_a_theme_that_the_files_drop_goes_unless_an_editor_set_it(files):
    load_once()
    project = Project.objects.get(slug="ulm")
    first, *others = files.row("projects.json", "ulm")["themes"]
    files.change("projects.json", "ulm", themes=others)

    load(files.folder)

    assert set(project.themes.values_list("slug", flat=True)) == set(others)
    project.themes.add(Theme.objects.get(slug=first))
    load(files.folder)
    assert project.themes.count() == len(others) + 1


def test_a_source_that_an_editor_checked_or_corrected_stays_so(files):
    load_once()
    project = Project.objects.get(slug="ulm")
    source = project.sources.first()
    Source.objects.filter(pk=source.pk).update(note="geprüft", checked_on=date(2025, 1, 2))
    rows = files.row("projects.json", "ulm")["sources"]
    rows[0]["note"] = "anders"
    files.change("projects.json", "ulm", sources=rows[:-1])

    report = load(files.folder)

    source.refresh_from_db()
    assert (source.note, source.checked_on) == ("geprüft", date(2025, 1, 2))
    assert project.sources.filter(solution=None).count() == len(rows) - 1
    assert report[Kind.PROJECT].kept == ["Ulm: Quellen"]


def test_a_municipality_that_an_editor_added_stays_and_may_lead(files):
    load_once()
    project = Project.objects.get(slug="kalletal-lemgo")
    other = MunicipalityFactory(name="Andere")
    project.participations.create(municipality=other, is_lead=True, position=9)
    rows = files.row("projects.json", "kalletal-lemgo")["municipalities"]
    rows[0]["is_lead"] = True
    files.change("projects.json", "kalletal-lemgo", municipalities=rows)

    report = load(files.folder)

    assert project.participations.get(is_lead=True).municipality == other
    assert project.participations.count() == 3
    assert report[Kind.PROJECT].kept == ["Kalletal und Lemgo: Kommunen"]
    assert counts(load(files.folder))[Kind.PROJECT] == (0, 0, 73)


def test_the_lead_moves_when_the_files_say_so(files):
    load_once()
    project = Project.objects.get(slug="landkreis-kusel")
    rows = files.row("projects.json", "landkreis-kusel")["municipalities"]
    rows[0]["is_lead"], rows[1]["is_lead"] = False, True
    files.change("projects.json", "landkreis-kusel", municipalities=rows)

    load(files.folder)

    lead = project.participations.get(is_lead=True).municipality
    assert lead.name == "Verbandsgemeinde Kusel-Altenglan"


def test_a_municipality_of_a_newer_official_list_is_left_alone():
    load_once()
    Municipality.objects.filter(name="Ulm").update(population=1, listed_on=date(2024, 12, 31))

    report = load()

    assert Municipality.objects.get(name="Ulm").population == 1
    assert counts(report)[Kind.MUNICIPALITY] == (0, 0, 142)
    assert report[Kind.MUNICIPALITY].kept == []


def test_a_mistake_in_the_last_file_undoes_everything(files):
    files.add("solutions.json", {"slug": "x", "project": "ulm", "name": "X", "kind": "unsinn"})

    with pytest.raises(Exception, match="projects_solution_kind_is_known"):
        load(files.folder)

    assert not LoadedFacts.objects.exists()
    assert not Project.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_end_as_one():
    together, reports = Barrier(2), []

    def run() -> None:
        try:
            together.wait()
            reports.append(load())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(report[Kind.PROJECT].created for report in reports) == [0, 73]
    assert Project.objects.count() == 73


# The command


def test_the_command_reports_what_it_did_and_what_it_kept(capsys):
    call_command("load_network")
    Project.objects.filter(slug="ulm").update(title="Ulm smart")
    Project.objects.get(slug="jena").delete()
    capsys.readouterr()
    rows = json.loads((DATA / "solutions.json").read_text(encoding="utf-8"))
    of_jena = [row["name"] for row in rows if row["project"] == "jena"]

    call_command("load_network")

    assert capsys.readouterr().out.splitlines() == [
        "Gruppen gleichbedeutender Wörter: 0 neu, 0 aktualisiert, 1403 unverändert.",
        "Kommunen: 0 neu, 0 aktualisiert, 142 unverändert.",
        "Themen: 0 neu, 0 aktualisiert, 23 unverändert.",
        "Technologien: 0 neu, 0 aktualisiert, 169 unverändert.",
        "Angaben zum Netzwerk: 0 neu, 0 aktualisiert, 33 unverändert.",
        "Modellprojekte: 0 neu, 0 aktualisiert, 72 unverändert.",
        "  Behalten, wie die Redaktion es geändert hat (1):",
        "    Ulm: Titel des Projekts",
        "  Von der Redaktion gelöscht und nicht wieder angelegt (1):",
        "    Jena",
        "Produkte: 0 neu, 0 aktualisiert, 12 unverändert.",
        f"Lösungen: 0 neu, 0 aktualisiert, {419 - len(of_jena)} unverändert.",
        f"  Von der Redaktion gelöscht und nicht wieder angelegt ({len(of_jena)}):",
        *(f"    {name} (jena)" for name in of_jena),
        "Partnerorganisationen: 0 neu, 0 aktualisiert, 9 unverändert.",
        "Gemeinschaften: 0 neu, 0 aktualisiert, 22 unverändert.",
        "Veranstaltungen: 0 neu, 0 aktualisiert, 43 unverändert.",
    ]

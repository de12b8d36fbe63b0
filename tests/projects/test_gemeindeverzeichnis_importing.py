import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from finding.models import CatalogueVersion
from projects.gemeindeverzeichnis import ImportRefused, Report, import_directory, read_directory
from projects.models import Municipality
from tests.factories import MunicipalityFactory, ProjectFactory
from tests.projects.gemeindeverzeichnis_files import (
    Line,
    csv_text,
    smallest_list,
    stadt,
    varied_list,
    write_csv,
    write_gv100ad,
)
from tests.shared import OFFICIAL_LIST, needs_shared

pytestmark = pytest.mark.django_db
YEAR = date(2020, 12, 31)
NEXT_YEAR = date(2021, 12, 31)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def load(tmp_path):
    """Import lines as a list of a day."""

    def load(lines: list[Line], day: date = YEAR, **options) -> Report:
        path = write_csv(tmp_path / "list.csv", lines)
        return import_directory(
            read_directory(path, listed_on=day, population_on=options.pop("population_on", day)),
            **options,
        )

    return load


def everything() -> list[tuple]:
    return list(Municipality.objects.order_by("pk").values_list())


def replaced(lines: list[Line], line_of: str, **changes: object) -> list[Line]:
    assert any(line.key == line_of for line in lines)
    return [line._replace(**changes) if line.key == line_of else line for line in lines]


def without(lines: list[Line], *keys: str) -> list[Line]:
    return [line for line in lines if line.key not in keys]


def test_a_list_is_stored_with_keys_links_and_days(load):
    report = load(varied_list())

    assert (sum(report.new.values()), sum(report.changed.values())) == (40, 0)
    gemeinde = Municipality.objects.get(ags="01051010")
    assert (gemeinde.ars, gemeinde.name, gemeinde.official_name, gemeinde.designation) == (
        "010515163010",
        "Süderhastedt an der Au",
        "Süderhastedt a.d.Au, M",
        "Markt",
    )
    assert (gemeinde.kreis.name, gemeinde.verband.name) == (
        "Kreis Ditmarken",
        "Amt Burg-Süderhastedt",
    )
    assert (gemeinde.level, gemeinde.land, gemeinde.sort_name, gemeinde.postcode) == (
        "gemeinde",
        "SH",
        "suederhastedt an der au",
        "25727",
    )
    assert (gemeinde.population, gemeinde.population_on, gemeinde.listed_on) == (1108, YEAR, YEAR)
    amt = gemeinde.verband
    assert (amt.level, amt.ars, amt.ags, amt.kreis) == (
        "verband",
        "010515163",
        None,
        gemeinde.kreis,
    )


def test_a_town_of_its_own_kreis_can_be_chosen_once(load):
    load(varied_list())

    assert set(
        Municipality.objects.filter(land="SH").selectable().values_list("name", "level")
    ) == {
        ("Musterstadt 01", "gemeinde"),
        ("Landkreis Musterland 01", "kreis"),
        ("Förde", "gemeinde"),
        ("Kreis Ditmarken", "kreis"),
        ("Amt Burg-Süderhastedt", "verband"),
        ("Averlak bei Burg", "gemeinde"),
        ("Süderhastedt an der Au", "gemeinde"),
    }


def test_the_same_list_again_changes_nothing_and_writes_nothing(load):
    load(varied_list())
    before, version = everything(), CatalogueVersion.current()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = load(varied_list())

    assert report.changes_nothing
    assert sum(report.unchanged.values()) == 40
    assert everything() == before
    assert CatalogueVersion.current() == version
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


def test_a_dry_run_reports_and_changes_nothing(load):
    load(varied_list())
    before = everything()

    report = load(replaced(varied_list(), "010515163003", name="Neudorf"), NEXT_YEAR, dry_run=True)

    assert report.renamed == ["Averlak b.Burg → Neudorf"]
    assert everything() == before


def test_new_figures_reach_the_same_row(load):
    load(varied_list())
    pk = Municipality.objects.get(ags="01051003").pk

    report = load(replaced(varied_list(), "010515163003", population=600), NEXT_YEAR)

    row = Municipality.objects.get(pk=pk)
    assert (row.population, row.population_on, row.listed_on) == (600, NEXT_YEAR, NEXT_YEAR)
    # The Amt and the Kreis have the new figure in their sums.
    assert report.changed == {"gemeinde": 1, "kreis": 1, "verband": 1}
    assert report.redated == 37


def test_a_renamed_municipality_keeps_its_row(load):
    load(varied_list())
    pk = Municipality.objects.get(ags="01051003").pk

    report = load(replaced(varied_list(), "010515163003", name="Averlak, Stadt"), NEXT_YEAR)

    assert Municipality.objects.get(pk=pk).name == "Averlak"
    assert report.renamed == ["Averlak b.Burg → Averlak, Stadt"]


def test_a_municipality_that_joins_another_verband_keeps_its_row(load):
    load(varied_list())
    pk = Municipality.objects.get(ags="01051003").pk

    report = load(replaced(varied_list(), "010515163003", key="010510003003"), NEXT_YEAR)

    row = Municipality.objects.get(pk=pk)
    assert (row.ars, row.ags, row.verband) == ("010510003003", "01051003", None)
    assert report.rekeyed == ["Averlak b.Burg: 010515163003 → 010510003003"]


def test_a_municipality_whose_kreis_was_merged_is_known_by_its_name(load):
    load(varied_list())
    pk = Municipality.objects.get(ags="01051003").pk

    load(replaced(varied_list(), "010515163003", key="010990003333"), NEXT_YEAR)

    row = Municipality.objects.get(pk=pk)
    assert (row.ags, row.kreis.name) == ("01099333", "Landkreis Musterland 01")
    assert Municipality.objects.filter(name="Averlak bei Burg").count() == 1


def test_of_two_of_the_same_name_none_is_guessed(load):
    twins = [stadt("010990002002", "Neustadt"), stadt("010990003003", "Neustadt")]
    load([*smallest_list(), *twins])
    ProjectFactory(municipalities=Municipality.objects.filter(name="Neustadt"))

    report = load([*smallest_list(), stadt("010990004004", "Neustadt")], NEXT_YEAR)

    assert report.new == {"gemeinde": 1}
    assert report.ended == ["Neustadt", "Neustadt"]


def test_two_that_exchange_their_keys_keep_their_rows(load):
    lines = [*smallest_list(), stadt("010990002002", "Aberg"), stadt("010990003003", "Bberg")]
    load(lines)
    pks = {row.name: row.pk for row in Municipality.objects.filter(name__endswith="berg")}
    # The ARS of one with the AGS of the other cannot be, so one moves on and the other follows.
    moved = [*smallest_list(), stadt("010990004004", "Bberg"), stadt("010990005002", "Aberg")]

    load(moved, NEXT_YEAR)

    assert {row.name: row.pk for row in Municipality.objects.filter(name__endswith="berg")} == pks
    assert set(Municipality.objects.filter(name__endswith="berg").values_list("name", "ags")) == {
        ("Aberg", "01099002"),
        ("Bberg", "01099004"),
    }


def test_a_vanished_municipality_that_nothing_refers_to_is_removed(load):
    load(varied_list())

    report = load(without(varied_list(), "010515163003"), NEXT_YEAR)

    assert (report.removed, report.ended) == (["Averlak b.Burg"], [])
    assert not Municipality.objects.filter(ags="01051003").exists()


def test_a_vanished_municipality_that_a_project_refers_to_is_kept_with_its_end(load):
    load(varied_list())
    row = Municipality.objects.get(ags="01051003")
    ProjectFactory(municipalities=[row])

    report = load(without(varied_list(), "010515163003"), NEXT_YEAR)

    row.refresh_from_db()
    assert (report.removed, report.ended) == ([], ["Averlak b.Burg"])
    assert (row.ended_on, row.successor, row.ars) == (NEXT_YEAR, None, "010515163003")
    assert row not in Municipality.objects.existing()


def test_a_kept_municipality_keeps_its_verband_and_kreis(load):
    load(varied_list())
    row = Municipality.objects.get(ags="01051003")
    ProjectFactory(municipalities=[row])
    ditmarken = ["01051", "010515163", "010515163003", "010515163010", "010519501501"]

    report = load(without(varied_list(), *ditmarken), NEXT_YEAR)

    assert set(report.ended) == {"Averlak b.Burg", "Burg-Süderhastedt", "Ditmarken"}
    assert set(report.removed) == {
        "Süderhastedt a.d.Au, M",
        "Sachsenwald (Forstgutsbez.),gemfr.Geb.",
    }


def test_a_vanished_municipality_with_a_successor_is_kept_with_it(load):
    load(varied_list())

    report = load(
        without(varied_list(), "010515163003"),
        NEXT_YEAR,
        successors={"01051003": "010515163010"},
    )

    row = Municipality.objects.get(ags="01051003")
    assert (report.ended, row.ended_on, row.successor.name) == (
        ["Averlak b.Burg"],
        NEXT_YEAR,
        "Süderhastedt an der Au",
    )


def test_a_successor_can_be_told_later(load):
    load(varied_list())
    ProjectFactory(municipalities=[Municipality.objects.get(ags="01051003")])
    load(without(varied_list(), "010515163003"), NEXT_YEAR)

    load(without(varied_list(), "010515163003"), NEXT_YEAR, successors={"01051003": "01051010"})

    assert Municipality.objects.get(ags="01051003").successor.ags == "01051010"


def test_what_was_merged_into_one_that_is_merged_itself_is_found_where_that_is(load):
    load(varied_list())
    ended = MunicipalityFactory(ended_on=date(2019, 12, 31))
    Municipality.objects.filter(pk=ended.pk).update(
        successor=Municipality.objects.get(ags="01051003")
    )

    load(without(varied_list(), "010515163003"), NEXT_YEAR, successors={"01051003": "01051010"})

    ended.refresh_from_db()
    assert ended.successor.ags == "01051010"


def test_an_unknown_successor_undoes_everything(load):
    load(varied_list())
    before = everything()

    with pytest.raises(ImportRefused, match="Die Nachfolgerin 99999999 von 01051003 steht nicht"):
        load(
            without(varied_list(), "010515163003"),
            NEXT_YEAR,
            successors={"01051003": "99999999"},
        )

    assert everything() == before


def test_a_municipality_that_comes_back_exists_again(load):
    load(varied_list())
    ProjectFactory(municipalities=[Municipality.objects.get(ags="01051003")])
    load(without(varied_list(), "010515163003"), NEXT_YEAR, successors={"01051003": "01051010"})

    report = load(varied_list(), date(2022, 12, 31))

    assert report.returned == ["Averlak b.Burg"]
    back = Municipality.objects.get(ags="01051003")
    assert (back.ended_on, back.successor) == (None, None)


def test_a_name_that_an_editor_improved_stays(load):
    load(varied_list())
    Municipality.objects.filter(ags="01051003").update(name="Averlak (Ditmarken)")

    load(replaced(varied_list(), "010515163003", population=600), NEXT_YEAR)

    assert Municipality.objects.get(ags="01051003").name == "Averlak (Ditmarken)"


def test_a_municipality_entered_by_hand_is_recognised_by_its_name(load):
    row = MunicipalityFactory(name="Förde", land="SH", ags=None, ars=None, listed_on=None)

    load(varied_list())

    row.refresh_from_db()
    assert (row.ars, row.official_name) == ("010010000000", "Förde, Stadt")


def test_a_regional_association_is_left_alone(load):
    row = MunicipalityFactory(unlisted=True, name="Musterstadt 08", land="BW")

    load(varied_list())

    row.refresh_from_db()
    assert (row.ars, row.level, row.ended_on) == (None, "region", None)


def test_fixed_width_lists_keep_the_coordinates_known_before(load, tmp_path):
    load(varied_list())
    path = write_gv100ad(tmp_path / "GV100AD.asc", varied_list())

    report = import_directory(read_directory(path))

    assert report.changes_nothing
    assert Municipality.objects.get(ags="01051003").latitude == 53.941154


def test_figures_of_unknown_day_never_replace_those_whose_day_is_known(load):
    load(varied_list(), population_on=YEAR)

    changed = replaced(varied_list(), "010515163003", population=600)
    report = load(changed, NEXT_YEAR, population_on=None)

    averlak, same = (Municipality.objects.get(ags=ags) for ags in ("01051003", "01051010"))
    assert (averlak.population, averlak.population_on) == (554, YEAR)
    assert (same.population, same.population_on) == (1108, YEAR)
    # Averlak, its Amt and its Kreis.
    assert report.kept_figures == 3

    load(changed, NEXT_YEAR, population_on=NEXT_YEAR)

    averlak.refresh_from_db()
    assert (averlak.population, averlak.population_on) == (600, NEXT_YEAR)


def test_figures_of_unknown_day_are_better_than_none_and_have_no_day(load):
    load(replaced(varied_list(), "010515163003", population=None), population_on=YEAR)

    load(replaced(varied_list(), "010515163003", population=600), NEXT_YEAR, population_on=None)

    averlak = Municipality.objects.get(ags="01051003")
    assert (averlak.population, averlak.population_on) == (600, None)


def test_an_older_list_is_refused_unless_forced(load):
    load(varied_list(), NEXT_YEAR)

    with pytest.raises(ImportRefused, match=r"vom 31\.12\.2020 ist älter als .* vom 31\.12\.2021"):
        load(varied_list(), YEAR)

    load(varied_list(), YEAR, force=True)
    assert set(Municipality.objects.values_list("listed_on", flat=True)) == {YEAR}


def test_a_list_in_which_very_many_are_missing_is_refused_unless_forced(load):
    many = [stadt(f"010990{n:03}{n:03}", f"Dorf {n}") for n in range(100, 160)]
    load([*smallest_list(), *many])
    before = everything()

    with pytest.raises(
        ImportRefused, match=r"^60 von 92 Kommunen stehen nicht mehr in dieser Liste"
    ):
        load(smallest_list(), NEXT_YEAR)

    assert everything() == before
    assert len(load(smallest_list(), NEXT_YEAR, force=True).removed) == 60


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_end_as_one(load, tmp_path):
    directory = read_directory(write_csv(tmp_path / "list.csv", varied_list()), listed_on=YEAR)
    together, reports = Barrier(2), []

    def run() -> None:
        try:
            together.wait()
            reports.append(import_directory(directory))
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sum(report.new.values()) for report in reports) == [0, 40]
    assert Municipality.objects.count() == 40


# The command


def test_the_command_says_what_it_did(tmp_path, capsys):
    path = write_csv(tmp_path / "list_2020-12-31.csv", varied_list())

    call_command("import_municipalities", path)

    answer = capsys.readouterr()
    assert answer.out.splitlines() == [
        "Verzeichnis vom 31.12.2020: 16 Länder, 18 Kreise, 1 Gemeindeverbände, 21 Gemeinden.",
        "Kreise: 18 neu, 0 geändert, 0 unverändert.",
        "Gemeindeverbände: 1 neu, 0 geändert, 0 unverändert.",
        "Gemeinden: 21 neu, 0 geändert, 0 unverändert.",
    ]
    assert "Gelesen: 75 Zeilen" in answer.err


def test_the_command_refuses_a_broken_file_and_changes_nothing(tmp_path):
    MunicipalityFactory()
    before = everything()
    path = tmp_path / "list_2020-12-31.csv"
    path.write_text(csv_text(varied_list()).replace("90\N{THIN SPACE}164", "viele"))

    with pytest.raises(CommandError) as refusal:
        call_command("import_municipalities", path)

    assert str(refusal.value) == (
        "Zeile 69, Spalte „Bevölkerung“: „viele“ ist keine ganze Zahl. Es wurde nichts geändert."
    )
    assert everything() == before


def test_the_command_names_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"nirgends\.csv lässt sich nicht lesen"):
        call_command("import_municipalities", tmp_path / "nirgends.csv")


def test_the_command_takes_successors_from_a_file(tmp_path, load, capsys):
    load(varied_list())
    path = write_csv(tmp_path / "list_2021-12-31.csv", without(varied_list(), "010515163003"))
    successors = tmp_path / "nachfolger.csv"
    successors.write_text("alt;neu\n01051003;01051010\n")

    call_command("import_municipalities", path, successors=successors)

    assert "Aufgelöst und behalten (1): Averlak b.Burg" in capsys.readouterr().out
    assert Municipality.objects.get(ags="01051003").successor.ags == "01051010"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("von;nach\n1;2\n", "nachfolger.csv, Zeile 1: Die Spalten „alt“ und „neu“ fehlen."),
        ("alt;neu\n1;2\n3;\n", "nachfolger.csv, Zeile 3: Hier fehlt ein Schlüssel."),
    ],
)
def test_the_command_refuses_a_broken_file_of_successors(tmp_path, content, sentence):
    path = write_csv(tmp_path / "list_2020-12-31.csv", varied_list())
    successors = tmp_path / "nachfolger.csv"
    successors.write_text(content)

    with pytest.raises(CommandError) as refusal:
        call_command("import_municipalities", path, successors=successors)

    assert str(refusal.value) == f"{sentence} Es wurde nichts geändert."
    assert not Municipality.objects.exists()


# The real list


@needs_shared(OFFICIAL_LIST)
def test_the_official_list_is_imported_completely_and_only_once():
    directory = read_directory(OFFICIAL_LIST, population_on=date(2019, 12, 31))

    first = import_directory(directory)
    second = import_directory(directory)

    assert directory.laender == 16
    assert first.new == {"kreis": 401, "verband": 1210, "gemeinde": 11004}
    assert second.changes_nothing
    by_level = Municipality.objects.values_list("level").annotate(Count("pk")).order_by("level")
    assert list(by_level) == [("gemeinde", 11004), ("kreis", 401), ("verband", 1210)]
    # Only coastal waters and the territory shared with Luxembourg lie in no Kreis.
    assert Municipality.objects.filter(level="gemeinde", kreis=None).count() == 2
    halle = Municipality.objects.get(ags="15002000")
    assert (halle.name, halle.official_name, halle.kreis.name) == (
        "Halle (Saale)",
        "Halle (Saale), Stadt",
        "Halle (Saale)",
    )
    assert Municipality.objects.get(ags="12052000").name == "Cottbus/Chóśebuz"


# A child begins as its parent, whose size would count as its own: so a small process in between.
_MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


@needs_shared(OFFICIAL_LIST)
def test_the_official_list_takes_less_than_30_seconds_and_500_megabytes():
    settings = connection.settings_dict
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
    command = [sys.executable, "manage.py", "import_municipalities", OFFICIAL_LIST, "--dry-run"]
    started = time.monotonic()

    measured = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )

    assert measured.returncode == 0, measured.stderr
    assert time.monotonic() - started < 30
    kilobytes = int(measured.stdout) / (1024 if sys.platform == "darwin" else 1)
    assert kilobytes < 500_000

"""The official lists as they really are: three formats, five editions, one after the other."""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import load_workbook

from consulting.models import ConsultationRequest
from projects.gemeindeverzeichnis import (
    Directory,
    FileError,
    import_directory,
    read_directory,
)
from projects.models import Municipality, ProjectMunicipality
from tests.factories import ConsultationRequestFactory, ProjectFactory
from tests.projects.gemeindeverzeichnis_files import (
    HEADINGS,
    Line,
    csv_text,
    gv100ad_text,
    smallest_list,
    stadt,
    write_csv,
    write_gv100ad,
    write_xlsx,
)
from tests.shared import FIXED_WIDTH, OFFICIAL_LIST, WORKBOOK, needs_shared

DAY = date(2021, 12, 31)
LONG = "Oelsnitz/Vogtl., Bösenbrunn, Eichigt und Triebel/Vogtl."


def read(path: Path, **options) -> dict:
    directory = read_directory(path, listed_on=DAY, **options)
    return {entry.ars: entry for entry in directory.entries}


def verband(name: str) -> list[Line]:
    return [
        *smallest_list(),
        Line("50", "54", "140995122", name),
        stadt("140995122005", "Eichigt", 1200, "64"),
    ]


# What stands in cells --------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["/", ".", "-", "–", "x", "#N/A", ""])
def test_signs_for_no_value_mean_unknown(tmp_path, sign):
    text = csv_text([*smallest_list(), stadt("010990002002", "Moor", 1234)])
    line = text.splitlines()[-1]
    signed = line.replace("1\N{THIN SPACE}234", sign).replace("12345", sign)
    signed = signed.replace("10,5", sign).replace("51,25", sign)
    path = tmp_path / "list.csv"
    path.write_text(text.replace(line, signed), encoding="utf-8")

    moor = read(path)["010990002002"]

    assert (moor.population, moor.postcode, moor.longitude, moor.latitude) == (None, "", None, None)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kerken4)", "Kerken"),
        ("Kerken 4)", "Kerken"),
        ("Kerken4)5), Gemeinde", "Kerken, Gemeinde"),
        ("Kerken, Gemeinde 12)", "Kerken, Gemeinde"),
        ("Kerken⁴⁾", "Kerken"),
        ("Halle (Saale), Stadt", "Halle (Saale), Stadt"),
        ("Gebiet (Nr. 4)", "Gebiet (Nr. 4)"),
        ("Gebiet (Nr. 4)3)", "Gebiet (Nr. 4)"),
        ("Ker\x1fken\u200b", "Kerken"),
        ("Mu\u0308hlheim", "Mühlheim"),
    ],
)
def test_footnotes_and_invisible_signs_are_no_part_of_a_name(tmp_path, written, name):
    path = tmp_path / "list.xlsx"
    if "\x1f" in written:
        written = written.replace("\x1f", "\xad")  # a workbook cannot hold the other
    write_xlsx(path, [*smallest_list(), stadt("010990002002", written)])

    assert read(path)["010990002002"].official_name == name


def test_a_figure_may_have_a_footnote(tmp_path):
    text = csv_text([*smallest_list(), stadt("010990002002", "Moor", 1234)])
    path = tmp_path / "list.csv"
    path.write_text(text.replace("1\N{THIN SPACE}234", "1 234 4)"), encoding="utf-8")

    assert read(path)["010990002002"].population == 1234


def test_what_other_rows_have_in_the_columns_of_gemeinden_is_not_judged(tmp_path):
    rows = list(csv.reader(csv_text(smallest_list()).splitlines(), delimiter=";"))
    for row in rows[1:]:
        if row[0] != "60":
            for name in ("bevoelkerung", "postleitzahl", "laengengrad", "breitengrad"):
                row[HEADINGS.index(name)] = "siehe unten"
    path = tmp_path / "list.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")

    assert read(path)["01099"].population == 1000


def test_windows_1252_is_read(tmp_path):
    lines = [*smallest_list(), stadt("010990002002", "Žitz – „Œde“, Stadt")]

    for path in (
        write_gv100ad(tmp_path / "GV100AD.asc", lines, encoding="cp1252"),
        _saved(tmp_path / "list.csv", csv_text(lines).replace("\N{THIN SPACE}", " "), "cp1252"),
    ):
        assert read(path)["010990002002"].official_name == "Žitz – „Œde“, Stadt"


def test_the_umlauts_of_dos_are_not_taken_for_those_of_windows(tmp_path):
    lines = [line._replace(name=line.name.replace("ü", "ö")) for line in smallest_list()]
    path = _saved(tmp_path / "list.csv", csv_text(lines).replace("\N{THIN SPACE}", " "), "cp850")

    with pytest.raises(FileError, match="nicht als UTF-8 oder Latin-1"):
        read(path)


def _saved(path: Path, text: str, encoding: str) -> Path:
    path.write_text(text, encoding=encoding)
    return path


# Names that were cut off -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_name_that_was_cut_off_never_replaces_the_whole_one(tmp_path):
    import_directory(read_directory(write_csv(tmp_path / "1.csv", verband(LONG)), listed_on=DAY))
    cut = write_gv100ad(tmp_path / "2.asc", verband(LONG))
    assert "Triebel/Vo" not in cut.read_text("latin-1")

    report = import_directory(read_directory(cut), force=True)

    row = Municipality.objects.get(ars="140995122")
    assert (row.official_name, row.name) == (LONG, f"Verwaltungsgemeinschaft {LONG}")
    assert report.renamed == []
    assert import_directory(read_directory(cut), force=True).changes_nothing


@pytest.mark.django_db
def test_of_a_name_that_was_cut_off_no_half_word_is_shown(tmp_path):
    cut = write_gv100ad(tmp_path / "1.asc", verband(LONG))
    import_directory(read_directory(cut))

    row = Municipality.objects.get(ars="140995122")
    assert row.name == ("Verwaltungsgemeinschaft Oelsnitz/Vogtl., Bösenbrunn, Eichigt und …")
    import_directory(read_directory(write_csv(tmp_path / "2.csv", verband(LONG)), listed_on=DAY))
    row.refresh_from_db()
    assert row.official_name == LONG


# The real files --------------------------------------------------------------------------------------


@needs_shared(WORKBOOK)
def test_the_workbook_of_2021_says_of_which_day_its_figures_are():
    directory = edition(2021)

    assert (directory.listed_on, directory.population_on) == (DAY, DAY)
    assert sum(one.population or 0 for one in directory.entries if one.level == "gemeinde") == (
        83_237_124
    )


@needs_shared(FIXED_WIDTH)
def test_the_fixed_width_list_of_2025_shows_no_half_word():
    directory = edition(2025)

    names = {entry.ars: (entry.name, entry.cut_name) for entry in directory.entries}
    assert names["146250020020"] == (
        "Bautzen / Budyšin",
        "Bautzen / Budyšin, Stadt, Hochschulstadt / Wysokoš",
    )
    assert {name for name, cut in names.values() if cut} == {
        "Bautzen / Budyšin",
        "Verwaltungsgemeinschaft Oelsnitz/Vogtl., Bösenbrunn, Eichigt und …",
    }


@needs_shared(WORKBOOK)
@needs_shared(FIXED_WIDTH)
@needs_shared(OFFICIAL_LIST)
@pytest.mark.django_db
def test_five_editions_keep_every_reference_and_a_second_run_changes_nothing():
    import_directory(edition(2020))
    known = _referred_to()

    for year in (2021, 2022, 2023, 2025):
        first = import_directory(edition(year))
        second = import_directory(edition(year))

        assert not first.changes_nothing, year
        assert second.changes_nothing, year
        assert _referred_to().keys() == known.keys(), year
        assert not Municipality.objects.filter(population__gt=0, population_on=None).exists(), year

    # Everything referred to is in the list of today, or says that and when it ended.
    for (relation, pk), name in known.items():
        row = Municipality.objects.get(pk=pk)
        assert row.listed_on == edition(2025).listed_on or row.ended_on, (relation, name)
    # Eisenach joined the Wartburgkreis in 2021 with a new key, and is the same row.
    eisenach = Municipality.objects.get(level="gemeinde", land="TH", name="Eisenach")
    assert eisenach.ags == "16063105"
    assert known["ConsultationRequest", eisenach.pk] == "Eisenach"
    oelsnitz = Municipality.objects.get(ars="145235122")
    assert oelsnitz.official_name == LONG
    assert Municipality.objects.get(ags="14625020").population_on == date(2024, 12, 31)


@cache
def edition(year: int) -> Directory:
    """Real files where there are some; 2022 and 2023 are made of that of 2021."""
    if year == 2020:
        return read_directory(OFFICIAL_LIST, population_on=date(2019, 12, 31))
    if year == 2021:
        return read_directory(WORKBOOK)
    if year == 2025:
        return read_directory(FIXED_WIDTH, population_on=date(2024, 12, 31))
    lines = list(_changed(_lines_of_2021(), year))
    day = date(year, 12, 31)
    with TemporaryDirectory(prefix="portal-editions-") as folder:
        path = Path(folder) / str(year)
        if year == 2022:
            write_csv(path, lines)
        else:
            path.write_text(gv100ad_text(lines, "20231231"), encoding="utf-8")
        return read_directory(path, listed_on=day, population_on=day)


@cache
def _lines_of_2021() -> tuple[Line, ...]:
    lines = []
    workbook = load_workbook(WORKBOOK, read_only=True, data_only=True)
    rows = list(workbook.worksheets[1].iter_rows(min_row=7, values_only=True))
    workbook.close()
    for cells in rows:
        if str(cells[0]) not in {"10", "20", "30", "40", "50", "60"}:
            continue
        degrees = [float(str(cell).replace(",", ".")) if cell else None for cell in cells[14:16]]
        key = "".join(str(cell) for cell in cells[2:7] if cell is not None)
        lines.append(
            Line(
                str(cells[0]),
                str(cells[1] or ""),
                key,
                cells[7],
                cells[9],
                cells[13] or "",
                *degrees,
            )
        )
    return tuple(lines)


def _changed(lines: Iterable[Line], year: int) -> Iterable[Line]:
    """More people every year; some names, some Verbände and in 2023 some merged Gemeinden."""
    for number, line in enumerate(lines):
        if line.population:
            line = line._replace(population=line.population + year - 2021)
        if line.satzart == "60" and number % 500 == 0:
            line = line._replace(name=f"{line.name.partition(',')[0]}-Neu")
        if year == 2023 and line.satzart == "60" and number % 700 == 1:
            continue
        yield line


def _referred_to() -> dict[tuple[str, int], str]:
    """What refers to a Kommune, with the Kommune: made at the first call."""
    if not ProjectMunicipality.objects.exists():
        chosen = Municipality.objects.filter(level="gemeinde").order_by("pk")
        ProjectFactory(municipalities=list(chosen)[::25])
        ProjectFactory(municipalities=list(Municipality.objects.exclude(level="gemeinde"))[::10])
        ConsultationRequestFactory(municipality=Municipality.objects.get(ags="16056000"))
    found = {}
    for model in (ProjectMunicipality, ConsultationRequest):
        for row in model.objects.select_related("municipality"):
            found[model.__name__, row.municipality_id] = row.municipality.name
    return found

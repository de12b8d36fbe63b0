from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ground.land import Land
from projects.gemeindeverzeichnis import Entry, FileError, read_directory
from projects.gemeindeverzeichnis.naming import name_of
from projects.models import Municipality
from tests.projects.gemeindeverzeichnis_files import (
    Line,
    csv_text,
    gv100ad_text,
    smallest_list,
    stadt,
    varied_list,
    write_csv,
    write_gv100ad,
    write_xlsx,
)

Level = Municipality.Level


def read(path: Path) -> list[Entry]:
    return read_directory(path, listed_on=date(2020, 12, 31)).entries


def told(entries: list[Entry], *, places: bool = True) -> list[tuple]:
    """All that entries say, except for the line they stood in."""
    left_out = {"line"} if places else {"line", "latitude", "longitude"}
    return [
        tuple(getattr(entry, name) for name in Entry.__slots__ if name not in left_out)
        for entry in entries
    ]


def test_all_formats_tell_the_same(tmp_path):
    lines = varied_list()
    expected = read(write_csv(tmp_path / "list.csv", lines))

    for path in [
        write_csv(tmp_path / "latin.csv", lines, encoding="latin-1"),
        write_xlsx(tmp_path / "list.xlsx", lines),
        write_xlsx(tmp_path / "numbers.xlsx", lines, numbers=True),
    ]:
        assert told(read(path)) == told(expected), path.name
    for path in [
        write_gv100ad(tmp_path / "GV100AD.asc", lines),
        write_gv100ad(tmp_path / "GV100AD.txt", lines, encoding="utf-8"),
    ]:
        assert told(read(path), places=False) == told(expected, places=False), path.name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_may_have_any_usual_delimiter(tmp_path, delimiter):
    path = tmp_path / "list.csv"
    path.write_text(csv_text(varied_list(), delimiter), encoding="utf-8")

    names = {entry.name for entry in read(path)}

    assert {"Förde", "Averlak bei Burg", "Amt Burg-Süderhastedt", "Kreis Ditmarken"} <= names


def test_an_entry_has_keys_links_and_the_name_people_say(tmp_path):
    entries = {entry.ars: entry for entry in read(write_csv(tmp_path / "list.csv", varied_list()))}

    gemeinde = entries["010515163010"]
    assert (gemeinde.ags, gemeinde.level, gemeinde.land) == ("01051010", Level.GEMEINDE, Land.SH)
    assert (gemeinde.name, gemeinde.official_name) == (
        "Süderhastedt an der Au",
        "Süderhastedt a.d.Au, M",
    )
    assert (gemeinde.kreis_ars, gemeinde.verband_ars) == ("01051", "010515163")
    assert (gemeinde.designation, gemeinde.population, gemeinde.postcode) == (
        "Markt",
        1108,
        "25727",
    )
    stadt = entries["010010000000"]
    assert (stadt.name, stadt.kreis_ars, stadt.verband_ars) == ("Förde", "01001", None)
    assert (stadt.population, stadt.postcode, stadt.longitude) == (90164, "01937", 9.43751)
    assert entries["010000999999"].kreis_ars is None


def test_kreise_and_verbaende_have_the_people_of_their_gemeinden_and_their_middle(tmp_path):
    entries = {entry.ars: entry for entry in read(write_csv(tmp_path / "list.csv", varied_list()))}

    amt, kreis = entries["010515163"], entries["01051"]

    assert (amt.population, kreis.population) == (1662, 1662)
    # The larger Gemeinde has two thirds of the people, so the middle is nearer to it.
    assert amt.longitude == pytest.approx((9.182663 + 2 * 9.2) / 3, abs=1e-5)
    assert amt.latitude == pytest.approx((53.941154 + 2 * 54.0) / 3, abs=1e-5)


def test_a_gemeinde_without_verband_is_not_listed_a_second_time_as_one(tmp_path):
    directory = read_directory(
        write_csv(tmp_path / "list.csv", varied_list()), listed_on=date(2020, 12, 31)
    )

    assert directory.laender == 16
    assert [directory.count(level) for level in (Level.KREIS, Level.VERBAND, Level.GEMEINDE)] == [
        18,
        1,
        21,
    ]


def test_the_days_are_taken_from_the_file_or_its_name_or_as_given(tmp_path):
    workbook = read_directory(write_xlsx(tmp_path / "list.xlsx", smallest_list()))
    named = read_directory(write_csv(tmp_path / "auszug_2021-03-31.csv", smallest_list()))
    fixed_width = read_directory(write_gv100ad(tmp_path / "GV.asc", smallest_list()))
    given = read_directory(
        tmp_path / "list.xlsx", listed_on=date(2022, 1, 2), population_on=date(2022, 1, 1)
    )

    assert (workbook.listed_on, workbook.population_on) == (date(2021, 9, 30), date(2020, 12, 31))
    assert (named.listed_on, named.population_on) == (date(2021, 3, 31), None)
    assert (fixed_width.listed_on, fixed_width.population_on) == (date(2020, 12, 31), None)
    assert (given.listed_on, given.population_on) == (date(2022, 1, 2), date(2022, 1, 1))


def test_the_day_of_the_figures_may_stand_rows_below_their_heading(tmp_path):
    """As in the table that Destatis publishes: „am 31.12.2021 (Jahr)“ under „insgesamt“."""
    path = write_xlsx(tmp_path / "list.xlsx", smallest_list())
    book = load_workbook(path)
    sheet = book["Onlineprodukt_Gemeinden"]
    (heading,) = [cell for row in sheet["J1:J6"] for cell in row if "2020" in str(cell.value)]
    heading.value = "Bevölkerung 2)"
    sheet.insert_rows(6, 2)
    sheet["J7"] = "am 31.12.2021\n(Jahr)"
    sheet["K7"] = "am 31.12.2019\n(Jahr)"
    book.save(path)

    directory = read_directory(path)

    assert (directory.listed_on, directory.population_on) == (date(2021, 9, 30), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("official_name", "level", "textkennzeichen", "name"),
    [
        ("Flensburg, Stadt", Level.GEMEINDE, "61", "Flensburg"),
        ("Halle (Saale), Stadt", Level.GEMEINDE, "61", "Halle (Saale)"),
        ("Cottbus/Chóśebuz, Stadt", Level.GEMEINDE, "61", "Cottbus/Chóśebuz"),
        ("Weißwasser/O.L., Stadt / Běła Woda", Level.GEMEINDE, "63", "Weißwasser/O.L. / Běła Woda"),
        ("Neumarkt i.d.OPf., GKSt", Level.GEMEINDE, "67", "Neumarkt in der Oberpfalz"),
        ("Kirchheim b.München", Level.GEMEINDE, "64", "Kirchheim bei München"),
        ("Pfaffenhofen a.d.Ilm, St", Level.GEMEINDE, "63", "Pfaffenhofen an der Ilm"),
        ("Bad Homburg v. d. Höhe, Stadt", Level.GEMEINDE, "63", "Bad Homburg vor der Höhe"),
        ("Höchst i. Odw.", Level.GEMEINDE, "64", "Höchst im Odenwald"),
        ("Weilheim i.OB, St", Level.GEMEINDE, "63", "Weilheim in Oberbayern"),
        ("Hann. Münden, Stadt", Level.GEMEINDE, "63", "Hann. Münden"),
        ("Hof", Level.KREIS, "44", "Landkreis Hof"),
        ("Nordfriesland", Level.KREIS, "43", "Kreis Nordfriesland"),
        ("Hochsauerlandkreis", Level.KREIS, "43", "Hochsauerlandkreis"),
        ("Rhein-Kreis Neuss", Level.KREIS, "43", "Rhein-Kreis Neuss"),
        ("Region Hannover", Level.KREIS, "43", "Region Hannover"),
        ("Regionalverband Saarbrücken", Level.KREIS, "45", "Regionalverband Saarbrücken"),
        ("Landkreis Rostock", Level.KREIS, "44", "Landkreis Rostock"),
        ("Ulm, Stadtkreis", Level.KREIS, "42", "Ulm"),
        ("Weißenthurm", Level.VERBAND, "53", "Verbandsgemeinde Weißenthurm"),
        ("Tittling (VGem)", Level.VERBAND, "54", "Verwaltungsgemeinschaft Tittling"),
        ("VVG der Stadt Aalen", Level.VERBAND, "54", "Verwaltungsgemeinschaft der Stadt Aalen"),
        ("GVV Höri", Level.VERBAND, "56", "Gemeindeverwaltungsverband Höri"),
        ("Schmölln, Stadt", Level.VERBAND, "58", "Erfüllende Gemeinde Schmölln"),
    ],
)
def test_names_are_those_that_people_say(official_name, level, textkennzeichen, name):
    assert name_of(official_name, level, textkennzeichen) == name


def broken(line_number: int, old: str, new: str) -> str:
    """The CSV file with one mistake in one line."""
    lines = csv_text(varied_list()).splitlines(keepends=True)
    assert old in lines[line_number - 1]
    lines[line_number - 1] = lines[line_number - 1].replace(old, new, 1)
    return "".join(lines)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b" \n", "Die Datei ist leer."),
        ("Nur ein Satz.\n", "Die Datei ist weder eine XLSX-Datei noch eine Tabelle mit Trennzeichen noch GV100AD."),
        (b"\xd0\xcf\x11\xe0rest", "Das ist eine alte Excel-Datei (XLS). Bitte in Excel als XLSX speichern und noch einmal einlesen."),
        (b"PK\x03\x04rest", "Die Datei beginnt wie eine XLSX-Datei, lässt sich aber nicht öffnen. Ist sie vollständig heruntergeladen?"),
        ("name;einwohner\nKöln;1\n", "In den ersten 40 Zeilen fehlen Überschriften der Spalten „Satzart“, „Textkennzeichen“, „Land“, „RB“, „Kreis“, „VB“, „Gem“, „Gemeindename“, „Bevölkerung“, „Postleitzahl“. Ist das ein Gemeindeverzeichnis?"),
        (csv_text(varied_list()).replace("postleitzahl", "plätze"), "In den ersten 40 Zeilen fehlen Überschriften der Spalten „Postleitzahl“. Ist das ein Gemeindeverzeichnis?"),
        (broken(69, "90\N{THIN SPACE}164", "9O164"), "Zeile 69, Spalte „Bevölkerung“: „9O164“ ist keine ganze Zahl."),
        (broken(69, ";01;0;01;", ";01;0;1x;"), "Zeile 69, Spalte „Kreis“: „1x“ ist kein Schlüssel aus 2 Ziffern."),
        (broken(69, ";01;0;01;", ";;0;01;"), "Zeile 69, Spalte „Land“: Hier fehlt etwas."),
        (broken(69, ";01;0;01;", ";17;0;01;"), "Zeile 69, Spalte „Land“: Ein Land mit dem Schlüssel 17 gibt es nicht."),
        (broken(69, ";01937;", ";0193;7;"), "Zeile 69 hat 17 Spalten, die Überschrift hat 16. Ist die Zeile abgeschnitten?"),
        (broken(69, ";01937;", ";ABC;"), "Zeile 69, Spalte „Postleitzahl“: „ABC“ ist keine Postleitzahl aus fünf Ziffern."),
        (broken(69, "54,78252", "9,43751"), "Zeile 69, Spalte „Breitengrad“: „9,43751“ ist keine Koordinate in Deutschland (47,0 bis 55,2 Grad)."),
        (broken(69, "60;61;", "60;51;"), "Zeile 69, Spalte „Textkennzeichen“: „51“ passt nicht zur Satzart 60."),
        (broken(69, "60;61;", "70;61;"), "Zeile 69, Spalte „Satzart“: „70“ gibt es nicht. Erlaubt sind 10, 20, 30, 40, 50 und 60."),
        (broken(69, "Förde, Stadt", ""), "Zeile 69, Spalte „Gemeindename“: Der Name fehlt."),
        (broken(72, ";5163;003;", ";5163;010;") , "Zeile 73: Der Schlüssel 010515163010 („Süderhastedt a.d.Au, M“) steht schon in Zeile 72."),
        (broken(72, ";5163;003;", ";0003;010;"), "Zeile 73: Der Schlüssel 01051010 („Süderhastedt a.d.Au, M“) steht schon in Zeile 72."),
        (broken(70, ";51;", ";52;"), "Zeile 71: „Burg-Süderhastedt“ gehört zum Kreis 01051, der in der Datei fehlt."),
        (csv_text(varied_list())[:-30], "Zeile 75 hat 8 Spalten, die Überschrift hat 16. Ist die Zeile abgeschnitten?"),
        (broken(69, "Förde, Stadt", '"Förde, Stadt'), "Zeile 75: Ein Anführungszeichen wird nicht richtig geschlossen. Ist die Zeile abgeschnitten?"),
        (csv_text(smallest_list()[:-4]), "Die Liste ist nicht vollständig, es fehlen: Thüringen. Die letzte Zeile ist 61."),
        (csv_text(smallest_list()[:-1]), "Die Liste ist nicht vollständig, ohne Gemeinden sind: Thüringen. Die letzte Zeile ist 64."),
        (csv_text(varied_list()).encode("utf-16"), "Zeile 1, Zeichen 4: Die Datei ist nicht als UTF-8 oder Latin-1 gespeichert. Umlaute und Zahlen wären falsch."),
        (csv_text(varied_list()).replace("\N{THIN SPACE}", "").encode("cp850"), "Zeile 30, Zeichen 19: Die Datei ist nicht als UTF-8 oder Latin-1 gespeichert. Umlaute und Zahlen wären falsch."),
        (csv_text(varied_list()).encode().decode("latin-1"), "Zeile 5, Zeichen 56: Die Datei ist nicht als UTF-8 oder Latin-1 gespeichert. Umlaute und Zahlen wären falsch."),
    ],
)  # fmt: skip
def test_a_broken_table_names_the_place_and_the_mistake(tmp_path, content, sentence):
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(FileError) as mistake:
        read(path)

    assert str(mistake.value) == sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("00000090164", "0000009O164", "Zeile 68, Stellen 140–150 (Bevölkerung): „0000009O164“ ist keine ganze Zahl."),
        ("602020123101001", "602021123101001", "Zeile 68, Stellen 3–10 (Gebietsstand): Die Datei beginnt mit dem Stand 31.12.2020, hier steht ein anderer."),
        ("602020123101001", "602020133101001", "Zeile 68, Stellen 3–10 (Gebietsstand): „20201331“ ist kein Datum (JJJJMMTT)."),
        ("602020123101001", "992020123101001", "Zeile 68, Stellen 1–2 (Satzart): „99“ gibt es nicht. Erlaubt sind 10, 20, 30, 40, 50 und 60."),
        ("602020123101001000", "60202012310100100x", "Zeile 68, Stellen 16–18 (Gem): „00x“ ist kein Schlüssel aus 3 Ziffern."),
    ],
)  # fmt: skip
def test_a_broken_fixed_width_file_names_the_place_and_the_mistake(tmp_path, old, new, sentence):
    path = tmp_path / "GV100AD.asc"
    path.write_text(gv100ad_text(varied_list()).replace(old, new, 1), encoding="latin-1")

    with pytest.raises(FileError) as mistake:
        read(path)

    assert str(mistake.value) == sentence


def test_a_fixed_width_file_cut_within_a_line_is_refused(tmp_path):
    path = tmp_path / "GV100AD.asc"
    path.write_text(gv100ad_text(varied_list())[:-120], encoding="latin-1")

    with pytest.raises(FileError, match=r"^Zeile 74 hat 101 Zeichen, ein Satz der Art 60 braucht"):
        read(path)


def test_a_mistake_in_a_workbook_names_the_row_of_the_sheet(tmp_path):
    lines = [*smallest_list(), stadt("010990002002", "", textkennzeichen="64")]

    with pytest.raises(FileError) as mistake:
        read(write_xlsx(tmp_path / "list.xlsx", lines))

    assert str(mistake.value) == "Zeile 70, Spalte „Gemeindename“: Der Name fehlt."


def test_a_list_of_unknown_day_is_refused(tmp_path):
    with pytest.raises(FileError) as mistake:
        read_directory(write_csv(tmp_path / "list.csv", smallest_list()))

    assert str(mistake.value) == (
        "Weder die Datei noch ihr Name nennt den Stand des Verzeichnisses. Bitte mit --date angeben, "
        "zum Beispiel --date 2020-12-31."
    )


def test_zero_coordinates_mean_unknown(tmp_path):
    lines = [*smallest_list(), Line("60", "66", "010999444444", "Moor", 0, "", 0, 0)]

    entries = {entry.name: entry for entry in read(write_csv(tmp_path / "list.csv", lines))}

    assert (entries["Moor"].latitude, entries["Moor"].longitude) == (None, None)

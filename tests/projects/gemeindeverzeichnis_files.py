"""A small made-up official list, written in each of the formats."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from ground.land import Land


class Line(NamedTuple):
    satzart: str
    textkennzeichen: str
    key: str  # as many of land, rb, kreis, vb, gemeinde as the level has
    name: str
    population: int | None = None
    postcode: str = ""
    longitude: float | None = None
    latitude: float | None = None

    @property
    def parts(self) -> list[str]:
        ends = [(0, 2), (2, 3), (3, 5), (5, 9), (9, 12)]
        return [self.key[start:end] for start, end in ends]


def stadt(key: str, name: str, population: int = 1000, textkennzeichen: str = "63") -> Line:
    return Line("60", textkennzeichen, key, name, population, "12345", 10.5, 51.25)


def smallest_list() -> list[Line]:
    """All 16 Länder with one Kreis and one Gemeinde each, so that it is complete."""
    lines = []
    for number in range(1, len(Land) + 1):
        key = f"{number:02}"
        lines += [
            Line("10", "", key, Land.of_key(key).label),
            Line("40", "44", f"{key}099", f"Musterland {key}"),
            Line("50", "50", f"{key}0990001", f"Musterstadt {key}, Stadt"),
            stadt(f"{key}0990001001", f"Musterstadt {key}, Stadt"),
        ]
    return lines


def varied_list() -> list[Line]:
    """The smallest list, and in Schleswig-Holstein one of everything."""
    return [
        *smallest_list(),
        Line("20", "", "010", "früher: Nord"),
        Line("40", "41", "01001", "Förde, Stadt"),
        Line("50", "50", "010010000", "Förde, Stadt"),
        Line("60", "61", "010010000000", "Förde, Stadt", 90164, "01937", 9.43751, 54.78252),
        Line("40", "43", "01051", "Ditmarken"),
        Line("50", "51", "010515163", "Burg-Süderhastedt"),
        Line("60", "64", "010515163003", "Averlak b.Burg", 554, "25715", 9.182663, 53.941154),
        Line("60", "60", "010515163010", "Süderhastedt a.d.Au, M", 1108, "25727", 9.2, 54.0),
        Line(
            "60", "66", "010519501501", "Sachsenwald (Forstgutsbez.),gemfr.Geb.", 0, "", None, None
        ),
        Line("60", "66", "010000999999", "Küstengewässer", 0, "", None, None),
    ]


HEADINGS = [
    *("satzart", "textkennzeichen", "land", "rb", "kreis", "vb", "gemeinde", "gemeindename"),
    *("flaeche", "bevoelkerung", "maennlich", "weiblich", "jekm2", "postleitzahl"),
    *("laengengrad", "breitengrad"),
]


def _spelled(number: int | None) -> str:
    """As the published list spells it: with spaces before and between thousands."""
    return "" if number is None else f" {number:,}".replace(",", "\N{THIN SPACE}")


def _decimal(number: float | None) -> str:
    return "" if number is None else str(number).replace(".", ",")


def csv_text(lines: Iterable[Line], delimiter: str = ";") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(HEADINGS)
    for line in lines:
        keys = [line.satzart, line.textkennzeichen, *line.parts, line.name]
        numbers = [" 53.02", _spelled(line.population), "", "", "", line.postcode]
        writer.writerow([*keys, *numbers, _decimal(line.longitude), _decimal(line.latitude)])
    return text.getvalue()


def write_csv(path: Path, lines: Iterable[Line], encoding: str = "utf-8-sig") -> Path:
    text = csv_text(lines)
    if encoding == "latin-1":  # which knows no thin space
        text = text.replace("\N{THIN SPACE}", "\N{NO-BREAK SPACE}")
    path.write_text(text, encoding=encoding)
    return path


def write_xlsx(path: Path, lines: Iterable[Line], *, numbers: bool = False) -> Path:
    """With cover, title, headings over three rows and notes; `numbers`: keys lost their zeros."""
    workbook = Workbook()
    workbook.active.title = "Deckblatt"
    workbook.active.append(["Gemeindeverzeichnis-Informationssystem"])
    sheet = workbook.create_sheet("Onlineprodukt_Gemeinden")
    sheet.append(
        ["Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am 30.09.2021"]
    )
    sheet.append([])
    top = dict.fromkeys(range(16), "") | {
        0: "Satz-\nart",
        1: "Text-\nkenn-\nzeichen",
        2: "Amtlicher Regionalschlüssel (ARS)",
        7: "Gemeindename",
        8: "Fläche km² 1)",
        9: "Bevölkerung 31.12.2020 2)",
        13: "Post-\nleit-\nzahl 3)",
        14: "Geografische Mittelpunktkoordinaten",
    }
    sheet.append(list(top.values()))
    sheet.append(["", "", "Land", "RB", "Kreis", "VB", "Gem", "", "", "insgesamt", "männlich"])
    sheet.append([*[""] * 9, "", "", "weiblich", "je km²", "", "Längengrad", "Breitengrad"])
    sheet.merge_cells("C3:G3")
    for line in lines:
        keys = [int(part) if numbers and part else part for part in line.parts]
        satzart = int(line.satzart) if numbers else line.satzart
        postcode = int(line.postcode) if numbers and line.postcode else line.postcode
        figures = [53.02, line.population, None, None, None, postcode]
        degrees = [_decimal(line.longitude), _decimal(line.latitude)]
        sheet.append([satzart, line.textkennzeichen, *keys, line.name, *figures, *degrees])
    sheet.append([])
    sheet.append(["1) Nach dem Liegenschaftskataster."])
    sheet.append(["2) Auf Grundlage des Zensus."])
    workbook.create_sheet("Impressum").append(["Herausgeber"])
    workbook.save(path)
    return path


def gv100ad_text(lines: Iterable[Line], listed_on: str = "20201231") -> str:
    records = []
    for line in lines:
        land_to_kreis, gemeinde = "".join(line.parts[:3]), line.parts[4]
        record = f"{line.satzart}{listed_on}{land_to_kreis:<5}{gemeinde:<3}{line.parts[3]:<4}"
        record += f"{line.name[:50]:<50}{'':<50}{line.textkennzeichen:<6}"
        if line.satzart == "60":
            record += f"{5302:011}{line.population or 0:011}{0:011}{'':<4}{line.postcode:<5}"
        records.append(f"{record:<220}\n")
    return "".join(records)


def write_gv100ad(path: Path, lines: Iterable[Line], encoding: str = "latin-1") -> Path:
    path.write_text(gv100ad_text(lines), encoding=encoding)
    return path

"""GV100AD: one record of 220 characters per line, each field at its place.

| places  | field                        | in Satzart |
|---------|------------------------------|------------|
| 1–2     | Satzart                      | all        |
| 3–10    | Gebietsstand as JJJJMMTT     | all        |
| 11–12   | Land                         | all        |
| 13      | Regierungsbezirk             | 20–60      |
| 14–15   | Kreis                        | 40–60      |
| 16–18   | Gemeinde                     | 60         |
| 19–22   | Gemeindeverband              | 50, 60     |
| 23–72   | name                         | all        |
| 123–124 | Textkennzeichen              | 40–60      |
| 140–150 | Bevölkerung insgesamt        | 60         |
| 166–170 | Postleitzahl                 | 60         |

Places count characters, not bytes: newer editions are UTF-8, older ones Latin-1. Coordinates are not
part of this format, and a longer name is cut off („Oelsnitz/Vogtl., Bösenbrunn, Eichigt und Triebel/V“).
"""

import re
from collections.abc import Iterator
from datetime import date

from projects.gemeindeverzeichnis.records import LABELS, SATZARTEN, FileError, RawList, Record

_PLACES = {
    "satzart": (1, 2),
    "land": (11, 12),
    "rb": (13, 13),
    "kreis": (14, 15),
    "gemeinde": (16, 18),
    "vb": (19, 22),
    "name": (23, 72),
    "textkennzeichen": (123, 124),
    "population": (140, 150),
    "postcode": (166, 170),
}
_NAME_PLACES = _PLACES["name"][1] - _PLACES["name"][0] + 1
_SHORTEST = {"10": 23, "20": 23, "30": 23, "40": 124, "50": 124, "60": 170}
_BEGINNING = re.compile(r"[1-6]0\d{8}\d{2}")


def looks_like(text: str) -> bool:
    return bool(_BEGINNING.match(text.lstrip("\r\n")))


def from_text(text: str) -> RawList:
    lines = [
        (number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()
    ]
    listed_on = _gebietsstand(*lines[0])
    return RawList(
        records=_records(lines, listed_on),
        listed_on=listed_on,
        population_on=None,
        has_coordinates=False,
        places={
            field: f"Stellen {first}–{last} ({LABELS[field]})"
            for field, (first, last) in _PLACES.items()
        },
    )


def _records(lines: list[tuple[int, str]], listed_on: date) -> Iterator[Record]:
    for number, line in lines:
        fields = {field: line[first - 1 : last].strip() for field, (first, last) in _PLACES.items()}
        satzart = fields["satzart"]
        if satzart not in SATZARTEN:
            raise FileError(
                f"Zeile {number}, Stellen 1–2 (Satzart): „{satzart}“ gibt es nicht. "
                "Erlaubt sind 10, 20, 30, 40, 50 und 60."
            )
        if len(line) < _SHORTEST[satzart]:
            raise FileError(
                f"Zeile {number} hat {len(line)} Zeichen, ein Satz der Art {satzart} braucht "
                f"mindestens {_SHORTEST[satzart]}. Ist die Zeile abgeschnitten?"
            )
        if _gebietsstand(number, line) != listed_on:
            raise FileError(
                f"Zeile {number}, Stellen 3–10 (Gebietsstand): "
                f"Die Datei beginnt mit dem Stand {listed_on:%d.%m.%Y}, hier steht ein anderer."
            )
        yield Record(number, **fields, may_be_cut=len(fields["name"]) == _NAME_PLACES)


def _gebietsstand(number: int, line: str) -> date:
    text = line[2:10]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise FileError(
            f"Zeile {number}, Stellen 3–10 (Gebietsstand): „{text}“ ist kein Datum (JJJJMMTT)."
        ) from None

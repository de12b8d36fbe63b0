"""What every format of the list boils down to: one record per line, its fields still as text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class FileError(Exception):
    """The file cannot be used. The message is a German sentence that names line and column."""


class Record(NamedTuple):
    """One line of the list. Fields that its format does not have are empty."""

    line: int
    satzart: str  # 10 Land, 20 Regierungsbezirk, 30 Region, 40 Kreis, 50 Verband, 60 Gemeinde
    textkennzeichen: str
    land: str
    rb: str
    kreis: str
    vb: str
    gemeinde: str
    name: str
    population: str = ""
    postcode: str = ""
    longitude: str = ""
    latitude: str = ""
    # The name fills all places that its format has, so its end may be missing.
    may_be_cut: bool = False


# How the fields are called in messages: as above the columns of the published list.
LABELS = {
    "satzart": "Satzart",
    "textkennzeichen": "Textkennzeichen",
    "land": "Land",
    "rb": "RB",
    "kreis": "Kreis",
    "vb": "VB",
    "gemeinde": "Gem",
    "name": "Gemeindename",
    "population": "Bevölkerung",
    "postcode": "Postleitzahl",
    "longitude": "Längengrad",
    "latitude": "Breitengrad",
}

SATZARTEN = frozenset({"10", "20", "30", "40", "50", "60"})


@dataclass(frozen=True, slots=True)
class RawList:
    """A recognised file. `records` is read lazily and may raise `FileError` at any line."""

    records: Iterator[Record]
    listed_on: date | None
    population_on: date | None
    has_coordinates: bool
    # What messages call a field: „Spalte „Bevölkerung““, or „Stellen 140–150 (Bevölkerung)“.
    places: dict[str, str]

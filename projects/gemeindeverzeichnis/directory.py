"""The list as a whole: every entry checked, linked to its Kreis and Verband, and none missing."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ground.land import Land
from ground.text import clean_line
from projects.gemeindeverzeichnis.formats import day_in_name, open_list
from projects.gemeindeverzeichnis.naming import DESIGNATIONS, NO_VERBAND, Level, name_of
from projects.gemeindeverzeichnis.records import FileError, RawList, Record

_SATZART_LEVEL = {"40": Level.KREIS, "50": Level.VERBAND, "60": Level.GEMEINDE}
_KEY_FIELDS = {
    "10": ["land"],
    "40": ["land", "rb", "kreis"],
    "50": ["land", "rb", "kreis", "vb"],
    "60": ["land", "rb", "kreis", "vb", "gemeinde"],
}
_DIGITS = {"land": 2, "rb": 1, "kreis": 2, "vb": 4, "gemeinde": 3}
_GERMANY = {
    "latitude": (47.0, 55.2, "47,0 bis 55,2"),
    "longitude": (5.5, 15.5, "5,5 bis 15,5"),
}
# Destatis' signs for: unknown or not to be told, nothing there, not meaningful, to come; and Excel's.
_NO_VALUE = frozenset({"/", ".", "-", "–", "...", "…", "x", "X", "#N/A", "#NV"})
# At the end of a name, or before its title: „Kerken4)“, „Kerken 4), Gemeinde“.
_FOOTNOTE = re.compile(r"\s*\d{1,2}\)(?=\s*(?:\d{1,2}\)|,|$))")
# Coastal waters and the territory shared with Luxembourg lie in no Kreis.
_NO_KREIS = "00"


@dataclass(frozen=True, slots=True)
class Entry:
    """One Kreis, Verband or Gemeinde of the list.

    Population and coordinates of Kreise and Verbände are not in the list: they are the sum of their
    Gemeinden and the middle of their people. `None` means that the list does not say.
    """

    line: int
    level: str
    ars: str
    ags: str | None
    name: str
    official_name: str
    designation: str
    land: Land
    kreis_ars: str | None
    verband_ars: str | None
    postcode: str
    population: int | None
    latitude: float | None
    longitude: float | None
    # What the list has of a name that its format cut off; else empty.
    cut_name: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """A complete list of one day. Kreise come first, then Verbände, then Gemeinden."""

    entries: list[Entry]
    laender: int
    listed_on: date
    # The day its population figures are of, `None` if the file does not say. Never the day of the
    # list by default: that of 31.12.2020 carries the figures of 31.12.2019.
    population_on: date | None
    has_coordinates: bool

    def count(self, level: str) -> int:
        return sum(1 for entry in self.entries if entry.level == level)


def read_directory(
    path: Path,
    *,
    listed_on: date | None = None,
    population_on: date | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Directory:
    """Read and check a list; raises `FileError` with the line and column of its first mistake.

    Days that are given win over those in the file; the day of the list may be in the file's name.
    """
    raw = open_list(path)
    listed_on = listed_on or raw.listed_on or day_in_name(path)
    if listed_on is None:
        raise FileError(
            "Weder die Datei noch ihr Name nennt den Stand des Verzeichnisses. Bitte mit --date "
            "angeben, zum Beispiel --date 2020-12-31."
        )
    reading = _Reading(raw)
    for record in raw.records:
        reading.add(record)
    progress(f"Gelesen: {reading.last_line} Zeilen")
    return Directory(
        entries=reading.finished(),
        laender=len(reading.laender),
        listed_on=listed_on,
        population_on=population_on or raw.population_on,
        has_coordinates=raw.has_coordinates,
    )


class _Reading:
    """The entries so far, by their keys."""

    def __init__(self, raw: RawList) -> None:
        self.places = raw.places
        self.laender: dict[Land, int] = {}
        self.entries: dict[str, Entry] = {}
        self.lines_of_keys: dict[str, int] = {}
        self.last_line = 0

    def add(self, record: Record) -> None:
        self.last_line = record.line
        if record.satzart == "10":
            self.laender[self._land(record)] = record.line
        elif record.satzart in _SATZART_LEVEL:
            ars = "".join(self._digits(record, field) for field in _KEY_FIELDS[record.satzart])
            ags = {"40": ars, "50": None, "60": ars[:5] + ars[9:]}[record.satzart]
            self._refuse_duplicate(record, ars, ags)
            if (record.satzart, record.textkennzeichen) != ("50", NO_VERBAND):
                self.entries[ars] = self._entry(record, ars, ags)

    def finished(self) -> list[Entry]:
        self._refuse_incomplete()
        entries = [self._linked(entry) for entry in self.entries.values()]
        order = list(_SATZART_LEVEL.values())
        entries.sort(key=lambda entry: (order.index(Level(entry.level)), entry.ars))
        return _with_sums(entries)

    def _entry(self, record: Record, ars: str, ags: str | None) -> Entry:
        level = _SATZART_LEVEL[record.satzart]
        self._refuse_unknown_textkennzeichen(record)
        if not record.name:
            raise self._mistake(record, "name", "Der Name fehlt.")
        official_name = _plain_name(record.name)
        if record.may_be_cut:
            official_name = _without_half_word(official_name)
        # The list has figures and places of Gemeinden only: what other rows hold there is not read.
        counts = level == Level.GEMEINDE
        return Entry(
            line=record.line,
            level=level,
            ars=ars,
            ags=ags,
            name=name_of(official_name, level, record.textkennzeichen),
            official_name=official_name,
            designation=DESIGNATIONS[record.textkennzeichen],
            land=self._land(record),
            kreis_ars=None if level == Level.KREIS else ars[:5],
            verband_ars=ars[:9] if level == Level.GEMEINDE else None,
            postcode=self._postcode(record) if counts else "",
            population=self._whole_number(record, "population") if counts else None,
            latitude=self._degrees(record, "latitude") if counts else None,
            longitude=self._degrees(record, "longitude") if counts else None,
            cut_name=_plain_name(record.name) if record.may_be_cut else "",
        )

    def _linked(self, entry: Entry) -> Entry:
        kreis = entry.kreis_ars
        if kreis is not None and kreis not in self.entries:
            if not kreis.endswith(_NO_KREIS):
                raise FileError(
                    f"Zeile {entry.line}: „{entry.official_name}“ gehört zum Kreis {kreis}, der in "
                    "der Datei fehlt."
                )
            kreis = None
        verband = entry.verband_ars if entry.verband_ars in self.entries else None
        return replace(entry, kreis_ars=kreis, verband_ars=verband)

    def _refuse_incomplete(self) -> None:
        if missing := [land.label for land in Land if land not in self.laender]:
            raise FileError(
                f"Die Liste ist nicht vollständig, es fehlen: {', '.join(missing)}. "
                f"Die letzte Zeile ist {self.last_line}."
            )
        inhabited = {entry.land for entry in self.entries.values() if entry.level == Level.GEMEINDE}
        if missing := [land.label for land in Land if land not in inhabited]:
            raise FileError(
                f"Die Liste ist nicht vollständig, ohne Gemeinden sind: {', '.join(missing)}. "
                f"Die letzte Zeile ist {self.last_line}."
            )

    def _refuse_duplicate(self, record: Record, ars: str, ags: str | None) -> None:
        keys = [f"{record.satzart} {key}" for key in dict.fromkeys((ars, ags)) if key]
        for key in keys:
            if before := self.lines_of_keys.get(key):
                raise FileError(
                    f"Zeile {record.line}: Der Schlüssel {key[3:]} („{record.name}“) steht schon "
                    f"in Zeile {before}."
                )
        self.lines_of_keys.update(dict.fromkeys(keys, record.line))

    def _refuse_unknown_textkennzeichen(self, record: Record) -> None:
        kennzeichen = record.textkennzeichen
        if kennzeichen not in DESIGNATIONS or kennzeichen[0] != record.satzart[0]:
            raise self._mistake(
                record,
                "textkennzeichen",
                f"„{kennzeichen}“ passt nicht zur Satzart {record.satzart}.",
            )

    def _land(self, record: Record) -> Land:
        digits = self._digits(record, "land")
        try:
            return Land.of_key(digits)
        except KeyError:
            raise self._mistake(
                record, "land", f"Ein Land mit dem Schlüssel {digits} gibt es nicht."
            ) from None

    def _digits(self, record: Record, field: str) -> str:
        """A part of the key. Spreadsheets lose leading zeros, so they are put back."""
        text, width = getattr(record, field), _DIGITS[field]
        if not re.fullmatch(rf"[0-9]{{1,{width}}}", text):
            reason = (
                f"„{text}“ ist kein Schlüssel aus {width} Ziffern" if text else "Hier fehlt etwas"
            )
            raise self._mistake(record, field, f"{reason}.")
        return text.zfill(width)

    def _postcode(self, record: Record) -> str:
        text = _said(record.postcode)
        if text and not re.fullmatch(r"[0-9]{4,5}", text):
            raise self._mistake(
                record, "postcode", f"„{record.postcode}“ ist keine Postleitzahl aus fünf Ziffern."
            )
        return text and text.zfill(5)

    def _whole_number(self, record: Record, field: str) -> int | None:
        """„90 164“, „90.164“ and „90164“; thin and no-break spaces are spaces, too."""
        text = re.sub(r"\s", "", _said(getattr(record, field)))
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text):
            text = text.replace(".", "")
        if text and not re.fullmatch(r"[0-9]+", text):
            raise self._mistake(record, field, f"„{getattr(record, field)}“ ist keine ganze Zahl.")
        return int(text) if text else None

    def _degrees(self, record: Record, field: str) -> float | None:
        text = _said(getattr(record, field)).replace(",", ".")
        # The list writes 0 where nobody lives and nothing was measured.
        if not text.strip("0."):
            return None
        lowest, highest, words = _GERMANY[field]
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not lowest <= float(text) <= highest:
            raise self._mistake(
                record,
                field,
                f"„{getattr(record, field)}“ ist keine Koordinate in Deutschland ({words} Grad).",
            )
        return float(text)

    def _mistake(self, record: Record, field: str, sentence: str) -> FileError:
        return FileError(f"Zeile {record.line}, {self.places[field]}: {sentence}")


def _said(text: str) -> str:
    """A figure without its footnote; nothing where the list has a sign for „no value“."""
    text = re.sub(r"\s+\d{1,2}\)$", "", text.strip())
    return "" if text in _NO_VALUE else text


def _plain_name(text: str) -> str:
    """Without footnotes („Kerken4)“) and what else is no part of a name."""
    name = re.sub(r"\s+", " ", clean_line(text)).strip()
    name = re.sub(r"[¹²³⁰-⁹]+⁾?", "", name)
    for found in reversed(list(_FOOTNOTE.finditer(name))):
        if name.count(")") > name.count("("):
            name = name[: found.start()] + name[found.end() :]
    return name.strip()


def _without_half_word(name: str) -> str:
    """„… Eichigt und Triebel/V“ is shown as „… Eichigt und …“."""
    words = name.split(" ")[:-1]
    while words and words[-1] in {"/", "-", "–"}:
        words.pop()
    return " ".join([*words, "…"]) if words else name


def _with_sums(entries: list[Entry]) -> list[Entry]:
    members: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.level == Level.GEMEINDE:
            members[entry.kreis_ars].append(entry)
            members[entry.verband_ars].append(entry)
    return [
        entry if entry.level == Level.GEMEINDE else _summed(entry, members[entry.ars])
        for entry in entries
    ]


def _summed(entry: Entry, gemeinden: Iterable[Entry]) -> Entry:
    """A Kreis or Verband with the population of its Gemeinden, and the middle of their people."""
    counted = [gemeinde for gemeinde in gemeinden if gemeinde.population is not None]
    population = sum(gemeinde.population or 0 for gemeinde in counted)
    located = [gemeinde for gemeinde in counted if gemeinde.latitude and gemeinde.longitude]
    weight = sum(gemeinde.population or 0 for gemeinde in located)
    if not weight:
        return replace(entry, population=population if counted else None)

    def middle(axis: str) -> float:
        return round(sum(getattr(one, axis) * one.population for one in located) / weight, 5)

    return replace(
        entry, population=population, latitude=middle("latitude"), longitude=middle("longitude")
    )

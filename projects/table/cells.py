"""What stands in a cell of a table, and how it is read: German words, days and numbers."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ground.names import fold

# What a spreadsheet gives: text, numbers, days, or nothing.
Cell = Any


class CellError(ValueError):
    """Says in German what is wrong with a cell."""


class NotThere(CellError):
    """A word that a vocabulary does not have."""


def text(value: Cell) -> str:
    """A cell as people see it: whole numbers without „.0“, days as in German."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, datetime | date):
        return value.strftime("%d.%m.%Y")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 00:00(?::00)?)?")
_GERMAN_MONTH = re.compile(r"(\d{1,2})[./](\d{4})")


def partial_date(value: Cell) -> str:
    """„18.09.2025“, „09/2025“, 2025 or a day of the spreadsheet, as „2025-09-18“, „2025-09“, „2025“."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    written = text(value)
    if found := _GERMAN_DAY.fullmatch(written):
        day, month, year = map(int, found.groups())
        return _existing(year, month, day, written).isoformat()
    if found := _GERMAN_MONTH.fullmatch(written):
        month, year = map(int, found.groups())
        return _existing(year, month, 1, written).strftime("%Y-%m")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        return _existing(*map(int, written.split("-")), written).isoformat()
    return written


def day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    written = partial_date(value)
    if not written:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        raise CellError(f"„{written}“ ist kein Tag. Beispiel: 18.09.2025.")
    return date.fromisoformat(written)


def _existing(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(f"„{written}“ gibt es im Kalender nicht.") from None


_NUMBER = re.compile(r"\d{1,3}(\.\d{3})+(,0+)?|\d+(,0+)?")


def number(value: Cell) -> int:
    """A whole number, also as „1.200“ or „1.200,00“."""
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return int(value)
    written = text(value)
    if not written:
        return 0
    if not _NUMBER.fullmatch(written):
        raise CellError(f"„{written}“ ist keine ganze Zahl.")
    return int(written.split(",")[0].replace(".", ""))


def one_of(choices: Any) -> Callable[[Cell], str]:
    known = {fold(str(word)): value for value, label in choices.choices for word in (value, label)}

    def read(value: Cell) -> str:
        written = text(value)
        if not written and "" not in choices.values:
            return ""
        if (found := known.get(fold(written))) is None:
            allowed = ", ".join(str(label) for _value, label in choices.choices)
            raise NotThere(f"„{written}“ gibt es hier nicht. Möglich: {allowed}.")
        return found

    return read


def lines(value: Cell) -> list[str]:
    return [line.strip() for line in text(value).split("\n") if line.strip()]


def names(value: Cell) -> list[str]:
    """Words of a vocabulary, each once, in no order that would matter."""
    found = {part.strip() for part in re.split(r"[;\n]", text(value)) if part.strip()}
    return sorted(found, key=lambda name: (fold(name), name))


_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:(\d{1,2})|[-–]{1,2}))?(?: ?(?:€|Euro|EUR))?")


def amount(value: Cell) -> Decimal | None:
    """Euro: „1.200“, „1200,50 €“, „1.200,-“; nothing where no sum is named."""
    # Programs put a space before the sign that keeps both on one line.
    written = " ".join(text(value).split())
    if not written:
        return None
    if (found := _AMOUNT.fullmatch(written)) is None:
        raise CellError(f"„{written}“ ist kein Betrag. Beispiel: 12.000 oder 12.000,50.")
    whole, part = found.groups()
    return Decimal(f"{whole.replace('.', '')}.{part or 0}")


def shown_amount(value: Decimal | None) -> str:
    if value is None:
        return ""
    whole, part = f"{value:.2f}".split(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return grouped if part == "00" else f"{grouped},{part}"

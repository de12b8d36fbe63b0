"""How facts of the sheets are put into words."""

import re
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format

from finding.markup import thousands

# An end of a sentence: not the dot of „z. B.“, „ca. 30“ or „1.200“.
_SENTENCE = re.compile(
    r"(?<!\b[a-zA-ZäöüÄÖÜ])(?<!\bca)(?<!\bbzw)(?<!\bNr)(?<!\d)[.!?]+[“\"]?(?=\s+[A-ZÄÖÜ„])"
)


def first_sentence(text: str) -> str:
    line = text.strip().partition("\n")[0].strip()
    end = _SENTENCE.search(line)
    return line[: end.end()] if end else line


def partial_date(text: str) -> str:
    """„2025-09“ → „September 2025“, „2025-09-18“ → „18.09.2025“; what is no day stays as it is."""
    shown_as = {len("2025-09"): "F Y", len("2025-09-18"): "d.m.Y"}.get(len(text))
    if shown_as is None:
        return text
    try:
        return date_format(date.fromisoformat(f"{text}-01"[: len("2025-09-18")]), shown_as)
    except ValueError:
        return text


def euros(amount: Decimal | int) -> str:
    """14900.00 → „14.900 Euro“, 2.5 → „2,50 Euro“, 0 → „kostenlos“."""
    if not amount:
        return "kostenlos"
    if amount == int(amount):
        return f"{thousands(int(amount))} Euro"
    whole, _, cents = f"{amount:.2f}".partition(".")
    return f"{thousands(int(whole))},{cents} Euro"

"""Saying once which Kommune one is from: `?kommune=` with its key, or `?wo=` with what people type."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict

from ground.names import fold
from projects.catalogue import Catalogue
from projects.models import Municipality
from projects.municipality_picker import find_municipalities
from projects.near_home import Home, home, home_of

# Fields of the lists' form and of the form on the start page.
KEY, TYPED = Home.parameter, "wo"
CANDIDATES = 8
MOST_LETTERS = 200


@dataclass(frozen=True, slots=True)
class NamedHome:
    """`home` where it is clear; otherwise `candidates` for what was typed, or neither."""

    home: Home | None = None
    typed: str = ""
    candidates: tuple[Home, ...] = ()
    # A key that no Kommune has, or has any more.
    is_unknown: bool = False

    @property
    def is_typed(self) -> bool:
        return bool(self.typed)


class PlaceInWords(NamedTuple):
    name: str
    rest: str  # what is searched besides


# „Wer hat Ladesäulen in der Nähe von Polch?“, „Ladesäulen in Polch“
_NEAR = re.compile(
    r"(?:^|\s)(?P<near>in der n(?:ä|ae)he(?: von)?|nahe(?: bei)?|rund um|in der umgebung von|in)\s+"
    r"(?P<name>[^?!.,]+?)\s*[?!.]*$",
    re.IGNORECASE,
)


def near_in_words(q: str) -> PlaceInWords | None:
    """The place that a question ends with. „In …“ counts only where exactly one Kommune is called so."""
    match = _NEAR.search(q) if len(q) < MOST_LETTERS and not set(q) & set('"„“”') else None
    if match is None:
        return None
    place = PlaceInWords(match["name"], q[: match.start()].strip())
    if match["near"].casefold() != "in":
        return place
    if not match["name"][0].isupper():
        return None
    called_so = Municipality.objects.selectable().filter(sort_name=fold(match["name"]))
    return place if called_so.count() == 1 else None


def named_home(parameters: QueryDict, shown: Catalogue) -> NamedHome:
    """Never fails, whatever the address says. Costs a search only where a name was typed."""
    key = parameters.get(KEY, "")[:40]
    typed = " ".join(parameters.get(TYPED, "").replace("\0", " ").split())[:100]
    if key and (named := home(shown, key)):
        return NamedHome(named, typed)
    if not typed:
        return NamedHome(is_unknown=bool(key))
    found = [home_of(municipality) for municipality in find_municipalities(typed, limit=CANDIDATES)]
    exact = [one for one in found if fold(one.name) == fold(typed)]
    if len(found) == 1 or len(exact) == 1:
        return NamedHome((exact or found)[0], typed)
    return NamedHome(None, typed, tuple(found))

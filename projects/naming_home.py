"""Saying once which Kommune one is from: `?kommune=` with its key, or `?wo=` with what people type."""

from dataclasses import dataclass

from django.http import QueryDict

from ground.names import fold
from projects.catalogue import Catalogue
from projects.municipality_picker import find_municipalities
from projects.near_home import Home, home, home_of

# Fields of the lists' form and of the form on the start page.
KEY, TYPED = Home.parameter, "wo"
CANDIDATES = 8


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

"""How the two lists of the catalogue speak of what they hold, and what questions mean to them."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from finding.listing import Words
from finding.search import Intent
from finding.search.stems import words_of
from finding.selection import BY_LIKENESS
from ground.land import Land
from projects.models import SizeClass

PROJECTS = Words(
    "Modellprojekt",
    "Modellprojekte",
    "projects:list",
    {
        "relevanz": "Beste Treffer zuerst",
        BY_LIKENESS: "Kommunen wie Ihre zuerst",
        "name": "Name",
        "staffel": "Staffel",
        "einwohner": "Einwohner, größte zuerst",
        "massnahmen": "Maßnahmen, meiste zuerst",
    },
)
SOLUTIONS = Words(
    "Lösung",
    "Lösungen",
    "projects:solutions",
    {
        "relevanz": "Beste Treffer zuerst",
        BY_LIKENESS: "Kommunen wie Ihre zuerst",
        "name": "Name",
        "projekt": "Modellprojekt",
        "reife": "Reife, in Betrieb zuerst",
        "nachnutzung": "Nachnutzung, meiste zuerst",
        "auskunft": "Kosten, Lizenz und mehr bekannt",
    },
    share_places=True,
)


def _in(land: Land) -> Intent:
    name = " ".join(words_of(land.label))
    return Intent(f"(?:in|im|aus|aus dem|fuer|innerhalb von|im freistaat) {name}", "land", land)


INTENTS = (
    *map(_in, Land),
    Intent("in nrw|aus nrw", "land", Land.NW),
    Intent(
        "als open source|open source|opensource|quelloffene?[nrs]?|freie software",
        "open_source",
        "ja",
    ),
    Intent(
        "(?:fuer|in|bei|von|als) (?:eine[rn]? )?kleine(?:re)?[nr]? (?:gemeinden?|kommunen?|orten?|orte|"
        "doerfern?|doerfer|dorf)",
        "groesse",
        SizeClass.VILLAGE,
    ),
    Intent(
        "(?:fuer|in|bei|von) (?:eine[rn]? )?(?:kleinstaedten?|kleinstadt)",
        "groesse",
        SizeClass.SMALL_TOWN,
    ),
    Intent(
        "(?:fuer|in|bei|von) (?:eine[rn]? )?(?:grossstaedten?|grossstadt)",
        "groesse",
        SizeClass.CITY,
    ),
    Intent("mit erfahrungen", "erfahrungen", "ja"),
    Intent("(?:schon )?in betrieb|(?:schon )?im einsatz|im betrieb", "reife", "betrieb"),
)

T = TypeVar("T")

# Of one project so many solutions stand among the first ones.
OF_ONE_PROJECT = 2


def varied(found: Sequence[T], *, key: Callable[[T], Hashable]) -> list[T]:
    """The same in nearly the same order: nothing fills the beginning with its own."""
    seen: dict[Hashable, int] = {}
    first, later = [], []
    for one in found:
        belongs_to = key(one)
        seen[belongs_to] = seen.get(belongs_to, 0) + 1
        (first if seen[belongs_to] <= OF_ONE_PROJECT else later).append(one)
    return first + later

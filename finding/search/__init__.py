"""Search over everything public: `find`, `highlight`, and `refresh` for those who cannot wait.

Apps above have their own things found by `register`ing a `Searchable`; see `finding.search.searchable`.
"""

from finding.search.completing import complete
from finding.search.documents import is_behind, refresh, refresh_if_behind
from finding.search.finding import ENOUGH, Depth, Hits, find, known_by_now
from finding.search.highlighting import first_mark, highlight
from finding.search.intents import (
    Intent,
    is_quoted,
    place_in,
    read_intents,
    without_nearness,
)
from finding.search.missed import find_noting
from finding.search.searchable import Searchable, register, register_names, registered
from finding.search.vocabulary import near_words

__all__ = [
    "ENOUGH",
    "Depth",
    "Hits",
    "Intent",
    "Searchable",
    "complete",
    "find",
    "find_noting",
    "first_mark",
    "highlight",
    "is_behind",
    "is_quoted",
    "known_by_now",
    "near_words",
    "place_in",
    "read_intents",
    "refresh",
    "refresh_if_behind",
    "register",
    "register_names",
    "registered",
    "without_nearness",
]

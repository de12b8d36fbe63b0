"""Search over everything public: `find`, `highlight`, and `refresh` for those who cannot wait.

Apps above have their own things found by `register`ing a `Kind`; see `finding.search.kinds`.
"""

from finding.search.completing import complete
from finding.search.documents import refresh, refresh_if_behind
from finding.search.finding import Hits, find
from finding.search.highlighting import highlight
from finding.search.intents import Intent, read_intents
from finding.search.kinds import Kind, register, register_names
from finding.search.query import near_words

__all__ = [
    "Hits",
    "Intent",
    "Kind",
    "complete",
    "find",
    "highlight",
    "near_words",
    "read_intents",
    "refresh",
    "refresh_if_behind",
    "register",
    "register_names",
]

"""Search over everything public: `find`, `highlight`, and `refresh` for those who cannot wait.

Apps above have their own things found by `register`ing a `Searchable`; see `finding.search.searchable`.
"""

from finding.search.documents import refresh, refresh_if_behind
from finding.search.finding import Hits, find
from finding.search.highlighting import highlight
from finding.search.searchable import Searchable, register

__all__ = ["Hits", "Searchable", "find", "highlight", "refresh", "refresh_if_behind", "register"]

"""Search over everything public: `find`, `highlight`, and `refresh` for those who cannot wait."""

from projects.search.documents import refresh, refresh_if_behind
from projects.search.finding import Hits, find
from projects.search.highlighting import highlight

__all__ = ["Hits", "find", "highlight", "refresh", "refresh_if_behind"]

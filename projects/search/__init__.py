"""Search over everything public: `find`, `highlight`, and `refresh` for those who cannot wait.

Apps above have their own things found by `register`ing a `Kind`; see `projects.search.kinds`.
"""

from projects.search.documents import refresh, refresh_if_behind
from projects.search.finding import Hits, find
from projects.search.highlighting import highlight
from projects.search.kinds import Kind, register

__all__ = ["Hits", "Kind", "find", "highlight", "refresh", "refresh_if_behind", "register"]

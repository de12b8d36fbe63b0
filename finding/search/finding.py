from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from finding.search.documents import up_to_date
from finding.search.query import understand

# Ranking reads every text it ranks, so only so many are; the rest follows by title.
MOST_RANKED = 500

_FIND = """
SELECT kind, object_id FROM (
    SELECT kind, object_id, title,
        CASE WHEN row_number() OVER () <= %(most_ranked)s
        THEN ts_rank(vector, %(exact)s::tsquery, 1) * 4 + ts_rank(vector, %(query)s::tsquery, 1)
        ELSE 0 END AS rank
    FROM (
        SELECT kind, object_id, title, vector FROM projects_searchdocument
        WHERE vector @@ %(query)s::tsquery AND kind = ANY(%(kinds)s) LIMIT %(limit)s
    ) hits
) ranked
ORDER BY rank DESC, title, object_id
"""


@dataclass(frozen=True)
class Hits:
    """What was found: primary keys by kind, best first; the words to mark; a better spelling or ""."""

    ids: Mapping[str, tuple[int, ...]]
    words: frozenset[str] = frozenset()
    suggestion: str = ""


def find(q: str, *, kinds: Collection[str], limit: int = 10_000) -> Hits:
    """Find what a person means by `q` among public things of these kinds.

    Every word of `q` must be met, in any form of it; "…" keeps words together, a minus excludes.
    Never fails on any text. At most `limit` are found; beyond the first hundreds the order is by title.
    """
    return _find(up_to_date(), q.strip(), tuple(sorted(kinds)), limit)


@lru_cache(maxsize=512)
def _find(version: int, q: str, kinds: tuple[str, ...], limit: int) -> Hits:
    """Kept per process for as long as the documents are the same: clicking facets repeats a search."""
    query = understand(q, version=version)
    nothing = dict.fromkeys(kinds, ())
    if query.finds_nothing:
        return Hits(nothing, suggestion=query.suggestion)
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "query": query.tsquery(),
                "exact": query.tsquery(exact=True),
                "kinds": list(kinds),
                "limit": limit,
                "most_ranked": MOST_RANKED,
            },
        )
        rows = cursor.fetchall()
    ids = {kind: tuple(pk for of, pk in rows if of == kind) for kind in kinds}
    return Hits(ids, query.words, query.suggestion)

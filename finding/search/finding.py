from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Any

from django.db import connection

from finding.search.documents import up_to_date
from finding.search.query import Closeness, Query, understand

# Ranking reads every text it ranks, so only so many are; the rest follows by title.
MOST_RANKED = 500
# With fewer hits of a kind than these, what comes less close is looked through as well.
ENOUGH = 5
# How much a hit counts: in the subject, the text, the lead, the name (D, C, B, A).
_WEIGHTS = "{0.1, 0.3, 0.5, 1}"
# How much what comes so close counts, at most.
_CLOSE = {
    Closeness.FORM: 1.0,
    Closeness.COMPOUND: 0.6,
    Closeness.SAME: 0.4,
    Closeness.NARROWER: 0.25,
    Closeness.PART: 0.15,
    Closeness.BROADER: 0.1,
}
# What is not asked of a text counts so much where it stands.
_WEAK = 0.5

# Texts that lack words about as rare as the best ones do are as good as these.
_AS_GOOD = 0.03

_FIND = """
SELECT kind, object_id, missing FROM (
    SELECT kind, object_id, title, missing,
        CASE WHEN row_number() OVER () <= %(most_ranked)s
        THEN ({rank}) * (1 + 0.04 * quality) ELSE 0 END AS rank
    FROM (
        SELECT kind, object_id, title, vector, quality, {missing} AS missing
        FROM projects_searchdocument
        WHERE vector @@ %(query)s::tsquery AND kind = ANY(%(kinds)s) LIMIT %(limit)s
    ) hits
) ranked
ORDER BY missing, rank DESC, title, object_id
"""


@dataclass(frozen=True)
class Hits:
    """What was found: primary keys by kind, best first; the words to mark; a better spelling or "".

    `missed` are the words that stand nowhere. Of the kinds in `partial` nothing has all of the others:
    what was found of them has most.
    """

    ids: Mapping[str, tuple[int, ...]]
    words: frozenset[str] = frozenset()
    suggestion: str = ""
    missed: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()


def find(q: str, *, kinds: Collection[str], limit: int = 10_000) -> Hits:
    """Find what a person means by `q` among public things of these kinds.

    What has every word of `q`, in any form of it; where nothing of a kind has, what has most of them,
    the rarest first. "…" keeps words together, a minus excludes. Never fails on any text. At most
    `limit` are found; beyond the first hundreds the order is by title.
    """
    return _find(up_to_date(), q.strip(), tuple(sorted(kinds)), limit)


@lru_cache(maxsize=512)
def _find(version: int, q: str, kinds: tuple[str, ...], limit: int) -> Hits:
    """Kept per process for as long as the documents are the same: clicking facets repeats a search."""
    query = understand(q, version=version)
    missed = tuple(query.missed)
    ids: dict[str, list[int]] = {kind: [] for kind in kinds}
    if query.finds_nothing:
        return Hits(_frozen(ids), suggestion=query.suggestion, missed=missed)
    _add(ids, _run(query, kinds, limit, query.tsquery(Closeness.NARROWER), {}))
    few = [kind for kind in kinds if len(ids[kind]) < ENOUGH]
    if few and query.tsquery() != query.tsquery(Closeness.NARROWER):
        # What is only about a part of a compound, or a wider field („Bus“ for „Mitfahrbank“), is better
        # than nothing, and than nothing else.
        _add(ids, _run(query, few, limit, query.tsquery(), {}))
    none = [kind for kind in kinds if not ids[kind]] if len(query.needed) > 1 else []
    if none:
        _add(ids, _most_words(query, none, limit))
    return Hits(_frozen(ids), query.words, query.suggestion, missed, frozenset(none))


def _add(ids: dict[str, list[int]], rows: Iterable[tuple[str, int, float]]) -> None:
    for kind, pk, _missing in rows:
        if pk not in ids[kind]:
            ids[kind].append(pk)


def _frozen(ids: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {kind: tuple(pks) for kind, pks in ids.items()}


def _run(
    query: Query, kinds: Collection[str], limit: int, tsquery: str, pieces: dict[str, Any]
) -> list[tuple[str, int, float]]:
    """`pieces`: what each should have that is found, as parameters; a text that lacks it comes later."""
    rank, ranked = _rank(query)
    missing = " + ".join(
        f"(CASE WHEN vector @@ %({name})s::tsquery THEN 0 ELSE %({name}_share)s END)::float8"
        for name in pieces
        if not name.endswith("_share")
    )
    statement = _FIND.replace("{rank}", rank or "0").replace("{missing}", missing or "0")
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "query": tsquery, "kinds": list(kinds), "limit": limit,
                "most_ranked": MOST_RANKED, **ranked, **pieces,
            },
        )  # fmt: skip
        return cursor.fetchall()


def _rank(query: Query) -> tuple[str, dict[str, Any]]:
    """How good a text is: for each piece what stands there, the closer and the rarer the more."""
    terms, parameters = [], {}
    needed = query.needed
    for number, piece in enumerate(query.wanted):
        weight = (1 if piece in needed else _WEAK) / (1 + log(1 + piece.documents) / 4)
        for closeness, share in _CLOSE.items():
            words, count = piece.level(closeness)
            if words:
                name = f"rank_{number}_{closeness}"
                parameters[name] = words
                # PostgreSQL divides by the number of words, however few of them a text can have.
                terms.append(
                    f"{weight * share:.4f} * "
                    f"least(1, {count} * ts_rank('{_WEIGHTS}', vector, %({name})s::tsquery))"
                )
    return " + ".join(terms), parameters


def _most_words(query: Query, kinds: tuple[str, ...], limit: int) -> list[tuple[str, int, float]]:
    """What has most of the words; of as many words, those that stand in fewer texts."""
    pieces: dict[str, Any] = {}
    for number, piece in enumerate(query.needed):
        name = f"piece_{number}"
        pieces[name] = piece.expression(Closeness.BROADER)
        # Whole numbers count words; the fraction says how rare one is.
        pieces[f"{name}_share"] = 1 + 1 / (10 + piece.documents)
    rows = _run(query, kinds, limit, query.any_of(), pieces)
    least: dict[str, float] = {}
    for kind, _pk, missing in rows:  # the best first
        least.setdefault(kind, missing)
    return [row for row in rows if row[2] <= least[row[0]] + _AS_GOOD]

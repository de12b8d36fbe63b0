"""Queries that were thought up and judged by the texts before the search was asked them, in sets of forty.

As `judged_queries`, but with places and facets: of what the list shows for the words, what may stand among
the first five (`expected`), and what is no mistake there (`near`). Each names topics, slugs of solutions, or
`kind:`, `theme:` and `technology:` with a value.

From A the kinds of failure were learnt, then from B and C; D was asked last. Of it one kind was mended
(„Smart-Parking“); it is held back: nothing more is tuned on it. E has sixty, six of each kind; it was asked twice
before anything was learnt from it. G, H and I have sixty each, too, by three people who had not seen the search; from H and
I a few kinds of failure were learnt, from G hardly any. K, by a fourth, was read by nobody who changed anything,
though its totals were asked for some forty times; L, by a fifth, was asked when all rules were chosen but four; M, by a sixth, was asked
once, and nothing was changed after it. A test asks K, L and M again each time: who tunes until it is green has learnt from them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from finding.search import find, read_intents, refresh
from projects.catalogue import catalogue
from projects.lists import INTENTS
from projects.models import Solution

_FILE = json.loads(Path(__file__).with_name("fresh_queries.json").read_text("utf-8"))
HELD_BACK = "D"
# What was learnt from these is little.
HARDLY_SEEN = "GHI"
# … and from these nothing: no tool names them.
UNREAD = "KLM"
SHOWN = 5


class Fresh(NamedTuple):
    kind: str
    query: str
    expected: str
    near: str


SETS = {name: [Fresh(**one) for one in queries] for name, queries in _FILE["sets"].items()}


class Answer(NamedTuple):
    fresh: Fresh
    recall: float  # of what may stand among the first five
    precision: float


class FreshJudges:
    def __init__(self) -> None:
        refresh(wait=True)
        section = catalogue().solutions
        self._facets = section.index.facets
        self._slugs = dict(Solution.objects.values_list("pk", "slug"))
        self._chosen = {self._slugs[entry.pk]: entry.facets for entry in section.entries}
        self._having: dict[str, set[str]] = {}
        for solution in Solution.objects.prefetch_related("themes", "technologies"):
            marks = [
                f"kind:{solution.kind}",
                *(f"theme:{theme.slug}" for theme in solution.themes.all()),
                *(f"technology:{technology.slug}" for technology in solution.technologies.all()),
            ]
            for mark in marks:
                self._having.setdefault(mark, set()).add(solution.slug)

    def answers(self, name: str) -> Iterator[Answer]:
        for fresh in SETS[name]:
            meant = read_intents(fresh.query, self._facets, INTENTS)
            shown = {slug for slug in self._chosen if self._has(slug, meant.chosen)}
            among = {"solution": self._keys(shown)} if meant.chosen else None
            hits = find(meant.rest or fresh.query, kinds=["solution"], among=among)
            found = [self._slugs[pk] for pk in hits.ids["solution"]][:SHOWN]
            expected = self._named(fresh.expected) & shown
            accepted = expected | (self._named(fresh.near) & shown)
            yield Answer(
                fresh,
                recall=len(expected.intersection(found)) / min(SHOWN, len(expected)),
                precision=len(accepted.intersection(found)) / len(found) if found else 0.0,
            )

    def _keys(self, slugs: set[str]) -> set[int]:
        return {pk for pk, slug in self._slugs.items() if slug in slugs}

    def _has(self, slug: str, chosen: Mapping[str, tuple[str, ...]]) -> bool:
        own = self._chosen[slug]
        return all(set(own.get(facet, ())) & set(values) for facet, values in chosen.items())

    def _named(self, names: str) -> set[str]:
        found: set[str] = set()
        for name in names.split():
            if name in _FILE["topics"]:
                found |= self._named(" ".join(_FILE["topics"][name]))
            else:
                found |= self._having.get(name, {name})
        return found


def figures(answers: list[Answer]) -> tuple[float, float]:
    return mean(answer.recall for answer in answers), mean(answer.precision for answer in answers)

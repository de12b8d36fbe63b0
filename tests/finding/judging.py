"""How well the search answers the judged queries: recall@5 and precision@5 by what makes them difficult."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import mean
from typing import NamedTuple

from finding.models import SearchDocument
from finding.search import find, read_intents, refresh
from projects.catalogue import catalogue
from projects.lists import INTENTS
from projects.models import Project, Solution, Theme
from tests.finding.judged_queries import JUDGED, Judged

KINDS = ("project", "solution")
SHOWN = 5


class Answer(NamedTuple):
    judged: Judged
    kind: str
    found: list[str]  # slugs, the first ones
    recall: float  # of what may stand among the first five
    precision: float
    wrong: list[str]
    forbidden: list[str]


class Judges:
    """Knows what belongs to what among the loaded projects."""

    def __init__(self) -> None:
        refresh(wait=True)
        self.project_of = dict(Solution.objects.values_list("slug", "project__slug"))
        self.themes = {
            theme.slug: {project.slug for project in theme.projects.all()}
            for theme in Theme.objects.prefetch_related("projects")
        }
        self.slugs = {
            "project": dict(Project.objects.values_list("pk", "slug")),
            "solution": dict(Solution.objects.values_list("pk", "slug")),
        }

        self.facets = catalogue().solutions.index.facets
        self.texts = {
            (kind, self.slugs[kind][pk]): " ".join(texts).casefold()
            for kind, pk, *texts in SearchDocument.objects.filter(kind__in=KINDS).values_list(
                "kind", "object_id", "name_text", "lead_text", "body_text", "topic_text"
            )
        }

    def _says(self, query: str, kind: str, slug: str) -> bool:
        """What says the very word, written just so, is no mistake, whatever the reader wanted."""
        text = self.texts[kind, slug]
        start = r"\b" if len(query) < 6 else ""
        return len(query) > 3 and bool(re.search(start + re.escape(query.casefold()), text))

    def answers(self, queries: Iterable[Judged] = JUDGED) -> list[Answer]:
        return [answer for judged in queries for answer in self._answers(judged)]

    def _answers(self, judged: Judged) -> Iterable[Answer]:
        # „als Open Source“ becomes a filter on the pages.
        words = read_intents(judged.query, self.facets, INTENTS).rest or judged.query
        hits = find(words, kinds=KINDS)
        for kind in KINDS:
            found = [self.slugs[kind][pk] for pk in hits.ids[kind][:SHOWN]]
            expected = judged.expected(kind, self.project_of, self.themes)
            accepted = judged.accepted(kind, self.project_of, self.themes)
            wrong = [
                slug
                for slug in found
                if slug not in accepted and not self._says(judged.query, kind, slug)
            ]
            yield Answer(
                judged,
                kind,
                found,
                recall=len(set(found) & expected) / min(SHOWN, len(expected)),
                precision=1 - len(wrong) / len(found) if found else 0.0,
                wrong=wrong,
                forbidden=[
                    slug
                    for slug in found
                    if kind == "solution" and slug.startswith(tuple(judged.never.split()))
                ]
                if judged.never
                else [],
            )


def by_difficulty(answers: Iterable[Answer]) -> Mapping[tuple[str, str], tuple[float, float]]:
    """Recall and precision on average, for each difficulty and kind."""
    groups: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[answer.judged.difficulty, answer.kind].append(answer)
    return {
        key: (mean(a.recall for a in group), mean(a.precision for a in group))
        for key, group in groups.items()
    }

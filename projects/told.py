"""What went well and what went wrong, researched in sources or told by communities: one list of both."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from projects.catalogue import also_told_rows
from projects.entries import SolutionEntry
from projects.models import Lesson, LessonKind, Project, Solution


class Told(NamedTuple):
    kind: str
    text: str
    url: str  # where the portal tells more, "" where it does not
    lesson: Lesson | None  # None where a community tells it
    about: SolutionEntry | None = None  # where the page is not the solution's own


def told_of(thing: Project | Solution) -> dict[str, Any]:
    """For the page of a thing: its lessons and experiences by kind, and what is there to be used.

    Results and experiences are rows of an app above, seen through their related names.
    """
    told = [Told(one.kind, one.text, "", one) for one in thing.lessons.all()]
    told += [
        Told(one.kind, one.title, one.get_absolute_url(), None)
        for one in thing.experiences.public()
    ]
    return {
        "successes": [one for one in told if one.kind == LessonKind.SUCCESS],
        "pitfalls": [one for one in told if one.kind == LessonKind.PITFALL],
        "results": thing.results.public(),
    }


def is_told() -> Q:
    """Whether an app above tells an experience with a solution."""
    condition = Q(pk__in=[])
    for rows in also_told_rows():
        condition |= Q(Exists(rows.filter(solution=OuterRef("pk"))))
    return condition

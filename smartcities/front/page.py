"""What the start page shows of the catalogue on one day. The same for everybody, so it is made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Min, Q, QuerySet

from communities.entries import public_communities
from finding.listing import Listing
from finding.selection import Selection
from projects.catalogue import Catalogue
from projects.entries import SolutionEntry
from projects.lists import PROJECTS
from projects.models import Lesson, LessonKind, Municipality, Project, Solution, Theme
from projects.reuses import public_reuses
from smartcities.front.pinned import PinnedCase
from smartcities.front.week import of_week, shuffled

THEMES = 12
LESSONS = 3
NEWS = 5
# What is stored with the first data is not news, nor is what a load puts right at once.
SETTLING = timedelta(hours=12)


@dataclass(frozen=True)
class Case:
    """A solution, told from its problem on."""

    entry: SolutionEntry
    success: Lesson | None
    pitfall: Lesson | None
    is_pinned: bool


class News(NamedTuple):
    what: str  # „Lösung“
    name: str
    url: str
    is_new: bool
    at: datetime | None  # None where only the state of knowledge is dated
    as_of: str = ""


def of_day(shown: Catalogue, today: date) -> dict[str, Any]:
    """A fixed number of queries, however much there is."""
    of_public_projects = Count("projects", filter=Q(projects__is_public=True))
    themes = Theme.objects.annotate(project_count=of_public_projects).filter(project_count__gt=0)
    return {
        "figures": {
            "projects": len(shown.projects.entries),
            "solutions": len(shown.solutions.entries),
            "municipalities": Municipality.objects.funded().count(),
            "transfers": len(public_reuses(shown).transfers),
        },
        "map": Listing(shown.projects, PROJECTS, _ALL, None) if shown.projects.entries else None,
        "themes": list(themes.order_by("-project_count", "slug")[:THEMES]),
        "case": case_of(shown, today),
        "lessons": lessons_of(today),
        "news": news(shown),
    }


_ALL = Selection(q="", chosen={}, sorting="name", page=1, default_sorting="name")


def case_of(shown: Catalogue, today: date) -> Case | None:
    """What editors have pinned for today; else one of the well documented, another every week."""
    pinned = _pinned(shown, today)
    entry = pinned or _of_the_week(shown, today)
    if entry is None:
        return None
    lessons = list(Lesson.objects.filter(solution=entry.pk, is_certain=True).order_by("position"))
    return Case(
        entry,
        _first(lessons, LessonKind.SUCCESS),
        _first(lessons, LessonKind.PITFALL),
        pinned is not None,
    )


def _pinned(shown: Catalogue, today: date) -> SolutionEntry | None:
    number_of = shown.solutions.number_of
    keys = PinnedCase.objects.on(today).values_list("solution_id", flat=True)
    return next((shown.solutions.entries[number_of[pk]] for pk in keys if pk in number_of), None)


def _of_the_week(shown: Catalogue, today: date) -> SolutionEntry | None:
    known = [
        entry.slug
        for entry in shown.solutions.entries
        if entry.problem
        and entry.description
        and (entry.lesson_count or entry.reuse_count or entry.decisive_amount is not None)
    ]
    slugs = of_week(shuffled(known), today)
    return shown.solutions.by_slug[slugs[0]] if slugs else None


def _first(lessons: Sequence[Lesson], kind: LessonKind) -> Lesson | None:
    return next((lesson for lesson in lessons if lesson.kind == kind), None)


def lessons_of(today: date) -> list[Lesson]:
    """Three that are sure, others every week; of solutions and projects that are public."""
    public = Lesson.objects.filter(is_certain=True).filter(
        Q(solution__project__is_public=True) | Q(project__is_public=True)
    )
    keys = [str(key) for key in public.order_by("pk").values_list("pk", flat=True)]
    chosen = of_week(shuffled(keys), today, LESSONS)
    found = Lesson.objects.select_related("solution__project", "project").in_bulk(map(int, chosen))
    return [found[int(key)] for key in chosen]


def news(shown: Catalogue) -> list[News]:
    """What came or changed last; before anything did, what is known of the latest state."""
    groups = public_communities(shown.version)
    found = [
        *_changed(Project.objects.public(), "Modellprojekt"),
        *_changed(Solution.objects.public().select_related("project"), "Lösung"),
        *(
            News(entry.kind_label, entry.name, entry.url, True, entry.published_at)
            for section in (groups.results, groups.experiences)
            for entry in section.entries
        ),
    ]
    latest = sorted(found, key=lambda one: (one.at, one.url), reverse=True)[:NEWS]
    return latest or _latest_known(shown)


def _changed(rows: QuerySet, what: str) -> list[News]:
    first = rows.aggregate(at=Min("created_at"))["at"]
    if first is None:
        return []
    later = Q(created_at__gt=first + SETTLING) | Q(updated_at__gt=F("created_at") + SETTLING)
    return [
        News(
            what,
            row.name,
            row.get_absolute_url(),
            row.updated_at - row.created_at < SETTLING,
            row.updated_at,
        )
        for row in rows.filter(later).order_by("-updated_at", "pk")[:NEWS]
    ]


def _latest_known(shown: Catalogue) -> list[News]:
    dated = [entry for entry in shown.solutions.entries if entry.maturity_as_of and entry.has_text]
    dated.sort(key=lambda entry: (entry.maturity_as_of, entry.slug), reverse=True)
    return [
        News("Lösung", entry.name, entry.url, False, None, entry.maturity_as_of)
        for entry in dated[:NEWS]
    ]

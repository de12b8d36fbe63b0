from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.db.models import Max, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from communities.models import Community, Experience, Result
from events.models import Event
from projects.models import Municipality, Product, Project, Reuse, Solution, Theme

PAGES = (
    "start",
    "about",
    "handbook",
    "projects:list",
    "projects:solutions",
    "projects:reuses",
    "projects:themes",
    "communities:list",
    "communities:results",
    "communities:experiences",
    "events:list",
    "consulting:offer",
    "opendata:about",
    "easy_language",
    "sign_language",
    "accessibility",
    "contact",
    "privacy",
    "imprint",
)


class PagesSitemap(Sitemap):
    def items(self) -> list[str]:
        return [name for name in PAGES if _is_mounted(name)]

    def location(self, name: str) -> str:
        return reverse(name)


def _is_mounted(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


class FactsSitemap(Sitemap):
    """Pages that gather facts of other things: as new as the newest of these, and none without any."""

    def __init__(self, rows: Callable[[], QuerySet], *facts: tuple[str, Q]) -> None:
        """`facts`: the way to a moment, and which of them count."""
        self._rows, self._facts = rows, facts

    def items(self) -> list[Any]:
        newest = self._newest()
        rows = self._rows().in_bulk(newest)
        for pk, row in rows.items():
            row.newest = newest[pk]
        return [rows[pk] for pk in sorted(rows)]

    def _newest(self) -> dict[int, datetime]:
        """Each kind of facts is asked for on its own: two joins at once would multiply each other."""
        found: dict[int, datetime] = {}
        for path, counts in self._facts:
            of_kind = self._rows().annotate(newest=Max(path, filter=counts)).exclude(newest=None)
            for pk, moment in of_kind.order_by().values_list("pk", "newest"):
                found[pk] = max(moment, found.get(pk, moment))
        return found

    def lastmod(self, row: Any) -> datetime:
        return row.newest


def _public_solution(path: str) -> Q:
    return Q(**{f"{path}__project__is_public": True})


SITEMAPS = {
    "seiten": PagesSitemap,
    "themen": FactsSitemap(
        Theme.objects.all,
        ("projects__updated_at", Q(projects__is_public=True)),
        ("solutions__updated_at", _public_solution("solutions")),
    ),
    "produkte": FactsSitemap(
        Product.objects.with_own_page,
        ("used_in__solution__updated_at", _public_solution("used_in__solution")),
    ),
    "kommunen": FactsSitemap(
        Municipality.objects.all,
        ("projects__updated_at", Q(projects__is_public=True)),
        ("reuses__solution__updated_at", Q(reuses__in=Reuse.objects.public())),
    ),
    **{
        name: GenericSitemap({"queryset": rows.order_by("pk"), "date_field": "updated_at"})
        for name, rows in {
            "projekte": Project.objects.public().only("slug", "updated_at"),
            "loesungen": Solution.objects.public().only("slug", "updated_at"),
            "veranstaltungen": Event.objects.public().only("slug", "updated_at"),
            "gemeinschaften": Community.objects.select_related("parent"),
            "ergebnisse": Result.objects.public().only("slug", "updated_at"),
            "erfahrungen": Experience.objects.public().only("pk", "updated_at"),
        }.items()
    },
}

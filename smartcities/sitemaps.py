from collections.abc import Iterable
from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from communities.models import Community, Experience, Result
from events.models import Event
from projects.models import Project, Solution

PAGES = (
    "start",
    "projects:list",
    "projects:solutions",
    "communities:list",
    "communities:results",
    "communities:experiences",
    "events:list",
    "consulting:offer",
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


class ProjectsSitemap(Sitemap):
    def items(self) -> Iterable[Model]:
        return Project.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, project: Project) -> datetime:
        return project.updated_at


class SolutionsSitemap(Sitemap):
    def items(self) -> Iterable[Model]:
        return Solution.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, solution: Solution) -> datetime:
        return solution.updated_at


class CommunitiesSitemap(Sitemap):
    def items(self) -> Iterable[Model]:
        return Community.objects.select_related("parent").order_by("pk")

    def lastmod(self, community: Community) -> datetime:
        return community.updated_at


class ResultsSitemap(Sitemap):
    def items(self) -> Iterable[Model]:
        return Result.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, result: Result) -> datetime:
        return result.updated_at


class ExperiencesSitemap(Sitemap):
    def items(self) -> Iterable[Model]:
        return Experience.objects.public().only("pk", "updated_at").order_by("pk")

    def lastmod(self, experience: Experience) -> datetime:
        return experience.updated_at


class EventsSitemap(Sitemap):
    def items(self) -> Iterable[Model]:
        return Event.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, event: Event) -> datetime:
        return event.updated_at


def _is_mounted(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


SITEMAPS = {
    "seiten": PagesSitemap,
    "projekte": ProjectsSitemap,
    "loesungen": SolutionsSitemap,
    "veranstaltungen": EventsSitemap,
    "gemeinschaften": CommunitiesSitemap,
    "ergebnisse": ResultsSitemap,
    "erfahrungen": ExperiencesSitemap,
}

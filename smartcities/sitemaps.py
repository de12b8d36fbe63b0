from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.urls import NoReverseMatch, reverse

from communities.models import Community, Experience, Result
from events.models import Event
from projects.models import Product, Project, Solution, Theme

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


SITEMAPS = {
    "seiten": PagesSitemap,
    "themen": GenericSitemap({"queryset": Theme.objects.order_by("pk")}),
    "produkte": GenericSitemap({"queryset": Product.objects.with_own_page().order_by("pk")}),
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

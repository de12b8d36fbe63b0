"""Any filtered list as an Atom feed, in the order of its page, in pages of 100 (RFC 5005)."""

from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from finding.conditional import version_of
from opendata.facts import absolute
from opendata.lists import PAGE, PAGE_SIZE, BadQuestion, OpenList

PER_FEED = 100
NOTHING_YET = datetime(2019, 1, 1, tzinfo=UTC)


class _Feed(Atom1Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for rel, url in self.feed["links"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": url})

    def latest_post_date(self) -> datetime:
        """Of what stands in it: the same feed is always the same bytes."""
        return max((item["updateddate"] for item in self.items), default=NOTHING_YET)


def atom(request: HttpRequest, of: OpenList) -> HttpResponse:
    if PAGE_SIZE in request.GET:
        raise BadQuestion({PAGE_SIZE: f"Ein Feed hat immer {PER_FEED} Einträge je Seite."})
    listing = of.listing(request.GET, version_of(request), timezone.now())
    pages = Paginator(listing.numbers, PER_FEED)
    number = int(request.GET.get(PAGE, 1))
    if number > pages.num_pages:
        raise BadQuestion({PAGE: f"Es gibt nur {pages.num_pages} Seiten."})
    entries = [listing.section.entries[n] for n in pages.page(number).object_list]
    address, terms = absolute(request.get_full_path()), of.terms()
    feed = _Feed(
        title=f"{of.title} – Modellprojekte Smart Cities",
        # The list begins where it begins: its pages are shorter than these.
        link=absolute(listing.url(listing.at_page(1))) if of.words else address,
        feed_url=address,
        description=None,
        subtitle=of.description,
        language="de",
        feed_copyright=f"{terms.licence.name}, {terms.licence.url}. Quelle: {terms.attribution}.",
        links=_neighbours(request, number, pages.num_pages) | {"license": terms.licence.url},
    )
    for thing in of.told([entry.pk for entry in entries]):
        feed.add_item(
            title=thing["name"],
            link=thing["url"],
            unique_id=thing["api"],
            description=_summary(thing),
            updateddate=datetime.fromisoformat(thing["updated_at"]),
            categories=thing.get("themes", ()),
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _summary(thing: dict[str, Any]) -> str:
    names = ("summary", "description", "teaser", "purpose", "when")
    return next((thing[name] for name in names if thing.get(name)), "")


def _neighbours(request: HttpRequest, number: int, last: int) -> dict[str, str]:
    found = {}
    for rel, other in (("previous", number - 1), ("next", number + 1)):
        if 1 <= other <= last:
            parameters = request.GET.copy()
            parameters[PAGE] = str(other)
            found[rel] = absolute(f"{request.path}?{parameters.urlencode()}")
    return found

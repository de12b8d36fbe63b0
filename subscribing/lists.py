"""The lists that can be subscribed, asked with the very code of their pages, the interface and the feeds."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from communities.entries import public_communities
from communities.models import Experience
from communities.views.listing import EXPERIENCES, RESULTS
from events.listing import EVENTS, EventSelection
from finding import searched
from finding.listing import Found, Listing, Words
from finding.selection import read_selection
from finding.versions import Versions
from opendata.lists import LISTS as OPEN_LISTS
from projects.catalogue import catalogue
from projects.lists import PROJECTS, SOLUTIONS
from projects.reuses import REUSES, containing, public_reuses
from subscribing.models import ListName

Find = Callable[[QueryDict, Versions, datetime], Listing]
Facts = Callable[[Collection[int]], Mapping[int, Mapping[str, Any]]]


@dataclass(frozen=True)
class Subscribable:
    name: ListName
    words: Words
    # As the page finds it. What means nothing (any more) is left out, never refused.
    find: Find
    # Everything public of these entries, by their keys.
    facts: Facts
    # What a fact is called, by its name.
    labels: Callable[[], Mapping[str, str]]
    title: Callable[[Any], str] = lambda entry: entry.name
    has_feed: bool = True

    def asked(self, query: str, version: Versions, now: datetime) -> "Asked":
        return Asked(self, query, self.find(QueryDict(query), version, now))

    def described(self, query: str, version: Versions, now: datetime) -> Listing:
        """Only to say in words what was chosen: nothing is searched."""
        whole = self.find(QueryDict(), version, now)
        selection = read_selection(QueryDict(query), whole.section.index.facets, ())
        return Listing(whole.section, self.words, selection, None)


@dataclass(frozen=True)
class Asked:
    """A list with a choice made in it, as it is now."""

    of: Subscribable
    asked_query: str
    listing: Listing

    @property
    def query(self) -> str:
        """What of the choice decides what is found: without order, page and where one is from."""
        selection = self.listing.selection.without_here()
        selection = selection.sorted_by(selection.default_sorting)
        if isinstance(selection, EventSelection):
            selection = selection.seen_as("")
        return selection.query().removeprefix("?")

    @property
    def is_lost(self) -> bool:
        """Whether a filter that was stored means nothing any more: without it too much would be found."""
        wanted = set(QueryDict(self.asked_query)) - {"q"}
        return bool(wanted - self.listing.selection.chosen.keys())

    @property
    def path(self) -> str:
        return f"{self.listing.path}{'?' if self.query else ''}{self.query}"

    @property
    def title(self) -> str:
        """„Lösungen: Bayern, App“"""
        return self.listing.title

    @property
    def filters(self) -> list[str]:
        return [chosen.label for chosen in self.listing.active_filters]

    @property
    def entries(self) -> list[Any]:
        if self.is_lost:
            return []
        entries = self.listing.section.entries
        return [entries[number] for number in self.listing.numbers]

    @property
    def subscribe_path(self) -> str:
        path = reverse("subscribing:subscribe", args=[self.of.name])
        return f"{path}{'?' if self.query else ''}{self.query}"

    @property
    def feed_path(self) -> str:
        if not self.of.has_feed:
            return ""
        path = reverse("opendata:export", args=[self.of.name, "atom"])
        return f"{path}{'?' if self.query else ''}{self.query}"


def of_page(url_name: str) -> Subscribable | None:
    return next((one for one in LISTS.values() if one.words.url_name == url_name), None)


def shown(listing: Listing) -> Asked | None:
    """What a page shows, as something to subscribe; None for a list that nobody can."""
    of = of_page(listing.words.url_name)
    return None if of is None else Asked(of, "", listing)


def _open_list(name: ListName, words: Words, **values: Any) -> Subscribable:
    of = OPEN_LISTS[name]
    return Subscribable(
        name, words, of.selected, of.told_by_key, cache(lambda: _labels_of(of.facts())), **values
    )


def _labels_of(serializer: Any) -> dict[str, str]:
    return {name: str(field.label) for name, field in serializer.fields.items()}


def _experiences(parameters: QueryDict, version: Versions, _now: datetime) -> Listing:
    section = public_communities(version).experiences
    selection = read_selection(parameters, section.index.facets, tuple(EXPERIENCES.sortings))
    found = searched.find(selection, section, EXPERIENCES, kind="experience")
    return Listing(section, EXPERIENCES, selection, found)


# The form asks for them in questions.
_EXPERIENCE = {
    "kind": "Art",
    "title": "Titel",
    "what": "Beschreibung",
    "context": "Umstände",
    "again": "Rat",
    "operator_model": "Betreibermodell",
    "partners": "Partner",
}


def _facts_of_experiences(keys: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = Experience.objects.public().filter(pk__in=keys).values("pk", *_EXPERIENCE)
    return {row.pop("pk"): row for row in rows}


def _reuses(parameters: QueryDict, version: Versions, _now: datetime) -> Listing:
    section = public_reuses(catalogue(version)).section
    selection = read_selection(parameters, section.index.facets, tuple(REUSES.sortings))
    found = Found(containing(section, selection.q), "") if selection.q else None
    return Listing(section, REUSES, selection, found)


_REUSES = OPEN_LISTS[ListName.REUSES]

LISTS: dict[str, Subscribable] = {
    one.name: one
    for one in (
        _open_list(ListName.PROJECTS, PROJECTS),
        _open_list(
            ListName.SOLUTIONS,
            SOLUTIONS,
            title=lambda entry: f"{entry.name} (Modellprojekt {entry.project.name})",
        ),
        _open_list(ListName.EVENTS, EVENTS, title=lambda entry: f"{entry.name}, {entry.when}"),
        _open_list(ListName.RESULTS, RESULTS),
        Subscribable(
            ListName.EXPERIENCES,
            EXPERIENCES,
            _experiences,
            _facts_of_experiences,
            lambda: _EXPERIENCE,
            has_feed=False,
        ),
        Subscribable(
            ListName.REUSES,
            REUSES,
            _reuses,
            _REUSES.told_by_key,
            lambda: _labels_of(_REUSES.facts()),
            title=lambda entry: f"{entry.name}: {entry.what}",
            has_feed=False,
        ),
    )
}

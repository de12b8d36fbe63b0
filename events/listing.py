"""What `/veranstaltungen/` shows for what a visitor has chosen."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from events.entries import EventEntry, PublicEvents
from events.models import Offer, Seats
from finding.facets import in_order, without
from finding.listing import Listing, Words
from finding.selection import Selection, read_selection

EVENTS = Words("Veranstaltung", "Veranstaltungen", "events:list", {})
MONTHS = "monate"
UPCOMING = "Kommende Veranstaltungen"


@dataclass(frozen=True)
class EventSelection(Selection):
    """A selection that also says how the list is divided: by years, or by months."""

    view: str = ""

    def query(self) -> str:
        query = super().query()
        if self.view:
            query += f"{'&' if query else '?'}ansicht={self.view}"
        return query

    def seen_as(self, view: str) -> "EventSelection":
        return replace(self, view=view, page=1)


class Card(NamedTuple):
    entry: EventEntry
    takes_registrations: bool  # now
    offer: Offer | None = None  # of its seats, where it has some here


class YearLink(NamedTuple):
    label: str
    url: str
    is_chosen: bool


class Group(NamedTuple):
    heading: str
    cards: list[Card]


def read(parameters: QueryDict, events: PublicEvents) -> EventSelection:
    selection = read_selection(parameters, events.section.index.facets, ())
    view = MONTHS if parameters.get("ansicht") == MONTHS else ""
    return EventSelection(**vars(selection), view=view)


@dataclass(frozen=True)
class EventListing(Listing):
    events: PublicEvents
    now: datetime

    @cached_property
    def numbers(self) -> list[int]:
        """Upcoming ones first, the next at the top; then what is over, the latest at the top."""
        return in_order(self._hits, self.events.order(self.now))

    @cached_property
    def upcoming(self) -> int:
        """How many of the hits are not over."""
        return (self._hits & self.events.upcoming_bits(self.now)).bit_count()

    @property
    def misses_upcoming(self) -> bool:
        """Whether to say that nothing is to come; who asks for certain years knows what to expect."""
        asks_for_years = "jahr" in self.selection.chosen
        return bool(self.count) and not (
            self.upcoming or asks_for_years or self.page.has_previous()
        )

    @property
    def groups(self) -> list[Group]:
        """The page's entries under headings: by months, or what is to come and then by years."""
        return [
            Group(heading, [self._card(entry) for entry in entries])
            for heading, entries in groupby(self.entries, key=self._heading)
        ]

    def _card(self, entry: EventEntry) -> Card:
        is_open = entry.registration_open(self.now)
        return Card(entry, is_open, self._offers.get(entry.pk) if is_open else None)

    @cached_property
    def _open(self) -> list[int]:
        return [entry.pk for entry in self.entries if entry.registration_open(self.now)]

    @property
    def shows_seats(self) -> bool:
        """Whether the page says of some event what is left, which changes without the events' version."""
        return bool(self._open)

    @cached_property
    def _offers(self) -> dict[int, Offer]:
        return Seats.objects.filter(event__in=self._open).offers() if self._open else {}

    def _heading(self, entry: EventEntry) -> str:
        if self.selection.view == MONTHS:
            return entry.month
        return str(entry.year) if entry.is_past(self.now) else UPCOMING

    @cached_property
    def years(self) -> list[YearLink]:
        """Each year of what is found, with the address of the list of that year alone."""
        index, chosen = self.section.index, self.selection.chosen
        counts = index.counts_of(chosen, self._find).get("jahr", {})
        return [
            YearLink(
                f"{year} ({count})",
                self.url(self.selection.with_values("jahr", [year])),
                year in chosen.get("jahr", ()),
            )
            for year, count in counts.items()
            if count
        ]

    @property
    def by_years_url(self) -> str:
        return self.url(self.selection.seen_as(""))

    @property
    def by_months_url(self) -> str:
        return self.url(self.selection.seen_as(MONTHS))

    @property
    def feed_url(self) -> str:
        """The calendar of just this selection; a year is no wish for the future."""
        chosen = without(self.selection.chosen, "jahr")
        wanted = replace(self.selection, chosen=chosen, view="", page=1)
        return f"{reverse('events:calendar')}{wanted.query()}"

    @property
    def subscribe_url(self) -> str:
        """The page that says how to follow it."""
        return self.feed_url.replace(reverse("events:calendar"), reverse("events:subscribe"), 1)

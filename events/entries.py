"""The public events as lists, maps and the start page need them: held in memory, never out of date.

Each process reads them once per version of what is public. What is not public is never
read, so it cannot be shown by mistake. What an event still has to do with the clock (is it over, can
one register?) is asked with `now`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock

from django.db.models import Prefetch
from django.urls import reverse

from communities.models import Community
from events.models import Audience, Event, EventKind, Format
from finding import map as germany
from finding.facets import Facet, bits_of
from finding.same_for_all import clock
from finding.sections import Kept, Section
from finding.versions import EVENTS, Versions, current
from ground.land import Land
from projects.entries import UNKNOWN, ThemeEntry
from projects.models import Project, Theme

# Calendar files kept per process: most people subscribe to the same few.
KEPT_FEEDS = 60
# Who looks for one of both finds what is offered in both ways.
_FORMATS = {
    Format.ON_SITE: [Format.ON_SITE],
    Format.ONLINE: [Format.ONLINE],
    Format.HYBRID: [Format.ON_SITE, Format.ONLINE],
    Format.UNKNOWN: [UNKNOWN],
}


@dataclass(frozen=True, slots=True, eq=False)
class EventEntry:
    """One visit: an event together with those that are part of it."""

    pk: int
    slug: str
    name: str
    kind_and_number: str
    teaser: str
    is_cancelled: bool
    when: str
    when_for_machines: str
    month: str
    year: int
    starts_at: datetime
    ends_at: datetime
    # When people can register here; None where they cannot.
    registration: tuple[datetime | None, datetime] | None
    city: str
    land: str
    format_label: str
    hosts: frozenset[int]  # primary keys of projects, those of its parts too
    parts: tuple["EventEntry", ...]
    themes: tuple[ThemeEntry, ...]
    is_to_check: bool
    facets: Mapping[str, Sequence[str]]
    point: germany.Point | None  # moved a little where it would hide another

    @property
    def url(self) -> str:
        return reverse("events:detail", args=[self.slug])

    @property
    def place(self) -> "EventEntry":
        return self

    @property
    def land_label(self) -> str:
        return Land(self.land).label if self.land else ""

    def is_past(self, now: datetime) -> bool:
        return self.ends_at <= now

    def registration_open(self, now: datetime) -> bool:
        if self.registration is None or self.is_cancelled:
            return False
        opens_at, closes_at = self.registration
        return (opens_at is None or opens_at <= now) and now < closes_at


@dataclass(frozen=True)
class PublicEvents:
    version: Versions
    section: Section  # the latest first
    facets: tuple[Facet, ...]  # also those that no event carries
    still: frozenset[str]  # addresses of events whose pages show no seats
    feeds: Kept = field(default_factory=lambda: Kept(KEPT_FEEDS))

    @cached_property
    def _boundaries(self) -> list[datetime]:
        """The moments at which pages change by themselves."""
        moments = []
        for visit in self.section.entries:
            for entry in (visit, *visit.parts):
                moments += [entry.starts_at, entry.ends_at, *(entry.registration or ())]
        return sorted(moment for moment in moments if moment is not None)

    @cached_property
    def by_host(self) -> dict[int, list[EventEntry]]:
        """The events of each project, the latest first."""
        hosted: dict[int, list[EventEntry]] = {}
        for entry in self.section.entries:
            for project in entry.hosts:
                hosted.setdefault(project, []).append(entry)
        return hosted

    def epoch(self, now: datetime) -> int:
        """The same number as long as time alone changes nothing that people see."""
        return bisect_right(self._boundaries, now)

    def next_change(self, now: datetime) -> datetime | None:
        """The next moment at which time alone changes what people see."""
        number = self.epoch(now)
        return self._boundaries[number] if number < len(self._boundaries) else None

    def upcoming_bits(self, now: datetime) -> int:
        numbers = (n for n, entry in enumerate(self.section.entries) if not entry.is_past(now))
        return bits_of(numbers, self.section.index.size)

    def order(self, now: datetime) -> list[int]:
        """What is to come, the next one first, and then what is over, the latest first."""
        entries = self.section.entries
        numbers = range(len(entries))
        upcoming = [number for number in numbers if not entries[number].is_past(now)]
        return upcoming[::-1] + [number for number in numbers if entries[number].is_past(now)]

    def next(self, now: datetime, limit: int) -> list[EventEntry]:
        """The next ones that take place."""
        entries = (self.section.entries[number] for number in self.order(now))
        coming = [entry for entry in entries if not entry.is_past(now) and not entry.is_cancelled]
        return coming[:limit]

    def latest(self, now: datetime, limit: int) -> list[EventEntry]:
        """Those that took place last."""
        over = (entry for entry in self.section.entries if entry.is_past(now))
        return [entry for entry in over if not entry.is_cancelled][:limit]


_lock = Lock()
_latest: PublicEvents | None = None


def public_events(version: Versions | None = None) -> PublicEvents:
    """The public events as they are now. One query when this process has them already."""
    global _latest
    version = current() if version is None else version
    latest = _latest
    if latest is None or latest.version != version:
        with _lock:
            latest = _latest
            if latest is None or latest.version != version:
                # The version was read first: rows that changed since are newer than it says, and
                # the next request, seeing another version, reads again.
                latest = _latest = build(version)
    return latest


def next_change(version: Versions, now: datetime) -> datetime | None:
    """When time alone changes what is shown of events (`clock`)."""
    return public_events(version).next_change(now)


def build(version: Versions) -> PublicEvents:
    """Five queries: events, their hosts and themes, all themes, all communities."""
    events = list(
        Event.objects.public()
        .select_related("community__parent")
        .prefetch_related(
            Prefetch("host_projects", Project.objects.public().order_by("sort_name", "pk")),
            "themes",
        )
        .order_by("-starts_at", "-pk")
    )
    entries = _visits(events)
    facets = _facets(events)
    still = frozenset(event.slug for event in events if not event.takes_registrations)
    section = Section(entries, facets, {})
    # Who finds a part has found the visit.
    section.number_of.update(
        (part.pk, number) for number, entry in enumerate(entries) for part in entry.parts
    )
    return PublicEvents(version, section, facets, still)


def _visits(events: Sequence[Event]) -> list[EventEntry]:
    by_pk = {event.pk: event for event in events}
    parts: dict[int, list[Event]] = {}
    visits = []
    for event in events:
        whole = _whole(event, by_pk)
        if whole is event:
            visits.append(event)
        else:
            parts.setdefault(whole.pk, []).append(event)
    points = germany.spread([_place(event) for event in visits])
    return [
        _entry(event, point, [_entry(part, None, []) for part in parts.get(event.pk, ())])
        for event, point in zip(visits, points, strict=True)
    ]


def _whole(event: Event, by_pk: Mapping[int, Event]) -> Event:
    """The event that it is part of, at last; what is part of something hidden stands for itself."""
    chain = [event]
    while chain[-1].part_of_id in by_pk:
        above = by_pk[chain[-1].part_of_id]
        if above in chain:
            # Two that call each other a part: one of them has to be shown.
            return min(chain, key=lambda one: one.pk)
        chain.append(above)
    return chain[-1]


def _place(event: Event) -> germany.Point | None:
    """Where it takes place, or else where its first host is at home; nowhere if only online."""
    if event.format == Format.ONLINE:
        return None
    for place in (event, *event.host_projects.all()):
        if place.latitude is not None:
            return germany.position(place.latitude, place.longitude)
    return None


def _entry(event: Event, point: germany.Point | None, parts: Sequence[EventEntry]) -> EventEntry:
    themes = sorted(ThemeEntry(theme.slug, theme.name) for theme in event.themes.all())
    return EventEntry(
        pk=event.pk,
        slug=event.slug,
        name=event.title,
        kind_and_number=event.kind_and_number,
        teaser=event.teaser,
        is_cancelled=event.is_cancelled,
        when=event.when,
        when_for_machines=event.when_for_machines,
        month=event.month,
        year=event.first_day.year,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        registration=_registration(event),
        city=event.city,
        land=event.land,
        format_label=str(Format(event.format).label) if event.format else "",
        hosts=frozenset(project.pk for project in event.host_projects.all()).union(
            *(part.hosts for part in parts)
        ),
        parts=tuple(parts),
        themes=tuple(themes),
        is_to_check=bool(event.check_note),
        facets=_values(event, themes, parts),
        point=point,
    )


def _registration(event: Event) -> tuple[datetime | None, datetime] | None:
    if not event.takes_registrations:
        return None
    closes_at = event.registration_closes_at or event.starts_at
    return event.registration_opens_at, min(closes_at, event.starts_at)


def _values(
    event: Event, themes: Iterable[ThemeEntry], parts: Iterable[EventEntry]
) -> dict[str, list[str]]:
    """What it is found by. A visit is found by what any of its parts is found by."""
    values = {
        "art": [event.kind],
        "land": [event.land] if event.land else [],
        "thema": [theme.slug for theme in themes],
        "aeg": [_aeg(event.community).slug] if event.community else [],
        "form": list(map(str, _FORMATS[Format(event.format)])),
        "fuer": [event.audience],
        "jahr": list(map(str, event.years)),
    }
    return {
        name: list(dict.fromkeys([*own, *(value for part in parts for value in part.facets[name])]))
        for name, own in values.items()
    }


def _aeg(community: Community) -> Community:
    """The community itself, or the one that a topic group belongs to."""
    return community.parent if community.parent_id else community


def _facets(events: Iterable[Event]) -> tuple[Facet, ...]:
    years = sorted({year for event in events for year in event.years}, reverse=True)
    communities = Community.objects.top().order_by("sort_name", "pk")
    return (
        Facet("art", "Art", {str(kind.value): str(kind.label) for kind in EventKind}),
        Facet("land", "Land", {str(land.value): str(land.label) for land in Land}),
        Facet("thema", "Thema", dict(Theme.objects.order_by("slug").values_list("slug", "name"))),
        Facet("aeg", "Gemeinschaft", dict(communities.values_list("slug", "name"))),
        Facet(
            "form",
            "Form",
            {"vor-ort": "vor Ort", "online": "online", UNKNOWN: "nicht bekannt"},
        ),
        Facet("fuer", "Für wen", {str(who.value): str(who.label) for who in Audience}),
        Facet("jahr", "Jahr", {str(year): str(year) for year in years}),
    )


clock(EVENTS, next_change)

from datetime import datetime
from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from events import calendar, schema_org
from events.documents import open_to
from events.entries import public_events
from events.listing import EVENTS, EventListing, read
from events.models import (
    Document,
    DocumentPhase,
    Event,
    EventState,
    MinutesState,
    Seats,
    better,
)
from finding import conditional, searched
from finding.conditional import version_of
from finding.public_pages import is_fragment, without_empty_fields
from finding.same_for_all import same_for_all, shows
from finding.versions import SEATS
from ground.calendar import CONTENT_TYPE
from ground.downloads import download
from projects.beginning import beginning
from projects.catalogue import catalogue
from projects.models import Project


def _list_etag(request: HttpRequest, **_arguments: str) -> str | None:
    """Time alone changes the list, too: an event that is over moves into the archive."""
    etag = conditional.etag(request)
    return etag and f'{etag[:-1]}-{public_events(version_of(request)).epoch(timezone.now())}"'


def _events_etag(request: HttpRequest) -> str | None:
    """What is left of the seats stands beside the events that are open, and changes without a version."""
    etag, now = _list_etag(request), timezone.now()
    events = public_events(version_of(request))
    pks = [entry.pk for entry in events.section.entries if entry.registration_open(now)]
    if not etag or not pks:
        return etag
    offers = sorted(Seats.objects.filter(event__in=pks).offers().items())
    return f'{etag[:-1]}-{crc32(repr(offers).encode()):x}"' if offers else etag


@same_for_all()
@require_safe
@vary_on_headers("HX-Request")
@cache_control(no_cache=True)
@condition(etag_func=_events_etag)
def event_list(request: HttpRequest) -> HttpResponse:
    events, now = public_events(version_of(request)), timezone.now()
    selection = read(request.GET, events)
    if short := without_empty_fields(request, selection):
        return short
    _hits, found = searched.find_for_page(request, selection, events.section, EVENTS, kind="event")
    listing = EventListing(events.section, EVENTS, selection, found, events, now)
    if listing.shows_seats:
        shows(request, SEATS)
    response = render(
        request,
        f"events/{'list_fragment' if is_fragment(request) else 'list_page'}.html",
        {
            "listing": listing,
            "words": EVENTS,
            "selection": selection,
            "canonical": listing.url(selection),
            "page_obj": listing.page,
            "now": now,
            "point_opens": _("die Veranstaltung"),
            "breadcrumb": [(EVENTS.many, None)],
            **(
                beginning(catalogue(version_of(request)), selection.q)
                if listing.is_beginning
                else {}
            ),
        },
    )
    if is_fragment(request):
        response["HX-Push-Url"] = listing.url(selection)
    return response


@same_for_all()
@require_safe
@cache_control(no_cache=True)
@conditional.none_beside
@condition(etag_func=_list_etag)
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Twelve queries at most, however much belongs to the event."""
    event, now = _event(slug), timezone.now()
    if slug not in public_events(version_of(request)).still:
        shows(request, SEATS)
    return render(
        request,
        "events/detail.html",
        {
            "event": event,
            "is_past": event.is_past(now),
            "parts": calendar.public_parts(event),
            "whole": event.part_of if event.part_of and event.part_of.is_public else None,
            "dates": _dates_of_series(event),
            "seats": (seats := _seats(event, now)),
            "offer": better(*(row.offer for row in seats)) if seats else None,
            "registration": _registration(event, now),
            "documents": _documents(request, event, now),
            "has_minutes": _has_public_minutes(event),
            "place": calendar.place_on_site(event),
            "page_path": event.get_absolute_url(),
            "in_calendars": event.precision in calendar.IN_CALENDARS,
            "json_ld": schema_org.script(schema_org.event(event)),
            "breadcrumb": [(EVENTS.many, reverse("events:list")), (event.title, None)],
        },
    )


@same_for_all()
@require_safe
@cache_control(no_cache=True)
def single_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The event for one's own calendar; 404 where its day is not known."""
    ics = calendar.single(_event(slug))
    if ics is None:
        return HttpResponse(
            _("Der Tag dieser Veranstaltung ist nicht bekannt.\n"),
            content_type="text/plain; charset=utf-8",
            status=404,
        )
    return download(ics, name=f"{slug}.ics", content_type=CONTENT_TYPE)


def _event(slug: str) -> Event:
    return get_object_or_404(
        Event.objects.public()
        .select_related("community__parent", "part_of", "minutes")
        .prefetch_related(
            Prefetch("host_projects", Project.objects.public().order_by("sort_name", "pk")),
            Prefetch("parts", Event.objects.public().order_by("starts_at", "pk")),
            "themes",
            "agenda",
            "sources",
        ),
        slug=slug,
    )


def _dates_of_series(event: Event) -> list[Event]:
    """The other public dates of the same series, in order."""
    first = event.series_id or event.pk
    dates = Event.objects.public().filter(series=first) | Event.objects.public().filter(pk=first)
    return list(dates.exclude(pk=event.pk).order_by("starts_at", "pk"))


def _registration(event: Event, now: datetime) -> str:
    """What can be said about registering: "open", "later", "closed", "elsewhere" or ""."""
    if event.state != EventState.PUBLISHED or event.is_past(now):
        return ""
    if event.registration_url:
        return "elsewhere"
    if not event.takes_registrations:
        return ""
    if event.registration_open(now):
        return "open"
    opens_at = event.registration_opens_at
    return "later" if opens_at and now < opens_at else "closed"


def _seats(event: Event, now: datetime) -> list[Any]:
    """The seats as they are this very moment."""
    return list(event.seats.as_shown()) if _registration(event, now) in ("open", "later") else []


def _documents(request: HttpRequest, event: Event, now: datetime) -> dict[str, list[Document]]:
    """What this visitor may open, by whether it belongs before or after the event."""
    # Who has no session is no one in particular; not to ask keeps their page the same for all.
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    documents = open_to(request.user if has_session else AnonymousUser(), event, now=now)
    return {
        "before": [one for one in documents if one.phase == DocumentPhase.BEFORE],
        "after": [one for one in documents if one.phase == DocumentPhase.AFTER],
    }


def _has_public_minutes(event: Event) -> bool:
    minutes = getattr(event, "minutes", None)
    return minutes is not None and minutes.state == MinutesState.PUBLIC

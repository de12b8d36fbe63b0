"""Calendars to subscribe to: everybody's, by the same filters as the list, and one's own."""

from datetime import date, datetime, time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_POST, require_safe

from accounts.models import User
from communities.models import Membership
from events import calendar
from events.calendar import Remark
from events.entries import PublicEvents, public_events
from events.listing import EVENTS
from events.models import LIVE, Event, PersonalFeed, Registration, RegistrationState
from finding import conditional, searched
from finding.conditional import version_of
from finding.listing import Listing
from finding.same_for_all import same_for_all, shows
from finding.selection import Selection, read_selection
from finding.versions import SEARCH
from ground import calendar as ics
from ground import secret_address
from ground.private import private
from projects.models import Project

# What was lately is still looked up; a whole archive would fill up people's calendars.
MONTHS_BACK = 6


@same_for_all()
@require_safe
@cache_control(no_cache=True)
@condition(etag_func=conditional.etag)
def public_feed(request: HttpRequest) -> HttpResponse:
    """All events from some months back on, or those of a selection: `?land=NW&art=roadshow&q=…`.

    404 for a value that no one knows: the calendar then says that something is wrong, instead of
    filling up with everything that was not asked for.
    """
    events = public_events(version_of(request))
    selection = read_selection(request.GET, events.facets, ())
    if selection.ignored:
        raise Http404(", ".join(selection.ignored))
    begins = _begins(selection, timezone.now())
    if selection.q:
        # The search may learn of a change a moment later than the version of the events tells.
        shows(request, SEARCH)
        body = _public(events, selection, begins)
    else:
        key = f"{selection.query()} {begins}"
        body = events.feeds.get(key, lambda: _public(events, selection, begins))
    return HttpResponse(body, content_type=ics.CONTENT_TYPE)


@same_for_all()
@require_safe
@cache_control(no_cache=True)
@condition(etag_func=conditional.etag)
def subscribe(request: HttpRequest) -> HttpResponse:
    """How to follow the calendar of a selection in one's own program."""
    events = public_events(version_of(request))
    selection = read_selection(request.GET, events.facets, ())
    if selection.ignored:
        raise Http404(", ".join(selection.ignored))
    url = f"{settings.SITE_URL}{reverse('events:calendar')}{selection.query()}"
    context = {
        "address": url,
        "webcal": ics.as_webcal(url),
        "chosen": _words(events, selection),
        "months": MONTHS_BACK,
        "breadcrumb": [(_("Veranstaltungen"), reverse("events:list")), (_("Kalender"), None)],
    }
    return render(request, "events/subscribe.html", context)


def _words(events: PublicEvents, selection: Selection) -> list[str]:
    return [f"„{selection.q}“"] * bool(selection.q) + [
        facet.choices[value]
        for facet in events.facets
        for value in selection.chosen.get(facet.name, ())
    ]


def _begins(selection: Selection, now: datetime) -> datetime | None:
    """From when on a calendar shows events: some whole months back. Who asks for a year gets all of it."""
    if "jahr" in selection.chosen:
        return None
    today = timezone.localdate(now)
    months = today.year * 12 + today.month - 1 - MONTHS_BACK
    first = date(months // 12, months % 12 + 1, 1)
    return timezone.make_aware(datetime.combine(first, time.min))


@require_safe
def personal_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a person registered for, and the events of their communities."""
    among = PersonalFeed.objects.filter(user__is_active=True).select_related("user")
    feed = PersonalFeed.of(token, among=among)
    if feed is None:
        raise Http404
    remarks = _remarks(feed.user)
    body = calendar.feed(
        _ready(Event.objects.filter(Q(pk__in=remarks) | Q(community__in=_communities(feed.user)))),
        name=_("Meine Veranstaltungen – Modellprojekte Smart Cities"),
        url=address(feed),
        remarks=remarks,
    )
    return HttpResponse(body, content_type=ics.CONTENT_TYPE, headers=secret_address.HEADERS)


@login_required
@private
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    feed = PersonalFeed.objects.filter(user=request.user).first()
    return render(
        request,
        "events/my_calendar.html",
        {
            "feed": feed,
            "address": feed and address(feed),
            "webcal": feed and ics.as_webcal(address(feed)),
            "breadcrumb": [(_("Mein Konto"), reverse("account")), (_("Mein Kalender"), None)],
        },
    )


@login_required
@require_POST
def make_my_calendar(request: HttpRequest) -> HttpResponse:
    """A new address; the old one, where there is one, stops working."""
    with transaction.atomic():
        PersonalFeed.objects.filter(user=request.user).delete()
        PersonalFeed.objects.create(user=request.user)
    messages.success(request, _("Die Adresse Ihres Kalenders ist angelegt."))
    return redirect("account_calendar")


@login_required
@require_POST
def revoke_my_calendar(request: HttpRequest) -> HttpResponse:
    PersonalFeed.objects.filter(user=request.user).delete()
    messages.success(request, _("Die Adresse gilt nicht mehr. Niemand kann sie noch abrufen."))
    return redirect("account_calendar")


def address(feed: PersonalFeed) -> str:
    return f"{settings.SITE_URL}{reverse('events:personal_calendar', args=[feed.token])}"


def _public(events: PublicEvents, selection: Selection, begins: datetime | None) -> bytes:
    section = events.section
    found = searched.find(selection, section, EVENTS, kind="event")
    hits = [
        section.entries[number] for number in Listing(section, EVENTS, selection, found).numbers
    ]
    pks = [entry.pk for entry in hits if begins is None or entry.ends_at >= begins]
    words = _words(events, selection)
    name = _("Veranstaltungen der Modellprojekte Smart Cities")
    return calendar.feed(
        _ready(Event.objects.filter(pk__in=pks)),
        name=f"{name}: {', '.join(words)}" if words else name,
        url=f"{settings.SITE_URL}{reverse('events:calendar')}{selection.query()}",
    )


def _ready(events: QuerySet[Event]) -> QuerySet[Event]:
    """Public ones in order, with all that a calendar reads."""
    return (
        events.public()
        .order_by("starts_at", "pk")
        .prefetch_related(
            Prefetch("host_projects", Project.objects.public().order_by("sort_name", "pk")),
            Prefetch("parts", Event.objects.public().order_by("starts_at", "pk")),
        )
    )


def _remarks(user: User) -> dict[int, Remark]:
    """The events that a person registered for, by primary key, with how that stands.

    Who registered for an event that was cancelled afterwards keeps it, to learn that it is.
    """
    stands: dict[int, Remark] = {}
    registrations = Registration.objects.filter(
        Q(state__in=LIVE) | Q(event__state="abgesagt"), user=user
    ).select_related("event")
    for registration in registrations:
        if registration.is_live or _ended_with_the_event(registration):
            stands[registration.event_id] = _remark(registration)
    return stands


def _ended_with_the_event(registration: Registration) -> bool:
    return registration.closed_at >= registration.event.cancelled_at


def _remark(registration: Registration) -> Remark:
    if registration.state == RegistrationState.WAITING:
        return Remark(title=_("Warteliste"), is_tentative=True)
    if registration.state == RegistrationState.OFFERED:
        return Remark(title=_("Platz angeboten"), is_tentative=True)
    if registration.confirmed_at is None:
        return Remark(title=_("Noch nicht bestätigt"), is_tentative=True)
    return Remark(title="", is_tentative=False)


def _communities(user: User) -> list[int]:
    """Where a person takes part; who is in a topic group is told of its community's events, too."""
    memberships = Membership.objects.of_user(user).active()
    rows = memberships.values_list("community", "community__parent")
    return [pk for row in rows for pk in row if pk is not None]

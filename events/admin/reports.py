"""Pages that only show: the year's regional conferences, and the figures of one event."""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t

from events import overview, statistics
from events.hosting import hosted_by, looks_after_all
from events.models import Event, EventKind
from office.pages import office_page


def conferences(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """„Sechs im Jahr“: what was held, what is planned, what is missing. For the whole network."""
    if not looks_after_all(request.user):
        raise PermissionDenied
    now = timezone.now()
    events = list(
        Event.objects.filter(kind=EventKind.REGIONAL_CONFERENCE).order_by("starts_at", "pk")
    )
    years = overview.conferences_by_year(events, now=now)
    by_year = {year.year: [] for year in years}
    for event in events:
        if event.first_day is not None:
            by_year[event.first_day.year].append(event)
    context = {
        "years": [(year, by_year[year.year]) for year in years],
        "undated": [event for event in events if event.first_day is None],
        "this_year": timezone.localdate(now).year,
        "rule": overview.CONFERENCES_A_YEAR,
    }
    title = _t("Regionalkonferenzen: sechs im Jahr")
    return office_page(model_admin, request, "admin/events/overview.html", title, context)


def figures(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """How many registered and came, by Land and kind of Kommune; no names."""
    event = hosted_by(request.user).filter(pk=pk).first()
    if event is None:
        raise Http404
    context = {
        "event": event,
        "figures": statistics.figures(event),
        "tables": [
            (_t("Nach Teilnahme"), _t("Teilnahme"), statistics.by_mode(event)),
            (_t("Nach Land"), _t("Land"), statistics.by_land(event)),
            (_t("Nach Art der Kommune"), _t("Art"), statistics.by_kind(event)),
        ],
    }
    template = "admin/events/statistics.html"
    return office_page(model_admin, request, template, _t("Statistik"), context)

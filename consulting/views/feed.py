"""The calendar of one advisor, behind a secret address."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consulting import calendar
from consulting.models import AdvisorFeed, Appointment
from ground import calendar as ics
from ground import secret_address

# What was lately is still looked up; all of it would fill up the calendar.
DAYS_BACK = 30


@require_safe
def advisor_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What an advisor has agreed on, or is held or proposed; 404 for one who advises no longer."""
    among = AdvisorFeed.objects.filter(advisor__is_active=True).exclude(
        advisor__user__is_active=False
    )
    feed = AdvisorFeed.of(token, among=among.select_related("advisor"))
    if feed is None:
        raise Http404
    now = timezone.now()
    rows = Appointment.objects.blocking().filter(
        advisor=feed.advisor, ends_at__gt=now - timedelta(days=DAYS_BACK)
    )
    body = calendar.feed(
        (row for row in rows.select_related("request__municipality") if not row.has_lapsed(now)),
        name=_("Meine Beratungen – Start Smart"),
        url=address(feed),
    )
    return HttpResponse(body, content_type=ics.CONTENT_TYPE, headers=secret_address.HEADERS)


def address(feed: AdvisorFeed) -> str:
    return f"{settings.SITE_URL}{reverse('consulting:advisor_calendar', args=[feed.token])}"

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

import accounts.retention
import asking.retention
import communities.retention
import consulting.retention
import events.retention
import projects.retention
import subscribing.retention
from communities.entries import public_communities
from events.entries import public_events
from finding.conditional import version_of
from finding.same_for_all import same_for_all
from projects import schema_org
from projects.catalogue import catalogue
from smartcities.accessibility import barriers
from smartcities.front.page import of_day

EVENTS_ON_THE_START_PAGE = 3


@same_for_all()
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """One query as long as catalogue and day stay as they are: whether the catalogue does."""
    version, now = version_of(request), timezone.now()
    shown, events, today = catalogue(version), public_events(version), timezone.localdate(now)
    context = shown.pages.get(("start", today), lambda: of_day(shown, today)) | {
        "aegs": public_communities(version).aegs,
        "coming_events": events.next(now, EVENTS_ON_THE_START_PAGE),
        "latest_events": events.latest(now, EVENTS_ON_THE_START_PAGE),
        "json_ld": schema_org.script(_website()),
    }
    return render(request, "pages/start.html", context)


def _website() -> dict[str, Any]:
    search = schema_org.absolute(f"{reverse('search')}?q={{search_term_string}}")
    return {
        "@type": "WebSite",
        "@id": schema_org.absolute("/"),
        "name": "Modellprojekte Smart Cities",
        "url": schema_org.absolute("/"),
        "inLanguage": "de",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


@same_for_all(parts=())
@require_safe
def page(request: HttpRequest, name: str, label: str) -> HttpResponse:
    """A page of text that changes with the code or the operator's settings only."""
    return render(request, f"pages/{name}.html", {"breadcrumb": [(label, None)]})


@same_for_all(parts=())
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Tells the very rules that the nightly task carries out, so that the two cannot differ."""
    context = {
        "breadcrumb": [(_("Datenschutz"), None)],
        "consultation_rules": consulting.retention.RULES,
        "community_rules": communities.retention.RULES,
        "event_rules": events.retention.RULES,
        "reuse_rules": projects.retention.RULES,
        "subscription_rules": subscribing.retention.RULES,
        "question_rules": asking.retention.RULES,
        "history_days": accounts.retention.HISTORY.days,
        "report_days": barriers.KEPT_AFTER_ANSWER.days,
        "mail_days": settings.MAILING_TEXT_RETENTION_DAYS,
        "session_days": settings.SESSION_COOKIE_AGE // (24 * 60 * 60),
    }
    return render(request, "pages/privacy.html", context)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Says that this process answers. Whether its neighbours do is another question (readyz)."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('account')}",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    if settings.ADMIN_PATH == "verwaltung/":  # one chosen by the operator is not told
        lines.insert(2, f"Disallow: {reverse('admin:index')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a hole (RFC 9116). Running portals answer, so the date moves along."""
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings.OPERATOR['email']}",
        f"Expires: {(expires + timedelta(days=180)).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For programs that ask without reading the page."""
    return redirect(static("img/favicon.svg"))

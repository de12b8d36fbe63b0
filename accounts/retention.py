"""What is kept about people who sign in, and how long.

An account and its addresses live as long as the account does; deleting it is its owner's or the
administration's business. Everything that piles up beside it goes by itself; the privacy page says so.
"""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import NetworkUse, Tally
from ground import retention as keeping
from ground.retention import RetentionRule, delete_many
from office import uploads

# Long enough to find out who changed something before the last report, no longer.
HISTORY = timedelta(days=730)
# The key of their hashes changes daily; nothing older can be compared with anything.
NETWORKS = timedelta(days=1)


def carry_out(*, now: datetime) -> dict[str, int]:
    """Delete what is over and return how many rows went, by name. May run at any time."""
    # The files were chosen in forms that nobody came back to.
    return {**keeping.carry_out(RULES, now=now), "files": uploads.forget(now=now)}


def _sessions(now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def _devices(now: datetime) -> QuerySet[UserSession]:
    """They name the address and the browser from which a person was signed in."""
    alive = Session.objects.filter(expire_date__gte=now).values("session_key")
    return UserSession.objects.exclude(session_key__in=alive)


def _history(now: datetime) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(action_time__lt=now - HISTORY)


def _tallies(now: datetime) -> QuerySet[Tally]:
    return Tally.objects.filter(over_at__lte=now)


def _networks(now: datetime) -> QuerySet[NetworkUse]:
    return NetworkUse.objects.filter(at__lte=now - NETWORKS)


def _fields(model: str, *names: str) -> frozenset[str]:
    return frozenset(f"{model}.{name}" for name in names)


RULES = (
    RetentionRule(
        "sessions",
        _("Abgelaufene Anmeldungen: gelöscht."),
        _fields("sessions.Session", "session_key", "session_data"),
        _sessions,
        delete_many,
    ),
    RetentionRule(
        "devices",
        _("Geräte, von denen niemand mehr angemeldet ist: gelöscht."),
        _fields("usersessions.UserSession", "ip", "session_key", "user_agent"),
        _devices,
        delete_many,
    ),
    RetentionRule(
        "history",
        _("Verlauf der Änderungen in der Verwaltung: 730 Tage, dann gelöscht."),
        _fields("admin.LogEntry", "object_repr", "change_message"),
        _history,
        delete_many,
    ),
    RetentionRule(
        "tallies",
        _("Zählungen für die Grenzen der Formulare: gelöscht, sobald sie abgelaufen sind."),
        _fields("accounts.Tally", "key"),
        _tallies,
        delete_many,
    ),
    RetentionRule(
        "networks",
        _("Verschlüsselte Netzadressen: ein Tag, dann gelöscht."),
        _fields("accounts.NetworkUse", "form", "network", "reference"),
        _networks,
        delete_many,
    ),
)

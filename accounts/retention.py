"""What is kept about people who sign in, and how long.

An account and its addresses live as long as the account does; deleting it is its owner's or the
administration's business. Everything that piles up beside it goes by itself; the privacy page says so.
"""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import NetworkUse, Tally
from office import uploads

# Long enough to find out who changed something before the last report, no longer.
HISTORY = timedelta(days=730)
# The key of their hashes changes daily; nothing older can be compared with anything.
NETWORKS = timedelta(days=1)


def carry_out(*, now: datetime) -> dict[str, int]:
    """Delete what is over and return how many rows went, by name. May run at any time."""
    with transaction.atomic():
        sessions, _by_model = Session.objects.filter(expire_date__lt=now).delete()
        # They name the address and the browser from which a person was signed in.
        alive = Session.objects.values("session_key")
        devices, _by_model = UserSession.objects.exclude(session_key__in=alive).delete()
        history, _by_model = LogEntry.objects.filter(action_time__lt=now - HISTORY).delete()
        Tally.objects.filter(over_at__lte=now).delete()
        # Files that were chosen in a form nobody came back to.
        files = uploads.forget(now=now)
        networks, _by_model = NetworkUse.objects.filter(at__lte=now - NETWORKS).delete()
    return {
        "sessions": sessions,
        "devices": devices,
        "history": history,
        "networks": networks,
        "files": files,
    }

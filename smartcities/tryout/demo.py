"""Logins to try the portal out with. Made only by `make run`, with passwords of this clone alone."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

ADVISOR = "beratung@example.org"
COORDINATOR = "koordination@example.org"
PROJECT_EDITOR = "projekt@example.org"
SAMPLE = "Beispieltermine zum Ausprobieren"
SAMPLE_WEEKS = 8
# By weekday as `date.weekday()` counts; 45 minutes each and a pause.
SAMPLE_TIMES = {
    1: (time(10), time(12)),
    2: (time(9), time(12)),
    3: (time(14), time(16)),
}
SAMPLE_RULES = {"lead_hours": 24, "meeting_link": "https://example.org/beispiel-videoraum"}


# In the address of the page with the e-mails.
KEY = "schluessel"


def mails_key(secret_key: str) -> str:
    """What opens that page: known to whom `make run` belongs, and the same after a restart."""
    return hmac.new(secret_key.encode(), b"tryout.mails", hashlib.sha256).hexdigest()[:32]


class Login(NamedTuple):
    role: str
    email: str
    name: str
    # Who works for the network has one. The others' rights come with what they look after.
    group: str = ""
    is_superuser: bool = False


LOGINS = (
    Login("Alles (Administration)", "admin@example.org", "Ada Admin", is_superuser=True),
    Login("Koordination einer AEG", COORDINATOR, "Kim Koordination"),
    Login("Redaktion eines Projekts", PROJECT_EDITOR, "Pia Projekt"),
    Login(
        "Veranstaltungen (KTS)",
        "veranstaltungen@example.org",
        "Vera Veranstaltung",
        "Veranstaltungen",
    ),
    Login("Redaktion des Portals", "redaktion@example.org", "Rita Redaktion", "Redaktion"),
    Login("Start-Smart-Beratung", ADVISOR, "Bente Beratung", "Start Smart"),
    Login("Kommune", "kommune@example.org", "Kaya Kommune"),
)


def password_file(var: Path) -> Path:
    return var / "demo-logins.json"


def passwords(file: Path) -> dict[str, str]:
    """The passwords by address: random, written once, readable by their owner only."""
    known = json.loads(file.read_text()) if file.exists() else {}
    missing = [login.email for login in LOGINS if login.email not in known]
    if missing:
        known |= {email: secrets.token_urlsafe(12) for email in missing}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(json.dumps(known, indent=2))
    return known


def make_logins(known: dict[str, str]) -> None:
    """Create the accounts that are missing. Whoever exists is left as they are."""
    from allauth.account.models import EmailAddress  # noqa: PLC0415 - needs the settings
    from django.contrib.auth.models import Group  # noqa: PLC0415 - needs the settings

    from accounts.models import User  # noqa: PLC0415 - needs the settings

    for login in LOGINS:
        user, created = User.objects.get_or_create(email=login.email, defaults={"name": login.name})
        if not created:
            continue
        user.set_password(known[login.email])
        user.is_superuser = login.is_superuser
        user.is_staff = login.is_superuser or bool(login.group)
        user.save()
        EmailAddress.objects.create(user=user, email=login.email, verified=True, primary=True)
        user.groups.set(Group.objects.filter(name=login.group))


def make_sample_times(now: datetime) -> None:
    """Times to book in the coming weeks, of an advisor whose name says that they are only samples.

    Done at every start: the weeks ahead are filled up, what is there stays as its owner made it.
    """
    from accounts.models import User  # noqa: PLC0415 - needs the settings
    from consulting import actions  # noqa: PLC0415 - needs the settings
    from consulting.models import Advisor, SlotSeries  # noqa: PLC0415 - needs the settings

    user = User.objects.filter(email=ADVISOR).first()
    if user is None:
        return
    # Whoever tries things out may have changed the address, or the account.
    advisor = Advisor.objects.filter(Q(user=user) | Q(email=ADVISOR)).first()
    if advisor is None:
        advisor = Advisor.objects.create(
            email=ADVISOR, name=f"{user.name} ({SAMPLE})", user=user, **SAMPLE_RULES
        )
    today = timezone.localdate(now)
    weeks = (today, today + timedelta(weeks=SAMPLE_WEEKS))
    for weekday, (from_time, until_time) in SAMPLE_TIMES.items():
        series = SlotSeries.objects.filter(advisor=advisor, weekday=weekday).order_by("pk").first()
        if series is None:
            series = SlotSeries(
                advisor=advisor, weekday=weekday, from_time=from_time, until_time=until_time
            )
        # The beginning moves along with the end: a series lasts two years at most.
        series.first_on, series.last_on = weeks
        series.save()
        actions.publish_series(series, now=now)


def table(known: dict[str, str]) -> str:
    lines = [f"  {'Zugang':26}{'E-Mail-Adresse':29}Passwort"]
    lines += [f"  {login.role:26}{login.email:29}{known[login.email]}" for login in LOGINS]
    return "\n".join(lines)

"""Logins to try the portal out with. Made only by `make run`, with passwords of this clone alone."""

import json
import secrets
from pathlib import Path
from typing import NamedTuple


class Login(NamedTuple):
    role: str
    email: str
    name: str


LOGINS = (
    Login("Alles (Administration)", "admin@example.org", "Ada Admin"),
    Login("Koordination", "koordination@example.org", "Kim Koordination"),
    Login("Start-Smart-Beratung", "beratung@example.org", "Bente Beratung"),
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
        user.is_staff = not login.email.startswith("kommune")
        user.is_superuser = login.email.startswith("admin")
        user.save()
        EmailAddress.objects.create(user=user, email=login.email, verified=True, primary=True)
        if login.email.startswith("koordination"):
            user.groups.set(Group.objects.filter(name="Redaktion"))
        if login.email.startswith("beratung"):
            user.groups.set(Group.objects.filter(name="Start Smart"))


def table(known: dict[str, str]) -> str:
    lines = [f"  {'Zugang':24}{'E-Mail-Adresse':28}Passwort"]
    lines += [f"  {login.role:24}{login.email:28}{known[login.email]}" for login in LOGINS]
    return "\n".join(lines)

"""`make check`: migrations match the models, and production settings pass Django's deploy check."""

import os
import secrets
import subprocess
import sys

from smartcities.tryout import services

# What a production server would be given; nothing of it is secret, nothing of it is used elsewhere.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "smartcities.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp://localhost:25",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
    "OPERATOR_NAME": "Prüfung",
    "OPERATOR_ADDRESS": "Musterstraße 1;12345 Musterstadt",
    "OPERATOR_EMAIL": "betreiber@example.org",
}


def manage(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        check=True,
        env=os.environ | PRODUCTION,
    )


def main() -> None:
    with services.throw_away():
        manage("makemigrations", "--check", "--dry-run")
        manage("check", "--deploy", "--fail-level", "WARNING")
        # From nothing to the newest tables and back.
        manage("migrate", "--verbosity", "0")
        for app in (
            "smartcities",
            "consulting",
            "events",
            "communities",
            "projects",
            "finding",
            "mailing",
        ):
            manage("migrate", app, "zero", "--verbosity", "0")
        manage("migrate", "--verbosity", "0")


if __name__ == "__main__":
    main()

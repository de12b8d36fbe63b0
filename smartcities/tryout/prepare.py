"""Everything the database needs before the portal can be shown: tables, data, logins.

One process does it all, because starting Django takes longer than most of the steps.
"""

import sys
import traceback
from typing import TextIO

import django
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from smartcities.tryout import demo, rubbish
from smartcities.tryout.progress import CannotStart, progress, say


def fill(log: TextIO) -> None:
    rubbish.let_it_lie()
    with progress("Tabellen anlegen"):
        # Whoever calls a command from a program skips its checks unless they say otherwise.
        call_command("migrate", interactive=False, skip_checks=False, stdout=log, stderr=log)
        call_command("createcachetable", stdout=log, stderr=log)
    with progress("Projekte des Netzwerks laden"):
        call_command("load_network", stdout=log, stderr=log)
    with progress("Amtliches Verzeichnis der Kommunen laden"):
        call_command("load_municipalities", stdout=log, stderr=log)
    with progress("Zugänge zum Ausprobieren anlegen"):
        demo.make_logins(demo.passwords(demo.password_file(settings.VAR_DIR)))
    with progress("Beispieltermine anlegen"):
        demo.make_sample_times(timezone.now())
    with progress("Beispielgruppe anlegen"):
        from smartcities.tryout import sample_group  # noqa: PLC0415 - needs the settings

        sample_group.make_sample_group(
            coordinator=demo.COORDINATOR, editor=demo.PROJECT_EDITOR, now=timezone.now()
        )
    with progress("Texte für die Suche lesen"):
        # Else whoever searches first waits for it.
        from finding import search  # noqa: PLC0415 - needs the settings

        search.refresh_if_behind()


def main() -> int:
    django.setup()
    if settings.SETTINGS_MODULE != "smartcities.settings.dev":
        raise CannotStart("Zugänge zum Ausprobieren gibt es nur im Ausprobier-Modus.")
    place = settings.VAR_DIR / "log" / "setup.log"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a", encoding="utf-8") as log:
        try:
            fill(log)
        except Exception as problem:
            traceback.print_exc(file=log)
            say(f"\n{type(problem).__name__}: {problem}\nAusführlich in {place}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

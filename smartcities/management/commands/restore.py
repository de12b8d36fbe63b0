from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from smartcities.operations.backup import BackupError
from smartcities.operations.backup.restoring import restore


class Command(BaseCommand):
    help = (
        "Spielt eine Sicherung in eine leere Datenbank und einen leeren Ordner ein und vergleicht "
        "danach jede Tabelle und jede Datei mit ihrem Verzeichnis."
    )
    # There are no tables yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="SICHERUNG")
        parser.add_argument(
            "--identity", type=Path, metavar="DATEI", help="Der geheime Schlüssel für age."
        )
        parser.add_argument(
            "--without-media", action="store_true", help="Nur die Datenbank, zum Üben."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(
                options["source"],
                identity=options["identity"],
                with_media=not options["without_media"],
            )
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Eingespielt, Stand {manifest['made_at']}: {len(manifest['tables'])} Tabellen mit "
            f"{rows} Zeilen, alle wie in der Sicherung."
        )

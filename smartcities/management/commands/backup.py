from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from smartcities.operations.backup import BackupError
from smartcities.operations.backup.saving import save


class Command(BaseCommand):
    help = (
        "Sichert Datenbank und hochgeladene Dateien in eine Datei, im laufenden Betrieb. Mit dem "
        "Verzeichnis darin zeigt „restore“, dass nichts fehlt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="ZIEL", help="Datei; „-“: Standardausgabe")
        parser.add_argument(
            "--recipient",
            default="",
            metavar="SCHLÜSSEL",
            help="Verschlüsseln für: ein age-Schlüssel (age1…, ssh-…) oder ein Schlüssel von GnuPG. "
            "Das Ziel sollte dann auf .age oder .gpg enden.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = save(options["target"], recipient=options["recipient"], now=timezone.now())
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        # Not on the standard output, which may be the backup.
        self.stderr.write(
            f"Gesichert: {len(manifest['tables'])} Tabellen mit {rows} Zeilen, "
            f"{len(manifest['media'])} Dateien."
        )
        if not options["recipient"]:
            self.stderr.write("Unverschlüsselt: Die Datei enthält personenbezogene Daten.")

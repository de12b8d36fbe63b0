from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.network import write_files
from smartcities.management.commands.load_network import TABLES


class Command(BaseCommand):
    help = (
        "Schreibt, was die Datenbank heute sagt, in die Dateien des Netzwerks (projects/data): So kommt "
        "zurück, was die Redaktion weiß. Unverändertes bleibt Zeichen für Zeichen stehen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="ORDNER")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        missing = sorted(
            {table.file.name for table in TABLES if not (folder / table.file.name).is_file()}
        )
        if missing:
            raise CommandError(
                f"In {folder} fehlen {', '.join(missing)}: Das ist kein Ordner der Daten."
            )
        counts = write_files(folder, TABLES)
        for table in TABLES:
            self.stdout.write(f"{table.label}: {counts[table.kind]}")

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opendata import snapshot


class Command(BaseCommand):
    help = (
        "Füllt eine leere Datenbank mit einem Schnappschuss, wie er unter /daten/ steht. Was nicht "
        "öffentlich ist, steht in keinem; dafür gibt es backup und restore."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = snapshot.fill(options["file"])
        except snapshot.NotUsableError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{sum(counts.values())} Zeilen in {len(counts)} Tabellen.")

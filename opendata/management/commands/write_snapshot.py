from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opendata import snapshot


class Command(BaseCommand):
    help = (
        "Schreibt alles Öffentliche in eine Datei mit Prüfsummen: die, die unter /daten/ steht, oder "
        "eine andere. Dieselben Angaben ergeben dieselben Bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["file"] or snapshot.path()
        try:
            counts = snapshot.write(target)
        except (snapshot.NoRoomError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{target}: {sum(counts.values())} Zeilen in {len(counts)} Tabellen.")
        self.stdout.write(f"SHA-256 {snapshot.content_digest(target)}")

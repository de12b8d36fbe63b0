from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.gemeindeverzeichnis import NothingToWriteError, write_shipped


class Command(BaseCommand):
    help = (
        "Schreibt das zuletzt eingelesene Gemeindeverzeichnis in eine Datei, wie sie das Portal "
        "mitbringt. Der Name der Datei muss den Stand nennen: municipalities_JJJJ-MM-TT.csv.gz."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = write_shipped(options["file"])
        except NothingToWriteError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{written} Kommunen geschrieben.")

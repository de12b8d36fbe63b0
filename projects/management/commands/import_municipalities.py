import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.gemeindeverzeichnis import (
    Directory,
    FileError,
    ImportRefused,
    Report,
    import_directory,
    read_directory,
)
from projects.models import Municipality

_LEVELS = {"kreis": "Kreise", "verband": "Gemeindeverbände", "gemeinde": "Gemeinden"}
_LISTED = 20


class Command(BaseCommand):
    help = (
        "Liest das amtliche Gemeindeverzeichnis von Destatis ein: „AuszugGV“ als XLSX, dieselben "
        "Spalten als CSV oder GV100AD. Alles oder nichts; ein zweiter Lauf ändert nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")
        parser.add_argument(
            "--dry-run", action="store_true", help="Nur zeigen, was sich ändern würde."
        )
        parser.add_argument(
            "--date",
            type=date.fromisoformat,
            metavar="JJJJ-MM-TT",
            help="Stand des Verzeichnisses, falls ihn weder die Datei noch ihr Name nennt.",
        )
        parser.add_argument(
            "--population-date",
            type=date.fromisoformat,
            metavar="JJJJ-MM-TT",
            help="Stand der Einwohnerzahlen, falls ihn die Datei nicht nennt.",
        )
        parser.add_argument(
            "--successors",
            type=Path,
            metavar="DATEI",
            help="CSV mit den Spalten „alt“ und „neu“ (AGS oder Regionalschlüssel): wer in wem "
            "aufgegangen ist.",
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="Auch ein älteres Verzeichnis einlesen, oder eines, in dem sehr viele fehlen.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            directory = read_directory(
                options["file"],
                listed_on=options["date"],
                population_on=options["population_date"],
                progress=self.stderr.write,
            )
            report = import_directory(
                directory,
                successors=_successors(options["successors"]) if options["successors"] else None,
                dry_run=options["dry_run"],
                force=options["force"],
                progress=self.stderr.write,
            )
        except FileError as mistake:
            raise CommandError(f"{mistake} Es wurde nichts geändert.") from None
        except ImportRefused as refusal:
            raise CommandError(f"{refusal} Es wurde nichts geändert.") from None
        except OSError as error:
            raise CommandError(
                f"Die Datei {error.filename} lässt sich nicht lesen: {error.strerror}."
            ) from None
        for sentence in _sentences(directory, report, dry_run=options["dry_run"]):
            self.stdout.write(sentence)


def _successors(path: Path) -> dict[str, str]:
    """Old key to new key; raises `FileError` for a file without the two columns."""
    text = path.read_text(encoding="utf-8-sig")
    delimiter = ";" if ";" in text else ","
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter)
    if not {"alt", "neu"} <= set(rows.fieldnames or []):
        raise FileError(f"{path.name}, Zeile 1: Die Spalten „alt“ und „neu“ fehlen.")
    successors = {}
    for row in rows:
        old, new = (str(row[column] or "").strip() for column in ("alt", "neu"))
        if not (old.isdigit() and new.isdigit()):
            raise FileError(f"{path.name}, Zeile {rows.line_num}: Hier fehlt ein Schlüssel.")
        successors[old] = new
    return successors


def _sentences(directory: Directory, report: Report, *, dry_run: bool) -> list[str]:
    sentences = [
        f"Verzeichnis vom {directory.listed_on:%d.%m.%Y}: {directory.laender} Länder, "
        + ", ".join(f"{directory.count(level)} {label}" for level, label in _LEVELS.items())
        + "."
    ]
    for level, label in _LEVELS.items():
        sentences.append(
            f"{label}: {report.new[level]} neu, {report.changed[level]} geändert, "
            f"{report.unchanged[level]} unverändert."
        )
    if report.redated:
        sentences.append(f"Davon {report.redated} nur mit neuem Stand.")
    if report.kept_figures:
        sentences.append(
            f"Die Liste sagt nicht, von wann ihre Einwohnerzahlen sind: {report.kept_figures} "
            "bekannte Zahlen mit Stand blieben. Mit --population-date werden sie ersetzt."
        )
    for label, names in [
        ("Umbenannt", report.renamed),
        ("Neuer Schlüssel", report.rekeyed),
        ("Wieder verzeichnet", report.returned),
        ("Aufgelöst und behalten", report.ended),
        ("Aufgelöst und entfernt", report.removed),
    ]:
        if names:
            sentences.append(f"{label} ({len(names)}): {_shortened(names)}")
    if unlisted := Municipality.objects.filter(listed_on=None).values_list("name", flat=True):
        sentences.append(f"In keinem Verzeichnis ({len(unlisted)}): {_shortened(list(unlisted))}")
    if dry_run:
        sentences.append("Probelauf: Es wurde nichts geändert.")
    elif report.changes_nothing:
        sentences.append("Es gab nichts zu ändern.")
    return sentences


def _shortened(names: list[str]) -> str:
    shown = "; ".join(names[:_LISTED])
    return f"{shown}; und {len(names) - _LISTED} weitere" if len(names) > _LISTED else shown

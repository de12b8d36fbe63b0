from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from projects.models import LoadedFacts
from projects.network import KindReport, load

_LABELS = {
    LoadedFacts.Kind.MUNICIPALITY: "Kommunen",
    LoadedFacts.Kind.THEME: "Themen",
    LoadedFacts.Kind.PROJECT: "Modellprojekte",
    LoadedFacts.Kind.SOLUTION: "Lösungen",
}


class Command(BaseCommand):
    help = (
        "Lädt die Modellprojekte und ihre Lösungen aus den mitgelieferten Dateien. Was die Redaktion "
        "geändert, ergänzt oder gelöscht hat, bleibt so; ein zweiter Lauf ändert nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--restore",
            action="store_true",
            help="Auch anlegen, was die Redaktion gelöscht hat.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for kind, report in load(restore=options["restore"]).items():
            for sentence in _sentences(_LABELS[kind], report):
                self.stdout.write(sentence)


def _sentences(label: str, report: KindReport) -> list[str]:
    sentences = [
        f"{label}: {report.created} neu, {report.updated} aktualisiert, "
        f"{report.unchanged} unverändert."
    ]
    for heading, names in [
        ("Behalten, wie die Redaktion es geändert hat", report.kept),
        ("Von der Redaktion gelöscht und nicht wieder angelegt", report.deleted_by_editors),
        ("Nicht mehr in den Dateien, aber behalten", report.no_longer_in_files),
    ]:
        if names:
            sentences.append(f"  {heading} ({len(names)}):")
            sentences.extend(f"    {name}" for name in names)
    return sentences

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from communities.network import COMMUNITIES
from events.network import EVENTS
from projects.network import CATALOGUE, KindReport, load
from projects.network.thesaurus import THESAURUS

TABLES = (*THESAURUS, *CATALOGUE, *COMMUNITIES, *EVENTS)


class Command(BaseCommand):
    help = (
        "Lädt die Modellprojekte, ihre Lösungen, die Gemeinschaften und die Veranstaltungen aus den "
        "mitgelieferten Dateien. Was die Redaktion geändert, ergänzt oder gelöscht hat, bleibt so; ein zweiter Lauf ändert nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--restore",
            action="store_true",
            help="Auch anlegen, was die Redaktion gelöscht hat.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        reports = load(restore=options["restore"], tables=TABLES)
        for table in TABLES:
            for sentence in _sentences(table.label, reports[table.kind]):
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

from typing import Any

from django.core.management.base import BaseCommand

from projects.gemeindeverzeichnis import load_shipped


class Command(BaseCommand):
    help = (
        "Lädt das mitgelieferte amtliche Gemeindeverzeichnis, wenn nicht schon eines von demselben "
        "oder einem späteren Tag eingelesen ist. Ein zweiter Lauf ändert nichts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_shipped()
        if report is None:
            self.stdout.write("Das Gemeindeverzeichnis ist schon so neu wie das mitgelieferte.")
            return
        self.stdout.write(
            f"Gemeindeverzeichnis: {report.new.total()} Kommunen neu, "
            f"{report.changed.total()} geändert, {report.unchanged.total()} unverändert."
        )

"""What is done to the catalogue as a whole, across several of its models."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from projects.models import Project, Solution, Theme


@transaction.atomic
def mark_as_checked(
    projects: Collection[Project], *, checked_on: date, drop_notes: bool
) -> list[Project]:
    """Note that the facts of projects were checked that day, and return those that changed by it.

    The marks „zu prüfen“ go only with `drop_notes`.
    """
    changed = []
    rows = Project.objects.select_for_update(of=["self"]).filter(
        pk__in=[project.pk for project in projects]
    )
    for project in rows:
        note = "" if drop_notes else project.check_note
        if (project.checked_on, project.check_note) != (checked_on, note):
            project.checked_on, project.check_note = checked_on, note
            project.save(update_fields=["checked_on", "check_note", "updated_at"])
            changed.append(project)
    return changed


@transaction.atomic
def merge_themes(kept: Theme, others: Collection[Theme]) -> None:
    """Give `kept` everything that carries one of the other themes, and delete those."""
    merged = [theme.pk for theme in others if theme.pk != kept.pk]
    # Whoever assigns one of them at the same moment waits, instead of losing the assignment.
    list(Theme.objects.select_for_update().filter(pk__in=[kept.pk, *merged]).order_by("pk"))
    for through, owner in (
        (Project.themes.through, "project_id"),
        (Solution.themes.through, "solution_id"),
    ):
        owners = through.objects.filter(theme__in=merged).values_list(owner, flat=True).distinct()
        through.objects.bulk_create(
            [through(theme_id=kept.pk, **{owner: pk}) for pk in owners], ignore_conflicts=True
        )
    Theme.objects.filter(pk__in=merged).delete()

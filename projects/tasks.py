from celery import shared_task
from django.utils import timezone

from finding import search
from finding.search import missed
from projects import revisions
from projects.table import uploads


@shared_task
def refresh_search() -> None:
    """Bring the search in step with a catalogue that is too large to do so while somebody waits."""
    search.refresh_if_behind()


@shared_task
def forget_missed_words() -> None:
    missed.forget(now=timezone.now())


@shared_task
def forget_uploaded_tables() -> None:
    """Delete the tables that were chosen to be taken in and have waited for a day."""
    uploads.forget_old(now=timezone.now())


@shared_task
def forget_old_revisions() -> None:
    """Delete the versions of sheets that are older than the history of the administration."""
    revisions.forget_old(now=timezone.now())

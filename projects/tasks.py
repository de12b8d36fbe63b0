from celery import shared_task
from django.utils import timezone

from finding import search
from finding.search import missed


@shared_task
def refresh_search() -> None:
    """Bring the search in step with a catalogue that is too large to do so while somebody waits."""
    search.refresh_if_behind()


@shared_task
def forget_missed_words() -> None:
    missed.forget(now=timezone.now())

from celery import shared_task

from finding import search


@shared_task
def refresh_search() -> None:
    """Bring the search in step with a catalogue that is too large to do so while somebody waits."""
    search.refresh_if_behind()

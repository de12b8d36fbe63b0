from celery import shared_task


@shared_task
def heartbeat() -> None:
    """Does nothing: that it was started by the clock and run by a worker is what gets recorded."""

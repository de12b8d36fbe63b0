from celery import shared_task
from django.utils import timezone

from mailing import delivery, retention


@shared_task
def deliver() -> None:
    """Rung by `mailing.doorbell` after a commit, and by the clock for whatever was left behind."""
    delivery.deliver()


@shared_task
def purge() -> None:
    retention.purge(now=timezone.now())

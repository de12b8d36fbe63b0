import logging

from celery import shared_task
from django.utils import timezone

from asking import retention
from asking.actions import answering

logger = logging.getLogger(__name__)


@shared_task
def remind() -> None:
    if reminded := answering.remind(now=timezone.now()):
        logger.info("Reminded of %d questions.", reminded)


@shared_task
def pass_on() -> None:
    """Give the office what others have not answered in time."""
    if passed := answering.pass_on(now=timezone.now()):
        logger.info("Passed %d questions on to the office.", passed)


@shared_task
def carry_out_retention() -> None:
    retention.carry_out(now=timezone.now())

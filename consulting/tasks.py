"""What the clock starts. The work is elsewhere; running any of it twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from consulting import actions, retention
from consulting.mail import reminders

logger = logging.getLogger(__name__)


@shared_task
def release_expired() -> None:
    released = actions.release_expired(now=timezone.now())
    if released:
        logger.info("Released %d times that nobody had confirmed.", released)


@shared_task
def remind() -> None:
    now = timezone.now()
    planned = reminders.remind(now=now) + reminders.ask_how_it_went(now=now)
    if planned:
        logger.info("Planned %d reminders and questions.", planned)


@shared_task
def carry_out_retention() -> None:
    retention.carry_out(now=timezone.now())

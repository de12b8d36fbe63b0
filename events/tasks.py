"""What the clock starts. The work is elsewhere; running any of it twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from events import actions, retention
from events.mail import minutes, reminders

logger = logging.getLogger(__name__)


@shared_task
def release_expired() -> None:
    released = actions.release_expired(now=timezone.now())
    if released:
        logger.info("Released %d seats and offers that nobody had confirmed.", released)


@shared_task
def remind() -> None:
    planned = reminders.plan(now=timezone.now())
    if planned:
        logger.info("Planned %d reminders.", planned)


@shared_task
def nudge_for_minutes() -> None:
    nudged = minutes.nudge_for_minutes(now=timezone.now())
    if nudged:
        logger.info("Asked for the minutes of %d workshops.", nudged)


@shared_task
def remind_of_tasks() -> None:
    reminded = minutes.remind_of_tasks(now=timezone.now())
    if reminded:
        logger.info("Reminded of %d tasks from minutes.", reminded)


@shared_task
def carry_out_retention() -> None:
    retention.carry_out(now=timezone.now())

"""What the clock starts. The work is elsewhere; running any of it twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from communities import files, retention
from communities.mail import from_coordinators, nudges

logger = logging.getLogger(__name__)


@shared_task
def deliver_messages() -> None:
    delivered = from_coordinators.deliver_due(now=timezone.now())
    if delivered:
        logger.info("Stored the e-mails of %d messages to groups.", delivered)


@shared_task
def nudge() -> None:
    nudged = nudges.nudge(now=timezone.now())
    if nudged:
        logger.info("Reminded the coordinators of %d requests.", nudged)


@shared_task
def carry_out_retention() -> None:
    retention.carry_out(now=timezone.now())


@shared_task
def remove_unreferenced_files() -> None:
    logger.info("Removed %d files of no row.", files.remove_unreferenced(now=timezone.now()))

"""What the clock starts. The work is elsewhere; running any of it twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from subscribing import news, retention
from subscribing.mail import opening, weekly

logger = logging.getLogger(__name__)


@shared_task
def tell_of_the_week() -> None:
    if planned := weekly.plan(now=timezone.now()):
        logger.info("Planned %d weekly e-mails to subscribers.", planned)


@shared_task
def tell_of_openings() -> None:
    if told := opening.tell(now=timezone.now()):
        logger.info("Told %d people that they can register.", told)


@shared_task
def carry_out_retention() -> None:
    now = timezone.now()
    retention.carry_out(now=now)
    news.forget_old(now=now)

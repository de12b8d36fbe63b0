from celery import shared_task
from django.utils import timezone

from accounts import retention


@shared_task
def carry_out_retention() -> None:
    retention.carry_out(now=timezone.now())

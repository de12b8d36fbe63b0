from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from mailing.models import EMPTY, Email


def purge(*, now: datetime) -> int:
    """Empty what was sent, refused or missed longer ago than MAILING_TEXT_RETENTION_DAYS; return how many.

    Key, kind and times stay: they prove that an e-mail went out, prevent a second one about the same
    thing, and are all that statistics need.
    """
    before = now - timedelta(days=settings.MAILING_TEXT_RETENTION_DAYS)
    closed = Email.objects.filter(
        Q(sent_at__lt=before) | Q(refused_at__lt=before) | Q(missed_at__lt=before), purged_at=None
    )
    return closed.update(**EMPTY, to="", reply_to="", last_error="", purged_at=now)

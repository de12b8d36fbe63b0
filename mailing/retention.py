from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ground import retention as keeping
from ground.retention import RetentionRule
from mailing.models import EMPTY, Email


def purge(*, now: datetime) -> int:
    """Empty what was sent, refused or missed longer ago than MAILING_TEXT_RETENTION_DAYS; return how many.

    Key, kind and times stay: they prove that an e-mail went out, prevent a second one about the same
    thing, and are all that statistics need.
    """
    return keeping.carry_out(RULES, now=now)["texts"]


def _closed(now: datetime) -> QuerySet[Email]:
    before = now - timedelta(days=settings.MAILING_TEXT_RETENTION_DAYS)
    return Email.objects.filter(
        Q(sent_at__lt=before) | Q(refused_at__lt=before) | Q(missed_at__lt=before), purged_at=None
    )


def _empty(rows: QuerySet[Email], now: datetime) -> int:
    return rows.update(**EMPTY, to="", reply_to="", last_error="", purged_at=now)


RULES = (
    RetentionRule(
        "texts",
        _(
            "Texte und Adressen gesendeter, abgelehnter und verpasster E-Mails: nach der Frist geleert."
        ),
        frozenset(f"mailing.Email.{field}" for field in (*EMPTY, "to", "reply_to", "last_error")),
        _closed,
        _empty,
    ),
)

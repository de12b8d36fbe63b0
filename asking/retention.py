"""How long questions and reported faults are kept, and what takes them away.

`RULES` is the list that the privacy page tells and the nightly task carries out. What has become public
names nobody and stays; what leads from it back to a person does not.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from asking.models import Question, State
from ground import retention as keeping
from ground.retention import RetentionRule
from office.history import forget_history

UNCONFIRMED = timedelta(days=2)
WITHDRAWN = timedelta(days=30)
KEPT = timedelta(days=365)


def carry_out(*, now: datetime) -> dict[str, int]:
    """Apply every rule and return how many rows each one changed, by its name."""
    return keeping.carry_out(RULES, now=now)


def _unconfirmed(now: datetime) -> QuerySet:
    return Question.objects.filter(confirmed_at=None, changed_at__lte=now - UNCONFIRMED)


def _withdrawn(now: datetime) -> QuerySet:
    return Question.objects.filter(
        state=State.WITHDRAWN, confirmed_at__isnull=False, changed_at__lte=now - WITHDRAWN
    )


def _old(now: datetime) -> QuerySet:
    return Question.objects.filter(confirmed_at__isnull=False, changed_at__lte=now - KEPT)


def _delete(rows: QuerySet, now: datetime) -> int:
    forget_history(rows)
    return keeping.delete(rows, now)


_ALL = frozenset(
    f"asking.Question.{field}"
    for field in (
        "page", "situation", "text", "written", "name", "phone", "email", "mailbox", "answer",
        "helped_text",
    )
)  # fmt: skip

RULES = (
    RetentionRule(
        "unconfirmed",
        _("Fragen, deren Adresse nicht bestätigt wurde: 2 Tage, dann gelöscht."),
        _ALL,
        _unconfirmed,
        _delete,
    ),
    RetentionRule(
        "withdrawn",
        _("Zurückgezogene Fragen: 30 Tage, dann gelöscht."),
        _ALL,
        _withdrawn,
        _delete,
    ),
    RetentionRule(
        "old",
        _(
            "Fragen, Antworten und gemeldete Fehler: 12 Monate nach dem letzten Schritt, dann "
            "gelöscht. Was mit Zustimmung öffentlich wurde, bleibt ohne Namen stehen."
        ),
        _ALL,
        _old,
        _delete,
    ),
)

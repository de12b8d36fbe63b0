"""How long questions and reported faults are kept, and what takes them away.

`RULES` is the list that the privacy page tells and the nightly task carries out. What has become public
names nobody and stays; what leads from it back to a person does not.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.own_data import delete_with_history
from asking.models import Question, State
from ground import retention as keeping
from ground.retention import RetentionRule
from ground.signed_links import lapsed_by

WITHDRAWN = timedelta(days=30)
KEPT = timedelta(days=365)


def _unconfirmed(now: datetime) -> QuerySet:
    return Question.objects.filter(confirmed_at=None, changed_at__lte=lapsed_by(now))


def _withdrawn(now: datetime) -> QuerySet:
    return Question.objects.filter(
        state=State.WITHDRAWN, confirmed_at__isnull=False, changed_at__lte=now - WITHDRAWN
    )


def _old(now: datetime) -> QuerySet:
    return Question.objects.filter(confirmed_at__isnull=False, changed_at__lte=now - KEPT)


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
        _(
            "Fragen, deren Adresse nicht bestätigt wurde: 2 Tage, mindestens bis zum nächsten "
            "Arbeitstag um 12 Uhr, dann gelöscht."
        ),
        _ALL,
        _unconfirmed,
        delete_with_history,
    ),
    RetentionRule(
        "withdrawn",
        _("Zurückgezogene Fragen: 30 Tage, dann gelöscht."),
        _ALL,
        _withdrawn,
        delete_with_history,
    ),
    RetentionRule(
        "old",
        _(
            "Fragen, Antworten und gemeldete Fehler: 12 Monate nach dem letzten Schritt, dann "
            "gelöscht. Was mit Zustimmung öffentlich wurde, bleibt ohne Namen stehen."
        ),
        _ALL,
        _old,
        delete_with_history,
    ),
)

carry_out = partial(keeping.carry_out, RULES)

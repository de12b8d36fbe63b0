"""Words that people searched and that stand nowhere, counted for the editors. Nothing tells who did."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finding.models import MissedWord
from finding.search.finding import Hits, find
from ground.retention import RetentionRule, delete_many

# Long enough to see what is missing, short enough to be no archive.
KEPT = timedelta(weeks=26)
# A name, a number or an address is none of the words that a thesaurus lacks.
_A_WORD = re.compile(r"[a-z][a-z0-9]{2,29}")

_COUNT = """
INSERT INTO finding_missedword (word, week, count) SELECT unnest(%s::text[]), %s, 1
ON CONFLICT (word, week) DO UPDATE SET count = finding_missedword.count + 1
"""


def note(words: Iterable[str], *, now: datetime) -> None:
    """Count each word once more for its week (from Monday, German time)."""
    counted = sorted({word for word in words if _A_WORD.fullmatch(word) and "@" not in word})
    if counted:
        today = timezone.localdate(now)
        week = today - timedelta(days=today.weekday())
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [counted, week])


def find_noting(q: str, *, kind: str) -> Hits:
    """Find things of one kind; where there are none, the words that stand nowhere are counted."""
    hits = find(q, kinds=[kind])
    if not hits.ids[kind]:
        note(hits.missed, now=timezone.now())
    return hits


def forget(*, now: datetime) -> int:
    """Delete what is older than `KEPT`; returns how many words."""
    return RULE.apply(now=now)


def _old(now: datetime) -> QuerySet[MissedWord]:
    return MissedWord.objects.filter(week__lt=timezone.localdate(now - KEPT))


RULE = RetentionRule(
    "missed-words",
    _("Gesuchte Wörter, die nirgends stehen: 26 Wochen, dann gelöscht."),
    frozenset({"finding.MissedWord.word"}),
    _old,
    delete_many,
)

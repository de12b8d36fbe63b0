"""The weekly e-mail: all that is new in all lists of a mailbox, each entry once, with the reason why.

The key of the e-mail names mailbox and week, so it proves that it was written; there is no table beside
it. A mailbox for which nothing is new gets none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from mailing import outbox
from mailing.models import EmailKind
from mailing.rendering import Pattern, place
from subscribing import links, news
from subscribing.links import Purpose
from subscribing.models import Edition, ListName, ListNews, Subscriber, Subscription

# So many mailboxes per transaction: who ends a subscription waits no longer than a moment for it.
CHUNK = 1000
KEPT_PATTERNS = 500
# What an e-mail tells of one list; the page shows the rest.
MOST = 100


@dataclass
class Told:
    """An entry in an e-mail, and which of its reader's lists it stands in."""

    kind: str
    entry: Mapping[str, Any]
    lists: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.entry["why"] == news.Why.NEW

    @property
    def fits(self) -> bool:
        return self.entry["why"] == news.Why.FITS

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.entry["path"]


def plan(*, now: datetime) -> int:
    """Store the e-mails of this week that are not stored yet; return how many.

    May run any number of times and several at once: the news of a week are found out once, and a
    mailbox whose e-mail is stored, or is being stored by another, is left out.
    """
    edition = news.edition_of(news.week_of(now), now=now)
    found = {one.list_id: one for one in edition.news.select_related("list")}
    return sum(_chunks(edition, found, now)) if found else 0


def prefix(subscriber: int) -> str:
    """How the keys of all weekly e-mails to a mailbox begin."""
    return f"list-digest:{subscriber}:"


def _chunks(edition: Edition, found: Mapping[int, ListNews], now: datetime) -> Iterator[int]:
    # As many as are used again soon; hardly two people have subscribed the same twenty lists.
    pattern = lru_cache(maxsize=KEPT_PATTERNS)(
        lambda lists: _pattern([found[one] for one in lists])
    )
    last, written = 0, CHUNK
    while written == CHUNK:
        last, written = _tell_some(edition, found, pattern, last, now)
        yield written


def _tell_some(
    edition: Edition, found: Mapping[int, ListNews], pattern: Any, after: int, now: datetime
) -> tuple[int, int]:
    """Tell the next mailboxes after this primary key; the last of them, and how many."""
    with transaction.atomic():
        # Locked until the e-mails are stored: who ends a subscription waits. Those in somebody's hand
        # right now are left for the next run.
        people = list(
            _open(edition, found)
            .filter(pk__gt=after)
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("pk")[:CHUNK]
        )
        wanted = _lists_of(people, edition, found)
        outbox.enqueue_many(
            outbox.Letter(
                key=f"{prefix(one.pk)}{edition.week}",
                to=one.email,
                template=pattern(wanted[one.pk]),
                words={
                    "see": links.address(one.pk, Purpose.SEE),
                    "unsubscribe": links.address(one.pk, Purpose.END),
                },
                reply_to=settings.OPERATOR["email"],
                due_at=now,
                kind=EmailKind.BULK,
                unsubscribe_url=links.address(one.pk, Purpose.END),
            )
            for one in people
            if one.pk in wanted
        )
    return (people[-1].pk if people else after), len(people)


def _open(edition: Edition, found: Iterable[int]) -> QuerySet[Subscriber]:
    """For whom there is something new and who has no e-mail of it yet."""
    key = Concat(
        Value("list-digest:"),
        Cast(OuterRef("pk"), CharField()),
        Value(f":{edition.week}"),
        output_field=CharField(),
    )
    return Subscriber.objects.filter(
        Exists(_wanted(edition, found).filter(subscriber=OuterRef("pk"))),
        ~Exists(outbox.with_key(key)),
    )


def _wanted(edition: Edition, found: Iterable[int]) -> QuerySet[Subscription]:
    # Who confirms after the news were found out is told from the next week on.
    return Subscription.objects.filter(confirmed_at__lt=edition.found_at, list__in=list(found))


def _lists_of(
    people: list[Subscriber], edition: Edition, found: Mapping[int, ListNews]
) -> dict[int, tuple[int, ...]]:
    lists = defaultdict(list)
    rows = _wanted(edition, found).filter(subscriber__in=people).order_by("list")
    for subscriber, one in rows.values_list("subscriber", "list"):
        lists[subscriber].append(one)
    return {subscriber: tuple(several) for subscriber, several in lists.items()}


def _pattern(lists: list[ListNews]) -> Pattern:
    """What is the same for all who have subscribed just these lists is written once."""
    told = _told(lists)
    context = {
        "groups": [
            (ListName(kind).label, [one for one in told if one.kind == kind])
            for kind in ListName.values
            if any(one.kind == kind for one in told)
        ],
        "count": len(told),
        "more": [
            (one.title, len(one.entries) - MOST, settings.SITE_URL + one.path)
            for one in lists
            if len(one.entries) > MOST
        ],
        "see": place("see"),
        "unsubscribe_url": place("unsubscribe"),
    }
    return Pattern("subscribing/email/weekly", context)


def _told(lists: list[ListNews]) -> list[Told]:
    """Each entry once, also where it stands in several of the lists; what is new first."""
    told: dict[tuple[str, int], Told] = {}
    for one in sorted(lists, key=lambda one: one.title):
        for entry in one.entries[:MOST]:
            known = told.setdefault((one.list.name, entry["entry"]), Told(one.list.name, entry))
            known.lists.append(one.title)
            # That something changed says more to those who know it already.
            if entry["why"] == news.Why.CHANGED:
                known.entry = entry
    return sorted(told.values(), key=lambda one: (not one.is_new, not one.fits))

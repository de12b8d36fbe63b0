"""The weekly e-mail: all that a mailbox wants to be told of, each thing once, with the reason why.

That is what is new in the lists it has subscribed, and what its groups have written, for members who
want that once a week (`communities.mail.weekly`). A mailbox for which there is nothing gets none.

The key of the e-mail names mailbox and week, so it proves that the lists were told; there is no table
beside it. What groups have written waits in rows that go in the transaction in which it is told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from communities.mail import weekly as groups
from communities.mail.weekly import Part
from communities.models import GroupMessage, MailWish, Membership
from mailing import outbox
from mailing.models import Email, EmailKind
from mailing.relay import is_about_us
from mailing.rendering import Pattern, place
from subscribing import links, news
from subscribing.links import Purpose
from subscribing.models import Edition, ListName, ListNews, Subscriber, Subscription

# So many mailboxes per transaction: who ends a subscription waits no longer than a moment for it.
CHUNK = 1000
KEPT_PATTERNS = 500
# What an e-mail tells of one list; the page shows the rest.
MOST = 100
# What keys begin with. Taking back an e-mail about lists must not take back what groups have written.
LISTS_ALONE = "list-digest"
WITH_GROUPS = "week-digest"


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

    May run any number of times and several at once: what belongs into a week is found out once, and
    planners take turns, so that none sees half of what another stores for a mailbox.
    """
    edition = news.edition_of(news.week_of(now), now=now)
    week = _Week(edition, {one.list_id: one for one in edition.news.select_related("list")}, now)
    return sum(week.lists()) + sum(week.groups_alone())


def prefix(subscriber: int, *, with_groups: bool = False) -> str:
    """How the keys of the weekly e-mails about its lists begin, those that also tell of groups or not."""
    return f"{WITH_GROUPS if with_groups else LISTS_ALONE}:{subscriber}:"


def withdraw_with_groups(subscriber: int, *, ended: Collection[int]) -> None:
    """Take back the waiting e-mails that tell of its lists and only of these memberships.

    One that also tells of another group, whose mails are wanted, goes out: what it tells is told once.
    """
    waiting = Email.objects.open().filter(key__startswith=prefix(subscriber, with_groups=True))
    for key, address in waiting.values_list("key", "unsubscribe_url"):
        if not wanting_mails(set(links.memberships_of(address)) - set(ended)).exists():
            outbox.withdraw(key)


def wanting_mails(memberships: Collection[int]) -> QuerySet[Membership]:
    active = Membership.objects.active().select_related("community__parent")
    return active.filter(pk__in=memberships).exclude(mail_wish=MailWish.NONE).order_by("pk")


def refused(times: int, *, since: datetime, now: datetime) -> list[int]:
    """Of which subscribers the last weekly e-mails, at least so many since then, were refused for good.

    Where a server blames the sender, on a list of blocked ones say, it has said nothing of the mailbox.
    """
    refusals = defaultdict(list)
    for kind in (LISTS_ALONE, WITH_GROUPS):
        rows = Email.objects.refused_by_server().filter(key__startswith=f"{kind}:")
        rows = rows.filter(refused_at__gt=since, refused_at__lte=now)
        for key, moment, words in rows.values_list("key", "refused_at", "last_error"):
            if not is_about_us(words):
                refusals[int(key.split(":")[1])].append(moment)
    return [
        subscriber
        for subscriber, moments in refusals.items()
        if len(moments) >= times and _none_taken(subscriber, since=sorted(moments)[-times])
    ]


def _none_taken(subscriber: int, *, since: datetime) -> bool:
    ours = Q(key__startswith=prefix(subscriber))
    ours |= Q(key__startswith=prefix(subscriber, with_groups=True))
    return not Email.objects.filter(ours, sent_at__gte=since).exists()


@dataclass
class _Week:
    edition: Edition
    found: Mapping[int, ListNews]
    now: datetime

    def __post_init__(self) -> None:
        # As many as are used again soon; hardly two people have subscribed the same twenty lists.
        keep = lru_cache(maxsize=KEPT_PATTERNS)
        self._messages: dict[int, GroupMessage] = {}
        self._pattern = keep(
            lambda lists, told: _pattern([self.found[one] for one in lists], self._of(told))
        )
        self._groups_pattern = keep(lambda told: groups.pattern(self._of(told)))

    def lists(self) -> Iterator[int]:
        """To all for whom there is news, with what their groups have written; how many at a time."""
        last, written = 0, CHUNK if self.found else 0
        while written == CHUNK:
            last, written = self._tell_some(last)
            yield written

    def groups_alone(self) -> Iterator[int]:
        """To all others for whom something of their groups waits."""
        waiting = True
        while waiting:
            with self._turn():
                # Those whose lists are told in the next run, because they are in somebody's hand.
                later = _open(self.edition, self.found).values_list("mailbox", flat=True)
                waiting = groups.waiting(self.edition.week, but_not=list(later), most=CHUNK)
                parts = self._taken(waiting)
                yield outbox.enqueue_many(map(self._groups_letter, parts.values()))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with transaction.atomic():
            Edition.objects.select_for_update().get(pk=self.edition.pk)
            yield

    def _tell_some(self, after: int) -> tuple[int, int]:
        """Tell the next mailboxes after this primary key; the last of them, and how many."""
        with self._turn():
            # Locked until the e-mails are stored: who ends a subscription waits. Those in somebody's
            # hand right now are left for the next run.
            people = list(
                _open(self.edition, self.found)
                .filter(pk__gt=after)
                .select_for_update(of=("self",), skip_locked=True, no_key=True)
                .order_by("pk")[:CHUNK]
            )
            wanted = _lists_of(people, self.edition, self.found)
            parts = self._taken([one.mailbox for one in people if one.pk in wanted])
            outbox.enqueue_many(
                self._letter(one, wanted[one.pk], parts.get(one.mailbox))
                for one in people
                if one.pk in wanted
            )
        return (people[-1].pk if people else after), len(people)

    def _taken(self, mailboxes: Collection[str]) -> dict[str, Part]:
        parts = groups.take(self.edition.week, mailboxes)
        for part in parts.values():
            self._messages.update((message.pk, message) for message in part.messages)
        return parts

    def _of(self, told: Iterable[int]) -> list[GroupMessage]:
        return [self._messages[pk] for pk in told]

    def _letter(
        self, subscriber: Subscriber, lists: tuple[int, ...], part: Part | None
    ) -> outbox.Letter:
        memberships = part.numbers if part else []
        end = links.end_address(subscriber.pk, memberships)
        return outbox.Letter(
            key=f"{prefix(subscriber.pk, with_groups=bool(part))}{self.edition.week}",
            to=subscriber.email,
            template=self._pattern(lists, part.told if part else ()),
            words={
                "name": _greeted(part),
                "see": links.address(subscriber.pk, Purpose.SEE),
                "groups": part.unsubscribe_url if part else "",
                "unsubscribe": end,
            },
            reply_to=settings.OPERATOR["email"],
            due_at=self.now,
            kind=EmailKind.BULK,
            unsubscribe_url=end,
        )

    def _groups_letter(self, part: Part) -> outbox.Letter:
        return outbox.Letter(
            key=part.key,
            to=part.to,
            template=self._groups_pattern(part.told),
            words={"name": _greeted(part)},
            reply_to=settings.OPERATOR["email"],
            due_at=self.now,
            kind=EmailKind.BULK,
            unsubscribe_url=part.unsubscribe_url,
        )


def _greeted(part: Part | None) -> str:
    return f" {part.name}" if part and part.name else ""


def _open(edition: Edition, found: Iterable[int]) -> QuerySet[Subscriber]:
    """For whom there is something new and who has no e-mail of it yet."""
    return Subscriber.objects.filter(
        Exists(_wanted(edition, found).filter(subscriber=OuterRef("pk"))),
        _untold(LISTS_ALONE, edition) & _untold(WITH_GROUPS, edition),
    )


def _untold(kind: str, edition: Edition) -> Q:
    key = Concat(
        Value(f"{kind}:"),
        Cast(OuterRef("pk"), CharField()),
        Value(f":{edition.week}"),
        output_field=CharField(),
    )
    return ~Q(Exists(outbox.with_key(key)))


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


def _pattern(lists: list[ListNews], messages: list[GroupMessage]) -> Pattern:
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
        **groups.about(messages),
        "name": place("name"),
        "see": place("see"),
        "of_groups": place("groups"),
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

"""python -m bench subscribing: the weekly e-mails of many subscriptions, planned in one process.

The shipped network, 300 different lists (filters of the pages, some with words), 10,000 subscriptions of
4,000 mailboxes, and 50 solutions of which something has changed since the week before. Half of the
mailboxes, and half as many others, are in a group whose five messages they want once a week. Every match
and every message must stand in one e-mail once, and planning again must write nothing.
"""

import argparse
import logging
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import combinations, islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ["REDIS_URL"] = "memory://localhost"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.database import temporary_database  # noqa: E402
from communities.models import (  # noqa: E402
    Community,
    DigestItem,
    GroupMessage,
    MailWish,
    Membership,
    MembershipState,
    MessageState,
    Role,
)
from finding import search  # noqa: E402
from finding.versions import current  # noqa: E402
from mailing.models import Email  # noqa: E402
from projects.models import Solution  # noqa: E402
from subscribing.lists import LISTS  # noqa: E402
from subscribing.mail import weekly  # noqa: E402
from subscribing.models import ListName, Subscriber, Subscription, WatchedList  # noqa: E402

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
MESSAGES = 5
WORDS = ("hochwasser", "sensoren", "app", "parken", "digitaler zwilling", "open source", "energie")


def choices(count: int) -> Iterator[tuple[ListName, str]]:
    """Different lists as people choose them: one filter, two filters, words."""
    yield from islice(_choices(), count)


def _choices() -> Iterator[tuple[ListName, str]]:
    for word in WORDS:
        yield ListName.SOLUTIONS, f"q={word.replace(' ', '+')}"
        yield ListName.PROJECTS, f"q={word.replace(' ', '+')}"
    for name, of in LISTS.items():
        yield ListName(name), ""
        facets = of.asked("", current(), MONDAY).listing.section.index.facets
        single = [f"{facet.name}={value}" for facet in facets for value in facet.choices]
        yield from ((ListName(name), query) for query in single[:20])
    facets = LISTS[ListName.SOLUTIONS].asked("", current(), MONDAY).listing.section.index.facets
    for one, other in combinations(facets, 2):
        for value, another in zip(one.choices, other.choices, strict=False):
            yield ListName.SOLUTIONS, f"{one.name}={value}&{other.name}={another}"


def fill(lists: int, subscriptions: int, mailboxes: int) -> None:
    before = MONDAY - WEEK
    rows = {}
    for name, query in choices(lists * 2):
        asked = LISTS[name].asked(query, current(), MONDAY)
        seen = sorted(entry.pk for entry in asked.entries)
        row = WatchedList(name=name, query=asked.query, seen=seen, created_at=before)
        rows.setdefault((name, asked.query), row)
    watched = WatchedList.objects.bulk_create(islice(rows.values(), lists))
    assert len(watched) == lists, len(watched)
    people = Subscriber.objects.bulk_create(
        Subscriber(email=f"amt-{n}@musterdorf.example", created_at=before) for n in range(mailboxes)
    )
    drawn = random.Random(1)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < subscriptions:
        pairs.add((drawn.randrange(mailboxes), drawn.randrange(lists)))
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=people[person], list=watched[one], asked_at=before, confirmed_at=before
        )
        for person, one in sorted(pairs)
    )


def write_to_members(mailboxes: int) -> set[str]:
    """Whose group has written since the last e-mail, as the addresses of its members."""
    group = Community.objects.create(name="Zwillinge", slug="bench-zwillinge", kind="aeg")
    members = Membership.objects.bulk_create(
        Membership(
            community=group,
            name=f"Mitglied {n}",
            email=f"amt-{n}@musterdorf.example",
            state=MembershipState.ACTIVE,
            role=Role.MEMBER,
            mail_wish=MailWish.WEEKLY,
            email_confirmed_at=MONDAY - WEEK,
            changed_at=MONDAY - WEEK,
        )
        for n in range(mailboxes // 2, mailboxes + mailboxes // 2)
    )
    messages = GroupMessage.objects.bulk_create(
        GroupMessage(
            community=group,
            roles=[Role.MEMBER],
            subject=f"Rundmail {n}",
            text=f"Nachricht {n}: bitte lesen.",
            state=MessageState.SENT,
            sent_at=MONDAY,
        )
        for n in range(MESSAGES)
    )
    DigestItem.objects.bulk_create(
        DigestItem(message=message, membership=member) for message in messages for member in members
    )
    return {member.email for member in members}


def change(count: int) -> set[int]:
    changed = list(Solution.objects.public().order_by("?")[:count])
    for solution in changed:
        solution.staff_text = "Eine halbe Stelle im Bauhof, seit diesem Herbst."
        solution.save(update_fields=["staff_text"])
    return {solution.pk for solution in changed}


def wanted(changed: set[int]) -> dict[str, set[str]]:
    """By address: the pages that its e-mail must lead to, worked out one subscription at a time."""
    pages: dict[int, set[str]] = {}
    for one in WatchedList.objects.filter(name=ListName.SOLUTIONS):
        asked = LISTS[one.name].asked(one.query, current(), MONDAY)
        pages[one.pk] = {
            f"{settings.SITE_URL}{entry.url}" for entry in asked.entries if entry.pk in changed
        }
    found: dict[str, set[str]] = {}
    for address, one in Subscription.objects.values_list("subscriber__email", "list"):
        if pages.get(one):
            found.setdefault(address, set()).update(pages[one])
    return found


def check(changed: set[int], members: set[str]) -> tuple[int, int]:
    """How many e-mails and matches; fails where one is missing, told twice, or not wanted."""
    expected, told = wanted(changed), {}
    for address, text in Email.objects.values_list("to", "text"):
        assert address not in told, address
        lines = [line for line in text.splitlines() if "/loesungen/" in line and "?" not in line]
        assert len(lines) == len(set(lines)), address
        told[address] = set(lines)
        for number in range(MESSAGES):
            once = text.count(f"Nachricht {number}: bitte lesen.")
            assert once == (address in members), address
    assert told == {address: set() for address in members} | expected
    return len(told), sum(map(len, told.values()))


def planned(week: int) -> tuple[int, float, float, int]:
    began, spent = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        count = weekly.plan(now=MONDAY + week * WEEK)
    return count, time.process_time() - spent, time.perf_counter() - began, len(asked)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lists", type=int, default=300)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--mailboxes", type=int, default=4_000)
    parser.add_argument("--changed", type=int, default=50)
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with temporary_database():
        call_command("createcachetable", verbosity=0)
        call_command("load_network", stdout=StringIO())
        search.refresh()
        fill(options.lists, options.subscriptions, options.mailboxes)
        print(
            f"{options.subscriptions} subscriptions of {options.mailboxes} mailboxes, {options.lists} lists"
        )
        for week, number in enumerate((0, options.changed)):
            words = f"{number} entries changed" if week else "the first week, nothing new"
            changed = change(number)
            members = write_to_members(options.mailboxes) if week else set()
            count, spent, seconds, queries = planned(week)
            print(
                f"{words:32}{count:6} e-mails {spent:6.1f} s of processor {seconds:6.1f} s"
                f"{queries:6} queries"
            )
            again, spent, _seconds, queries = planned(week)
            print(
                f"{'  planned again':32}{again:6} e-mails {spent:6.2f} s of processor{queries:16} queries"
            )
        mails, matches = check(changed, members)
        print(f"{matches} matches in {mails} e-mails: none missing, none twice, none too many")


if __name__ == "__main__":
    main()

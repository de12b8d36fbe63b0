"""What is new or has changed in each subscribed list since the week before: found out once a week.

At the same moment ends what groups have written for the e-mail of this week.

Finding it out and noting it are one transaction that begins with the claim of the week, so that of
several planners one does it, and one that is killed leaves nothing half known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst

from communities.mail import weekly as groups
from finding.versions import Versions, current
from subscribing import substance
from subscribing.lists import LISTS, Asked, Subscribable
from subscribing.models import Edition, KnownEntry, ListNews, WatchedList

# On German clocks: on Monday morning, when people are at their desks soon.
BEGINS = timedelta(hours=7)
# Editions are only looked at in their week; afterwards they answer questions of the office for a while.
KEPT = timedelta(weeks=8)
# So many entries are read with all their facts at a time.
CHUNK = 500


class Why(StrEnum):
    NEW = "new"
    FITS = "fits"  # it was there before, but not in this list
    CHANGED = "changed"


@dataclass(frozen=True)
class Looked:
    """What is different about the entries of a whole list."""

    unknown: frozenset[int]
    changed: dict[int, list[str]]  # what is different, in words


def week_of(now: datetime) -> date:
    """The Monday on whose morning the week began."""
    day = (timezone.localtime(now).replace(tzinfo=None) - BEGINS).date()
    return day - timedelta(days=day.weekday())


def edition_of(week: date, *, now: datetime) -> Edition:
    """What was new in that week; found out now unless it is known already."""
    if (found := Edition.objects.filter(pk=week).first()) is not None:
        return found
    with transaction.atomic():
        # A rival waits here until the other has committed, and then finds what it has found.
        edition, is_mine = Edition.objects.get_or_create(week=week, defaults={"found_at": now})
        if is_mine:
            _find_out(edition, now)
            groups.close(week)
    return edition


def forget_old(*, now: datetime) -> int:
    return Edition.objects.filter(week__lt=week_of(now) - KEPT).delete()[0]


def entries_now(asked: Asked) -> list[int]:
    """The keys of what a list holds at this moment: nothing of it will be news."""
    return [entry.pk for entry in asked.entries]


def _find_out(edition: Edition, now: datetime) -> None:
    version = current()
    looked = {name: _look(of, version, now) for name, of in LISTS.items()}
    news, watched = [], list(WatchedList.objects.wanted())
    for one in watched:
        asked = LISTS[one.name].asked(one.query, version, now)
        entries = list(_news(asked, one, looked[one.name]))
        one.seen = sorted({*one.seen, *entries_now(asked)})
        if entries:
            told = {"title": asked.title, "path": asked.path, "entries": entries}
            news.append(ListNews(edition=edition, list=one, **told))
    WatchedList.objects.bulk_update(watched, ["seen"], batch_size=CHUNK)
    ListNews.objects.bulk_create(news, batch_size=CHUNK)


def _look(of: Subscribable, version: Versions, now: datetime) -> Looked:
    """Compare all entries with what was known of them, and know from now on what they are."""
    listing = of.find(QueryDict(), version, now)
    known = dict(KnownEntry.objects.filter(list_name=of.name).values_list("entry", "facts"))
    labels, unknown, changed = of.labels(), [], {}
    keys = [entry.pk for entry in listing.section.entries]
    for start in range(0, len(keys), CHUNK):
        rows = []
        for key, facts in of.facts(keys[start : start + CHUNK]).items():
            hashes = substance.hashes(facts)
            if key not in known:
                unknown.append(key)
            elif names := substance.changed(known[key], hashes):
                changed[key] = [_in_words(labels[name]) for name in names]
            if known.get(key) != hashes:
                rows.append(KnownEntry(list_name=of.name, entry=key, facts=hashes))
        _know(rows)
    return Looked(frozenset(unknown), changed)


def _in_words(label: str) -> str:
    """„Lizenz (SPDX)“ says in a table what readers of an e-mail need not know."""
    return capfirst(label.partition(" (")[0])


def _know(rows: Sequence[KnownEntry]) -> None:
    KnownEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["list_name", "entry"],
        update_fields=["facts"],
    )


def _news(asked: Asked, watched: WatchedList, looked: Looked) -> Iterator[dict[str, Any]]:
    """What is new first, each in the order of the page."""
    seen, changed = set(watched.seen), []
    for entry in asked.entries:
        told = {"entry": entry.pk, "title": asked.of.title(entry), "path": entry.url, "changed": []}
        if entry.pk not in seen:
            yield told | {"why": Why.NEW if entry.pk in looked.unknown else Why.FITS}
        elif entry.pk in looked.changed:
            changed.append(told | {"why": Why.CHANGED, "changed": looked.changed[entry.pk]})
    yield from changed

"""What is stored of a person who has subscribed something."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from accounts.own_data import Part, Person, keep_secret, part
from subscribing.mail import confirming, weekly
from subscribing.models import Subscriber, Subscription, WatchedList

# Numbers of public entries, hundreds of them.
keep_secret("subscribing.WatchedList.seen")


def export(person: Person) -> Iterator[Part]:
    subscribers = subscribers_of(person)
    yield from part(subscribers)
    yield from part(Subscription.objects.filter(subscriber__in=subscribers))
    yield from part(
        WatchedList.objects.filter(subscriptions__subscriber__in=subscribers).distinct()
    )


def obstacles(person: Person) -> Iterator[str]:
    yield from ()


def erase(person: Person, *, now: datetime) -> list[str]:
    rows = list(subscribers_of(person).select_for_update().order_by("pk"))
    subscriptions = Subscription.objects.filter(subscriber__in=rows)
    prefixes = [confirming.prefix(one) for one in subscriptions]
    Subscriber.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for with_groups in (False, True):
        prefixes += [weekly.prefix(row.pk, with_groups=with_groups) for row in rows]
    return prefixes


def subscribers_of(person: Person) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(mailbox__in=person.mailboxes)

from datetime import UTC, datetime

import factory

from subscribing.models import ListName, Subscriber, Subscription, WatchedList

ASKED = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


class SubscriberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Subscriber

    email = factory.Sequence(lambda number: f"abo-{number}@musterdorf.example")
    created_at = ASKED


class WatchedListFactory(factory.django.DjangoModelFactory):
    """The solutions with a search that no other has; what they hold now is not known to it."""

    class Meta:
        model = WatchedList

    name = ListName.SOLUTIONS
    query = factory.Sequence(lambda number: f"q=Pegel+{number}")
    created_at = ASKED


class SubscriptionFactory(factory.django.DjangoModelFactory):
    """A confirmed one of a list, with a mailbox of its own."""

    class Meta:
        model = Subscription

    subscriber = factory.SubFactory(SubscriberFactory)
    list = factory.SubFactory(WatchedListFactory)
    asked_at = ASKED
    confirmed_at = factory.SelfAttribute("asked_at")

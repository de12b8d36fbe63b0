"""Eight real processes with one subscription: one outcome, one e-mail for each step that counted."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from mailing.models import Email
from subscribing.models import Subscriber, Subscription, WatchedList
from tests.factories import SolutionFactory
from tests.factories.subscribing import SubscriptionFactory
from tests.subscribing import race as steps

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


def at_once(race, stored: Subscription, *what: str) -> Counter:
    jobs = [(step, stored.pk, stored.subscriber_id, NOW) for step in what]
    return Counter(race.at_once(steps.act, jobs))


def test_confirmed_eight_times_at_once_is_confirmed_once_with_one_mail(race):
    stored = SubscriptionFactory(confirmed_at=None)

    done = at_once(race, stored, *["confirm"] * 8)

    assert done == {"confirm": 1, "too late": 7}
    stored.refresh_from_db()
    assert stored.confirmed_at == NOW
    assert [mail.key for mail in Email.objects.all()] == [f"subscription:{stored.pk}:confirmed"]


@pytest.mark.parametrize("_round", range(2))
def test_confirmed_and_ended_at_once_it_is_ended_once_and_no_mail_says_otherwise(race, _round):
    stored = SubscriptionFactory(confirmed_at=None)

    done = at_once(race, stored, *["confirm", "end", "confirm", "end all"] * 2)

    # Confirmed before or not at all; whoever comes after the end is too late.
    assert done["confirm"] <= 1
    assert done["end"] + done["end all"] == 1
    assert not Subscription.objects.exists()
    assert not Subscriber.objects.exists()
    assert not Email.objects.exists()


def test_another_is_confirmed_while_the_first_ends_and_the_mailbox_stays_for_it(race):
    first = SubscriptionFactory()
    second = SubscriptionFactory(subscriber=first.subscriber, confirmed_at=None)
    jobs = [("end", first.pk, first.subscriber_id, NOW)] * 4
    jobs += [("confirm", second.pk, first.subscriber_id, NOW)] * 4

    done = Counter(race.at_once(steps.act, jobs))

    assert done == {"end": 1, "confirm": 1, "too late": 6}
    assert list(Subscription.objects.confirmed()) == [second]
    assert list(Subscriber.objects.all()) == [first.subscriber]
    assert Email.objects.get().key == f"subscription:{second.pk}:confirmed"


def test_one_form_sent_eight_times_in_two_spellings_and_two_orders_is_one_subscription(race):
    SolutionFactory(kind="sensorik")
    spellings = ["eva@stadt.example", "Eva+portal@Stadt.example"] * 4
    queries = ["art=sensorik&q=Pegel", "q=Pegel&art=sensorik&seite=2"] * 4

    jobs = [(query, one, NOW) for query, one in zip(queries, spellings, strict=True)]
    keys = race.at_once(steps.subscribe, jobs)

    assert len(set(keys)) == 1
    assert Subscriber.objects.count() == Subscription.objects.count() == 1
    assert WatchedList.objects.get().query == "q=Pegel&art=sensorik"

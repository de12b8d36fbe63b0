"""A mail server that takes nothing from us is trouble; one recipient it does not take is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mailing import outbox
from mailing.delivery import deliver
from mailing.models import IN_TROUBLE, Email
from mailing.relay import is_about_us
from mailing.trouble import REFUSALS, refused_just_before
from smartcities.operations.readiness import OK, OUTBOX_MAY_LAG, _work
from tests.factories import EmailFactory, UserFactory
from tests.mailing.conftest import Sink, until
from tests.some import some

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NOT_FROM_US = "554 5.7.1 <portal>: Relay access denied"


@pytest.mark.parametrize(
    ("words", "about_us"),
    [
        ("554 5.7.1 <a@example.org>: Relay access denied", True),
        ("550 5.7.26 Unauthenticated mail is not accepted", True),
        ("554 Transaction failed", True),
        ("550 relay not permitted", True),
        ("550 5.1.1 <a@example.org> kennen wir nicht", False),
        ("554 5.1.1 no such user", False),
        ("550 5.2.1 mailbox disabled, no relay for you", False),
        ("552 5.2.2 mailbox full", False),
        ("550 no such user", False),
    ],
)
def test_a_refusal_blames_the_sender_or_the_recipient(words, about_us):
    assert is_about_us(words) is about_us


def test_what_was_refused_a_day_ago_or_before_one_that_went_is_no_part_of_the_row():
    now = timezone.now()
    row = [
        EmailFactory(refused_at=now - timedelta(hours=hours), last_error=NOT_FROM_US)
        for hours in (1, 5, 23, 24)
    ]

    assert refused_just_before(now) == row[:3]
    EmailFactory(sent_at=now - timedelta(hours=3))
    assert refused_just_before(now) == row[:1]
    # One that blames its recipient ends the row.
    EmailFactory(refused_at=now, last_error="550 5.1.1 kennen wir nicht")
    assert refused_just_before(now) == []


def test_a_single_recipient_is_refused_at_once_whatever_the_reason(sink):
    lost = EmailFactory(to="verboten@example.org")

    assert deliver() == 0

    lost.refresh_from_db()
    assert lost.refused_at is not None
    assert lost.last_error == "554 5.7.1 nicht von Ihnen"


def test_several_emails_to_the_same_recipient_are_single_refusals_too(sink):
    EmailFactory.create_batch(REFUSALS + 1, to="verboten@example.org")

    deliver()

    assert Email.objects.refused().count() == REFUSALS + 1


def test_refused_between_others_that_go_are_single_refusals(sink):
    now = timezone.now()
    for number in range(4 * REFUSALS):
        name = "normal" if number % 2 else "verboten"
        EmailFactory(to=f"{name}{number}@example.org", due_at=now - timedelta(seconds=60 - number))

    assert deliver() == 2 * REFUSALS

    assert Email.objects.refused().count() == 2 * REFUSALS
    assert not Email.objects.open().exists()


def test_a_server_that_refuses_everybody_pauses_the_run_and_all_stay_open(sink):
    sink.answer_everybody(NOT_FROM_US)
    for number in range(300):
        EmailFactory(to=f"p{number}@example.org")

    assert deliver() == 0

    assert Email.objects.open().count() == 300
    assert Email.objects.in_trouble().count() == REFUSALS
    assert Email.objects.filter(attempts=0, last_error="", claim=None).count() == 300 - REFUSALS
    for email in some(Email.objects.in_trouble()):
        assert email.last_error == IN_TROUBLE + NOT_FROM_US
        assert 0 < (email.due_at - timezone.now()).total_seconds() < 75


def test_one_by_one_the_third_in_a_row_tells_and_the_first_two_are_open_again(sink):
    sink.answer_everybody(NOT_FROM_US)
    for number in range(REFUSALS - 1):
        EmailFactory(to=f"p{number}@example.org")
        deliver()
    assert Email.objects.refused().count() == REFUSALS - 1

    EmailFactory(to="letzte@example.org")
    deliver()

    assert Email.objects.in_trouble().count() == REFUSALS
    assert not Email.objects.refused().exists()


def test_what_was_refused_before_others_went_is_no_part_of_a_row(sink):
    for name in ("verboten1", "verboten2", "normal"):
        EmailFactory(to=f"{name}@example.org")
        deliver()

    EmailFactory(to="verboten3@example.org")
    deliver()

    assert Email.objects.refused().count() == 3


def test_a_server_that_begins_to_refuse_in_the_middle_loses_none(sink):
    """Too many at once, it says, after it has taken some."""
    now = timezone.now()
    EmailFactory(due_at=now - MINUTE)
    for number in range(20):
        EmailFactory(to=f"verboten{number}@example.org")

    assert deliver() == 1

    assert not Email.objects.refused().exists()
    assert Email.objects.open().count() == 20


@pytest.mark.parametrize("words", [NOT_FROM_US, "450 4.7.1 später"])
def test_tried_for_days_in_trouble_none_is_given_up_and_none_waits_long(sink, words):
    sink.answer_everybody(words)
    for number in range(6):
        EmailFactory(to=f"p{number}@example.org")
    now = timezone.now()

    for step in range(200):
        with time_machine.travel(now + step * MINUTE, tick=False):
            deliver()
    later = now + 200 * MINUTE
    assert Email.objects.open().count() == 6
    assert not Email.objects.filter(attempts__gt=3).exists()
    sink.answer_everybody("")

    with time_machine.travel(later + 2 * MINUTE, tick=False):
        assert deliver() == 6


def test_the_first_that_goes_takes_all_others_along(sink):
    sink.answer_everybody("450 4.7.1 später")
    for number in range(20):
        EmailFactory(to=f"p{number}@example.org")
    for _ in range(3):
        deliver()
    assert Email.objects.in_trouble().filter(due_at__gt=timezone.now()).count() == 15
    sink.answer_everybody("")

    # The five that had not been tried yet go, and with them those that would have waited.
    assert deliver() == 20


def test_readyz_and_the_start_page_show_it(sink, client):
    sink.answer_everybody(NOT_FROM_US)
    now = timezone.now()
    for number in range(REFUSALS):
        EmailFactory(to=f"p{number}@example.org")
    for step in range(20):
        with time_machine.travel(now + step * MINUTE, tick=False):
            deliver()
    # Just tried again: due in a minute only, and all the same late.
    later = now + OUTBOX_MAY_LAG + 5 * MINUTE
    assert not Email.objects.due(later - MINUTE).exists()
    assert _work(now + MINUTE)["outbox"] == OK
    assert _work(later)["outbox"] == "late"
    assert outbox.health(later).stuck == REFUSALS

    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get("/verwaltung/", follow=True).text
    assert "3 E-Mails hängen" in page


# Processes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words", [NOT_FROM_US, "450 4.7.1 später"])
def test_workers_lose_none_and_are_at_full_speed_when_the_server_is_back(
    sink: Sink, processes, words
):
    sink.answer_everybody(words)
    emails = EmailFactory.build_batch(300)
    Email.objects.bulk_create(emails)
    for _ in range(2):
        processes("tests.mailing.worker", "15", "4")
    until(lambda: Email.objects.in_trouble().count() > 100, seconds=60, what="many tried in vain")
    assert Email.objects.open().count() == 300

    sink.answer_everybody("")

    until(lambda: not Email.objects.open().exists(), seconds=20, what="all sent")
    assert sorted(sink.recipients()) == sorted(email.to for email in emails)
    assert not Email.objects.refused().exists()

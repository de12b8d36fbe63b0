"""Eight real processes against the real PostgreSQL: one mailbox, one count."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Tally, User
from mailing.models import Email
from tests.accounts import race as jobs
from tests.accounts.test_one_account import TAKEN, account
from tests.rivals import PROCESSES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_counts_of_before():
    cache.clear()


def test_eight_who_sign_up_with_one_mailbox_at_once_have_one_account(race):
    spellings = [(f"eva+{number}@stadt.example",) for number in range(PROCESSES)]

    answers = race.at_once(jobs.sign_up, spellings)

    assert answers == [302] * PROCESSES
    assert User.objects.count() == EmailAddress.objects.count() == 1
    assert sorted(Email.objects.values_list("subject", flat=True)) == [
        "Bitte bestätigen Sie Ihre E-Mail-Adresse",
        *["Sie haben schon ein Konto"] * (PROCESSES - 1),
    ]


def test_of_eight_accounts_that_confirm_one_mailbox_at_once_one_gets_it(race):
    users = [account(f"{number}@dorf.example") for number in range(PROCESSES)]
    pending = [
        EmailAddress.objects.create(user=user, email=f"eva+{user.pk}@stadt.example")
        for user in users
    ]
    links = [
        reverse("account_confirm_email", args=[EmailConfirmationHMAC(one).key]) for one in pending
    ]

    pages = race.at_once(
        jobs.confirm, [(user.pk, link) for user, link in zip(users, links, strict=True)]
    )

    assert sum(TAKEN in page for page in pages) == PROCESSES - 1
    assert User.objects.filter(email__endswith="@stadt.example").count() == 1
    assert EmailAddress.objects.filter(verified=True, email__endswith="@stadt.example").count() == 1
    assert EmailAddress.objects.filter(verified=True).count() == PROCESSES


def test_who_is_given_eight_tasks_at_once_has_one_account(race):
    spellings = [(f"eva+{number}@stadt.example",) for number in range(PROCESSES)]

    answers = race.at_once(jobs.give_a_task, spellings)

    assert len(set(answers)) == User.objects.count() == 1


def test_of_two_hundred_that_are_counted_at_once_each_has_a_number_of_its_own(race):
    """Limits read this number: two with the same would be one too many let through."""
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    answers = race.at_once(jobs.count, [("posts:somewhere", 25, now)] * PROCESSES)

    assert sorted(number for answer in answers for number in answer) == list(
        range(1, 25 * PROCESSES + 1)
    )
    assert Tally.objects.get().number == 25 * PROCESSES

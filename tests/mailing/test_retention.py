from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from mailing.models import Email
from mailing.own_data import forget, forget_in_others
from mailing.retention import purge
from tests.factories import EmailFactory
from tests.some import some

pytestmark = pytest.mark.django_db

PERSONAL = ("to", "reply_to", "subject", "text", "html", "unsubscribe_url", "last_error")


def test_after_its_period_nothing_of_an_email_is_left_but_that_there_was_one(settings):
    settings.MAILING_TEXT_RETENTION_DAYS = 30
    now = timezone.now()
    long_ago, lately = now - timedelta(days=31), now - timedelta(days=29)
    words = {
        "reply_to": "b@example.org",
        "html": "<p>Erika</p>",
        "attachments": [{"name": "a", "type": "text/plain", "base64": ""}],
        "unsubscribe_url": "https://portal.example/ab/geheim/",
    }
    sent = EmailFactory(sent_at=long_ago, key="probe:sent", **words)
    refused = EmailFactory(refused_at=long_ago, last_error="550 <erika@example.org>", **words)
    missed = EmailFactory(missed_at=long_ago, expires_at=long_ago, **words)
    kept = [EmailFactory(sent_at=lately, **words), EmailFactory(created_at=long_ago, **words)]

    assert purge(now=now) == 3
    assert purge(now=now) == 0

    for email in some(Email.objects.filter(pk__in=[sent.pk, refused.pk, missed.pk])):
        assert [getattr(email, field) for field in PERSONAL] == [""] * len(PERSONAL)
        assert email.attachments == []
        assert email.purged_at == now
    sent.refresh_from_db()
    assert (sent.key, sent.sent_at) == ("probe:sent", long_ago)
    for email in kept:
        email.refresh_from_db()
        assert email.text
        assert email.attachments


def test_of_who_is_forgotten_goes_what_waits_and_empties_what_went_but_not_what_is_being_sent():
    now, to = timezone.now(), "Eva+amt@kommune.example"
    lease = {"claim": uuid4(), "claimed_until": now + timedelta(seconds=9)}
    waits, in_hand = EmailFactory(to=to), EmailFactory(to=to, **lease)
    went = EmailFactory(to=to, sent_at=now, reply_to="amt@kommune.example")
    about, of_another = EmailFactory(key="question:7:v1:asked"), EmailFactory(key="question:77:v1")

    assert forget(["eva@kommune.example"], ["question:7:"], now=now) == 3

    left = {email.pk: email for email in Email.objects.all()}
    assert left.keys() == {in_hand.pk, went.pk, of_another.pk}
    assert not left.keys() & {waits.pk, about.pk}
    assert [left[went.pk].to, left[went.pk].reply_to, left[went.pk].text] == ["", "", ""]
    # Whoever has it in hand finds it, and what became of it is written down.
    assert (left[in_hand.pk].to, left[in_hand.pk].claim) == (in_hand.to, lease["claim"])


def test_letters_to_others_are_emptied_for_the_person_they_name_and_for_no_one_else():
    now = timezone.now()
    said = {
        "Eva Licht hat sich angemeldet.": True,
        "Geantwortet hat <eva@kommune.example>.": True,
        "An eva@kommune.example.": True,
        "Frei ist nur noch neva@kommune.example": False,
        "Frei ist h-eva@kommune.example": False,
        "Eva Lichtenberg leitet es.": False,
    }
    rows = {text: EmailFactory(text=text, sent_at=now) for text in said}

    assert forget_in_others(["eva@kommune.example"], ["Eva Licht"], now=now) == 3

    for text, row in rows.items():
        row.refresh_from_db()
        assert (row.text == "") is said[text], text


def test_whoever_is_called_like_the_words_of_all_letters_takes_none_along():
    now = timezone.now()
    letter = EmailFactory(sent_at=now)

    assert forget_in_others([], ["guten Tag", " Smart Cities"], now=now) == 0

    letter.refresh_from_db()
    assert letter.text

import uuid
from datetime import timedelta

import pytest

from consulting import actions, limits, links
from consulting.links import Outcome
from consulting.models import Draft
from mailing.models import Email
from tests.factories import DraftFactory
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db

TYPED = {"anliegen": {"question": "Womit fangen wir an? 🙂"}}


def test_what_was_typed_is_kept_and_overwritten_under_its_key():
    pk, later = uuid.uuid4(), NOW + timedelta(hours=1)

    actions.save_draft(pk, data={"kommune": {}}, now=NOW)
    actions.save_draft(pk, data=TYPED, now=later)

    (draft,) = Draft.objects.all()
    assert (draft.pk, draft.data) == (pk, TYPED)
    assert (draft.created_at, draft.changed_at) == (NOW, later)


def test_the_link_in_the_mail_opens_the_draft():
    draft = DraftFactory()

    actions.send_draft_link(draft, email="eva@stadt.example", now=NOW)

    (email,) = Email.objects.all()
    assert email.to == "eva@stadt.example"
    (address,) = [line for line in email.text.splitlines() if "/fortsetzen/" in line]
    token = address.rstrip("/").rpartition("/")[2]
    assert links.open_draft(token, now=NOW) == (Outcome.VALID, draft)
    assert "Womit" not in email.text + email.html


def test_asking_for_the_link_twice_sends_it_once_and_an_hour_later_again():
    draft = DraftFactory()

    for minutes in (0, 10, 60):
        now = NOW + timedelta(minutes=minutes)
        actions.send_draft_link(draft, email="eva@stadt.example", now=now)

    assert Email.objects.count() == 2


def test_an_address_gets_five_links_a_day():
    for _number in range(limits.DRAFTS_A_DAY):
        actions.send_draft_link(DraftFactory(), email="eva@stadt.example", now=NOW)

    with pytest.raises(limits.TooMany, match="schon mehrere Links"):
        actions.send_draft_link(DraftFactory(), email="Eva@stadt.example", now=NOW)

    tomorrow = NOW + timedelta(days=1)
    actions.send_draft_link(DraftFactory(), email="eva@stadt.example", now=tomorrow)
    assert Email.objects.count() == limits.DRAFTS_A_DAY + 1

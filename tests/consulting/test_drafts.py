import uuid
from datetime import timedelta
from threading import Thread
from time import sleep

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.guard import TooMany
from consulting import actions, links
from consulting.links import Opened, Outcome, Purpose
from consulting.models import Draft
from mailing.models import Email
from tests.factories import DraftFactory, MunicipalityFactory
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db

TYPED = {"anliegen": {"question": "Womit fangen wir an? 🙂"}}


def test_what_was_typed_is_kept_under_its_key_and_changed_there():
    pk, later = uuid.uuid4(), NOW + timedelta(hours=1)

    actions.change_draft(pk, lambda data: data | {"kommune": {}}, read={}, now=NOW)
    actions.change_draft(pk, lambda data: data | TYPED, read={}, now=later)

    (draft,) = Draft.objects.all()
    assert (draft.pk, draft.data) == (pk, {"kommune": {}} | TYPED)
    assert (draft.created_at, draft.changed_at) == (NOW, later)


def test_what_is_gone_meanwhile_is_kept_again_as_it_was_read():
    draft = DraftFactory(data=TYPED)
    Draft.objects.all().delete()

    actions.change_draft(draft.pk, lambda data: data | {"kommune": {}}, read=draft.data, now=NOW)

    assert Draft.objects.get().data == {"kommune": {}} | TYPED


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_send_different_steps_at_once_lose_nothing(client):
    town = MunicipalityFactory(name="Musterdorf")
    client.post(step("kommune"), {"q": town.name, "picked": town.pk})
    posts = {
        "anliegen": {"building_blocks": ["initialberatung"], "stage": "anfang", "question": "Wie?"},
        "kommune": {"q": "Musterdorf", "picked": town.pk, "extra": ""},
    }
    with transaction.atomic():
        # Both have read the draft and wait to write it.
        Draft.objects.select_for_update().get()
        windows = [Thread(target=send, args=(client.cookies, *post)) for post in posts.items()]
        for window in windows:
            window.start()
        sleep(1)
        assert all(window.is_alive() for window in windows)
    for window in windows:
        window.join()

    data = Draft.objects.get().data
    assert data["anliegen"]["question"] == "Wie?"
    assert data["kommune"]["picked"] == str(town.pk)
    assert sorted(data["fertig"]) == ["anliegen", "kommune"]


def send(cookies, slug: str, typed: dict) -> None:
    window = Client()
    window.cookies = cookies
    try:
        window.post(step(slug), typed)
    finally:
        connection.close()


def step(slug: str) -> str:
    return reverse("consulting:part", args=[slug])


def test_the_link_in_the_mail_opens_the_draft():
    draft = DraftFactory()

    actions.send_draft_link(draft, email="eva@stadt.example", now=NOW)

    (email,) = Email.objects.all()
    assert email.to == "eva@stadt.example"
    (address,) = [line for line in email.text.splitlines() if "/fortsetzen/" in line]
    token = address.rstrip("/").rpartition("/")[2]
    assert links.open_draft(token, now=NOW) == Opened(Purpose.RESUME, Outcome.VALID, draft)
    assert "Womit" not in email.text + email.html


def test_asking_for_the_link_twice_sends_it_once_and_an_hour_later_again():
    draft = DraftFactory()

    for minutes in (0, 10, 60):
        now = NOW + timedelta(minutes=minutes)
        actions.send_draft_link(draft, email="eva@stadt.example", now=now)

    assert Email.objects.count() == 2


def test_an_address_gets_five_links_a_day():
    for _number in range(5):
        actions.send_draft_link(DraftFactory(), email="eva@stadt.example", now=NOW)

    with pytest.raises(TooMany, match="schon mehrere Links"):
        actions.send_draft_link(DraftFactory(), email="Eva@stadt.example", now=NOW)

    tomorrow = NOW + timedelta(days=1)
    actions.send_draft_link(DraftFactory(), email="eva@stadt.example", now=tomorrow)
    assert Email.objects.count() == 5 + 1

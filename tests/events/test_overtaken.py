"""Somebody acts on what they have read while the event changes beneath it."""

import logging
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.own_data import Person as DataPerson
from events import actions, attendance, followers, links
from events.actions import Closed, Person, publishing, waiting
from events.links import Purpose
from events.mail import reminders
from events.models import Event, EventState, Format, Mode, Precision, Registration, Seats
from ground.refusals import Overtaken
from mailing.models import Email
from smartcities import own_data
from tests.events.counters import assert_counters_tell_the_truth
from tests.events.test_admin import form_of
from tests.factories import UserFactory
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory, in_days
from tests.some import some

NOW = timezone.now()
EVA = Person("Eva Beispiel", "eva@musterdorf.example")


def registered(seats: Seats, person: Person = EVA, submission=None) -> Registration:
    actions.register(
        seats.event, [person], Mode(seats.mode), submission=submission or uuid.uuid4(), now=NOW
    )
    return Registration.objects.select_related("event").latest("pk")


@pytest.mark.django_db
class TestWhatWasReadBefore:
    def test_nobody_registers_for_what_was_cancelled_after_the_page_was_read(self):
        seats = SeatsFactory()
        read = Event.objects.get(pk=seats.event_id)
        publishing.cancel(seats.event, "Sturm.", now=NOW)

        with pytest.raises(Closed):
            actions.register(read, [EVA], Mode.ON_SITE, submission=uuid.uuid4(), now=NOW)

        assert not Registration.objects.exists()
        assert Seats.objects.get().taken == 0

    def test_who_registers_on_an_old_page_gets_the_true_date(self):
        seats = SeatsFactory()
        read = Event.objects.get(pk=seats.event_id)
        later = {name: getattr(read, name) + timedelta(days=2) for name in ("starts_at", "ends_at")}
        moved = publishing.move(seats.event, now=NOW, **later)

        actions.register(read, [EVA], Mode.ON_SITE, submission=uuid.uuid4(), now=NOW)

        text = Email.objects.get(to=EVA.email).text
        assert moved.when in text
        assert read.when not in text

    def test_a_link_from_before_confirms_nothing_of_a_cancelled_event(self, client):
        registration = registered(SeatsFactory())
        path = links.path(registration, Purpose.CONFIRM)
        publishing.cancel(registration.event, "Sturm.", now=NOW)
        Email.objects.all().delete()

        answer = client.post(path)

        assert answer.status_code == 410
        assert "Diese Veranstaltung ist abgesagt." in answer.text
        with pytest.raises(Overtaken):
            actions.confirm(registration, now=NOW)
        registration.refresh_from_db()
        assert registration.confirmed_at is None
        assert not Email.objects.exists()

    def test_planned_with_an_old_event_nobody_is_reminded_of_an_old_link(self, monkeypatch):
        """The planner has read all events before the link changes."""
        event = EventFactory(
            takes_registrations=True,
            starts_at=NOW + timedelta(hours=20),
            format=Format.ONLINE,
            online_link="https://video.example/alt",
        )
        RegistrationFactory(
            event=event,
            mode=Mode.ONLINE,
            confirmed_at=in_days(-20),
            seated_at=in_days(-20),
        )
        read = list(reminders._events(NOW))
        publishing.move(event, now=NOW, online_link="https://video.example/neu")
        Email.objects.all().delete()
        monkeypatch.setattr(reminders, "_events", lambda now: read)

        assert reminders.plan(now=NOW) == 0
        monkeypatch.undo()
        reminders.plan(now=NOW)
        texts = some(Email.objects.values_list("text", flat=True))
        assert not any("https://video.example/alt" in text for text in texts)

    def test_who_cancels_while_the_form_of_the_event_ends_tries_again_and_no_seat_is_lost(self):
        event = EventFactory(
            takes_registrations=True, format=Format.HYBRID, online_link="https://video.example/"
        )
        SeatsFactory(event=event, capacity=5)
        SeatsFactory(event=event, mode=Mode.ONLINE, capacity=5)
        actions.register(event, [EVA], Mode.ON_SITE, submission=uuid.uuid4(), now=NOW)
        read = Registration.objects.select_related("event").get()
        publishing.move(event, now=NOW, format=Format.ONLINE)

        with pytest.raises(Overtaken):
            actions.cancel(read, now=NOW)
        actions.cancel(Registration.objects.select_related("event").get(), now=NOW)

        assert Seats.objects.get().taken == 0
        assert_counters_tell_the_truth()

    def test_one_that_cannot_be_released_holds_up_nobody_else(self, monkeypatch, caplog):
        first, second = registered(SeatsFactory()), registered(SeatsFactory())
        release = waiting._release

        def broken(registration, now):
            if registration.pk == first.pk:
                raise ValueError("broken")
            return release(registration, now)

        monkeypatch.setattr(waiting, "_release", broken)
        with caplog.at_level(logging.ERROR), pytest.raises(ValueError, match="broken"):
            actions.release_expired(now=first.hold_until)

        second.refresh_from_db()
        assert second.state == "verfallen"
        assert EVA.email not in caplog.text

    def test_who_is_there_keeps_the_seat_without_having_confirmed(self):
        registration = registered(SeatsFactory(event__starts_at=NOW + timedelta(minutes=90)))
        assert attendance.mark(registration, now=NOW + timedelta(minutes=80))

        assert actions.release_expired(now=NOW + timedelta(hours=3)) == 0

        registration.refresh_from_db()
        assert (registration.state, registration.attended_at is None) == ("platz", False)

    def test_everything_about_oneself_can_be_erased_while_the_event_runs(self):
        event = EventFactory(
            takes_registrations=True,
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=5),
        )
        user = UserFactory(email=EVA.email)
        RegistrationFactory(event=event, email=EVA.email, user=user)

        own_data.erase(DataPerson.of_user(user), now=NOW)

        assert not Registration.objects.filter(email=EVA.email).exists()

    def test_the_same_page_sent_again_after_it_had_lapsed_registers_anew(self):
        seats, submission = SeatsFactory(), uuid.uuid4()
        later = registered(seats, submission=submission).hold_until
        actions.release_expired(now=later)
        Email.objects.all().delete()

        again = actions.register(seats.event, [EVA], Mode.ON_SITE, submission=submission, now=later)

        assert [row.state for row in again.people] == ["platz"]
        assert [email.to for email in Email.objects.all()] == [EVA.email]


@pytest.mark.django_db
class TestForms:
    @pytest.fixture
    def office(self, client):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        return client

    def test_seats_that_a_draft_has_left_over_are_gone_once_it_is_public(self):
        event = EventFactory(state=EventState.DRAFT, takes_registrations=True)
        SeatsFactory(event=event)
        SeatsFactory(event=event, mode=Mode.ONLINE, capacity=None)

        publishing.publish(event, now=NOW)

        assert [row.mode for row in event.seats.all()] == [Mode.ON_SITE]

    def test_the_way_of_taking_part_that_seats_are_for_cannot_be_changed(self, office):
        seats = SeatsFactory()
        page = reverse("admin:events_event_change", args=[seats.event_id])
        values = form_of(office, page) | {"seats-0-mode": Mode.ONLINE, "seats-0-capacity": 9}

        office.post(page, values)

        seats.refresh_from_db()
        assert (seats.mode, seats.capacity) == (Mode.ON_SITE, 9)

    def test_registration_cannot_be_opened_where_only_the_day_is_known(self, office):
        event = EventFactory(precision=Precision.DAY)
        page = reverse("admin:events_event_change", args=[event.pk])

        answer = office.post(page, form_of(office, page) | {"takes_registrations": "on"})

        assert answer.status_code == 200
        assert "Dafür braucht die Veranstaltung Beginn und Ende mit Uhrzeit." in answer.text

    def test_a_token_with_a_null_byte_is_no_calendar(self, client):
        assert client.get("/veranstaltungen/kalender/%00aaaaaaaaaaaaaa.ics").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_the_event_is_moved_waits_and_reads_the_new_date(monkeypatch):
    registration = registered(SeatsFactory())
    Email.objects.all().delete()
    old = registration.event.when
    done = []

    def confirm() -> None:
        try:
            actions.confirm(registration, now=NOW)
            done.append("confirmed")
        finally:
            connection.close()

    confirming = threading.Thread(target=confirm)

    def while_it_is_moved(*_arguments, **_named) -> None:
        confirming.start()
        confirming.join(0.7)
        assert done == []  # waits for the move

    monkeypatch.setattr(followers, "tell_moved", while_it_is_moved)
    event = registration.event
    moved = publishing.move(
        Event.objects.get(pk=event.pk),
        now=NOW,
        starts_at=event.starts_at + timedelta(days=2),
        ends_at=event.ends_at + timedelta(days=2),
    )
    confirming.join(20)

    assert done == ["confirmed"]
    (email,) = Email.objects.filter(to=EVA.email)
    assert moved.when in email.text
    assert old not in email.text

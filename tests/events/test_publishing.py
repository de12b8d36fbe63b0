"""Events published, moved, cancelled and repeated, and who hears of it."""

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone

from events import actions, followers
from events.actions import publishing
from events.models import (
    Audience,
    Event,
    EventState,
    Format,
    Mode,
    RegistrationState,
    ReminderRule,
)
from ground.refusals import Overtaken
from mailing.models import Email
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)


def conference(**fields):
    """At nine on the Tuesday before the clocks change."""
    begin = datetime(2026, 3, 24, 8, tzinfo=UTC)
    defaults = {"starts_at": begin, "ends_at": begin + timedelta(hours=6)}
    return EventFactory(**defaults | {"takes_registrations": True} | fields)


def test_a_draft_is_published_once_it_is_complete():
    event = conference(state=EventState.DRAFT, format=Format.HYBRID)
    with pytest.raises(publishing.NotReady) as unready:
        publishing.publish(event, now=NOW)
    assert unready.value.problems == [
        "Es fehlen die Plätze für „online“.",
        "Es fehlen die Plätze für „vor Ort“.",
        "Es fehlt der Link zum Videoraum.",
    ]
    for mode in Mode:
        SeatsFactory(event=event, mode=mode)
    event.online_link = "https://video.example.org/raum"
    event.save()
    published = publishing.publish(event, now=NOW)
    assert published.state == EventState.PUBLISHED
    assert published.sequence == event.sequence + 1


def test_what_is_published_has_no_seats_where_nobody_can_come():
    event = conference(state=EventState.DRAFT, format=Format.ON_SITE)
    # Left from the event that it was copied from.
    for mode in Mode:
        SeatsFactory(event=event, mode=mode)

    published = publishing.publish(event, now=NOW)

    assert [row.mode for row in published.seats.all()] == [Mode.ON_SITE]


def test_moving_tells_everybody_once_and_takes_the_programme_along_by_the_clock_on_the_wall():
    event = conference()
    item = AgendaItemFactory(
        event=event,
        starts_at=event.starts_at + timedelta(hours=1),
        ends_at=event.starts_at + timedelta(hours=2),
    )
    seated = RegistrationFactory(event=event)
    waiting = RegistrationFactory(event=event, state=RegistrationState.WAITING)
    RegistrationFactory(event=event, confirmed_at=None)
    RegistrationFactory(event=event, state=RegistrationState.CANCELLED, closed_at=NOW)
    # A week later it is summer time: nine o'clock is one hour earlier in UTC.
    begin = datetime(2026, 3, 31, 7, tzinfo=UTC)
    moved = publishing.move(event, now=NOW, starts_at=begin, ends_at=begin + timedelta(hours=6))
    item.refresh_from_db()
    assert f"{timezone.localtime(item.starts_at):%d.%m. %H:%M}" == "31.03. 10:00"
    assert f"{timezone.localtime(item.ends_at):%H:%M}" == "11:00"
    assert moved.sequence == event.sequence + 1
    assert sorted(Email.objects.values_list("to", flat=True)) == sorted(
        [seated.email, waiting.email]
    )


def test_a_corrected_typo_is_no_news():
    event = conference()
    RegistrationFactory(event=event)
    with pytest.raises(TypeError):
        publishing.move(event, now=NOW, title="Anderer Titel")
    with pytest.raises(ValueError, match="different"):
        publishing.move(event, now=NOW, city=event.city)
    assert not Email.objects.exists()


def test_of_two_colleagues_one_succeeds():
    event = conference()
    RegistrationFactory(event=event)
    as_seen_by_the_other = Event.objects.get(pk=event.pk)
    publishing.cancel(event, "Der Saal ist überschwemmt.", now=NOW)
    with pytest.raises(Overtaken):
        publishing.move(as_seen_by_the_other, now=NOW, city="Ulm")
    with pytest.raises(Overtaken):
        publishing.cancel(as_seen_by_the_other, "Noch einmal.", now=NOW)
    assert Email.objects.count() == 1


def test_cancelling_says_why_and_keeps_the_event():
    event = conference()
    person = RegistrationFactory(event=event)
    with pytest.raises(ValueError, match="told why"):
        publishing.cancel(event, "  ", now=NOW)
    cancelled = publishing.cancel(event, "Der Saal ist überschwemmt.", now=NOW)
    assert (cancelled.state, cancelled.cancelled_at) == (EventState.CANCELLED, NOW)
    assert Event.objects.public().filter(pk=event.pk).exists()
    email = Email.objects.get()
    assert email.to == person.email
    assert "Der Saal ist überschwemmt." in email.text


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["cancel", "move"])
def test_who_gets_a_seat_while_the_event_is_changed_is_told(step):
    """Both hold the seats, so the one waits for the other: here for who came first."""
    event = SeatsFactory(event=conference()).event
    user = UserFactory(email="eva@kommune.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    steps = {
        "cancel": lambda: publishing.cancel(event, "Sturm.", now=NOW),
        "move": lambda: publishing.move(event, now=NOW, city="Ulm"),
    }

    def change() -> None:
        try:
            steps[step]()
        finally:
            connection.close()

    other = threading.Thread(target=change)
    with transaction.atomic():
        person = actions.Person("Eva Beispiel", user.email)
        actions.register(event, [person], Mode.ON_SITE, submission=uuid.uuid4(), user=user, now=NOW)
        other.start()
        deadline = time.monotonic() + 20
        while other.is_alive() and not waits_for_a_lock() and time.monotonic() < deadline:
            time.sleep(0.02)
    other.join()

    subjects = Email.objects.filter(to=user.email).order_by("pk").values_list("subject", flat=True)
    assert [subject.partition(":")[0] for subject in subjects] == [
        "Angemeldet",
        {"cancel": "Abgesagt", "move": "Änderung"}[step],
    ]


def test_what_is_over_is_neither_moved_nor_cancelled():
    event = conference()
    after = event.ends_at
    with pytest.raises(Overtaken):
        publishing.move(event, now=after, city="Ulm")
    with pytest.raises(Overtaken):
        publishing.cancel(event, "Zu spät.", now=after)
    with pytest.raises(Overtaken):
        publishing.complete(event, attendees=1, documentation="", now=after - timedelta(seconds=1))
    done = publishing.complete(event, attendees=31, documentation="Gut war es.", now=after)
    assert (done.attendees, done.documentation) == (31, "Gut war es.")


def test_if_a_follower_fails_nothing_has_happened():
    event = conference()
    RegistrationFactory(event=event)

    def fail(*_args):
        raise RuntimeError("Something in an app above went wrong.")

    followers.register("test", followers.Follower(moved=fail, cancelled=fail))
    try:
        with pytest.raises(RuntimeError):
            publishing.cancel(event, "Sturm.", now=NOW)
        with pytest.raises(RuntimeError):
            publishing.move(event, now=NOW, city="Ulm")
    finally:
        followers._followers.pop("test")
    event.refresh_from_db()
    assert (event.state, event.sequence, event.city) == (EventState.PUBLISHED, 0, "Gütersloh")
    assert not Email.objects.exists()


def test_a_form_that_ends_hands_its_people_to_the_other():
    event = conference(format=Format.HYBRID)
    on_site = SeatsFactory(event=event, mode=Mode.ON_SITE, capacity=2, taken=2)
    online = SeatsFactory(event=event, mode=Mode.ONLINE, capacity=3, taken=1)
    people = [RegistrationFactory(event=event, mode=Mode.ON_SITE) for _one in range(2)]
    moved = publishing.move(
        event, now=NOW, format=Format.ONLINE, online_link="https://video.example.org/raum"
    )
    online.refresh_from_db()
    assert online.taken == 3
    assert list(moved.seats.all()) == [online]
    for person in people:
        person.refresh_from_db()
        assert person.mode == Mode.ONLINE
    assert not type(on_site).objects.filter(pk=on_site.pk).exists()


def test_too_few_seats_in_the_other_form_change_nothing():
    event = conference(format=Format.HYBRID)
    SeatsFactory(event=event, mode=Mode.ON_SITE, capacity=2, taken=2)
    SeatsFactory(event=event, mode=Mode.ONLINE, capacity=2, taken=1)
    with pytest.raises(publishing.NoRoom):
        publishing.move(event, now=NOW, format=Format.ONLINE)
    event.refresh_from_db()
    assert (event.format, event.sequence) == (Format.HYBRID, 0)
    assert not Email.objects.exists()


def test_who_waits_moves_up_where_the_other_form_has_seats():
    event = conference(format=Format.HYBRID)
    SeatsFactory(event=event, mode=Mode.ON_SITE, capacity=1, taken=1, waiting_limit=5, waiting=1)
    SeatsFactory(event=event, mode=Mode.ONLINE, capacity=None)
    RegistrationFactory(event=event)
    waiting = RegistrationFactory(event=event, state=RegistrationState.WAITING)
    publishing.move(event, now=NOW, format=Format.ONLINE)
    waiting.refresh_from_db()
    assert (waiting.mode, waiting.state) == (Mode.ONLINE, RegistrationState.SEAT)


def test_a_repeated_event_has_the_plan_and_nobody_of_the_first():
    event = conference(
        title="Regionalkonferenz Gütersloh",
        number=7,
        online_link="https://video.example.org/raum",
        registration_closes_at=datetime(2026, 3, 22, 22, 59, tzinfo=UTC),
        documentation="So war es.",
        attendees=12,
    )
    SeatsFactory(event=event, capacity=50, taken=12)
    AgendaItemFactory(event=event, title="Auftakt", capacity=20, taken=5)
    ReminderRule.objects.create(event=event, name="woche", hours=72)
    RegistrationFactory(event=event)
    begin = datetime(2027, 4, 6, 7, tzinfo=UTC)
    copy = publishing.duplicate(event, starts_at=begin, ends_at=begin + timedelta(hours=5))
    assert (copy.state, copy.number, copy.sequence) == (EventState.DRAFT, None, 0)
    assert copy.slug == "regionalkonferenz-guetersloh-2027-04-06"
    assert copy.uid != event.uid
    assert (copy.online_link, copy.documentation, copy.attendees) == ("", "", None)
    assert f"{timezone.localtime(copy.registration_closes_at):%d.%m. %H:%M}" == "04.04. 23:59"
    assert [(row.capacity, row.taken) for row in copy.seats.all()] == [(50, 0)]
    (item,) = copy.agenda.all()
    assert (item.title, item.starts_at, item.capacity, item.taken) == ("Auftakt", begin, 20, 0)
    assert [rule.name for rule in copy.reminder_rules.all()] == ["woche"]
    assert not copy.registrations.exists()
    assert event.registrations.count() == 1
    assert event.agenda.count() == 1


def test_a_repeated_event_has_the_german_day_in_its_address():
    after_midnight = datetime(2027, 6, 30, 22, 30, tzinfo=UTC)
    ends_at = after_midnight + timedelta(hours=1)
    event = conference(title="Lange Nacht")
    copies = [
        publishing.duplicate(event, starts_at=after_midnight, ends_at=ends_at)
        for _twice in range(2)
    ]
    assert [one.slug for one in copies] == ["lange-nacht-2027-07-01", "lange-nacht-2027-07-01-2"]


def test_a_repeated_event_has_these_fields_of_the_first_and_no_others():
    """A new field goes along unless somebody thinks of it, so each has to be named here or left out."""
    event = conference(
        title="Konferenz",
        number=7,
        teaser="Kurz.",
        description="Lang.",
        state=EventState.CANCELLED,
        cancel_reason="Sturm",
        cancelled_at=NOW,
        date_text="Frühjahr",
        venue="Stadthalle",
        address="Markt 1",
        latitude=51.9,
        longitude=8.4,
        online_link="https://video.example.org/raum",
        access_note="stufenlos",
        part_of=conference(),
        series=conference(),
        community=CommunityFactory(),
        audience=Audience.COMMUNITY,
        registration_opens_at=NOW - timedelta(days=9),
        registration_closes_at=NOW + timedelta(days=1),
        has_participants_list=True,
        contact_name="Eva",
        contact_email="eva@ort.example",
        documentation="So war es.",
        attendees=12,
        check_note="prüfen",
        editors_note="Notiz",
        sequence=3,
        moved_at=NOW,
        minutes_nudged_at=NOW,
    )
    empty = [one.name for one in Event._meta.concrete_fields if not getattr(event, one.attname)]
    assert empty == ["registration_url"]  # it is registered for here
    begin = event.starts_at + timedelta(days=365)

    copy = publishing.duplicate(event, starts_at=begin, ends_at=begin + timedelta(hours=5))

    names = [one.attname for one in Event._meta.concrete_fields]
    assert [name for name in names if getattr(copy, name) == getattr(event, name)] == [
        "kind", "title", "teaser", "description", "precision", "format", "venue", "address", "city",
        "land", "latitude", "longitude", "access_note", "series_id", "community_id", "audience",
        "takes_registrations", "registration_url", "has_participants_list", "contact_name",
        "contact_email",
    ]  # fmt: skip

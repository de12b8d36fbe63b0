"""Who is told that an event was moved or called off: everybody who counts on it, once."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from events.actions import publishing
from events.mail import reminders
from events.models import Event, Format, Mode, Precision, Registration, RegistrationState
from mailing.models import Email
from mailing.outbox import Letter
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
START = datetime(2026, 6, 17, 9, tzinfo=ZoneInfo("Europe/Berlin"))
NOW = START - 20 * DAY


@pytest.fixture
def event() -> Event:
    event = EventFactory(
        title="8. Regionalkonferenz",
        starts_at=START,
        ends_at=START + 8 * HOUR,
        takes_registrations=True,
        venue="Stadthalle",
        format=Format.HYBRID,
        online_link="https://video.example/alt",
    )
    for mode in Mode:
        SeatsFactory(event=event, mode=mode, waiting_limit=5)
    return event


def registered(event: Event, **given) -> Registration:
    given = {"seated_at": NOW - DAY, "confirmed_at": NOW - DAY, "created_at": NOW - DAY} | given
    return RegistrationFactory(event=event, **given)


def told(kind: str) -> dict[str, Email]:
    return {email.to: email for email in Email.objects.filter(key__contains=f":{kind}:")}


def told_of_by_rules() -> list[Email]:
    return list(Email.objects.filter(key__contains=":reminder:"))


def entry(email: Email) -> tuple[str, Calendar]:
    """The method of the calendar file that comes along, and what it says."""
    (attachment,) = email.attachments
    calendar = Calendar.from_ical(b64decode(attachment["base64"]))
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


def move(event: Event, now: datetime = NOW, **changes) -> Event:
    return publishing.move(Event.objects.get(pk=event.pk), now=now, **changes)


def a_day_later(event: Event) -> dict[str, datetime]:
    return {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}


def test_everybody_with_a_confirmed_address_is_told_and_nobody_else(event):
    seated = registered(event)
    waiting = registered(event, state=RegistrationState.WAITING)
    offered = registered(
        event, state=RegistrationState.OFFERED, offered_until=START, seated_at=None
    )
    registered(event, confirmed_at=None, hold_until=START)
    registered(event, state=RegistrationState.CANCELLED, closed_at=NOW - HOUR)
    registered(EventFactory())

    moved = move(event, **a_day_later(event))

    emails = told("moved")
    assert set(emails) == {seated.email, waiting.email, offered.email}
    assert Email.objects.count() == 3
    email = emails[seated.email]
    assert email.subject == "Änderung: 8. Regionalkonferenz (18. Juni 2026)"
    assert "Termin bisher: Mittwoch, 17. Juni 2026, 09:00 bis 17:00 Uhr\n" in email.text
    assert "Termin neu: Donnerstag, 18. Juni 2026, 09:00 bis 17:00 Uhr\n" in email.text
    assert "Ihr Platz bleibt Ihnen sicher" in email.text
    assert "Ort bisher" not in email.text
    method, item = entry(email)
    assert (method, item["dtstamp"].dt) == ("REQUEST", NOW)
    assert moved.sequence == event.sequence + 1
    assert item["dtstart"].dt == START + DAY
    for other in (waiting, offered):
        assert emails[other.email].attachments == []
    assert "Ihr Platz auf der Warteliste bleibt." in emails[waiting.email].text
    assert "/anmeldung/annehmen/" in emails[offered.email].text
    assert all("\n\n\n" not in email.text for email in emails.values())


def test_an_event_moved_a_day_means_one_change_mail_and_its_reminders_move(event):
    person = registered(event)
    week_before = START - 7 * DAY
    reminders.plan(now=week_before)
    assert Email.objects.filter(key__contains=":reminder:").count() == 1

    move(event, now=week_before + HOUR, **a_day_later(event))

    # The reminder of the old time was not sent yet and never will be.
    assert [email.to for email in Email.objects.all()] == [person.email]
    assert set(told("moved")) == {person.email}
    planned, now = [], week_before + HOUR
    while now < START + DAY:
        planned += [now] * reminders.plan(now=now)
        now += HOUR
    assert planned == [week_before + DAY, START]
    beginnings = {email.key.rpartition(":")[2] for email in told_of_by_rules()}
    assert beginnings == {f"{(START + DAY).astimezone(UTC):%Y%m%dT%H%M%S%f}"}


def test_a_cancelled_event_tells_why_takes_the_entry_out_and_never_reminds(event):
    seated = registered(event)
    waiting = registered(event, state=RegistrationState.WAITING)
    registered(event, confirmed_at=None, hold_until=START)
    reminders.plan(now=START - 7 * DAY)

    publishing.cancel(event, "Die Halle hat einen Wasserschaden.", now=START - 7 * DAY + HOUR)

    emails = told("cancelled")
    assert set(emails) == {seated.email, waiting.email}
    assert Email.objects.count() == 2
    for email in emails.values():
        assert email.subject == "Abgesagt: 8. Regionalkonferenz am 17. Juni 2026"
        assert "Der Grund: Die Halle hat einen Wasserschaden.\n" in email.text
    method, item = entry(emails[seated.email])
    assert (method, str(item["status"])) == ("CANCEL", "CANCELLED")
    assert emails[waiting.email].attachments == []
    for days in range(-7, 10):
        assert reminders.plan(now=START + days * DAY) == 0


def test_another_link_is_told_to_those_online_only_and_never_shown_to_others(event):
    online = registered(event, mode=Mode.ONLINE)
    registered(event, mode=Mode.ON_SITE)
    registered(event, mode=Mode.ONLINE, state=RegistrationState.WAITING)

    move(event, online_link="https://video.example/neu")

    (email,) = Email.objects.all()
    assert email.to == online.email
    assert "Der Link zum Videoraum ist neu." in email.text
    assert "Videoraum: https://video.example/neu\n" in email.text
    assert "video.example/alt" not in email.text


def test_who_is_told_of_another_time_reads_no_word_of_another_link(event):
    online = registered(event, mode=Mode.ONLINE)

    move(event, **a_day_later(event))

    email = told("moved")[online.email]
    assert "Videoraum: https://video.example/alt\n" in email.text
    assert "ist neu" not in email.text


def test_another_place_shows_the_link_to_nobody_on_site(event):
    on_site, online = registered(event), registered(event, mode=Mode.ONLINE)

    move(event, venue="Rathaus", online_link="https://video.example/neu")

    emails = told("moved")
    assert "Ort neu: Rathaus" in emails[on_site.email].text
    for part in (emails[on_site.email].text, emails[on_site.email].html):
        assert "video.example" not in part
    assert "Der Link zum Videoraum ist neu." in emails[online.email].text


def test_a_date_that_is_only_known_to_the_month_again_names_no_day(event):
    person = registered(event)
    Event.objects.filter(pk=event.pk).update(takes_registrations=False)

    move(
        event,
        precision=Precision.MONTH,
        starts_at=datetime(2026, 9, 1, tzinfo=START.tzinfo),
        ends_at=datetime(2026, 10, 1, tzinfo=START.tzinfo),
    )

    email = told("moved")[person.email]
    assert email.subject == "Änderung: 8. Regionalkonferenz (September 2026)"
    assert "Termin neu: September 2026\n" in email.text
    assert "1. September" not in email.text
    assert email.attachments == []


def test_if_the_change_fails_nobody_is_told_and_reminders_stay(event, monkeypatch):
    registered(event)
    reminders.plan(now=START - 7 * DAY)

    def broken(letter: Letter) -> Email:
        raise RuntimeError("no paper")

    monkeypatch.setattr(Letter, "written", broken)
    with pytest.raises(RuntimeError):
        move(event, **a_day_later(event))

    event.refresh_from_db()
    assert (event.starts_at, event.moved_at) == (START, None)
    assert [email.to for email in told_of_by_rules()] == [Email.objects.get().to]


def test_many_are_told_in_few_queries(event, django_assert_max_num_queries):
    for number in range(120):
        registered(event, email=f"person-{number}@kommune.example")

    with django_assert_max_num_queries(30):
        move(event, **a_day_later(event))

    assert len(told("moved")) == 120

"""What is sent because time passes: once, in time, and not any more when it is not true any more."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import QuerySet

from events import links
from events.actions import publishing
from events.links import Purpose
from events.mail import reminders
from events.mail.reminders import schedule
from events.models import (
    Anchor,
    Event,
    EventKind,
    EventState,
    Format,
    Mode,
    ParticipantNeeds,
    Precision,
    Registration,
    RegistrationState,
    ReminderRule,
    To,
)
from mailing import outbox
from mailing.delivery import deliver
from mailing.models import Email
from tests.factories.communities import CoordinationFactory, MembershipFactory, TopicGroupFactory
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory
from tests.signing import but_for_the_second

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = datetime(2026, 6, 17, 9, tzinfo=BERLIN)
# Everybody registered here has done so long before.
LONG_BEFORE = START - 15 * DAY


def event_at(starts_at: datetime = START, **given) -> Event:
    given = {"takes_registrations": True, "ends_at": starts_at + 8 * HOUR} | given
    return EventFactory(starts_at=starts_at, **given)


def registered(event: Event, at: datetime = LONG_BEFORE, **given) -> Registration:
    given = {"seated_at": at, "confirmed_at": at, "created_at": at} | given
    return RegistrationFactory(event=event, **given)


def waiting(event: Event, at: datetime = LONG_BEFORE, **given) -> Registration:
    return registered(event, at, state=RegistrationState.WAITING, seated_at=None, **given)


def planned() -> QuerySet[Email]:
    """The e-mails that were written. What is only noted as missed has no words and no recipient."""
    return Email.objects.exclude(to="")


def mails(event: Event) -> list[tuple[str, str]]:
    """To whom and by which rule, in the order of planning."""
    keys = planned().filter(key__startswith=f"event:{event.pk}:reminder:").order_by("pk")
    return [(email.to, email.key.split(":")[4]) for email in keys]


def rules_sent(event: Event) -> list[str]:
    return [rule for _to, rule in mails(event)]


def moments(begin: datetime, end: datetime, step: timedelta = 2 * HOUR) -> list[datetime]:
    """When something was planned, if the clock runs every two hours."""
    found, now = [], begin.astimezone(UTC)
    while now <= end:
        found += [now] * reminders.plan(now=now)
        now += step
    return found


def state_of(registration: Registration) -> dict[str, str]:
    """By rule, what the outbox tells about one person."""
    whose = Email.objects.filter(key__contains=f":reminder:{registration.pk}:")
    return {
        email.key.split(":")[4]: "verpasst" if email.missed_at else "geplant" for email in whose
    }


def test_who_has_a_seat_is_reminded_a_week_and_a_day_before_and_thanked_after():
    event = event_at()
    registration = registered(event)

    assert moments(LONG_BEFORE, START + 3 * DAY) == [
        START - 7 * DAY,
        START - DAY,
        event.ends_at + 18 * HOUR,
    ]
    assert mails(event) == [(registration.email, rule) for rule in ("woche", "tag", "danach")]
    assert state_of(registration) == dict.fromkeys(("woche", "tag", "danach"), "geplant")


@pytest.mark.parametrize(
    ("month", "day", "offset"),
    [(3, 29, 2), (10, 25, 1)],  # the nights before, the clocks change
)
def test_before_means_the_same_time_on_german_clocks_whatever_they_do(month, day, offset):
    start = datetime(2026, month, day, 9, tzinfo=BERLIN)
    assert start.utcoffset() == timedelta(hours=offset)
    registered(event_at(start), start - 15 * DAY)

    planned = moments(start - 10 * DAY, start, step=HOUR)

    assert [moment.astimezone(BERLIN).replace(tzinfo=None) for moment in planned] == [
        datetime(2026, month, day - 7, 9),  # noqa: DTZ001 -- what the clock on the wall says
        datetime(2026, month, day - 1, 9),  # noqa: DTZ001 -- the same
    ]


def test_an_hour_before_is_an_hour_also_where_the_clocks_change():
    start = datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)
    event = event_at(start)
    ReminderRule.objects.create(event=event, name="gleich", hours=1)

    (due,) = [due for due in schedule(event) if due.rule.hours == 1]

    assert due.at == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def test_the_email_says_all_that_one_needs_to_come():
    event = event_at(
        title="8. Regionalkonferenz",
        venue="Stadthalle",
        address="Friedrichstraße 10, 33330 Gütersloh",
        access_note="Stufenlos, Induktionsschleife im Saal.",
        contact_email="team@guetersloh.example",
        format=Format.HYBRID,
        online_link="https://video.example/geheim",
    )
    registration = registered(event, name="Erika Müller")

    reminders.plan(now=START - DAY)

    email = Email.objects.get(to=registration.email)
    assert email.subject == "Erinnerung: 8. Regionalkonferenz am 17. Juni 2026"
    assert email.reply_to == "team@guetersloh.example"
    assert email.expires_at == START
    for words in (
        "Guten Tag Erika Müller,",
        "8. Regionalkonferenz\nMittwoch, 17. Juni 2026, 09:00 bis 17:00 Uhr\nStadthalle, ",
        "Barrierefreiheit vor Ort: Stufenlos, Induktionsschleife im Saal.",
        f"/veranstaltungen/{event.slug}/",
        "/veranstaltungen/anmeldung/aendern/",
        "/veranstaltungen/anmeldung/abmelden/",
        registration.reference,
    ):
        assert words in email.text
    assert "\n\n\n" not in email.text
    assert "video.example" not in email.text


def test_each_reminder_speaks_to_its_own_reader_and_changes_their_registration_alone():
    event = event_at()
    people = {one.email: one for one in (registered(event, name=f"Gast {n}") for n in "abc")}

    reminders.plan(now=START - DAY)

    assert planned().count() == 3
    for email in planned():
        mine = people[email.to]
        named = [one for one in people.values() if one.reference in email.text]
        assert (email.text.startswith(f"Guten Tag {mine.name},"), named) == (True, [mine])
        for purpose in (Purpose.CHANGE, Purpose.CANCEL):
            (token,) = set(re.findall(rf"/anmeldung/{purpose}/([^/]+)/", email.text))
            assert links.open_token(token, purpose, now=START - DAY).row == mine


def test_only_who_has_a_seat_online_gets_the_link_to_the_video_room():
    event = event_at(format=Format.HYBRID, online_link="https://video.example/geheim")
    online = registered(event, mode=Mode.ONLINE)
    registered(event, mode=Mode.ON_SITE)
    waiting(event, mode=Mode.ONLINE)
    event.contact_email = "team@guetersloh.example"
    event.save()

    reminders.plan(now=START - DAY)

    assert planned().count() == 4
    with_link = Email.objects.filter(text__contains="video.example")
    assert [email.to for email in with_link] == [online.email]
    assert not Email.objects.exclude(to=online.email).filter(html__contains="video.example")


def test_nobody_is_reminded_who_has_no_right_to_come():
    event = event_at()
    registered(event, confirmed_at=None, hold_until=START)
    registered(event, state=RegistrationState.OFFERED, offered_until=START)
    for state in (RegistrationState.CANCELLED, RegistrationState.EXPIRED):
        registered(event, state=state, closed_at=LONG_BEFORE)
    waiting(event, confirmed_at=None)

    assert moments(LONG_BEFORE, START + 3 * DAY, step=6 * HOUR) == []
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"state": EventState.DRAFT},
        {"state": EventState.CANCELLED, "cancelled_at": LONG_BEFORE},
        {"kind": EventKind.EXTERNAL},
        {"takes_registrations": False, "precision": Precision.DAY},
    ],
)
def test_no_event_reminds_that_does_not_take_place_or_has_no_time(changes):
    registered(event_at(**changes))

    assert moments(LONG_BEFORE, START + 3 * DAY, step=6 * HOUR) == []


def test_who_waits_is_told_the_day_before_that_there_is_no_seat_yet():
    event = event_at()
    person = waiting(event)

    assert moments(LONG_BEFORE, START + 3 * DAY) == [START - DAY]
    assert mails(event) == [(person.email, "warteliste")]
    email = planned().get()
    assert email.subject.startswith("Noch kein Platz: ")
    assert "Bitte planen Sie noch nicht fest." in email.text


def test_hosts_are_told_the_numbers_once_and_nothing_personal():
    event = event_at(kind=EventKind.REGIONAL_CONFERENCE, contact_email="team@guetersloh.example")
    SeatsFactory(event=event, capacity=50)
    person = registered(event, name="Erika Müller")
    ParticipantNeeds.objects.create(
        registration=person, needs=["gebaerdensprache"], text="Rollstuhl"
    )
    waiting(event)
    registered(event, state=RegistrationState.CANCELLED, closed_at=LONG_BEFORE)
    # Perhaps nobody is behind this address.
    registered(event, confirmed_at=None, hold_until=START)

    for minutes in (0, 10, 20):
        reminders.plan(now=START - DAY + timedelta(minutes=minutes))

    email = Email.objects.get(to="team@guetersloh.example")
    assert "- vor Ort: 1 von 50 Plätzen, 1 auf der Warteliste\n" in email.text
    assert "\n\n\n" not in email.text
    assert "Eine Person hat angegeben, was sie für die Teilnahme braucht." in email.text
    for secret in ("Erika", person.email, "Gebärden", "Rollstuhl"):
        assert secret not in email.text + email.subject


def test_coordinators_of_the_community_are_hosts_and_of_the_one_above_but_nobody_else():
    group = TopicGroupFactory()
    elsewhere = TopicGroupFactory(parent=group.parent)
    wanted = [CoordinationFactory(community=one).email for one in (group, group.parent)]
    CoordinationFactory(community=elsewhere)
    MembershipFactory(community=group)
    event_at(kind=EventKind.COMMUNITY_WORKSHOP, community=group)

    reminders.plan(now=START - DAY)

    assert sorted(planned().values_list("to", flat=True)) == sorted(wanted)


def test_thanks_name_the_documents_that_are_there_and_to_those_present_say_so():
    event = event_at()
    present = registered(event, attended_at=START)
    absent = registered(event)
    event.documents.create(
        title="Folien: Zwilling",
        link="https://a.example/x",
        phase="nachher",
        visibility="oeffentlich",
    )
    event.documents.create(
        title="Intern", link="https://a.example/y", phase="nachher", visibility="teilnehmende"
    )
    event.documents.create(
        title="Anfahrt", link="https://a.example/z", phase="vorher", visibility="oeffentlich"
    )

    reminders.plan(now=event.ends_at + DAY)

    thanks = Email.objects.get(to=present.email).text
    assert "dass Sie dabei waren" in thanks
    assert but_for_the_second(links.address(present, Purpose.SEE)) in thanks
    text = Email.objects.get(to=absent.email).text
    assert "vielen Dank für Ihre Anmeldung" in text
    assert "- Folien: Zwilling" in text
    assert "Intern" not in text
    assert "Anfahrt" not in text
    assert "/anmeldung/" not in text
    assert Email.objects.filter(expires_at=event.ends_at + 18 * HOUR + 10 * DAY).count() == 2


# Late, and just informed


def test_who_got_the_seat_after_a_rule_was_due_has_just_read_it():
    event = event_at()
    late = registered(event, START - 3 * DAY)
    last_minute = registered(event, START - HOUR)

    moments(LONG_BEFORE, START, step=6 * HOUR)

    assert mails(event) == [(late.email, "tag")]
    assert state_of(last_minute) == {}


def test_who_confirmed_the_address_late_has_just_read_it():
    event = event_at()
    registered(event, confirmed_at=START - HOUR)

    assert moments(LONG_BEFORE, START, step=6 * HOUR) == []


def test_a_worker_down_for_six_hours_sends_late_as_long_as_the_event_has_not_begun():
    event = event_at()
    registration = registered(event)
    reminders.plan(now=START - 7 * DAY)

    assert reminders.plan(now=START - DAY + 6 * HOUR) == 1
    assert state_of(registration) == {"woche": "geplant", "tag": "geplant"}


def test_what_is_too_late_is_marked_as_missed_and_nobody_gets_it(mailoutbox):
    event = event_at()
    registration, other = registered(event), waiting(event)

    assert reminders.plan(now=START) == 0
    assert reminders.plan(now=START + HOUR) == 0

    assert mails(event) == []
    deliver()
    assert mailoutbox == []
    assert [(one.to, one.text) for one in Email.objects.all()] == [("", "")] * 3
    assert state_of(registration) == {"woche": "verpasst", "tag": "verpasst"}
    assert state_of(other) == {"warteliste": "verpasst"}
    assert reminders.plan(now=event.ends_at + DAY) == 1  # the thanks are not late


def test_a_week_is_missed_when_a_day_is_due():
    event = event_at()
    registration = registered(event)

    reminders.plan(now=START - DAY)

    assert rules_sent(event) == ["tag"]
    assert state_of(registration) == {"tag": "geplant", "woche": "verpasst"}


def test_planned_but_not_sent_in_time_is_missed_as_well():
    event = event_at()
    sent, unsent = registered(event), registered(event)
    reminders.plan(now=START - DAY)
    Email.objects.filter(to=sent.email).update(sent_at=START - DAY)
    Email.objects.filter(to=unsent.email).update(missed_at=START)

    reminders.plan(now=START + HOUR)

    assert state_of(sent)["tag"] == "geplant"
    assert state_of(unsent)["tag"] == "verpasst"


def test_what_nobody_asks_about_any_more_is_not_written_down():
    registered(event_at())

    reminders.plan(now=START + 40 * DAY)

    assert not Email.objects.exists()


# Rules of an event


def test_a_row_of_the_same_name_replaces_the_rule_of_the_kind():
    event = event_at()
    registered(event)
    ReminderRule.objects.create(event=event, name="woche", hours=14 * 24, text="Bitte früh buchen.")
    ReminderRule.objects.create(event=event, name="danach", hours=1, is_active=False)
    ReminderRule.objects.create(event=event, name="morgens", hours=2)

    assert moments(LONG_BEFORE, START + 3 * DAY) == [
        START - 14 * DAY,
        START - DAY,
        START - 2 * HOUR,
    ]
    assert rules_sent(event) == ["woche", "tag", "morgens"]
    assert "Bitte früh buchen." in Email.objects.order_by("pk")[0].text


def test_of_two_rules_for_the_same_moment_the_event_s_own_is_the_one():
    event = event_at()
    person = registered(event)
    ReminderRule.objects.create(
        event=event, name="ausweis", hours=24, text="Bitte bringen Sie Ihren Ausweis mit."
    )

    reminders.plan(now=START - DAY)

    assert mails(event) == [(person.email, "ausweis")]
    assert "Bitte bringen Sie Ihren Ausweis mit." in planned().get().text


def test_a_reminder_makes_sense_until_the_next_to_the_same_people():
    event = event_at()
    ReminderRule.objects.create(event=event, name="morgens", hours=2)

    until = {due.rule.name: due.until for due in schedule(event)}

    assert until["woche"] == START - DAY
    assert until["tag"] == START - 2 * HOUR
    assert until["morgens"] == START
    assert until["warteliste"] == START
    assert until["danach"] == event.ends_at + 18 * HOUR + 10 * DAY


@pytest.mark.parametrize(("days", "has_link"), [(29, True), (31, False)])
def test_late_thanks_give_no_link_that_is_dead_on_arrival(days, has_link):
    event = event_at()
    present = registered(event, attended_at=START)
    ReminderRule.objects.create(
        event=event, name="danach", anchor=Anchor.AFTER, hours=days * 24, to=To.SEATED
    )

    reminders.plan(now=event.ends_at + days * DAY + HOUR)

    text = Email.objects.get(to=present.email).text
    assert (but_for_the_second(links.address(present, Purpose.SEE)) in text) == has_link
    assert ("Teilnahmebescheinigung" in text) == has_link


def test_hosts_can_be_written_to_after_the_event():
    event = event_at(contact_email="team@guetersloh.example")
    SeatsFactory(event=event, mode=Mode.ONLINE, capacity=None)
    registered(event, mode=Mode.ONLINE, attended_at=START)
    ReminderRule.objects.create(
        event=event, name="bericht", anchor=Anchor.AFTER, hours=24, to=To.HOSTS
    )

    reminders.plan(now=event.ends_at + 25 * HOUR)

    email = Email.objects.get(to="team@guetersloh.example")
    assert "- online: 1 angemeldet, 1 anwesend" in email.text


# Moved, cancelled, gone


def test_reminders_of_a_beginning_that_is_not_true_any_more_are_taken_back_and_written_anew():
    event = event_at(contact_email="team@guetersloh.example")
    registration = registered(event)
    reminders.plan(now=START - DAY)
    assert len(mails(event)) == 2

    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(
            starts_at=START + DAY, ends_at=event.ends_at + DAY, moved_at=START - DAY + HOUR
        )
        assert reminders.withdraw_all(Event.objects.get(pk=event.pk)) == 2

    assert not planned().exists()
    assert state_of(registration) == {"woche": "verpasst"}
    assert moments(START - DAY + HOUR, START + 2 * DAY, step=HOUR) == [START, START]
    assert set(mails(event)) == {
        (registration.email, "tag"),
        ("team@guetersloh.example", "gastgeber"),
    }


def test_who_has_read_the_event_before_it_was_moved_reminds_nobody_of_the_old_time(monkeypatch):
    event = event_at(contact_email="team@guetersloh.example")
    registered(event)
    as_it_was = Event.objects.get(pk=event.pk)
    publishing.move(event, now=START - 2 * DAY, starts_at=START + DAY, ends_at=event.ends_at + DAY)
    monkeypatch.setattr(reminders, "_events", lambda _now: [as_it_was])

    assert reminders.plan(now=START - DAY) == 0
    assert mails(event) == []


def test_back_at_the_first_time_people_are_reminded_of_it_all_the_same():
    event = event_at()
    registered(event)
    reminders.plan(now=START - 7 * DAY)

    with transaction.atomic():
        reminders.withdraw_all(event)

    assert reminders.plan(now=START - 7 * DAY + HOUR) == 1


def test_who_was_just_told_of_the_new_time_is_not_reminded_of_it_at_once():
    event = event_at(moved_at=START - 5 * DAY)
    registered(event)
    waiting(event)

    assert moments(START - 5 * DAY, START) == [START - DAY, START - DAY]


def test_who_cancels_is_not_reminded_any_more():
    event = event_at()
    gone, stays = registered(event), registered(event)
    reminders.plan(now=START - DAY)

    with transaction.atomic():
        assert reminders.withdraw_of(gone) == 1

    assert mails(event) == [(stays.email, "tag")]
    assert state_of(gone) == {"woche": "verpasst"}


def test_what_is_sent_already_stays():
    event = event_at()
    registration = registered(event)
    reminders.plan(now=START - DAY)
    planned().update(sent_at=START - DAY)

    with transaction.atomic():
        assert reminders.withdraw_all(event) == 0

    assert state_of(registration)["tag"] == "geplant"


# Many


def test_many_take_no_more_queries_than_few(django_assert_max_num_queries):
    few, many = event_at(), event_at(START + 25 * DAY)
    registered(few)
    for number in range(300):
        # After the week before was due, so that nothing is noted as missed beside it.
        registered(many, START + 20 * DAY, email=f"person-{number}@kommune.example")

    with django_assert_max_num_queries(19) as queries:
        assert reminders.plan(now=START - DAY) == 1
    # One look more, one event; many e-mails are copied in, by two statements more.
    with django_assert_max_num_queries(len(queries) + 5):
        assert reminders.plan(now=START + 24 * DAY) == 300

    assert Counter(rules_sent(many)) == {"tag": 300}


def test_many_who_were_missed_are_noted_in_as_few_statements(django_assert_max_num_queries):
    event = event_at()
    for number in range(300):
        registered(event, email=f"person-{number}@kommune.example")

    with django_assert_max_num_queries(18):
        assert reminders.plan(now=START + HOUR) == 0

    assert Email.objects.filter(to="", text="", missed_at=START + HOUR).count() == 600


def test_a_second_sending_of_one_is_neither_mistaken_for_a_reminder_nor_in_its_way():
    """Its key only begins like the reminder's; nothing is read out of keys."""
    event = event_at()
    registration = registered(event)
    reminders.plan(now=START - DAY)
    Email.objects.filter(missed_at=None).update(sent_at=START - DAY)
    outbox.send_again(planned(), token="x" * 32, now=START - DAY)
    assert planned().count() == 2

    assert reminders.plan(now=START - DAY + HOUR) == 0
    with transaction.atomic():
        assert reminders.withdraw_of(registration) == 1  # the second one, not sent yet

    assert reminders.plan(now=START - DAY + HOUR) == 0


def test_in_small_transactions_everybody_gets_one(monkeypatch):
    monkeypatch.setattr("events.mail.reminders.CHUNK", 7)
    event = event_at()
    people = [registered(event).email for _ in range(20)]

    assert reminders.plan(now=START - DAY) == 20

    assert sorted(to for to, _rule in mails(event)) == sorted(people)

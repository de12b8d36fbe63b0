"""The waiting list: exactly the first in line, and nobody else is told anything."""

import uuid
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import accounts.own_data
from events import actions, own_data
from events.actions import Details, Full, Person, SessionFull
from events.models import (
    LIVE,
    Event,
    Mode,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    Seats,
)
from ground.calendar import BERLIN
from ground.clock import working_days_from
from ground.refusals import Overtaken
from mailing.models import Email
from tests.events.counters import assert_counters_tell_the_truth
from tests.factories.events import AgendaItemFactory, EventFactory, SeatsFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SEAT, WAITING, OFFERED, CANCELLED, EXPIRED = (
    RegistrationState.SEAT,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
    RegistrationState.CANCELLED,
    RegistrationState.EXPIRED,
)


@pytest.fixture(autouse=True)
def counters():
    yield
    assert_counters_tell_the_truth()


def registered(seats: Seats, people: int, *, first: int = 1, now=NOW) -> list[Registration]:
    """So many confirmed registrations, one after the other."""
    found = []
    for number in range(first, first + people):
        person = Person(f"Person {number}", f"person-{number}@musterdorf.example")
        result = actions.register(
            seats.event, [person], Mode(seats.mode), submission=uuid.uuid4(), now=now
        )
        found.append(actions.confirm(result.people[0], now=now))
    return found


def full(capacity: int = 2, *, waiting: int = 0, begins_in=timedelta(days=30)):
    """An event with all seats taken and so many people waiting; seats, seated, waiting."""
    event = EventFactory(takes_registrations=True, starts_at=NOW + begins_in)
    seats = SeatsFactory(event=event, capacity=capacity, waiting_limit=30)
    people = registered(seats, capacity + waiting)
    Email.objects.all().delete()
    return seats, people[:capacity], people[capacity:]


def states(*registrations: Registration) -> list[str]:
    stored = Registration.objects.in_bulk([one.pk for one in registrations])
    return [stored[one.pk].state for one in registrations]


def written_to() -> list[str]:
    return list(Email.objects.order_by("pk").values_list("to", flat=True))


def test_a_cancelled_seat_goes_to_exactly_the_first_and_only_they_are_told():
    _seats, (one, two), line = full(waiting=3)

    actions.cancel(one, now=NOW)

    assert states(one, two, *line) == [CANCELLED, SEAT, SEAT, WAITING, WAITING]
    assert written_to() == [one.email, line[0].email]
    cancelled, moved_up = Email.objects.order_by("pk")
    assert cancelled.subject.startswith("Abgemeldet")
    assert "method=CANCEL" in cancelled.attachments[0]["type"]
    assert moved_up.subject.startswith("Sie haben jetzt einen Platz")
    assert "method=REQUEST" in moved_up.attachments[0]["type"]


def test_three_more_seats_move_exactly_three_up():
    seats, _seated, line = full(waiting=5)

    moved = actions.raise_capacity(seats, by=3, now=NOW)

    assert [one.pk for one in moved] == [one.pk for one in line[:3]]
    assert states(*line) == [SEAT, SEAT, SEAT, WAITING, WAITING]
    assert written_to() == [one.email for one in line[:3]]


def test_more_seats_than_people_wait_for_are_left_free():
    seats, _seated, line = full(waiting=2)

    assert len(actions.raise_capacity(seats, by=5, now=NOW)) == 2

    seats.refresh_from_db()
    assert (seats.free, seats.waiting) == (3, 0)
    assert states(*line) == [SEAT, SEAT]


@pytest.mark.parametrize("by", [0, -1])
def test_only_more_seats_are_more(by):
    seats, *_people = full()

    with pytest.raises(ValueError, match="nothing to raise"):
        actions.raise_capacity(seats, by=by, now=NOW)


def test_there_cannot_be_fewer_seats_than_are_taken():
    seats, *_people = full()

    with (
        pytest.raises(IntegrityError, match="events_seats_never_oversold"),
        transaction.atomic(),
    ):
        Seats.objects.filter(pk=seats.pk).update(capacity=1)


def test_moving_up_again_does_nothing():
    seats, _seated, _line = full(waiting=2)

    assert actions.move_up(seats.event, now=NOW) == []
    assert written_to() == []


def test_who_leaves_the_waiting_list_makes_room_behind_them():
    _seats, _seated, line = full(waiting=3)

    actions.cancel(line[0], now=NOW)

    assert states(*line) == [CANCELLED, WAITING, WAITING]
    assert [actions.place_in_line(one) for one in Registration.objects.in_line()] == [1, 2]
    assert written_to() == [line[0].email]
    assert "nicht mehr auf der Warteliste" in Email.objects.get().text
    assert Email.objects.get().attachments == []


def test_who_has_left_gets_no_second_offer():
    _seats, (one, two), line = full(waiting=2)
    actions.cancel(line[0], now=NOW)

    actions.cancel(one, now=NOW)
    actions.cancel(two, now=NOW)

    assert states(*line) == [CANCELLED, SEAT]
    assert written_to().count(line[0].email) == 1  # the goodbye


def test_cancelling_counts_once():
    _seats, (one, _two), line = full(waiting=2)
    actions.cancel(one, now=NOW)

    with pytest.raises(Overtaken):
        actions.cancel(one, now=NOW)

    assert states(*line) == [SEAT, WAITING]


def test_after_the_beginning_nobody_cancels_and_nobody_moves_up():
    seats, (one, _two), _line = full(waiting=1)
    begun = seats.event.starts_at

    with pytest.raises(Overtaken):
        actions.cancel(one, now=begun)

    assert actions.raise_capacity(seats, by=1, now=begun) == []
    Seats.objects.update(capacity=2)


def test_of_a_cancelled_event_nobody_gets_a_seat():
    seats, (one, _two), line = full(waiting=1)
    Event.objects.filter(pk=seats.event_id).update(state="abgesagt", cancelled_at=NOW)

    actions.cancel(Registration.objects.select_related("event").get(pk=one.pk), now=NOW)

    assert states(*line) == [WAITING]
    actions.cancel(Registration.objects.get(pk=line[0].pk), now=NOW)


# Near the event: an offer ---------------------------------------------------------------------


def test_near_the_event_the_first_is_offered_the_seat_for_a_day():
    seats, (one, _two), line = full(waiting=2, begins_in=timedelta(hours=71))

    actions.cancel(one, now=NOW)

    assert states(*line) == [OFFERED, WAITING]
    offered = Registration.objects.get(pk=line[0].pk)
    assert offered.offered_until == NOW + timedelta(hours=24)
    mail = Email.objects.get(to=line[0].email)
    assert mail.subject.startswith("Platz frei, bitte antworten")
    assert mail.attachments == []
    seats.refresh_from_db()
    assert seats.free == 0


def test_more_than_three_days_before_the_seat_is_given_at_once():
    _seats, (one, _two), line = full(waiting=1, begins_in=timedelta(hours=73))

    actions.cancel(one, now=NOW)

    assert states(*line) == [SEAT]


@pytest.mark.parametrize(
    ("begins_in", "lasts"), [(10, 8), (5, 3), (3, 2), (1, 1)], ids=lambda hours: f"{hours}h"
)
def test_an_offer_ends_two_hours_before_the_event_but_leaves_time_to_answer(begins_in, lasts):
    _seats, (one, _two), line = full(waiting=1, begins_in=timedelta(hours=begins_in))

    actions.cancel(one, now=NOW)

    offered = Registration.objects.get(pk=line[0].pk)
    assert offered.offered_until == NOW + timedelta(hours=lasts)


def test_an_accepted_offer_is_a_seat():
    _seats, (one, _two), line = full(waiting=2, begins_in=timedelta(hours=71))
    actions.cancel(one, now=NOW)
    offered = Registration.objects.get(pk=line[0].pk)

    accepted = actions.accept(offered, now=NOW + timedelta(hours=23))

    assert (accepted.state, accepted.offered_until) == (SEAT, None)
    assert Email.objects.latest("pk").subject.startswith("Angemeldet")
    with pytest.raises(Overtaken):
        actions.accept(offered, now=NOW + timedelta(hours=23))


def test_what_lapses_in_one_run_lapses_in_the_order_of_arrival():
    """As if each had been released at its moment: the second was still in time for the seat of the first."""
    seats = SeatsFactory(capacity=1, waiting_limit=5)
    held = [
        actions.register(
            seats.event,
            [Person(f"Person {number}", f"person-{number}@musterdorf.example")],
            Mode(seats.mode),
            submission=uuid.uuid4(),
            now=NOW,
        ).people[0]
        for number in (1, 2)
    ]
    lapsed = max(one.hold_until for one in held)

    assert actions.release_expired(now=lapsed) == 1

    assert states(*held) == [EXPIRED, SEAT]
    held[1].refresh_from_db()
    assert held[1].hold_until > lapsed


def test_an_offer_that_nobody_accepts_goes_to_the_next():
    _seats, (one, _two), line = full(waiting=2, begins_in=timedelta(hours=71))
    actions.cancel(one, now=NOW)
    Email.objects.all().delete()
    later = NOW + timedelta(hours=24)

    with pytest.raises(Overtaken):  # also where the regular task has not run yet
        actions.accept(Registration.objects.get(pk=line[0].pk), now=later)
    assert actions.release_expired(now=later) == 1
    assert actions.release_expired(now=later) == 0

    assert states(*line) == [EXPIRED, OFFERED]
    assert written_to() == [line[0].email, line[1].email]
    with pytest.raises(Overtaken):
        actions.accept(Registration.objects.get(pk=line[0].pk), now=later)


def test_of_a_cancelled_event_an_offer_is_no_seat_and_nobody_hears_that_it_lapsed():
    seats, (one, _two), line = full(waiting=1, begins_in=timedelta(hours=71))
    actions.cancel(one, now=NOW)
    Event.objects.filter(pk=seats.event_id).update(state="abgesagt", cancelled_at=NOW)
    Email.objects.all().delete()

    with pytest.raises(Overtaken):
        actions.accept(Registration.objects.get(pk=line[0].pk), now=NOW)
    assert states(*line) == [OFFERED]
    assert actions.release_expired(now=NOW + timedelta(hours=24)) == 1

    assert states(*line) == [EXPIRED]
    assert written_to() == []


def test_who_declines_an_offer_passes_it_on():
    _seats, (one, _two), line = full(waiting=2, begins_in=timedelta(hours=71))
    actions.cancel(one, now=NOW)

    actions.cancel(Registration.objects.get(pk=line[0].pk), now=NOW)

    assert states(*line) == [CANCELLED, OFFERED]


def offered_one():
    """A seat that is offered to the first in line, and who waits behind."""
    _seats, (one, _two), line = full(waiting=2, begins_in=timedelta(hours=71))
    actions.cancel(one, now=NOW)
    Email.objects.all().delete()
    return Registration.objects.get(pk=line[0].pk), line[1]


def test_who_is_offered_a_seat_is_registered_and_not_once_more():
    offered, _next = offered_one()
    again = actions.register(
        offered.event,
        [Person("Noch einmal", offered.email)],
        Mode.ON_SITE,
        submission=uuid.uuid4(),
        now=NOW,
    )

    assert offered.is_live
    assert again.people == []
    assert Registration.objects.filter(email=offered.email).count() == 1
    assert Registration.objects.live().filter(pk=offered.pk).exists()


def test_who_is_offered_a_seat_can_change_what_they_said():
    offered, _next = offered_one()

    changed = actions.change(
        offered, name="Neuer Name", details=Details(organisation="Verband"), now=NOW
    )

    assert (changed.name, changed.state) == ("Neuer Name", OFFERED)


def test_the_seat_offered_to_who_has_everything_erased_is_offered_to_the_next():
    offered, waits = offered_one()

    own_data.erase(accounts.own_data.Person.of_address(offered.email), now=NOW)

    assert states(offered, waits) == [CANCELLED, OFFERED]


def test_an_offer_is_not_forgotten_while_it_lasts():
    """Every state is either live or ended, for the database as for the code."""
    assert {*LIVE} == {"platz", "warteliste", "angebot"}
    assert {*RegistrationState} - {*LIVE} == {"abgemeldet", "verfallen"}
    offered, _next = offered_one()

    for state in ("abgemeldet", "verfallen"):
        with (
            pytest.raises(IntegrityError, match="events_registration_closed_at_a_moment"),
            transaction.atomic(),
        ):
            Registration.objects.filter(pk=offered.pk).update(state=state, offered_until=None)
    with (
        pytest.raises(IntegrityError, match="events_registration_closed_at_a_moment"),
        transaction.atomic(),
    ):
        Registration.objects.filter(pk=offered.pk).update(closed_at=NOW)


# Not confirmed yet ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registers_at", "until"),
    [
        (time(10), time(13, 59)),
        # Who registers before offices open has until noon anyway, and keeps that.
        (time(7, 30), time(12)),
    ],
)
def test_who_moves_up_without_having_confirmed_gets_the_time_for_it(registers_at, until):
    seats, (one, _two), _line = full()
    eva = Person("Eva Beispiel", "eva@musterdorf.example")
    working_day = working_days_from(NOW.astimezone(BERLIN).date(), 1)
    now = datetime.combine(working_day, registers_at, BERLIN)
    (waits,) = actions.register(
        seats.event, [eva], Mode.ON_SITE, submission=uuid.uuid4(), now=now
    ).people
    later = now + timedelta(hours=1, minutes=59)

    actions.cancel(one, now=later)

    waits.refresh_from_db()
    held_until = datetime.combine(working_day, until, BERLIN)
    assert (waits.state, waits.hold_until) == (SEAT, held_until)
    mail = Email.objects.filter(to=eva.email).latest("pk")
    assert "/anmeldung/bestaetigen/" in mail.text
    assert "Eva Beispiel" not in mail.text
    assert actions.confirm(waits, now=later).state == SEAT


def test_a_colleague_who_moves_up_hears_of_it_once_it_is_clear_who_asks():
    seats, (one, two), _line = full()
    eva = Person("Eva Beispiel", "eva@musterdorf.example")
    ali = Person("Ali Beispiel", "ali@musterdorf.example")
    first, colleague = actions.register(
        seats.event, [eva, ali], Mode.ON_SITE, submission=uuid.uuid4(), now=NOW
    ).people
    actions.cancel(one, now=NOW)
    actions.cancel(two, now=NOW)
    assert states(first, colleague) == [SEAT, SEAT]
    assert ali.email not in written_to()

    first.refresh_from_db()
    actions.confirm(first, now=NOW)

    assert written_to().count(ali.email) == 1
    assert "Eva Beispiel" in Email.objects.get(to=ali.email).text


def test_a_colleague_who_waits_on_lapses_no_earlier_than_who_registered_them():
    seats, (one, _two), _line = full()
    people = [
        Person(f"{name} Beispiel", f"{name}@musterdorf.example") for name in ("eva", "ali", "uwe")
    ]
    first, colleague, patient = actions.register(
        seats.event, people, Mode.ON_SITE, submission=uuid.uuid4(), now=NOW
    ).people
    later = NOW + timedelta(hours=1, minutes=59)
    ends = later + timedelta(minutes=1)
    until = actions.held_until(seats.event, now=later)
    Registration.objects.filter(pk__in=[first.pk, colleague.pk]).update(hold_until=ends)
    much_later = until + timedelta(days=1)
    Registration.objects.filter(pk=patient.pk).update(hold_until=much_later)

    actions.cancel(one, now=later)

    first.refresh_from_db()
    colleague.refresh_from_db()
    patient.refresh_from_db()
    assert (first.state, colleague.state, patient.state) == (SEAT, WAITING, WAITING)
    assert colleague.hold_until == first.hold_until == until
    assert patient.hold_until == much_later


# Changing, and switching between on site and online -------------------------------------------


def test_what_somebody_changes_is_stored_and_told_with_new_links():
    seats, (one, _two), _line = full()
    item = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=1)

    changed = actions.change(
        one,
        name="Neuer Name",
        details=Details(
            organisation="Verband",
            needs=["stufenlos"],
            catering_note="vegan",
            on_participants_list=True,
            sessions=[item],
        ),
        now=NOW,
    )

    assert (changed.name, changed.organisation, changed.catering_note) == (
        "Neuer Name",
        "Verband",
        "vegan",
    )
    assert changed.on_participants_list
    assert changed.version == one.version + 1
    assert ParticipantNeeds.objects.get().needs == ["stufenlos"]
    assert list(changed.sessions.all()) == [item]
    assert written_to() == [one.email]
    empty = actions.change(changed, name="Neuer Name", details=Details(), now=NOW)
    assert ParticipantNeeds.objects.count() == empty.sessions.count() == 0


def test_a_full_item_of_the_programme_changes_nothing():
    seats, (one, two), _line = full()
    item = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=1)
    actions.change(one, name=one.name, details=Details(sessions=[item]), now=NOW)

    with pytest.raises(SessionFull):
        actions.change(two, name="Anders", details=Details(sessions=[item]), now=NOW)

    two.refresh_from_db()
    assert two.name != "Anders"


def test_who_waits_only_wishes_and_wishes_otherwise_without_taking_a_place():
    seats, _seated, (waiting,) = full(waiting=1)
    items = [AgendaItemFactory(event=seats.event, needs_choice=True, capacity=1) for _ in range(2)]
    for item in items:
        waiting = actions.change(
            waiting, name=waiting.name, details=Details(sessions=[item]), now=NOW
        )
        assert list(waiting.sessions.all()) == [item]
        assert [one.taken for one in seats.event.agenda.all()] == [0, 0]


def test_of_two_changes_of_the_same_state_the_second_is_refused():
    _seats, (one, _two), _line = full()
    actions.change(one, name="Erster", details=Details(), now=NOW)

    with pytest.raises(Overtaken):
        actions.change(one, name="Zweiter", details=Details(), now=NOW)


def test_switching_takes_the_new_seat_and_the_old_one_goes_to_the_next():
    seats, (one, _two), line = full(waiting=1)
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=1)
    Event.objects.update(online_link="https://video.example.org/geheim")
    one = Registration.objects.select_related("event").get(pk=one.pk)

    switched = actions.switch_mode(one, Mode.ONLINE, now=NOW)

    assert (switched.mode, switched.state) == (Mode.ONLINE, SEAT)
    assert states(*line) == [SEAT]
    assert written_to() == [one.email, line[0].email]
    online.refresh_from_db()
    assert online.free == 0
    to_one, to_next = Email.objects.order_by("pk")
    assert "https://video.example.org/geheim" in to_one.text
    assert "geheim" not in to_next.text


def test_without_a_seat_in_the_other_mode_the_old_one_stays():
    seats, (one, _two), line = full(waiting=1)
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=1, waiting_limit=5)
    registered(online, 1, first=50)

    with pytest.raises(Full):
        actions.switch_mode(one, Mode.ONLINE, now=NOW)

    assert states(one, *line) == [SEAT, WAITING]


def test_who_switches_does_not_overtake_who_waits_there():
    """Also where a seat is free for a moment: it belongs to who waits."""
    seats, (one, _two), _line = full()
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=1, waiting_limit=5)
    _seated, waiting = registered(online, 2, first=50)
    Seats.objects.filter(pk=online.pk).update(capacity=2)

    with pytest.raises(Full):
        actions.switch_mode(one, Mode.ONLINE, now=NOW)

    actions.move_up(seats.event, now=NOW)
    assert states(one, waiting) == [SEAT, SEAT]


def test_who_waits_may_switch_to_where_there_is_a_seat():
    seats, _seated, line = full(waiting=2)
    SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=5)

    actions.switch_mode(line[0], Mode.ONLINE, now=NOW)

    assert states(*line) == [SEAT, WAITING]
    assert Seats.objects.get(pk=seats.pk).waiting == 1

"""Eight real processes against the real PostgreSQL: promises that no single process can test."""

import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import NetworkUse
from events import actions
from events.models import AgendaItem, Mode, Registration, RegistrationState, Seats
from mailing.models import Email
from tests.events import race as jobs
from tests.events.counters import assert_counters_tell_the_truth
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)
from tests.rivals import PROCESSES

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
SEAT, WAITING = RegistrationState.SEAT, RegistrationState.WAITING


@pytest.fixture(autouse=True)
def counters():
    yield
    assert_counters_tell_the_truth()


def shares(numbers: range) -> list[list[int]]:
    return [list(numbers[start::PROCESSES]) for start in range(PROCESSES)]


def registered(seats: Seats, people: int, *, first: int = 0) -> list[Registration]:
    answers = jobs.register(
        seats.event_id, Mode(seats.mode), list(range(first, first + people)), NOW
    )
    assert "told" not in dict(answers).values()
    rows = Registration.objects.filter(event=seats.event, mode=seats.mode).order_by("arrival")
    return list(rows.select_related("event"))


def test_hosts_and_the_public_want_the_last_seat_and_one_of_them_gets_it(race):
    seats = SeatsFactory(capacity=1, waiting_limit=3)
    arguments = [(n % 2 == 0, seats.event_id, Mode.ON_SITE, n, NOW) for n in range(PROCESSES)]

    answers = race.at_once(jobs.call_or_register, arguments)

    states = Counter(state for answer in answers for _number, state in answer)
    assert states == {SEAT: 1, WAITING: 3, "told": PROCESSES - 4}
    assert Registration.objects.count() == Email.objects.count() == 4


def test_a_workshop_that_fills_meanwhile_tells_a_known_and_an_unknown_person_the_same(race):
    seats = SeatsFactory(capacity=50, taken=1)
    item = AgendaItemFactory(event=seats.event, capacity=1)
    RegistrationFactory(event=seats.event, email="bekannt@stadt.example")
    arguments = [
        (seats.event_id, Mode.ON_SITE, item.pk, f"{who}@stadt.example", NOW)
        for who in ("bekannt", "fremd")
    ]

    with ThreadPoolExecutor(1) as beside, transaction.atomic():
        # This person takes the last place, while both forms are on their way.
        Seats.objects.select_for_update().get(pk=seats.pk)
        sent = beside.submit(race.at_once, jobs.want_workshop, arguments)
        time.sleep(2)
        assert not sent.done()
        AgendaItem.objects.filter(pk=item.pk).update(taken=1)
    answers = sent.result(timeout=60)
    AgendaItem.objects.filter(pk=item.pk).update(taken=0)

    assert answers == ["full", "full"]
    assert Email.objects.count() == 0


def test_of_500_for_50_seats_50_are_seated_30_wait_in_order_of_arrival_and_the_rest_are_told(race):
    seats = SeatsFactory(capacity=50, waiting_limit=30)
    arguments = [(seats.event_id, Mode.ON_SITE, numbers, NOW) for numbers in shares(range(500))]

    answers = [answer for part in race.at_once(jobs.register, arguments) for answer in part]

    outcomes = Counter(outcome for _number, outcome in answers)
    assert outcomes == {SEAT: 50, WAITING: 30, "told": 420}
    rows = list(Registration.objects.order_by("arrival"))
    assert [row.state for row in rows] == [SEAT] * 50 + [WAITING] * 30
    # What each was told is what is stored, under their own address, once.
    told = {f"person-{number}@musterdorf.example": answer for number, answer in answers}
    assert {row.email: row.state for row in rows} == {
        address: answer for address, answer in told.items() if answer != "told"
    }
    assert Counter(Email.objects.values_list("to", flat=True)) == {row.email: 1 for row in rows}
    # The place in the e-mail is the place in the line.
    places = [Email.objects.get(to=row.email).text for row in rows[50:]]
    assert all(
        f"Platz {place} auf der Warteliste" in text for place, text in enumerate(places, start=1)
    )


def test_the_same_address_eight_times_at_once_is_one_registration(race):
    seats = SeatsFactory(capacity=50)

    answers = race.at_once(jobs.register, [(seats.event_id, Mode.ON_SITE, [1], NOW)] * PROCESSES)

    assert answers == [[(1, SEAT)]] * PROCESSES
    assert Registration.objects.count() == 1
    subjects = Email.objects.order_by("pk").values_list("subject", flat=True)
    assert [subject.split(":")[0] for subject in subjects] == [
        "Bitte bestätigen",
        "Bitte noch bestätigen",
    ]


def test_the_same_form_eight_times_at_once_is_one_registration_with_one_email(race):
    seats = SeatsFactory(capacity=50)
    form = (seats.event_id, Mode.ON_SITE, [1], NOW, uuid.uuid4())

    answers = race.at_once(jobs.register, [form] * PROCESSES)

    assert answers == [[(1, SEAT)]] * PROCESSES
    assert Registration.objects.count() == Email.objects.count() == 1


def rival() -> psycopg.Connection:
    """A transaction that goes step by step, beside that of the test."""
    return psycopg.connect(**connection.get_connection_params())


def until_waiting(number: int) -> None:
    """Until so many wait for what others hold."""
    for _look in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() == (number,):
                return
        time.sleep(0.02)
    pytest.fail(f"Not {number} wait.")


COMES = "UPDATE events_registration SET state = 'platz', closed_at = NULL WHERE id = %s"
GOES = "UPDATE events_registration SET state = 'abgemeldet', closed_at = now() WHERE id = %s"


def test_who_finds_out_only_afterwards_that_the_address_is_registered_counts_like_the_others(race):
    seats = SeatsFactory(capacity=50)
    known = RegistrationFactory(
        event=seats.event, email="eva@stadt.example", state="abgemeldet", closed_at=NOW
    )
    arguments = [(seats.event_id, Mode.ON_SITE, known.email, NOW, "192.0.2.7")]

    with rival() as comes, ThreadPoolExecutor(1) as beside:
        comes.execute(COMES, [known.pk])
        sent = beside.submit(race.at_once, jobs.register_outcome, arguments)
        until_waiting(1)
        comes.commit()
        answers = sent.result(timeout=30)
    Seats.objects.update(taken=1)

    assert answers == ["done"]
    assert NetworkUse.objects.count() == Email.objects.count() == 1


def test_whose_address_comes_goes_and_comes_again_meanwhile_meets_no_error(race):
    """Each look finds nobody, and each time a rival with the same address is a moment sooner."""
    seats = SeatsFactory(capacity=50)
    ended = {"email": "eva@stadt.example", "state": "abgemeldet", "closed_at": NOW}
    first, second = RegistrationFactory.create_batch(2, event=seats.event, **ended)
    arguments = [(seats.event_id, Mode.ON_SITE, "eva@stadt.example", NOW, "")]

    with rival() as comes, rival() as goes, rival() as again, ThreadPoolExecutor(3) as beside:
        comes.execute(COMES, [first.pk])
        sent = beside.submit(race.at_once, jobs.register_outcome, arguments)
        until_waiting(1)
        seat = "SELECT FROM events_seats WHERE id = %s FOR NO KEY UPDATE"
        next_seat = beside.submit(again.execute, seat, [seats.pk])
        until_waiting(2)
        alone = beside.submit(goes.execute, "LOCK TABLE events_registration")
        until_waiting(3)
        comes.commit()
        alone.result(timeout=30)
        goes.execute(GOES, [first.pk])
        goes.commit()
        next_seat.result(timeout=30)
        until_waiting(1)
        again.execute("UPDATE events_seats SET taken = 1 WHERE id = %s", [seats.pk])
        again.execute(COMES, [second.pk])
        again.commit()
        answers = sent.result(timeout=30)

    assert answers == ["changed"]
    assert [row.pk for row in Registration.objects.live()] == [second.pk]
    assert Email.objects.count() == 0


def test_eight_who_cancel_at_once_make_room_for_the_first_eight(race):
    seats = SeatsFactory(capacity=10, waiting_limit=20)
    rows = registered(seats, 30)
    Email.objects.all().delete()

    answers = race.at_once(jobs.cancel, [(row.pk, NOW) for row in rows[:8]])

    assert answers == ["done"] * 8
    states = list(Registration.objects.order_by("arrival").values_list("state", flat=True))
    assert states == ["abgemeldet"] * 8 + [SEAT] * 10 + [WAITING] * 12
    to = Counter(Email.objects.values_list("to", flat=True))
    assert to == {row.email: 1 for row in [*rows[:8], *rows[10:18]]}


def test_one_seat_cancelled_eight_times_at_once_moves_one_up(race):
    seats = SeatsFactory(capacity=2, waiting_limit=20)
    rows = registered(seats, 10)

    answers = race.at_once(jobs.cancel, [(rows[0].pk, NOW)] * PROCESSES)

    assert sorted(answers) == ["changed"] * 7 + ["done"]
    assert Registration.objects.filter(state=SEAT).count() == 2


def test_three_seats_more_by_each_of_eight_colleagues_move_24_up(race):
    seats = SeatsFactory(capacity=2, waiting_limit=30)
    registered(seats, 32)

    moved = race.at_once(jobs.raise_capacity, [(seats.pk, 3, NOW)] * PROCESSES)

    assert moved == [3] * PROCESSES
    assert Registration.objects.filter(state=WAITING).count() == 6
    assert Seats.objects.get().capacity == 26


def test_switching_between_on_site_and_online_at_once_keeps_the_counters_true(race):
    event = EventFactory(takes_registrations=True)
    on_site = SeatsFactory(event=event, capacity=20)
    online = SeatsFactory(event=event, mode=Mode.ONLINE, capacity=22)
    people = [*registered(on_site, 20), *registered(online, 20, first=20)]

    answers = race.at_once(
        jobs.switch_back_and_forth,
        [([row.pk for row in people[start::PROCESSES]], NOW) for start in range(PROCESSES)],
    )

    outcomes = Counter(outcome for part in answers for outcome in part)
    assert set(outcomes) == {"done", "full"}
    assert outcomes.total() == 40 * 3
    assert Registration.objects.filter(state=SEAT).count() == 40


def test_coming_changing_and_going_at_once_keeps_the_counters_true(race):
    seats = SeatsFactory(capacity=5, waiting_limit=20)
    for capacity in (3, 4, None, 3):
        AgendaItemFactory(event=seats.event, needs_choice=True, capacity=capacity)

    answers = race.at_once(
        jobs.come_and_go,
        [(seats.event_id, Mode.ON_SITE, numbers, NOW) for numbers in shares(range(96))],
    )

    outcomes = Counter(outcome for part in answers for outcome in part)
    assert set(outcomes) <= {"done", "full", "session full", "changed"}
    assert outcomes["done"] > 0


def test_what_is_confirmed_in_the_last_second_is_not_released(race):
    seats = SeatsFactory(capacity=1, waiting_limit=1)
    row, waits = registered(seats, 2)
    before, after = row.hold_until - timedelta(seconds=1), row.hold_until
    actions.confirm(waits, now=NOW)

    answers = race.at_once(
        jobs.confirm_or_release,
        [(row.pk, number % 2 == 0, before, after) for number in range(PROCESSES)],
    )

    row.refresh_from_db()
    waits.refresh_from_db()
    confirmed, released = answers.count("done"), answers.count("1")
    assert (confirmed, released) in {(1, 0), (0, 1)}
    assert (row.state == SEAT) == bool(confirmed)
    assert (waits.state == SEAT) == bool(released)


def test_what_nobody_confirms_is_released_once_by_eight_processes(race):
    seats = SeatsFactory(capacity=10, waiting_limit=10)
    registered(seats, 20)
    lapsed = actions.held_until(seats.event, now=NOW)

    released = race.at_once(jobs.release, [(lapsed,)] * PROCESSES)

    # Who moves up meanwhile gets the time to confirm from then on.
    assert sum(released) >= 10
    states = Counter(Registration.objects.values_list("state", flat=True))
    assert states["verfallen"] == sum(released)
    assert states[SEAT] + states["verfallen"] == 20


def test_eight_forms_of_five_from_one_network_at_once_hold_fifteen_seats_of_a_hundred(race):
    seats = SeatsFactory(capacity=100)

    answers = race.at_once(
        jobs.register_five,
        [(seats.event_id, Mode.ON_SITE, number, NOW, "192.0.2.7") for number in range(PROCESSES)],
    )

    seats.refresh_from_db()
    assert (answers.count("registered"), seats.taken) == (3, 15)


def test_what_is_counted_for_the_ceiling_of_everything_is_counted_exactly(race):
    answers = race.at_once(jobs.count_up, [("posts:x", 40, NOW)] * PROCESSES)

    numbers = sorted(number for part in answers for number in part)
    assert numbers == list(range(1, 40 * PROCESSES + 1))

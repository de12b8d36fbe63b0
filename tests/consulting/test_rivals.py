"""Eight real processes against the real PostgreSQL: promises that no single process can test."""

import random
import uuid
from datetime import timedelta

import pytest

from consulting.models import Appointment, ConsultationRequest, HistoryEntry, State
from mailing.models import Email
from tests.consulting import race as steps
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    SlotFactory,
    UserFactory,
)
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 25


def send(race, slots) -> dict[str, list[tuple[int, int]]]:
    """200 forms for these slots, 25 in each process; slots and next times by outcome."""
    shares = [(slots[number * EACH :][:EACH], number * EACH, NOW) for number in range(8)]
    outcomes = {"held": [], "taken": []}
    for share in race.at_once(steps.submit, shares):
        for slot, outcome, next_times in share:
            outcomes[outcome].append((slot, next_times))
    return outcomes


def overlap(one, other) -> bool:
    return one.blocked.lower < other.blocked.upper and other.blocked.lower < one.blocked.upper


def test_of_200_requests_for_one_time_one_is_stored_and_the_others_get_the_next_free_times(race):
    slot = SlotFactory()
    for day in range(1, 8):
        SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=day))

    outcomes = send(race, [slot.pk] * 200)

    assert outcomes["held"] == [(slot.pk, 0)]
    assert outcomes["taken"] == [(slot.pk, 5)] * 199
    assert ConsultationRequest.objects.count() == 1
    assert Appointment.objects.count() == 1
    assert Email.objects.count() == 1


def test_of_200_requests_for_overlapping_unequal_times_exactly_one_per_conflict_is_stored(race):
    chance = random.Random(20260302)
    advisor = AdvisorFactory(daily_maximum=100)
    slots = [
        SlotFactory(
            advisor=advisor,
            starts_at=NOW + timedelta(days=7, minutes=5 * step),
            minutes=chance.choice([20, 30, 45, 60, 90]),
        )
        for step in chance.sample(range(100), 40)
    ]
    by_pk = {slot.pk: slot for slot in slots}
    wanted = [slot.pk for slot in slots] * 5
    chance.shuffle(wanted)

    outcomes = send(race, wanted)

    stored = list(Appointment.objects.blocking())
    held = [by_pk[pk] for pk, _next in outcomes["held"]]
    assert sorted(slot.starts_at for slot in held) == sorted(row.starts_at for row in stored)
    assert not [
        (one, other)
        for one in stored
        for other in stored
        if one.pk < other.pk and overlap(one, other)
    ]
    # Nobody was refused without a reason.
    refused = {by_pk[pk] for pk, _next in outcomes["taken"]} - set(held)
    assert refused
    assert [slot for slot in refused if not any(overlap(slot, row) for row in stored)] == []
    assert len(held) + len(outcomes["taken"]) == 200


def test_the_daily_maximum_holds_under_parallel_requests_for_different_times(race):
    advisor = AdvisorFactory(daily_maximum=3)
    slots = [
        SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=7, hours=hour)).pk
        for hour in range(8)
    ]

    answers = race.at_once(
        steps.submit, [([slot], number, NOW) for number, slot in enumerate(slots)]
    )

    assert sorted(outcome for ((_slot, outcome, _next),) in answers) == ["held"] * 3 + ["taken"] * 5
    assert Appointment.objects.blocking().count() == 3


@pytest.mark.parametrize("with_slot", [True, False])
def test_the_same_form_sent_eight_times_at_once_is_one_request_with_one_email(race, with_slot):
    slot = SlotFactory().pk if with_slot else None
    token = str(uuid.uuid4())

    answers = race.at_once(steps.click, [(token, slot, NOW)] * 8)

    assert len(set(answers)) == 1
    assert ConsultationRequest.objects.count() == 1
    to_person = Email.objects.filter(to="rival-1@musterdorf.example")
    assert to_person.count() == 1


def test_of_eight_colleagues_who_agree_on_rival_times_one_succeeds(race):
    advisor, colleague = AdvisorFactory(), UserFactory()
    slots = [
        SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=7, minutes=5 * number))
        for number in range(8)
    ]
    requests = [ConsultationRequestFactory() for _slot in slots]

    answers = race.at_once(
        steps.schedule,
        [
            (request.pk, slot.pk, colleague.pk, NOW)
            for request, slot in zip(requests, slots, strict=True)
        ],
    )

    assert sorted(answers) == ["done"] + ["taken"] * 7
    assert Appointment.objects.blocking().count() == 1
    states = sorted(ConsultationRequest.objects.values_list("state", flat=True))
    assert states == [State.CONFIRMED] + [State.OPEN] * 7
    assert Email.objects.count() == 2  # the person and the advisor of the one


def test_of_eight_colleagues_who_act_on_one_request_one_succeeds(race):
    colleague, request = UserFactory(), ConsultationRequestFactory()
    slots = [SlotFactory() for _number in range(8)]

    answers = race.at_once(
        steps.schedule, [(request.pk, slot.pk, colleague.pk, NOW) for slot in slots]
    )

    assert sorted(answers) == ["done"] + ["overtaken"] * 7
    assert Appointment.objects.blocking().count() == 1
    assert HistoryEntry.objects.count() == 1


def test_of_four_calls_and_four_forms_for_one_time_one_is_stored(race):
    slot, colleague = SlotFactory(), UserFactory()
    callers = [colleague.pk, None] * 4

    answers = race.at_once(
        steps.book, [(slot.pk, number, by, NOW) for number, by in enumerate(callers)]
    )

    assert sorted(answers) == ["done"] + ["taken"] * 7
    row, by = ConsultationRequest.objects.get(), callers[answers.index("done")]
    assert (row.state, row.responsible_id) == (State.CONFIRMED if by else State.HELD, by)
    assert Appointment.objects.count() == 1
    assert Email.objects.count() == (2 if by else 1)


def test_of_eight_colleagues_who_hand_over_one_request_one_succeeds_and_one_person_is_told(race):
    request, people = ConsultationRequestFactory(), [UserFactory() for _number in range(8)]
    by = UserFactory()

    answers = race.at_once(
        steps.hand_over, [(request.pk, person.pk, by.pk, NOW) for person in people]
    )

    assert sorted(answers) == ["done"] + ["overtaken"] * 7
    request.refresh_from_db()
    assert request.responsible == people[answers.index("done")]
    assert [mail.to for mail in Email.objects.all()] == [request.responsible.email]


def test_rescheduling_into_a_lost_race_keeps_the_old_time(race):
    target = SlotFactory()
    old = [SlotFactory(starts_at=NOW + timedelta(days=9)) for _number in range(8)]
    requests = [ConsultationRequestFactory(confirmed=True, slot=slot) for slot in old]

    answers = race.at_once(steps.reschedule, [(request.pk, target.pk, NOW) for request in requests])

    assert sorted(answers) == ["done"] + ["taken"] * 7
    for request, slot, answer in zip(requests, old, answers, strict=True):
        (appointment,) = request.appointments.blocking()
        assert appointment.slot == (target if answer == "done" else slot)


def test_two_who_swap_their_times_at_once_end_with_one_time_each(race):
    """Each wants what the other still has: both may be refused, none may be left without a time."""
    advisor = AdvisorFactory()
    slots = [
        SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=day)) for day in range(7, 15)
    ]
    requests = [ConsultationRequestFactory(confirmed=True, slot=slot) for slot in slots]

    answers = race.at_once(
        steps.reschedule,
        [(request.pk, slots[number ^ 1].pk, NOW) for number, request in enumerate(requests)],
    )

    assert answers == ["taken"] * 8
    assert [request.current_appointment().slot for request in requests] == slots


def test_a_time_that_lapses_while_it_is_confirmed_belongs_to_one_of_both(race):
    slot = SlotFactory()
    request = ConsultationRequestFactory(held=True, slot=slot)
    last_second = NOW + timedelta(minutes=59, seconds=59)
    lapsed = NOW + timedelta(minutes=60)

    answers = race.at_once(
        steps.hold_or_confirm,
        [
            (request.pk, slot.pk, number % 2 == 0, last_second if number % 2 == 0 else lapsed)
            for number in range(8)
        ],
    )

    won = [answer for answer in answers if answer in {"confirm done", "submit held"}]
    assert len(won) == 1
    (appointment,) = Appointment.objects.blocking()
    assert (appointment.request == request) == (won == ["confirm done"])


def test_expired_times_are_released_once_by_eight_processes(race):
    for day in range(7, 17):
        ConsultationRequestFactory(held=True, slot=SlotFactory(starts_at=NOW + timedelta(days=day)))

    answers = race.at_once(steps.release, [(NOW + timedelta(hours=2),)] * 8)

    assert sum(answers) == 10
    assert HistoryEntry.objects.filter(kind="expired").count() == 10
    assert set(ConsultationRequest.objects.values_list("state", flat=True)) == {State.EXPIRED}


def test_reminders_planned_by_eight_processes_are_stored_once(race):
    for _number in range(5):
        ConsultationRequestFactory(confirmed=True, slot=SlotFactory())

    race.at_once(steps.remind, [(NOW + timedelta(days=6, hours=12),)] * 8)
    race.at_once(steps.remind, [(NOW + timedelta(days=6, hours=13),)] * 8)

    assert Email.objects.count() == 5

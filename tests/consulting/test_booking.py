"""What the person does: each action with its whole effect, and each way in which it can be refused."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.guard import TooMany
from accounts.models import NetworkUse
from consulting import actions, retention
from consulting.actions import HoldExpired, SlotTaken
from consulting.models import (
    AccessNeeds,
    Appointment,
    BuildingBlock,
    ConsultationRequest,
    Draft,
    HistoryEntry,
    Rating,
    Slot,
    Stage,
    State,
)
from ground.clock import deadline
from ground.land import Land
from ground.refusals import Overtaken
from mailing.models import Email
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    DraftFactory,
    MunicipalityFactory,
    SlotFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.consulting import NOW, on_site

pytestmark = pytest.mark.django_db


def unsent(**fields) -> ConsultationRequest:
    """A request as the form makes it: not stored yet."""
    fields = {
        "municipality": MunicipalityFactory(),
        "land": Land.BY,
        "building_blocks": [BuildingBlock.INITIAL],
        "stage": Stage.BEGINNING,
        "question": "Womit fangen wir an?",
        "contact_name": "Eva Beispiel",
        "email": "eva@musterdorf.example",
    } | fields
    return ConsultationRequest(form_token=uuid.uuid4(), **fields)


def confirmed(slot, **fields) -> ConsultationRequest:
    return fresh(ConsultationRequestFactory(confirmed=True, slot=slot, **fields))


def fresh(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.get(pk=request.pk)


def history(request: ConsultationRequest) -> list[str]:
    return list(HistoryEntry.objects.filter(request=request).values_list("kind", flat=True))


def emails() -> list[tuple[str, str]]:
    """Who got what, by the last part of the key that says it."""
    rows = Email.objects.order_by("pk").values_list("to", "key")
    return [(to, key.split(":", 3)[-1]) for to, key in rows]


def test_submit_with_a_slot_holds_it_for_an_hour():
    slot, themes = SlotFactory(), [ThemeFactory(), ThemeFactory()]

    request = actions.submit(
        unsent(), slot=slot, themes=themes, access_needs="Gebärdensprache", ip="192.0.2.1", now=NOW
    )

    assert (request.state, request.version, request.due_on) == (State.HELD, 1, None)
    assert set(request.themes.all()) == set(themes)
    assert AccessNeeds.objects.get().text == "Gebärdensprache"
    appointment = Appointment.objects.get()
    assert (appointment.request, appointment.slot) == (request, slot)
    assert (appointment.starts_at, appointment.ends_at) == (slot.starts_at, slot.ends_at)
    assert appointment.blocked.upper == slot.ends_at + timedelta(minutes=15)
    assert appointment.expires_at == NOW + timedelta(minutes=60)
    assert (appointment.settled_at, appointment.released_at) == (None, None)
    assert history(request) == []
    assert emails() == [("eva@musterdorf.example", "ask_to_confirm")]
    assert NetworkUse.objects.count() == 1


def test_submit_without_a_slot_goes_to_the_office_with_a_due_date():
    request = actions.submit(unsent(wishes="Gern vormittags"), slot=None, now=NOW)

    assert request.state == State.OPEN
    assert request.due_on == NOW.date() + timedelta(days=7)  # five working days
    assert Appointment.objects.count() == 0
    assert emails() == [
        ("eva@musterdorf.example", "acknowledged"),
        ("betreiber@example.org", "office-received"),
    ]


def test_submit_rolled_back_leaves_nothing():
    with transaction.atomic():
        actions.submit(unsent(), slot=SlotFactory(), now=NOW)
        transaction.set_rollback(True)

    assert ConsultationRequest.objects.count() == 0
    assert Appointment.objects.count() == 0
    assert Email.objects.count() == 0


def test_submit_without_its_email_stores_nothing(monkeypatch):
    monkeypatch.setattr("mailing.outbox.Pattern.filled", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.submit(unsent(), slot=SlotFactory(), now=NOW)

    assert ConsultationRequest.objects.count() == 0
    assert Appointment.objects.count() == 0


def test_submit_the_same_form_twice_stores_it_once_and_sends_one_email():
    slot, request = SlotFactory(), unsent()
    again = unsent(municipality=request.municipality)
    again.form_token = request.form_token

    first = actions.submit(request, slot=slot, now=NOW)
    second = actions.submit(again, slot=slot, now=NOW)

    assert second == first
    assert ConsultationRequest.objects.count() == 1
    assert emails() == [("eva@musterdorf.example", "ask_to_confirm")]


def test_submit_removes_the_draft_of_its_form_and_no_other():
    draft, other, request = DraftFactory(), DraftFactory(), unsent()
    request.form_token = draft.pk

    actions.submit(request, slot=None, now=NOW)

    assert list(Draft.objects.all()) == [other]


def test_submit_for_a_taken_time_brings_the_next_free_ones_and_stores_nothing():
    advisor = AdvisorFactory()
    slot = SlotFactory(advisor=advisor)
    nearby = [
        SlotFactory(advisor=advisor, starts_at=slot.starts_at + timedelta(hours=hours))
        for hours in (1, 2)
    ]
    confirmed(slot)

    with pytest.raises(SlotTaken) as taken:
        actions.submit(unsent(), slot=slot, now=NOW)

    assert taken.value.next_times == nearby
    assert ConsultationRequest.objects.count() == 1
    assert Email.objects.count() == 0


def test_submit_for_an_overlapping_time_of_another_length_is_refused():
    advisor = AdvisorFactory()
    confirmed(SlotFactory(advisor=advisor))
    overlapping = SlotFactory(
        advisor=advisor, starts_at=NOW + timedelta(days=7, minutes=-60), minutes=70
    )

    with pytest.raises(SlotTaken):
        actions.submit(unsent(), slot=overlapping, now=NOW)


def test_submit_within_the_buffer_is_refused_and_right_after_it_is_not():
    advisor = AdvisorFactory()
    slot = SlotFactory(advisor=advisor)
    confirmed(slot)
    too_near = SlotFactory(advisor=advisor, starts_at=slot.ends_at + timedelta(minutes=14))
    near = SlotFactory(advisor=advisor, starts_at=slot.ends_at + timedelta(minutes=15))

    with pytest.raises(SlotTaken):
        actions.submit(unsent(), slot=too_near, now=NOW)

    assert actions.submit(unsent(), slot=near, now=NOW).state == State.HELD


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(timedelta(hours=-1), id="past"),
        pytest.param(timedelta(hours=47), id="within the lead time"),
        pytest.param(timedelta(days=61), id="beyond the horizon"),
    ],
)
def test_submit_for_a_time_that_cannot_be_booked_is_refused(when):
    with pytest.raises(SlotTaken):
        actions.submit(unsent(), slot=SlotFactory(starts_at=NOW + when), now=NOW)

    assert ConsultationRequest.objects.count() == 0


def test_submit_for_a_withdrawn_time_is_refused():
    with pytest.raises(SlotTaken):
        actions.submit(unsent(), slot=SlotFactory(is_offered=False), now=NOW)


@pytest.mark.parametrize(
    "moved", [{"place": "Bürgerhaus"}, {"ends_at": NOW + timedelta(days=7, hours=1)}]
)
def test_submit_for_a_time_that_is_another_by_now_is_refused(moved):
    slot = SlotFactory(**on_site("Rathaus"))
    Slot.objects.update(**moved)
    with pytest.raises(SlotTaken):
        actions.submit(unsent(), slot=slot, now=NOW)


def test_submit_beyond_the_daily_maximum_is_refused():
    advisor = AdvisorFactory(daily_maximum=1)
    slot = SlotFactory(advisor=advisor)
    confirmed(slot)
    same_day = SlotFactory(advisor=advisor, starts_at=slot.starts_at + timedelta(hours=4))
    next_day = SlotFactory(advisor=advisor, starts_at=slot.starts_at + timedelta(days=1))

    with pytest.raises(SlotTaken) as taken:
        actions.submit(unsent(), slot=same_day, now=NOW)

    assert taken.value.next_times == [next_day]


def test_submit_takes_a_time_whose_hold_has_lapsed():
    slot = SlotFactory()
    lapsed = ConsultationRequestFactory(held=True, slot=slot)
    now = NOW + timedelta(minutes=60)

    request = actions.submit(unsent(), slot=slot, now=now)

    assert request.current_appointment().slot == slot
    lapsed = fresh(lapsed)
    assert (lapsed.state, lapsed.closed_at) == (State.EXPIRED, now)
    assert lapsed.current_appointment() is None


def test_submit_does_not_take_a_time_that_is_held_for_another_second():
    slot = SlotFactory()
    ConsultationRequestFactory(held=True, slot=slot)

    with pytest.raises(SlotTaken):
        actions.submit(unsent(), slot=slot, now=NOW + timedelta(minutes=59, seconds=59))


def test_confirm_makes_the_time_firm_and_invites_both_sides():
    slot = SlotFactory()
    request = actions.submit(unsent(), slot=slot, now=NOW)
    later = NOW + timedelta(minutes=5)

    current = actions.confirm(request, now=later)

    assert (current.state, current.confirmed_at, current.version) == (State.CONFIRMED, later, 2)
    appointment = current.current_appointment()
    assert (appointment.expires_at, appointment.settled_at) == (None, later)
    assert history(request) == ["confirmed"]
    assert emails()[1:] == [
        ("eva@musterdorf.example", "confirmed"),
        (slot.advisor.email, f"advisor_confirmed:{slot.advisor_id}"),
    ]


def test_confirm_after_the_hour_changes_nothing():
    request = actions.submit(unsent(), slot=SlotFactory(), now=NOW)

    with pytest.raises(HoldExpired):
        actions.confirm(request, now=NOW + timedelta(minutes=60))

    assert (fresh(request).state, fresh(request).version) == (State.HELD, 1)
    assert len(emails()) == 1


def test_confirm_twice_is_overtaken_by_the_first():
    request = actions.submit(unsent(), slot=SlotFactory(), now=NOW)
    actions.confirm(request, now=NOW)

    with pytest.raises(Overtaken) as overtaken:
        actions.confirm(request, now=NOW)

    assert overtaken.value.row.state == State.CONFIRMED
    assert len(emails()) == 3


def test_reschedule_moves_the_one_appointment_and_tells_both_sides():
    slot, new = SlotFactory(), None
    new = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    request = confirmed(slot)
    later = NOW + timedelta(hours=1)

    current = actions.reschedule(request, slot=new, now=later)

    appointment = Appointment.objects.get()
    assert (appointment.slot, appointment.starts_at) == (new, new.starts_at)
    assert (appointment.settled_at, appointment.released_at) == (later, None)
    assert (current.state, current.version) == (State.CONFIRMED, 2)
    assert emails() == [
        (request.email, "rescheduled"),
        (slot.advisor.email, f"advisor_rescheduled:{slot.advisor_id}"),
    ]


def test_reschedule_into_a_time_that_overlaps_the_old_one_is_possible():
    slot = SlotFactory()
    half_an_hour_later = SlotFactory(
        advisor=slot.advisor, starts_at=slot.starts_at + timedelta(minutes=30)
    )

    actions.reschedule(confirmed(slot), slot=half_an_hour_later, now=NOW)

    assert Appointment.objects.get().starts_at == half_an_hour_later.starts_at


def test_reschedule_on_a_full_day_does_not_count_the_date_that_moves():
    advisor = AdvisorFactory(daily_maximum=1)
    slot = SlotFactory(advisor=advisor)
    same_day = SlotFactory(advisor=advisor, starts_at=slot.starts_at + timedelta(hours=4))

    actions.reschedule(confirmed(slot), slot=same_day, now=NOW)

    assert Appointment.objects.get().starts_at == same_day.starts_at


def test_reschedule_into_a_taken_time_keeps_the_old_one():
    slot = SlotFactory()
    other = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    confirmed(other)
    request = confirmed(slot)

    with pytest.raises(SlotTaken):
        actions.reschedule(request, slot=other, now=NOW)

    assert fresh(request).current_appointment().starts_at == slot.starts_at
    assert fresh(request).version == 1
    assert emails() == []


@pytest.mark.parametrize(
    "beyond",
    [
        pytest.param({"starts_at": NOW - timedelta(hours=1)}, id="past"),
        pytest.param({"starts_at": NOW + timedelta(hours=47)}, id="within the lead time"),
        pytest.param({"starts_at": NOW + timedelta(days=61)}, id="beyond the horizon"),
        pytest.param({"is_offered": False}, id="withdrawn"),
    ],
)
def test_who_moves_or_chooses_gets_nothing_beyond_what_is_on_offer(beyond):
    slot, other = SlotFactory(), SlotFactory(**beyond)
    agreed, waiting = confirmed(slot), fresh(ConsultationRequestFactory())

    with pytest.raises(SlotTaken):
        actions.reschedule(agreed, slot=other, now=NOW)
    with pytest.raises(SlotTaken):
        actions.choose_time(waiting, slot=other, now=NOW)

    assert fresh(agreed).current_appointment().slot == slot
    assert [fresh(one).version for one in (agreed, waiting)] == [1, 1]
    assert emails() == []


def test_reschedule_withdraws_the_proposal_that_was_waiting():
    slot = SlotFactory()
    proposed, new = (
        SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + days * timedelta(days=1))
        for days in (1, 2)
    )
    request = actions.propose(confirmed(slot), slot=proposed, by=UserFactory(), now=NOW)

    current = actions.reschedule(request, slot=new, now=NOW)

    assert [row.slot for row in Appointment.objects.blocking()] == [new]
    assert (current.current_appointment().slot, current.current_proposal()) == (new, None)


def test_reschedule_to_another_advisor_frees_the_first():
    slot, new = SlotFactory(), SlotFactory()
    request = confirmed(slot)

    actions.reschedule(request, slot=new, now=NOW)

    assert emails() == [
        (request.email, "rescheduled"),
        (new.advisor.email, f"advisor_rescheduled:{new.advisor_id}"),
        (slot.advisor.email, f"advisor_cancelled:{slot.advisor_id}"),
    ]


def test_reschedule_of_what_was_changed_meanwhile_is_overtaken():
    slot = SlotFactory()
    new = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    request = confirmed(slot)
    actions.cancel(fresh(request), now=NOW)
    sent = emails()

    with pytest.raises(Overtaken):
        actions.reschedule(request, slot=new, now=NOW)

    assert Appointment.objects.blocking().count() == 0
    assert emails() == sent


def test_cancel_frees_the_time_and_tells_both_sides():
    slot = SlotFactory()
    request = confirmed(slot)

    current = actions.cancel(request, reason="Haushaltssperre", now=NOW)

    assert (current.state, current.closed_at) == (State.CANCELLED, NOW)
    assert current.closing_reason == "Haushaltssperre"
    assert Appointment.objects.get().released_at == NOW
    assert emails() == [
        (request.email, "cancelled"),
        (slot.advisor.email, f"advisor_cancelled:{slot.advisor_id}"),
    ]


def test_cancel_of_a_held_time_does_not_bother_the_advisor():
    request = ConsultationRequestFactory(held=True, slot=SlotFactory())

    actions.cancel(fresh(request), now=NOW)

    assert emails() == [(request.email, "cancelled")]
    assert Appointment.objects.blocking().count() == 0


def test_cancel_twice_is_overtaken_by_the_first():
    request = confirmed(SlotFactory())
    actions.cancel(request, now=NOW)
    sent = emails()

    with pytest.raises(Overtaken):
        actions.cancel(fresh(request), now=NOW)

    assert emails() == sent


def test_accept_makes_the_proposal_firm():
    request = ConsultationRequestFactory(proposed=True, slot=SlotFactory())

    current = actions.accept(fresh(request), now=NOW)

    assert (current.state, current.confirmed_at) == (State.CONFIRMED, NOW)
    appointment = current.current_appointment()
    assert (appointment.is_proposal, appointment.settled_at) == (False, NOW)
    assert emails()[0] == (request.email, "confirmed")


def test_accept_beside_an_agreed_date_frees_that_date():
    slot = SlotFactory()
    other = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    request = actions.propose(confirmed(slot), slot=other, by=UserFactory(), now=NOW)

    current = actions.accept(request, now=NOW)

    assert current.current_appointment().slot == other
    assert Appointment.objects.blocking().count() == 1
    assert [name for _to, name in emails()][1:] == [
        "rescheduled",
        f"advisor_rescheduled:{slot.advisor_id}",
    ]


def test_accept_of_another_advisors_time_tells_the_first_that_theirs_is_free():
    slot, other = SlotFactory(), SlotFactory()
    request = actions.propose(confirmed(slot), slot=other, by=UserFactory(), now=NOW)

    actions.accept(request, now=NOW)

    assert emails()[1:] == [
        (request.email, "rescheduled"),
        (other.advisor.email, f"advisor_rescheduled:{other.advisor_id}"),
        (slot.advisor.email, f"advisor_cancelled:{slot.advisor_id}"),
    ]


def test_accept_after_the_proposal_has_lapsed_changes_nothing():
    request = ConsultationRequestFactory(proposed=True, slot=SlotFactory())

    with pytest.raises(HoldExpired):
        actions.accept(fresh(request), now=NOW + timedelta(minutes=60))

    assert fresh(request).state == State.PROPOSED


def test_accept_without_a_proposal_is_overtaken():
    with pytest.raises(Overtaken):
        actions.accept(confirmed(SlotFactory()), now=NOW)


def test_refuse_gives_the_request_back_to_the_office():
    request = ConsultationRequestFactory(proposed=True, slot=SlotFactory())

    current = actions.refuse(fresh(request), wishes="Lieber im April", now=NOW)

    assert (current.state, current.wishes) == (State.OPEN, "Lieber im April")
    assert current.due_on is not None
    assert Appointment.objects.blocking().count() == 0
    assert emails() == [
        (request.email, "back_at_office"),
        ("betreiber@example.org", "office-refused"),
    ]


def test_refuse_beside_an_agreed_date_keeps_that_date():
    slot = SlotFactory()
    other = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    agreed = confirmed(slot, wishes="Nicht montags")
    request = actions.propose(agreed, slot=other, by=UserFactory(), now=NOW)

    current = actions.refuse(request, now=NOW)

    assert (current.state, current.due_on) == (State.CONFIRMED, None)
    # Nothing said this time takes back nothing that was said before.
    assert current.wishes == "Nicht montags"
    assert current.current_appointment().slot == slot
    assert current.current_proposal() is None
    assert emails()[1:] == [
        (request.email, "date_stays"),
        ("betreiber@example.org", "office-refused"),
    ]


def test_refuse_without_a_proposal_is_overtaken():
    with pytest.raises(Overtaken):
        actions.refuse(confirmed(SlotFactory()), now=NOW)


def test_rate_is_answered_once():
    request, over = (
        ConsultationRequestFactory(done=True, slot=SlotFactory()),
        NOW + timedelta(days=8),
    )

    current = actions.rate(fresh(request), rating=Rating.HELPED, comment="Danke!", now=over)

    assert (current.rating, current.rating_comment) == (Rating.HELPED, "Danke!")
    with pytest.raises(Overtaken):
        actions.rate(current, rating=Rating.DID_NOT_HELP, now=over)


def test_submit_beyond_a_limit_stores_nothing():
    for _number in range(3):
        actions.submit(unsent(email="eva+smart@musterdorf.example"), slot=None, now=NOW)
    sent = len(emails())

    with pytest.raises(TooMany, match="mehrere Anfragen"):
        actions.submit(unsent(email="Eva@musterdorf.example"), slot=SlotFactory(), now=NOW)

    assert ConsultationRequest.objects.count() == 3
    assert len(emails()) == sent
    # What a colleague takes on the phone is counted by no limit.
    taken = actions.submit(
        unsent(email="eva@musterdorf.example"), slot=SlotFactory(), now=NOW, by=UserFactory()
    )
    assert taken.state == State.CONFIRMED


# Until when a time is held ------------------------------------------------------------------------

FRIDAY_EVENING = NOW + timedelta(days=4, hours=8, minutes=30)
MONDAY_NOON = NOW + timedelta(days=7, hours=2)


@pytest.mark.parametrize(
    ("starts_at", "until"),
    [
        (NOW + timedelta(days=10), MONDAY_NOON),
        # Never beyond its own beginning.
        (NOW + timedelta(days=7), NOW + timedelta(days=7)),
    ],
)
def test_what_is_booked_on_a_friday_evening_is_held_until_monday_noon(starts_at, until):
    slot = SlotFactory(starts_at=starts_at, advisor__lead_hours=24)

    held = actions.submit(unsent(), slot=slot, now=FRIDAY_EVENING)

    assert held.current_appointment().expires_at == until
    asked = Email.objects.get().text
    assert f"bis {deadline(until)}" in asked
    actions.release_expired(now=until - timedelta(seconds=1))
    confirmed = actions.confirm(held, now=until - timedelta(seconds=1))
    assert confirmed.state == State.CONFIRMED


@pytest.mark.parametrize(("land", "day"), [(Land.BY, 5), (Land.BE, 4)])
def test_what_is_booked_on_the_eve_of_a_holiday_of_the_own_land_is_held_until_after_it(land, day):
    """Fronleichnam, the 4th of June, is one in Bayern and none in Berlin."""
    eve = datetime(2026, 6, 3, 18, tzinfo=UTC)
    slot = SlotFactory(starts_at=eve + timedelta(days=9))

    held = actions.submit(unsent(land=land), slot=slot, now=eve)

    assert held.current_appointment().expires_at == datetime(2026, 6, day, 10, tzinfo=UTC)


def test_a_weekend_is_not_over_after_a_day_for_what_is_held_that_long():
    held = actions.submit(
        unsent(), slot=SlotFactory(starts_at=NOW + timedelta(days=10)), now=FRIDAY_EVENING
    )

    for moment in (
        FRIDAY_EVENING + timedelta(days=2),
        MONDAY_NOON,
        MONDAY_NOON + timedelta(hours=23),
    ):
        retention.carry_out(now=moment)
        assert ConsultationRequest.objects.get().email == held.email
    actions.release_expired(now=MONDAY_NOON)
    retention.carry_out(now=MONDAY_NOON + timedelta(days=1))

    assert ConsultationRequest.objects.get().email == ""

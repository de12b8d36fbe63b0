from datetime import UTC, date, datetime, timedelta

import pytest

from consulting.availability import by_day, covering, free_slots, next_change
from consulting.models import Absence, Mode
from consulting.obstacles import in_the_way
from finding.versions import Versions
from tests.factories import AdvisorFactory, ConsultationRequestFactory, SlotFactory, ThemeFactory
from tests.factories.consulting import NOW, on_site
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def test_free_slots_come_in_order_with_what_is_taken_left_out():
    advisor = AdvisorFactory()
    third, first, second = (
        SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(hours=hours))
        for hours in (4, 0, 2)
    )
    ConsultationRequestFactory(confirmed=True, slot=second)

    assert free_slots(now=NOW) == [first, third]


@pytest.mark.parametrize("state", ["held", "proposed", "confirmed"])
def test_whatever_blocks_a_time_takes_it_off_the_offer(state):
    slot = SlotFactory()
    ConsultationRequestFactory(slot=slot, **{state: True})

    assert free_slots(now=NOW) == []


@pytest.mark.parametrize("state", ["held", "proposed"])
def test_a_lapsed_hold_is_on_offer_again_before_anybody_has_released_it(state):
    slot = SlotFactory()
    ConsultationRequestFactory(slot=slot, **{state: True})

    assert free_slots(now=NOW + timedelta(minutes=59)) == []
    assert free_slots(now=NOW + timedelta(minutes=60)) == [slot]


def test_times_that_only_touch_leave_each_other_free():
    """45 minutes, and 15 that stay free after them: then comes the next."""
    advisor = AdvisorFactory()
    begins = [NOW + WEEK + timedelta(minutes=minutes) for minutes in (0, 59, 60)]
    taken, _too_close, touching = (
        SlotFactory(advisor=advisor, starts_at=begin) for begin in begins
    )
    ConsultationRequestFactory(confirmed=True, slot=taken)

    assert free_slots(now=NOW) == [touching]


def test_a_cancelled_date_is_on_offer_again():
    slot = SlotFactory()
    ConsultationRequestFactory(cancelled=True, slot=slot)

    assert free_slots(now=NOW) == [slot]


def test_what_one_advisor_has_taken_does_not_block_another():
    ConsultationRequestFactory(confirmed=True, slot=SlotFactory())
    other = SlotFactory()

    assert free_slots(now=NOW) == [other]


def test_lead_time_and_horizon_are_those_of_the_advisor():
    hasty = AdvisorFactory(lead_hours=0, horizon_days=7)
    slow = AdvisorFactory(lead_hours=168, horizon_days=14)
    slots = {
        (advisor, hours): SlotFactory(advisor=advisor, starts_at=NOW + timedelta(hours=hours))
        for advisor in (hasty, slow)
        for hours in (0, 1, 167, 168, 169, 336, 337)
    }

    found = free_slots(now=NOW)

    assert {key for key, slot in slots.items() if slot in found} == {
        (hasty, 1),
        (hasty, 167),
        (hasty, 168),
        (slow, 168),
        (slow, 169),
        (slow, 336),
    }


def test_a_day_that_is_full_is_off_the_offer():
    advisor = AdvisorFactory(daily_maximum=2)
    for hours in (0, 2):
        slot = SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(hours=hours))
        ConsultationRequestFactory(confirmed=True, slot=slot)
    SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(hours=4))
    tomorrow = SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(days=1))

    assert free_slots(now=NOW) == [tomorrow]


def test_withdrawn_times_and_times_of_inactive_advisors_are_off_the_offer():
    SlotFactory(is_offered=False)
    SlotFactory(advisor=AdvisorFactory(is_active=False))

    assert free_slots(now=NOW) == []


def test_only_advisors_who_cover_the_topics_are_offered():
    mobility, energy, water = ThemeFactory(), ThemeFactory(), ThemeFactory()
    both = SlotFactory(advisor=AdvisorFactory(themes=[mobility, energy]))
    one = SlotFactory(advisor=AdvisorFactory(themes=[mobility]))
    everything = SlotFactory(advisor=AdvisorFactory())

    def offered(*themes):
        return set(free_slots(now=NOW, themes=themes))

    assert offered() == {both, one, everything}
    assert offered(mobility) == {both, one, everything}
    assert offered(mobility, energy) == {both, everything}
    assert offered(water) == {everything}


def test_nobody_who_covers_none_of_the_topics_is_offered():
    SlotFactory(advisor=AdvisorFactory(themes=[ThemeFactory()]))

    assert covering([ThemeFactory()]) == []
    assert free_slots(now=NOW, themes=[ThemeFactory()]) == []


def test_without_an_advisor_nothing_is_free():
    assert free_slots(now=NOW) == []


def test_times_can_be_asked_for_by_mode_and_number():
    advisor = AdvisorFactory()
    online = SlotFactory(advisor=advisor)
    there = SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(hours=2), **on_site())

    assert free_slots(now=NOW, mode=Mode.ON_SITE) == [there]
    assert free_slots(now=NOW, limit=1) == [online]


def test_the_next_times_are_found_however_many_before_them_are_taken():
    advisor = AdvisorFactory()
    for number in range(8):
        slot = SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(days=number))
        ConsultationRequestFactory(confirmed=True, slot=slot)
    first, second = (
        SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(days=20 + number))
        for number in range(2)
    )

    assert free_slots(now=NOW, limit=1) == [first]
    assert free_slots(now=NOW, limit=2) == [first, second]
    assert free_slots(now=NOW, limit=3) == [first, second]


def test_days_are_those_in_germany():
    # 23:30 in Germany is 22:30 in UTC, half past midnight is the day before in UTC.
    late = SlotFactory(starts_at=NOW.replace(day=9, hour=22, minute=30))
    past_midnight = SlotFactory(starts_at=NOW.replace(day=9, hour=23, minute=30))

    days = by_day(free_slots(now=NOW))

    assert [(day.date, day.slots) for day in days] == [
        (date(2026, 3, 9), [late]),
        (date(2026, 3, 10), [past_midnight]),
    ]


def test_a_time_is_read_out_in_full():
    assert SlotFactory(starts_at=NOW + WEEK).in_full == (
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online"
    )
    assert SlotFactory(starts_at=NOW + WEEK, **on_site("Rathaus, Musterstadt")).in_full == (
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, vor Ort, Rathaus, Musterstadt"
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_offer_costs_the_same_number_of_queries_whatever_its_size(
    number, django_assert_num_queries
):
    theme = ThemeFactory()
    for _number in range(number):
        advisor = AdvisorFactory(themes=[theme])
        SlotFactory(advisor=advisor)
        taken = SlotFactory(advisor=advisor, starts_at=NOW + WEEK + timedelta(hours=2))
        ConsultationRequestFactory(confirmed=True, slot=taken)

    with django_assert_num_queries(4):  # advisors, their themes, slots, what is taken
        found = [
            slot.advisor.name
            for day in by_day(free_slots(now=NOW, themes=[theme]))
            for slot in day.slots
        ]

    assert len(found) == number


def test_what_is_free_stays_so_until_time_alone_changes_it():
    """Times come within reach and go out of it, holds lapse; in between a page may be kept."""
    hasty = AdvisorFactory(lead_hours=0, horizon_days=5)
    slow = AdvisorFactory(lead_hours=24, horizon_days=6)
    SlotFactory(advisor=hasty, starts_at=NOW + timedelta(days=1))
    SlotFactory(advisor=hasty, starts_at=NOW + timedelta(days=8))
    SlotFactory(advisor=slow, starts_at=NOW + timedelta(days=9))
    held = SlotFactory(advisor=slow, starts_at=NOW + timedelta(days=2))
    ConsultationRequestFactory(held=True, slot=held)
    at_event = on_site() | {"event": EventFactory(starts_at=NOW + timedelta(days=7))}
    SlotFactory(advisor=hasty, starts_at=NOW + timedelta(days=7), **at_event)
    an_instant = timedelta(microseconds=1)

    now, changes = NOW, []
    while (moment := next_change(Versions(), now)) is not None:
        assert free_slots(now=moment - an_instant) == free_slots(now=now)
        assert free_slots(now=moment) != free_slots(now=now)
        changes.append(moment.replace(microsecond=0) - NOW)
        now = moment

    days = [timedelta(hours=1), *map(timedelta, (1, 1, 3, 7, 8, 8))]
    assert changes == days
    assert free_slots(now=now) == []


def test_who_is_away_is_so_from_midnight_to_midnight_in_germany():
    advisor = AdvisorFactory()
    day = date(2026, 3, 10)
    Absence.objects.create(advisor=advisor, first_on=day, last_on=day)
    before, first, last, after = (
        SlotFactory(advisor=advisor, starts_at=midnight + timedelta(minutes=minutes), minutes=20)
        for midnight in (
            datetime(2026, 3, 9, 23, tzinfo=UTC),
            datetime(2026, 3, 10, 23, tzinfo=UTC),
        )
        for minutes in (-40, 15)
    )

    assert free_slots(now=NOW) == [before, after]
    assert [slot.day for slot in (first, last)] == [day, day]


def test_what_nobody_has_confirmed_in_time_is_in_nobodys_way():
    slot = SlotFactory()
    held = ConsultationRequestFactory(held=True, slot=slot)
    asks = ConsultationRequestFactory()

    def found(minutes: int, but=asks):
        return in_the_way(slot, but=but, now=NOW + timedelta(minutes=minutes))

    assert found(59) == held.current_appointment()
    assert (found(60), found(59, but=held)) == (None, None)

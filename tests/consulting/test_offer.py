from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from consulting import actions
from consulting.actions import Published
from consulting.actions.offer import give_room
from consulting.models import Appointment, ConsultationRequest, SeriesBreak, Slot
from consulting.series import BERLIN
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    SlotFactory,
    SlotSeriesFactory,
)
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db


def on_offer() -> list[str]:
    return [f"{slot.starts_at.astimezone(BERLIN):%d.%m. %H:%M}" for slot in Slot.objects.offered()]


def test_publishing_a_series_puts_its_future_times_on_offer():
    series = SlotSeriesFactory(last_on=date(2026, 3, 10))

    assert actions.publish_series(series, now=NOW) == Published(added=4, withdrawn=0)
    assert on_offer() == ["03.03. 10:00", "03.03. 11:00", "10.03. 10:00", "10.03. 11:00"]
    assert set(Slot.objects.values_list("series", "advisor", "mode")) == {
        (series.pk, series.advisor_id, "online")
    }


def test_publishing_again_changes_nothing():
    series = SlotSeriesFactory()
    actions.publish_series(series, now=NOW)
    before = list(Slot.objects.values())

    assert actions.publish_series(series, now=NOW) == Published(added=0, withdrawn=0)
    assert list(Slot.objects.values()) == before


def test_publishing_leaves_the_past_alone():
    series = SlotSeriesFactory()
    actions.publish_series(series, now=NOW)
    series.weekday = 3

    actions.publish_series(series, now=NOW + timedelta(days=14))

    assert on_offer() == [
        "03.03. 10:00", "03.03. 11:00", "10.03. 10:00", "10.03. 11:00",
        "19.03. 10:00", "19.03. 11:00", "26.03. 10:00", "26.03. 11:00",
    ]  # fmt: skip


def test_breaks_are_left_out():
    series = SlotSeriesFactory(last_on=date(2026, 3, 10))
    SeriesBreak.objects.create(
        series=series, first_on=date(2026, 3, 10), last_on=date(2026, 3, 20), label="Ferien"
    )

    actions.publish_series(series, now=NOW)

    assert on_offer() == ["03.03. 10:00", "03.03. 11:00"]


def test_a_room_that_is_entered_later_reaches_the_dates_without_one_alone():
    advisor = AdvisorFactory(meeting_link="https://video.example.org/neu")
    rooms = ("", "https://video.example.org/vereinbart")
    for day, room in enumerate(rooms, start=3):
        slot = SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=day), meeting_link=room)
        ConsultationRequestFactory(confirmed=True, slot=slot)
    # It is over, and was in no room or in another one.
    over = SlotFactory(advisor=advisor, starts_at=NOW - timedelta(days=1))
    ConsultationRequestFactory(confirmed=True, slot=over)
    Appointment.objects.filter(starts_at__lt=NOW + timedelta(days=4)).update(meeting_link="")

    assert give_room(advisor, now=NOW) == (1, 0)

    links = Appointment.objects.order_by("starts_at").values_list("meeting_link", flat=True)
    assert list(links) == ["", "https://video.example.org/neu", rooms[1]]


def test_a_break_added_later_withdraws_the_times_but_no_booked_date():
    series = SlotSeriesFactory(last_on=date(2026, 3, 10))
    actions.publish_series(series, now=NOW)
    booked = Slot.objects.get(starts_at__day=10, starts_at__hour=10)
    request = ConsultationRequestFactory(confirmed=True, slot=booked)
    SeriesBreak.objects.create(series=series, first_on=date(2026, 3, 10), last_on=date(2026, 3, 10))

    assert actions.publish_series(series, now=NOW) == Published(added=0, withdrawn=2)

    assert on_offer() == ["03.03. 10:00", "03.03. 11:00"]
    appointment = ConsultationRequest.objects.get(pk=request.pk).current_appointment()
    assert (appointment.starts_at, appointment.slot) == (booked.starts_at, None)
    assert appointment.meeting_link == "https://video.example.org/start-smart"


def test_a_time_withdrawn_by_hand_stays_withdrawn():
    series = SlotSeriesFactory(last_on=date(2026, 3, 3))
    actions.publish_series(series, now=NOW)
    Slot.objects.filter(starts_at__hour=10).update(is_offered=False)

    actions.publish_series(series, now=NOW)

    assert on_offer() == ["03.03. 11:00"]


def test_times_that_are_over_stay_what_they_were():
    series = SlotSeriesFactory(last_on=date(2026, 3, 10))
    actions.publish_series(series, now=NOW)
    over = Slot.objects.filter(starts_at__day=3)
    before = list(over.values())
    later = datetime(2026, 3, 4, tzinfo=BERLIN)
    series.mode = "telefon"

    assert actions.preview_series(series, now=later).withdrawn == list(
        Slot.objects.filter(starts_at__day=10)
    )
    assert actions.publish_series(series, now=later) == Published(added=2, withdrawn=2)
    assert actions.withdraw_series(series, now=later) == 2
    assert actions.withdraw(Slot.objects.all(), now=later) == 0
    assert list(over.values()) == before == list(Slot.objects.values())


def test_a_changed_mode_changes_the_times_on_offer():
    series = SlotSeriesFactory(last_on=date(2026, 3, 3))
    actions.publish_series(series, now=NOW)
    series.mode = "telefon"

    assert actions.publish_series(series, now=NOW) == Published(added=2, withdrawn=2)
    assert set(Slot.objects.values_list("mode", flat=True)) == {"telefon"}


def test_another_place_reaches_the_times_to_come_and_none_that_is_over():
    series = SlotSeriesFactory(last_on=date(2026, 3, 10), mode="vor-ort", place="Rathaus")
    actions.publish_series(series, now=NOW)
    series.place = "Bauhof"

    later = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)  # half past ten in Germany, between the two
    assert actions.publish_series(series, now=later) == Published(added=0, withdrawn=0)

    places = Slot.objects.order_by("starts_at").values_list("place", flat=True)
    assert list(places) == ["Rathaus", "Bauhof", "Bauhof", "Bauhof"]


def test_a_time_that_somebody_published_by_hand_is_left_as_it_is():
    series = SlotSeriesFactory(last_on=date(2026, 3, 3))
    single = SlotFactory(advisor=series.advisor, starts_at=NOW + timedelta(days=1))

    assert actions.publish_series(series, now=NOW) == Published(added=1, withdrawn=0)

    single.refresh_from_db()
    assert single.series is None


def test_a_series_whose_pause_is_shorter_than_the_buffers_is_refused_with_a_sentence():
    advisor = AdvisorFactory(buffer_before_minutes=10, buffer_after_minutes=15, name="Ada")
    series = SlotSeriesFactory.build(advisor=advisor, pause_minutes=20)

    with pytest.raises(ValidationError) as refused:
        series.full_clean()

    assert refused.value.message_dict == {
        "pause_minutes": [
            "Für Ada bleiben um jeden Termin 25 Minuten frei. Bitte mindestens so viel Pause lassen."
        ]
    }


def test_the_rule_of_an_unstored_series_can_be_previewed():
    series = SlotSeriesFactory.build(advisor=AdvisorFactory.build())

    assert actions.recurrence_of(series).pause == timedelta(minutes=15)
    assert actions.recurrence_of(series).breaks == []

"""Each rule that the database keeps whatever the code does, provoked once."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from consulting import models
from consulting.models import (
    AccessNeeds,
    Appointment,
    ConsultationRequest,
    HistoryEntry,
    SeriesBreak,
    Slot,
    SlotSeries,
)
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    MunicipalityFactory,
    SlotFactory,
    SlotSeriesFactory,
    UserFactory,
)
from tests.factories.consulting import NOW
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def appointment(**changes) -> Appointment:
    """A firm appointment a week ahead, not stored."""
    slot = changes.pop("at", None) or SlotFactory()
    request = changes.pop("request", None) or ConsultationRequestFactory()
    return Appointment(request=request, settled_at=NOW, **(Appointment.at(slot) | changes))


def two_at(advisor, *ranges) -> None:
    for lower, upper in ranges:
        slot = SlotFactory(advisor=advisor, starts_at=NOW + lower, ends_at=NOW + upper)
        appointment(at=slot).save()


# What breaks each rule. A function makes the rows, so that nothing runs before the test.
BREAKS = {
    "consulting_one_advisor_per_address": lambda: [
        AdvisorFactory(email="ada@example.org"),
        AdvisorFactory(email="Ada@example.org"),
    ],
    "consulting_advisor_takes_one_a_day_at_least": lambda: AdvisorFactory(daily_maximum=0),
    "consulting_advisor_looks_a_year_ahead_at_most": lambda: AdvisorFactory(horizon_days=367),
    "consulting_buffers_are_four_hours_at_most": lambda: AdvisorFactory(buffer_after_minutes=241),
    "consulting_slot_mode_is_known": lambda: SlotFactory(mode="brief"),
    "consulting_slot_has_a_place_on_site": lambda: SlotFactory(mode="vor-ort"),
    "consulting_slot_link_only_online": lambda: SlotFactory(
        mode="telefon", meeting_link="https://video.example.org"
    ),
    "consulting_slot_ends_after_it_begins": lambda: SlotFactory(minutes=0),
    "consulting_slot_of_an_event_is_on_site": lambda: SlotFactory(event=EventFactory()),
    "consulting_slot_published_once": lambda: [
        SlotFactory(advisor=advisor) for advisor in [AdvisorFactory()] * 2
    ],
    "consulting_slotseries_mode_is_known": lambda: SlotSeriesFactory(mode="brief"),
    "consulting_slotseries_has_a_place_on_site": lambda: SlotSeriesFactory(mode="vor-ort"),
    "consulting_slotseries_link_only_online": lambda: SlotSeriesFactory(
        mode="telefon", meeting_link="https://video.example.org"
    ),
    "consulting_series_weekday_is_one": lambda: SlotSeriesFactory(weekday=7),
    "consulting_series_repeats_within_twelve_weeks": lambda: SlotSeriesFactory(every_weeks=0),
    "consulting_series_ends_after_it_begins": lambda: SlotSeriesFactory(
        until_time=SlotSeriesFactory.from_time
    ),
    "consulting_series_length_makes_sense": lambda: SlotSeriesFactory(length_minutes=9),
    "consulting_series_pause_makes_sense": lambda: SlotSeriesFactory(pause_minutes=241),
    "consulting_series_lasts_two_years_at_most": lambda: SlotSeriesFactory(
        last_on=SlotSeriesFactory.first_on - DAY
    ),
    "consulting_break_ends_after_it_begins": lambda: SeriesBreak.objects.create(
        series=SlotSeriesFactory(), first_on=NOW.date(), last_on=NOW.date() - DAY
    ),
    "consulting_advisor_keeps_holidays_of_a_land": lambda: AdvisorFactory(land="XX"),
    "consulting_absence_ends_after_it_begins": lambda: AdvisorFactory().absences.create(
        first_on=NOW.date(), last_on=NOW.date() - DAY
    ),
    "consulting_message_says_something": lambda: ConsultationRequestFactory().messages.create(
        text=""
    ),
    "consulting_message_comes_from_one_side": lambda: ConsultationRequestFactory().messages.create(
        text="x", read_at=NOW
    ),
    "consulting_source_is_known": lambda: ConsultationRequestFactory(source="brief"),
    "consulting_appointment_mode_is_known": lambda: appointment(
        mode="brief", meeting_link=""
    ).save(),
    "consulting_appointment_has_a_place_on_site": lambda: appointment(place="Rathaus").save(),
    "consulting_appointment_link_only_online": lambda: appointment(mode="telefon").save(),
    "consulting_no_double_booking": lambda: two_at(
        AdvisorFactory(), (DAY, DAY + HOUR), (DAY + HOUR / 2, DAY + 3 * HOUR)
    ),
    "consulting_one_time_and_one_proposal_per_request": lambda: [
        appointment(request=request).save() for request in [ConsultationRequestFactory()] * 2
    ],
    "consulting_appointment_ends_after_it_begins": lambda: appointment(
        ends_at=NOW + timedelta(days=7)
    ).save(),
    "consulting_appointment_blocks_at_least_itself": lambda: appointment(
        blocked=DateTimeTZRange(NOW, NOW + HOUR)
    ).save(),
    "consulting_proposal_is_not_settled": lambda: appointment(is_proposal=True).save(),
    "consulting_appointment_is_settled_or_lapses": lambda: appointment(expires_at=NOW).save(),
    "consulting_closed_exactly_if_dated": lambda: ConsultationRequestFactory(closed_at=NOW),
    "consulting_confirmed_exactly_if_dated": lambda: ConsultationRequestFactory(
        confirmed=True, confirmed_at=None
    ),
    "consulting_due_exactly_if_open": lambda: ConsultationRequestFactory(due_on=None),
    "consulting_request_names_one_municipality": lambda: ConsultationRequestFactory(
        municipality=None
    ),
    "consulting_request_comes_from_a_land": lambda: ConsultationRequestFactory(land="XX"),
    "consulting_request_wants_a_building_block": lambda: ConsultationRequestFactory(
        building_blocks=[]
    ),
    "consulting_stage_is_known": lambda: ConsultationRequestFactory(stage="ende"),
    "consulting_rating_is_known": lambda: ConsultationRequestFactory(rating="gut"),
    "consulting_anonymised_means_nothing_personal": lambda: ConsultationRequestFactory(
        cancelled=True, anonymised_at=NOW
    ),
    "consulting_changed_after_submitted": lambda: ConsultationRequestFactory(changed_at=NOW - DAY),
    "consulting_access_needs_say_something": lambda: AccessNeeds.objects.create(
        request=ConsultationRequestFactory(), text=""
    ),
    "consulting_one_history_entry_per_version": lambda: [
        HistoryEntry.objects.create(request=request, version=2, kind="moved")
        for request in [ConsultationRequestFactory()] * 2
    ],
    "consulting_history_kind_is_known": lambda: HistoryEntry.objects.create(
        request=ConsultationRequestFactory(), version=2, kind="geahnt"
    ),
    "consulting_history_of_the_office_makes_no_version": lambda: HistoryEntry.objects.create(
        request=ConsultationRequestFactory(), version=2, kind="handed_back"
    ),
    "consulting_history_to_whom_it_is_assigned": lambda: HistoryEntry.objects.create(
        request=ConsultationRequestFactory(), version=2, kind="moved", to=UserFactory()
    ),
}


def constraints() -> dict[str, str]:
    """Every rule of this app with its sentence for people."""
    found = [getattr(models, name) for name in models.__all__]
    tables = [one for one in found if hasattr(one, "_meta")]
    return {
        constraint.name: str(constraint.violation_error_message)
        for table in tables
        for constraint in table._meta.constraints
    }


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError, match=rf'constraint "{name}"'), transaction.atomic():
        BREAKS[name]()


def test_every_rule_is_provoked_here_and_has_a_german_sentence():
    rules = constraints()

    assert set(rules) == set(BREAKS)
    assert [text for text in rules.values() if not re.fullmatch(r"[A-ZÄÖÜ].+\.", text)] == []
    assert [text for text in rules.values() if "Constraint" in text] == []


@pytest.mark.parametrize("field", ["email", "contact_name"])
def test_a_request_that_can_still_be_answered_has_a_contact(field):
    with pytest.raises(IntegrityError, match="consulting_anonymised_means_nothing_personal"):
        ConsultationRequestFactory(**{field: ""})


def test_a_request_names_its_municipality_once():
    with pytest.raises(IntegrityError, match="consulting_request_names_one_municipality"):
        ConsultationRequestFactory(municipality_name="Musterdorf")


def test_an_open_request_is_not_confirmed():
    with pytest.raises(IntegrityError, match="consulting_confirmed_exactly_if_dated"):
        ConsultationRequestFactory(confirmed_at=NOW)


def test_times_that_only_touch_do_not_overlap():
    advisor = AdvisorFactory(buffer_after_minutes=0)

    two_at(advisor, (DAY, DAY + HOUR), (DAY + HOUR, DAY + 2 * HOUR))

    assert Appointment.objects.count() == 2


def test_released_times_do_not_block():
    slot = SlotFactory()
    appointment(at=slot, released_at=NOW).save()
    appointment(at=slot).save()

    assert Appointment.objects.blocking().count() == 1


def test_forms_hear_of_a_double_booking_in_german():
    slot = SlotFactory()
    appointment(at=slot).save()

    with pytest.raises(ValidationError, match="Diese Zeit ist nicht mehr frei"):
        appointment(at=slot).full_clean()


def test_references_can_be_read_out_and_differ():
    references = {ConsultationRequestFactory.build().reference for _number in range(50)}

    assert len(references) == 50
    assert all(re.fullmatch(r"SM-[2-9B-HJ-NP-TV-Z]{7}", one) for one in references)


def test_a_request_is_called_after_its_municipality():
    listed = ConsultationRequestFactory(municipality=MunicipalityFactory(name="Aalen"))
    typed = ConsultationRequestFactory(municipality=None, municipality_name="Kleinkleckersdorf")

    assert (listed.municipality_label, typed.municipality_label) == ("Aalen", "Kleinkleckersdorf")
    assert str(listed) == f"{listed.reference} (Aalen)"


def test_a_booked_time_keeps_what_people_were_told():
    slot = SlotFactory()
    request = ConsultationRequestFactory(confirmed=True, slot=slot)
    Slot.objects.filter(pk=slot.pk).update(starts_at=NOW, ends_at=NOW + HOUR)

    current = ConsultationRequest.objects.get(pk=request.pk).current_appointment()

    assert current.starts_at == slot.starts_at
    assert current.meeting_link == slot.advisor.meeting_link


def test_a_series_is_called_after_its_rule():
    series = SlotSeries.objects.get(pk=SlotSeriesFactory(advisor__name="Ada").pk)

    assert str(series) == "dienstags 10:00 bis 12:00 Uhr"

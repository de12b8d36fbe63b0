"""Calendar files, read back by the library that wrote them and by one that did not."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject

from consulting import actions, calendar
from consulting.models import ConsultationRequest
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    MunicipalityFactory,
    SlotFactory,
)
from tests.factories.consulting import NOW, on_site

pytestmark = pytest.mark.django_db

# Ten o'clock in Germany, on either side of both changes of clocks.
TEN_O_CLOCK = [
    pytest.param(datetime(2026, 3, 27, 9, tzinfo=UTC), "+0100", id="before 29.03.2026"),
    pytest.param(datetime(2026, 3, 30, 8, tzinfo=UTC), "+0200", id="after 29.03.2026"),
    pytest.param(datetime(2026, 10, 23, 8, tzinfo=UTC), "+0200", id="before 25.10.2026"),
    pytest.param(datetime(2026, 10, 26, 9, tzinfo=UTC), "+0100", id="after 25.10.2026"),
]


def agreed(**slot) -> ConsultationRequest:
    request = ConsultationRequestFactory(
        confirmed=True,
        slot=SlotFactory(**slot),
        municipality=MunicipalityFactory(name="Halle (Saale)"),
        contact_name="Eva „Käthe“ Beispiel; Amt, 3",
    )
    return ConsultationRequest.objects.get(pk=request.pk)


def invited(request: ConsultationRequest) -> bytes:
    return calendar.invitation(request, request.current_appointment(), now=NOW).content


@pytest.mark.parametrize(("starts_at", "offset"), TEN_O_CLOCK)
def test_both_libraries_read_ten_o_clock(starts_at, offset):
    ics = invited(agreed(starts_at=starts_at))

    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    other = vobject.readOne(ics.decode()).vevent

    for begin, end in [
        (event["dtstart"].dt, event["dtend"].dt),
        (other.dtstart.value, other.dtend.value),
    ]:
        assert f"{begin:%H:%M %z}" == f"10:00 {offset}"
        assert begin == starts_at
        assert end - begin == timedelta(minutes=45)


def test_the_file_names_the_zone_and_brings_its_rules():
    ics = invited(agreed()).decode()

    assert "DTSTART;TZID=Europe/Berlin:20260309T100000" in ics.replace("\r\n ", "")
    (zone,) = icalendar.Calendar.from_ical(ics).walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Berlin"
    offsets = {part["tzoffsetto"].td for part in zone.subcomponents}
    assert {timedelta(hours=1), timedelta(hours=2)} <= offsets


def test_both_libraries_read_the_same_invitation():
    request = agreed()

    ics = invited(request)

    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    other = vobject.readOne(ics.decode())
    assert other.method.value == icalendar.Calendar.from_ical(ics)["method"] == "REQUEST"
    assert other.vevent.uid.value == str(event["uid"]) == calendar.uid(request)
    assert other.vevent.summary.value == "Start Smart: Beratung für Halle (Saale)"
    assert str(event["summary"]) == "Start Smart: Beratung für Halle (Saale)"
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["location"]) == "https://video.example.org/start-smart"
    guests = [str(guest) for guest in event["attendee"]]
    advisor = request.current_appointment().advisor
    assert guests == [f"mailto:{request.email}", f"mailto:{advisor.email}"]
    assert [guest.value for guest in other.vevent.attendee_list] == guests
    assert event["attendee"][0].params["CN"] == "Eva „Käthe“ Beispiel; Amt, 3"
    assert str(event["organizer"]) == "mailto:betreiber@example.org"


def test_moving_keeps_the_uid_and_raises_the_sequence_and_cancelling_again():
    request = agreed()
    slot = request.current_appointment().slot
    new = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    first = vobject.readOne(invited(request).decode()).vevent

    moved = actions.reschedule(request, slot=new, now=NOW)
    second = vobject.readOne(invited(moved).decode()).vevent
    appointment = moved.current_appointment()
    cancelled = actions.cancel(moved, now=NOW)
    cancellation = calendar.cancellation(cancelled, appointment, now=NOW)
    third = vobject.readOne(cancellation.content.decode())

    assert first.uid.value == second.uid.value == third.vevent.uid.value
    sequences = [int(event.sequence.value) for event in (first, second, third.vevent)]
    assert sequences == sorted(set(sequences))
    assert third.method.value == "CANCEL"
    assert third.vevent.status.value == "CANCELLED"
    assert cancellation.mimetype == 'text/calendar; charset="utf-8"; method=CANCEL'


@pytest.mark.parametrize(
    ("meeting", "place"),
    [
        (
            {"meeting_link": "https://video.example.org/eigener"},
            "https://video.example.org/eigener",
        ),
        ({"mode": "telefon"}, "Telefon"),
        (on_site("Rathaus, Marktplatz 1, Musterstadt"), "Rathaus, Marktplatz 1, Musterstadt"),
    ],
)
def test_the_place_tells_where_to_be(meeting, place):
    event = vobject.readOne(invited(agreed(**meeting)).decode()).vevent

    assert event.location.value == place


def test_an_online_date_without_a_room_says_so():
    advisor = AdvisorFactory(meeting_link="")

    event = vobject.readOne(invited(agreed(advisor=advisor)).decode()).vevent

    assert event.location.value == "online"


def test_nothing_typed_can_add_a_line_to_the_file():
    request = agreed()
    request.municipality = None
    request.municipality_name = "Ort\r\nATTENDEE:mailto:boese@example.org"

    ics = invited(request)

    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert "mailto:boese@example.org" not in [str(guest) for guest in event["attendee"]]
    assert len(event["attendee"]) == 2


def test_what_was_pasted_out_of_an_office_file_leaves_the_file_readable():
    pasted = "Amt\x02 am\x0bFluss\u2028mit\x1f \u202eMu\u0308he\x07"
    request = agreed(**on_site(pasted))
    type(request).objects.filter(pk=request.pk).update(question=pasted, contact_name=pasted)
    request = type(request).objects.get(pk=request.pk)

    ics = invited(request)

    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert str(event["location"]) == "Amt am Fluss mit Mühe"
    assert event["attendee"][0].params["CN"] == "Amt am Fluss mit Mühe"
    assert vobject.readOne(ics.decode()).vevent.location.value == "Amt am Fluss mit Mühe"

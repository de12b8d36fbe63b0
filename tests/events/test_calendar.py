"""Calendar files of events, read back by the library that wrote them and by one that did not."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject

from events import calendar
from events.dates import Precision
from events.models import Event, EventState, Format, Mode
from tests.factories import ProjectFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 12, 8, tzinfo=UTC)
LINK = "https://video.example.org/geheim"
# Nine o'clock in Germany on the days on which the clocks change, and around them.
NINE_O_CLOCK = [
    pytest.param(datetime(2026, 3, 28, 8, tzinfo=UTC), "+0100", id="28.03.2026"),
    pytest.param(datetime(2026, 3, 29, 7, tzinfo=UTC), "+0200", id="29.03.2026"),
    pytest.param(datetime(2026, 10, 24, 7, tzinfo=UTC), "+0200", id="24.10.2026"),
    pytest.param(datetime(2026, 10, 25, 8, tzinfo=UTC), "+0100", id="25.10.2026"),
]


def feed(*events: Event) -> bytes:
    return calendar.feed(events, name="Veranstaltungen", url="https://portal.example/kalender.ics")


def entries(ics: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(ics).walk("VEVENT")


def days(first: str, last: str, **facts) -> Event:
    begin, end = (datetime.fromisoformat(f"{day}T00:00+01:00") for day in (first, last))
    return EventFactory(starts_at=begin, ends_at=end, precision=Precision.DAY, **facts)


@pytest.mark.parametrize(("starts_at", "offset"), NINE_O_CLOCK)
def test_both_libraries_read_nine_o_clock(starts_at, offset):
    ics = feed(EventFactory(starts_at=starts_at))

    [entry] = entries(ics)
    other = vobject.readOne(ics.decode()).vevent

    for begin, end in [
        (entry["dtstart"].dt, entry["dtend"].dt),
        (other.dtstart.value, other.dtend.value),
    ]:
        assert f"{begin:%H:%M %z}" == f"09:00 {offset}"
        assert begin == starts_at
        assert end - begin == timedelta(hours=3)


def test_a_feed_says_what_it_is_and_how_often_to_look():
    ics = feed(EventFactory())

    whole = icalendar.Calendar.from_ical(ics)
    other = vobject.readOne(ics.decode())
    assert (str(whole["version"]), str(whole["prodid"])) == ("2.0", calendar.PRODUCT)
    assert str(whole["name"]) == other.x_wr_calname.value == "Veranstaltungen"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in ics.decode()
    assert other.x_published_ttl.value == "PT6H"
    assert str(whole["source"]) == "https://portal.example/kalender.ics"
    assert "method" not in whole
    [zone] = whole.walk("VTIMEZONE")
    assert {part["tzoffsetto"].td for part in zone.subcomponents} == {
        timedelta(hours=1),
        timedelta(hours=2),
    }


def test_an_entry_tells_everything_and_never_the_link():
    event = EventFactory(
        title="Daten, Dörfer; Daseinsvorsorge 🚜 \\ 2026",
        teaser="Was Kommunen\r\nATTENDEE:mailto:boese@example.org",
        number=8,
        format=Format.HYBRID,
        venue="Stadthalle",
        address="Friedrichstraße 10, 33330 Gütersloh",
        online_link=LINK,
        latitude=51.9,
        longitude=8.4,
    )
    event.host_projects.add(ProjectFactory(name="Gütersloh"))

    ics = feed(event)

    [entry] = entries(ics)
    other = vobject.readOne(ics.decode()).vevent
    assert (
        str(entry["summary"]) == other.summary.value == "Daten, Dörfer; Daseinsvorsorge 🚜 \\ 2026"
    )
    assert str(entry["uid"]) == other.uid.value == f"veranstaltung-{event.uid}@testserver"
    assert str(entry["status"]) == "CONFIRMED"
    assert other.location.value == "Stadthalle, Friedrichstraße 10, 33330 Gütersloh und online"
    assert entry["geo"].to_ical() == "51.9;8.4"
    assert entry["categories"].to_ical() == b"Regionalkonferenz"
    assert str(entry["url"]) == f"http://testserver{event.get_absolute_url()}"
    assert other.description.value.splitlines()[0] == "8. Regionalkonferenz"
    assert "Gastgeber: Gütersloh" in other.description.value
    assert "attendee" not in entry
    assert b"geheim" not in ics.replace(b"\r\n ", b"")


def test_no_entry_names_a_host_or_a_part_that_nobody_may_see(client):
    """Neither one that everybody can fetch nor one that comes along with an e-mail."""
    event = EventFactory()
    for name, is_public in (("Aue", True), ("Geheimes Projekt", False)):
        event.host_projects.add(ProjectFactory(name=name, is_public=is_public))
    EventFactory(title="Geheime Station", state=EventState.DRAFT, part_of=event)
    person = {"name": "Eva", "email": "eva@ort.example", "now": NOW}

    files = {
        "feed": client.get("/veranstaltungen/kalender.ics").content,
        "single": client.get(f"/veranstaltungen/{event.slug}.ics").content,
        "made": calendar.single(event),
        "invitation": calendar.invitation(event, mode=Mode.ON_SITE, has_seat=True, **person)[1],
        "cancellation": calendar.cancellation(event, **person)[1],
    }

    told = {name: str(entries(ics)[0]["description"]) for name, ics in files.items()}
    assert {name: "Gastgeber: Aue\n" in text for name, text in told.items()} == (
        dict.fromkeys(files, True)
    )
    assert {name: "Geheim" in text for name, text in told.items()} == dict.fromkeys(files, False)


def test_lines_are_folded_at_75_octets_and_no_character_is_cut():
    title = "Überörtliche Zusammenarbeit für ländliche Räume 🚜🌾 – " * 3
    ics = feed(EventFactory(title=title))

    lines = ics.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line.decode() for line in lines]
    assert str(entries(ics)[0]["summary"]) == title


def test_days_are_whole_days_and_leave_people_free():
    ics = feed(days("2026-11-07", "2026-11-10"))

    assert "DTSTART;VALUE=DATE:20261107" in ics.decode()
    assert "DTEND;VALUE=DATE:20261110" in ics.decode()
    [entry] = entries(ics)
    assert str(entry["transp"]) == "TRANSPARENT"


@pytest.mark.parametrize("precision", [Precision.MONTH, Precision.ROUGH])
def test_what_is_known_to_the_month_is_in_no_calendar(precision):
    event = EventFactory(precision=precision, date_text="März/April 2026")

    assert entries(feed(event)) == []
    assert calendar.single(event) is None


def test_a_cancelled_event_stays_as_cancelled_with_its_name_and_a_higher_sequence():
    event = EventFactory(title="Kongress")
    [before] = entries(feed(event))
    event.state, event.cancelled_at, event.cancel_reason = EventState.CANCELLED, NOW, "Sturm"
    event.sequence += 1
    event.save()

    [after] = entries(feed(event))

    assert str(after["uid"]) == str(before["uid"])
    assert int(after["sequence"]) == int(before["sequence"]) + 1
    assert str(after["status"]) == "CANCELLED"
    assert str(after["summary"]) == "Abgesagt: Kongress"
    assert "Abgesagt: Sturm" in str(after["description"])


def test_an_unchanged_event_is_the_same_file():
    event = EventFactory()

    assert feed(event) == feed(Event.objects.get(pk=event.pk))


@pytest.mark.parametrize(
    ("mode", "has_seat", "gets_link"),
    [
        (Mode.ONLINE, True, True),
        (Mode.ONLINE, False, False),
        (Mode.ON_SITE, True, False),
    ],
)
def test_only_who_has_a_seat_online_is_invited_with_the_link(mode, has_seat, gets_link):
    event = EventFactory(format=Format.HYBRID, online_link=LINK, venue="Stadthalle")

    invited = calendar.invitation(
        event, name="Eva\r\nX:Y", email="eva@ort.example", mode=mode, has_seat=has_seat, now=NOW
    )

    [entry] = entries(invited.content)
    assert (LINK in str(entry["description"])) is gets_link
    assert (b"geheim" in invited.content.replace(b"\r\n ", b"")) is gets_link
    assert str(entry["status"]) == ("CONFIRMED" if has_seat else "TENTATIVE")
    assert str(entry["attendee"]) == "mailto:eva@ort.example"
    assert entry["attendee"].params["CN"] == "Eva X:Y"
    assert str(entry["organizer"]) == "mailto:betreiber@example.org"
    assert entry["dtstamp"].dt == NOW
    assert invited.mimetype == 'text/calendar; charset="utf-8"; method=REQUEST'


def test_who_cancels_is_taken_out_by_the_same_uid():
    event = EventFactory(contact_email="amt@ort.example", contact_name="Amt")

    ics = calendar.cancellation(event, name="Eva", email="eva@ort.example", now=NOW).content

    other = vobject.readOne(ics.decode())
    assert other.method.value == "CANCEL"
    assert other.vevent.status.value == "CANCELLED"
    assert other.vevent.uid.value == calendar.uid(event)
    assert other.vevent.organizer.value == "mailto:amt@ort.example"


def test_each_file_that_is_sent_has_a_higher_sequence_than_the_one_before():
    """RFC 5546: also when a person cancels and comes back while the event stays as it is."""
    event = EventFactory()
    person = {"name": "Eva", "email": "eva@ort.example"}
    seat = {**person, "mode": Mode.ONLINE, "has_seat": True}
    sent = [
        calendar.invitation(event, **seat, now=NOW),
        calendar.cancellation(event, **person, now=NOW + timedelta(minutes=1)),
        calendar.invitation(event, **seat, now=NOW + timedelta(minutes=2)),
    ]
    event.sequence += 1  # moved
    sent.append(calendar.invitation(event, **seat, now=NOW + timedelta(days=1)))
    sent.append(calendar.cancellation(event, **person, now=NOW + timedelta(days=2)))

    files = [icalendar.Calendar.from_ical(one.content) for one in sent]
    methods = [str(file["method"]) for file in files]
    assert methods == ["REQUEST", "CANCEL", "REQUEST", "REQUEST", "CANCEL"]
    [[entry], *others] = [file.walk("VEVENT") for file in files]
    assert {str(other["uid"]) for [other] in others} == {str(entry["uid"])}
    numbers = [int(one["sequence"]) for one in (entry, *(other for [other] in others))]
    assert numbers == sorted(set(numbers))
    assert 0 < numbers[0] < 2**31

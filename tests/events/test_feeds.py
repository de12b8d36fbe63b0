"""Calendars to subscribe to: everybody's and one's own."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import MembershipState
from events.dates import Precision
from events.models import (
    Event,
    EventKind,
    EventState,
    Format,
    Mode,
    PersonalFeed,
    RegistrationState,
)
from events.views import feeds
from finding.search import documents, refresh
from finding.selection import Selection
from tests.factories import ProjectFactory, UserFactory
from tests.factories.communities import CommunityFactory, MembershipFactory, TopicGroupFactory
from tests.factories.events import EventFactory, RegistrationFactory, in_days
from tests.shipped import load_network

pytestmark = pytest.mark.django_db

LINK = "https://video.example.org/geheim"


def titles(ics: bytes) -> list[str]:
    """What both libraries read, which is the same."""
    entries = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    read = [str(entry["summary"]) for entry in entries]
    other = vobject.readOne(ics.decode())
    assert [event.summary.value for event in other.contents.get("vevent", [])] == read
    return sorted(read)


def feed(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/veranstaltungen/kalender.ics{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return titles(answer.content)


# Everybody's -------------------------------------------------------------------------------------


def test_the_feed_has_everything_public_whose_day_is_known(client):
    EventFactory(title="Exakt")
    EventFactory(title="Vorbei", starts_at=in_days(-100))
    EventFactory(title="Archiv", starts_at=in_days(-500))
    EventFactory(title="Entwurf", state=EventState.DRAFT)
    EventFactory(title="Monat", precision=Precision.MONTH)
    EventFactory(title="Absage", state=EventState.CANCELLED, cancelled_at=in_days(-1))
    whole = EventFactory(title="Konferenz")
    EventFactory(title="Station", part_of=whole)

    assert feed(client) == ["Abgesagt: Absage", "Exakt", "Konferenz", "Vorbei"]


@pytest.mark.parametrize(
    ("today", "begins"),
    [
        (datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 4, 30, 22, tzinfo=UTC)),
        (datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2025, 11, 30, 23, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2026, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_feed_begins_with_a_month_half_a_year_back_unless_a_year_is_asked_for(today, begins):
    assert feeds._begins(Selection("", {}, "", 1, ""), today) == begins
    assert feeds._begins(Selection("", {"jahr": ("2019",)}, "", 1, ""), today) is None


def test_what_reaches_into_the_first_month_of_a_feed_is_in_it(client, monkeypatch):
    begins = in_days(-10)
    monkeypatch.setattr(feeds, "_begins", lambda *_asked: begins)
    EventFactory(title="Ausstellung", starts_at=in_days(-20), ends_at=begins)
    EventFactory(title="Vorbei", starts_at=in_days(-20), ends_at=begins - timedelta(seconds=1))

    assert feed(client) == ["Ausstellung"]


def test_the_archive_of_a_year_can_still_be_had(client):
    archive = EventFactory(title="Archiv", starts_at=in_days(-800))

    assert feed(client, f"?jahr={archive.starts_at.year}") == ["Archiv"]


def test_a_page_says_how_to_subscribe_in_every_program_and_only_shows(client):
    EventFactory(land="NW")

    answer = client.get("/veranstaltungen/kalender/?land=NW")

    assert 'href="webcal://testserver/veranstaltungen/kalender.ics?land=NW"' in answer.text
    assert "http://testserver/veranstaltungen/kalender.ics?land=NW</p>" in answer.text
    assert "Sie haben eine Auswahl getroffen: <strong>Nordrhein-Westfalen</strong>" in answer.text
    for program in ("Outlook:", "Google Kalender:", "Apple-Kalender, Thunderbird"):
        assert program in answer.text
    assert "Der Kalender beginnt 6 Monate zurück." in answer.text
    assert (
        'href="/veranstaltungen/kalender/?land=NW"' in client.get("/veranstaltungen/?land=NW").text
    )
    assert client.get("/veranstaltungen/kalender/?land=XX").status_code == 404


def test_each_filter_has_a_feed_of_its_own_with_its_own_name(client):
    aeg = CommunityFactory(slug="zwillinge", name="Digitale Zwillinge")
    EventFactory(title="Köln", land="NW")
    EventFactory(title="Ulm", land="BW", kind=EventKind.CONGRESS)
    EventFactory(title="AEG", land="BW", community=TopicGroupFactory(parent=aeg))
    CommunityFactory(slug="leer")

    assert feed(client, "?land=NW") == ["Köln"]
    assert feed(client, "?land=NW&land=BW&art=kongress") == ["Ulm"]
    assert feed(client, "?aeg=zwillinge") == ["AEG"]
    assert feed(client, "?aeg=leer") == []
    answer = client.get("/veranstaltungen/kalender.ics?land=BW&aeg=zwillinge")
    whole = icalendar.Calendar.from_ical(answer.content)
    assert str(whole["name"]).endswith(": Baden-Württemberg, Digitale Zwillinge")
    assert str(whole["source"]).endswith("/veranstaltungen/kalender.ics?aeg=zwillinge&land=BW")


def test_the_calendar_of_a_search_has_what_the_list_has(client, monkeypatch):
    EventFactory(title="Wassertag", land="NW")
    EventFactory(title="Wasserwerkstatt", land="BW")
    EventFactory(title="Verkehr", land="NW")
    refresh(wait=True)

    assert 'href="/veranstaltungen/kalender/?q=Wassertag"' in (
        client.get("/veranstaltungen/?q=Wassertag").text
    )
    page = client.get("/veranstaltungen/kalender/?q=Wassertag&land=NW").text
    assert "<strong>„Wassertag“, Nordrhein-Westfalen</strong>" in page
    assert feed(client, "?q=Wassertag&land=NW") == ["Wassertag"]
    assert feed(client, "?q=Wassertag&land=BW") == []
    answer = client.get("/veranstaltungen/kalender.ics?q=Wassertag")
    whole = icalendar.Calendar.from_ical(answer.content)
    assert str(whole["name"]).endswith(": „Wassertag“")

    # The search may learn of a change after the list has, and is believed then.
    monkeypatch.setattr(documents, "QUICK_MILLISECONDS", -1)
    Event.objects.filter(title="Verkehr").update(title="Wassertag in der Stadt")
    assert feed(client, "?q=Wassertag") == ["Wassertag"]
    refresh(wait=True)
    assert feed(client, "?q=Wassertag") == ["Wassertag", "Wassertag in der Stadt"]


@pytest.mark.parametrize("query", ["?land=XX", "?aeg=gibt-es-nicht", "?land=NW&art=party"])
def test_a_feed_of_something_unknown_is_not_a_feed_of_everything(client, query):
    EventFactory(land="NW")

    assert client.get(f"/veranstaltungen/kalender.ics{query}").status_code == 404


def test_an_unchanged_feed_is_not_sent_again_and_a_changed_one_is(client):
    event = EventFactory(title="Alt")
    first = client.get("/veranstaltungen/kalender.ics")
    etag = {"If-None-Match": first["ETag"]}

    with CaptureQueriesContext(connection) as queries:
        again = client.get("/veranstaltungen/kalender.ics", headers=etag)
    assert (again.status_code, len(queries)) == (304, 1)

    Event.objects.filter(pk=event.pk).update(title="Neu")
    changed = client.get("/veranstaltungen/kalender.ics", headers=etag)
    assert titles(changed.content) == ["Neu"]


def test_a_feed_costs_as_many_queries_with_many_events_as_with_few(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            feed(client)
        return len(captured)

    def add(count: int) -> None:
        for _ in range(count):
            EventFactory(part_of=EventFactory()).host_projects.add(ProjectFactory())

    add(1)
    few = queries()
    add(12)
    assert queries() == few <= 10


def test_the_network_as_a_calendar_is_read_by_both_libraries(client):
    load_network()

    # 42 are public; three are parts of others, three known roughly, one to the month.
    years = Event.objects.public().dates("starts_at", "year")
    archive = "?" + "&".join(f"jahr={day.year}" for day in years)
    assert len(feed(client, archive)) == 35
    assert len(feed(client, f"{archive}&art=roadshow")) == 3


def test_one_event_can_be_taken_into_ones_own_calendar(client):
    event = EventFactory(title="Ä", starts_at=datetime(2026, 3, 29, 7, tzinfo=UTC))

    answer = client.get(f"/veranstaltungen/{event.slug}.ics")

    assert titles(answer.content) == ["Ä"]
    assert vobject.readOne(answer.content.decode()).vevent.dtstart.value.hour == 9
    assert answer["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'


# One's own ---------------------------------------------------------------------------------------


@pytest.fixture
def user():
    return UserFactory(email="eva@ort.example")


def own(user) -> str:
    return f"/veranstaltungen/kalender/{PersonalFeed.objects.get_or_create(user=user)[0].token}.ics"


def registered(user, title: str, state=RegistrationState.SEAT, **facts):
    event = EventFactory(
        title=title, takes_registrations=True, format=Format.HYBRID, online_link=LINK
    )
    return RegistrationFactory(event=event, user=user, state=state, mode=Mode.ONLINE, **facts)


def test_it_has_ones_registrations_and_how_they_stand(client, user):
    registered(user, "Platz")
    registered(user, "Lang", RegistrationState.WAITING, seated_at=None)
    registered(user, "Frei", RegistrationState.OFFERED, offered_until=in_days(1))
    registered(user, "Unklar", confirmed_at=None)
    registered(user, "Abgemeldet", RegistrationState.CANCELLED, closed_at=in_days(-1))
    registered(UserFactory(), "Fremd")
    EventFactory(title="Öffentlich")

    ics = client.get(own(user)).content

    assert titles(ics) == [
        "Noch nicht bestätigt: Unklar",
        "Platz",
        "Platz angeboten: Frei",
        "Warteliste: Lang",
    ]
    entries = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    stands = {str(entry["summary"]).split(": ")[-1]: str(entry["status"]) for entry in entries}
    assert stands == {
        "Platz": "CONFIRMED",
        "Lang": "TENTATIVE",
        "Frei": "TENTATIVE",
        "Unklar": "TENTATIVE",
    }
    # Not even for who has a seat: such addresses are passed on.
    assert b"geheim" not in ics.replace(b"\r\n ", b"")


def test_it_has_the_events_of_ones_communities_and_of_those_above(client, user):
    aeg = CommunityFactory()
    group, sibling = TopicGroupFactory(parent=aeg), TopicGroupFactory(parent=aeg)
    MembershipFactory(user=user, community=group)
    MembershipFactory(
        user=user, community=CommunityFactory(slug="weg"), state=MembershipState.LEFT
    )  # fmt: skip
    EventFactory(title="Meine Gruppe", community=group)
    EventFactory(title="Meine AEG", community=aeg)
    EventFactory(title="Andere Gruppe", community=sibling)
    EventFactory(title="Früher", community=user.memberships.last().community)
    EventFactory(title="Entwurf", community=group, state=EventState.DRAFT)

    assert titles(client.get(own(user)).content) == ["Meine AEG", "Meine Gruppe"]


def test_what_was_cancelled_stays_as_cancelled_but_not_for_who_had_left_before(client, user):
    stayed, left = registered(user, "Geblieben"), registered(user, "Gegangen")
    still = registered(user, "Noch da")
    for registration, closed_at in [(stayed, in_days(-1)), (left, in_days(-9))]:
        registration.state, registration.closed_at = RegistrationState.CANCELLED, closed_at
        registration.save()
    Event.objects.filter(registrations__in=[stayed, left, still]).update(
        state=EventState.CANCELLED, cancelled_at=in_days(-1.5)
    )

    ics = client.get(own(user)).content

    assert titles(ics) == ["Abgesagt: Geblieben", "Abgesagt: Noch da"]
    for entry in icalendar.Calendar.from_ical(ics).walk("VEVENT"):
        assert str(entry["status"]) == "CANCELLED"


def test_nobody_on_the_way_keeps_it_and_no_search_engine_lists_it(client, user):
    answer = client.get(own(user))

    assert "private" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]
    assert "ETag" not in answer
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_wrong_a_short_and_a_similar_token_find_nothing(client, user):
    path = own(user)
    token = user.event_feed.token

    for wrong in ["x", token[:8], token[:-1], token + "A", token.swapcase(), "ü" * 32, "%"]:
        assert client.get(path.replace(token, wrong)).status_code == 404
    assert client.get(path).status_code == 200


def test_the_calendar_of_a_closed_account_is_closed_too(client, user):
    path = own(user)
    user.is_active = False
    user.save()

    assert client.get(path).status_code == 404


def test_who_makes_shows_renews_and_revokes_the_address_sees_the_right_thing(client, user):
    client.force_login(user)
    page = client.get("/konto/kalender/")
    assert "noch keine Adresse" in page.text
    assert "no-store" in page["Cache-Control"]

    made = client.post("/konto/kalender/anlegen/", follow=True)
    first = own(user)
    assert f"http://testserver{first}" in made.text
    assert Client().get(first).status_code == 200

    client.post("/konto/kalender/anlegen/")
    second = own(user)
    assert second != first
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    revoked = client.post("/konto/kalender/widerrufen/", follow=True)
    assert "noch keine Adresse" in revoked.text
    assert Client().get(second).status_code == 404
    assert not PersonalFeed.objects.filter(user=user).exists()


@pytest.mark.parametrize("action", ["anlegen", "widerrufen"])
def test_only_who_is_signed_in_and_presses_the_button_changes_anything(client, user, action):
    path = own(user)

    anonymous = client.post(f"/konto/kalender/{action}/")
    client.force_login(user)
    looked = client.get(f"/konto/kalender/{action}/")

    assert (anonymous.status_code, looked.status_code) == (302, 405)
    assert client.get(path).status_code == 200


PASTED = "Stadt\x02 im\x0bFluss\u2028mit\x1f \u202eMu\u0308he\x07"


def test_what_was_pasted_out_of_an_office_file_leaves_the_feed_readable(client):
    rows = [EventFactory.build(title=PASTED, teaser=PASTED, description=PASTED, venue=PASTED)]
    EventFactory(title="Davor")
    Event.objects.bulk_create(rows)
    Event.objects.filter(title="Davor").update(address=PASTED, city=PASTED)

    assert feed(client) == ["Davor", "Stadt im Fluss mit Mühe"]

"""The page of one event: everything somebody needs to take part, and nothing that is not for all."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import waiting_list
from events.dates import Precision
from events.models import (
    Audience,
    Document,
    DocumentPhase,
    Event,
    EventKind,
    EventSource,
    EventState,
    Format,
    Minutes,
    MinutesState,
    Mode,
    ParticipantNeeds,
    Seats,
    Visibility,
)
from projects.models import Project
from tests.factories import ProjectFactory, ThemeFactory
from tests.factories.communities import CommunityFactory, TopicGroupFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
    in_days,
)
from tests.shipped import load_network

pytestmark = pytest.mark.django_db

LINK = "https://video.example.org/geheim"
TEN = datetime(2031, 1, 14, 9, tzinfo=UTC)


def words(answer) -> str:
    """The text of the page's main part, as a person reads it."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def json_ld(answer) -> dict:
    return json.loads(re.search(r'application/ld\+json">(.*?)</script>', answer.text)[1])


def page(client, event: Event):
    answer = client.get(event.get_absolute_url())
    assert answer.status_code == 200
    return answer


def test_a_page_tells_everything_that_a_participant_needs(client):
    event = EventFactory(
        title="Daten teilen",
        number=21,
        teaser="Was Kommunen voneinander lernen.",
        description="Erster Absatz.\n\nZweiter Absatz.",
        starts_at=TEN,
        format=Format.HYBRID,
        venue="Stadthalle",
        address="Friedrichstraße 10, 33330 Gütersloh",
        access_note="stufenlos",
        online_link=LINK,
        audience=Audience.NON_FUNDED,
        community=TopicGroupFactory(name="Mobilität", parent=CommunityFactory(name="Zwillinge")),
        contact_name="Amt für Digitales",
        contact_email="digital@ort.example",
        check_note="Saal noch nicht bestätigt",
    )
    event.host_projects.add(ProjectFactory(name="Gütersloh"))
    event.themes.add(ThemeFactory(name="Daten"))
    AgendaItemFactory(
        event=event,
        title="Begrüßung",
        starts_at=TEN,
        ends_at=TEN + timedelta(minutes=30),
        speakers="Eva Muster",
        room="Saal 1",
        text="Ankommen",
    )
    EventSource.objects.create(event=event, text="Kommune21, 16.03.2030")

    text = words(page(client, event))

    for expected in [
        "21. Regionalkonferenz · Nordrhein-Westfalen",
        "Daten teilen",
        "Dienstag, 14. Januar 2031, 10:00 bis 13:00 Uhr Ortszeit Deutschland",
        "Stadthalle, Friedrichstraße 10, 33330 Gütersloh und online",
        "Was Kommunen voneinander lernen. Erster Absatz. Zweiter Absatz. Daten",
        "10:00 bis 10:30 Uhr Begrüßung mit Eva Muster Saal 1 Ankommen",
        "Barrierefreiheit vor Ort stufenlos",
        "Für wen nicht geförderte Kommunen",
        "Gastgeber Gütersloh",
        "Gemeinschaft Zwillinge: Mobilität",
        "Ansprechperson Amt für Digitales digital@ort.example",
        "Saal noch nicht bestätigt",
        "Kommune21, 16.03.2030",
    ]:
        assert expected in text


def test_a_programme_of_two_days_names_the_days(client):
    event = EventFactory(starts_at=TEN, ends_at=TEN + timedelta(days=1))
    AgendaItemFactory(event=event, starts_at=TEN, title="Auftakt")
    AgendaItemFactory(event=event, starts_at=TEN + timedelta(days=1), title="Abschluss")

    text = words(page(client, event))

    assert "Dienstag, 14. Januar 10:00 Uhr Auftakt Mittwoch, 15. Januar 10:00 Uhr Abschluss" in text


@pytest.mark.parametrize("state", [EventState.DRAFT, None])
def test_what_is_not_public_has_no_page_and_no_calendar(client, state):
    if state:
        EventFactory(slug="geheim", state=state)

    assert client.get("/veranstaltungen/geheim/").status_code == 404
    assert client.get("/veranstaltungen/geheim.ics").status_code == 404


def test_a_cancelled_event_says_so_and_why(client):
    event = EventFactory(
        state=EventState.CANCELLED,
        cancelled_at=in_days(-1),
        cancel_reason="Der Saal steht unter Wasser.",
        takes_registrations=True,
    )
    SeatsFactory(event=event)

    answer = page(client, event)

    assert "Diese Veranstaltung ist abgesagt Der Saal steht unter Wasser." in words(answer)
    assert "Anmeldung" not in words(answer)
    assert json_ld(answer)["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_stop_and_its_conference_lead_to_each_other(client):
    conference = EventFactory(title="Regionalkonferenz Aalen")
    stop = EventFactory(title="Station Aalen", kind=EventKind.ROADSHOW, part_of=conference)
    EventFactory(title="Entwurf", part_of=conference, state=EventState.DRAFT)

    assert "Teil von: Regionalkonferenz Aalen" in words(page(client, stop))
    text = words(page(client, conference))
    assert "Station Aalen Roadshow-Station" in text
    assert "Entwurf" not in text


def test_a_part_names_what_it_belongs_to_only_where_everybody_may_see_that(client):
    draft = EventFactory(title="Geheime Konferenz", state=EventState.DRAFT)
    stop = EventFactory(title="Station Aalen", part_of=draft)
    assert "Geheime Konferenz" not in page(client, stop).text

    Event.objects.filter(pk=draft.pk).update(state=EventState.PUBLISHED)
    assert "Geheime Konferenz" in page(client, stop).text


def test_the_dates_of_a_series_lead_to_each_other(client):
    first = EventFactory(title="Auftakt", kind=EventKind.PEER_LEARNING)
    second = EventFactory(title="Zweiter", series=first)
    third = EventFactory(title="Dritter", series=first)
    EventFactory(title="Entwurf", series=first, state=EventState.DRAFT)

    for event, others in [(first, "Zweiter Dritter"), (second, "Auftakt Dritter")]:
        text = words(page(client, event)).split("Weitere Termine dieser Reihe")[1]
        assert all(other in text for other in others.split())
        assert "Entwurf" not in text
        assert event.title not in text
    assert third.title in words(page(client, second))


# Registering -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"taken": 38}, "vor Ort: noch Plätze frei"),
        ({"taken": 49}, "vor Ort: nur noch wenige Plätze frei"),
        ({"taken": 50}, "vor Ort: ausgebucht"),
        (
            {"taken": 50, "waiting_limit": 5, "waiting": 2},
            "vor Ort: ausgebucht, Warteliste möglich",
        ),
        ({"taken": 50, "waiting_limit": 5, "waiting": 5}, "vor Ort: ausgebucht"),
        ({"capacity": None, "taken": 9}, "vor Ort: genug Platz"),
    ],
)
def test_it_says_coarsely_how_many_seats_are_left(client, facts, expected):
    seats = SeatsFactory(**facts)

    text = words(page(client, seats.event))

    assert re.search(re.escape(expected) + r"(?!,)", text)


def test_seats_are_never_answered_from_a_cache(client):
    seats = SeatsFactory(taken=49)
    first = page(client, seats.event)

    Seats.objects.filter(pk=seats.pk).update(taken=50)
    again = client.get(
        seats.event.get_absolute_url(), headers={"If-None-Match": first.get("ETag", '"x"')}
    )

    assert "ETag" not in first
    assert "ausgebucht" in words(again)


def test_without_seats_to_show_an_unchanged_page_is_not_sent_again(client):
    event = EventFactory()
    item = AgendaItemFactory(event=event, title="Alt")
    etag = {"If-None-Match": page(client, event)["ETag"]}
    path = event.get_absolute_url()

    assert client.get(path, headers=etag).status_code == 304

    item.title = "Neu"
    item.save()
    assert "Neu" in words(client.get(path, headers=etag))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"takes_registrations": True}, "Anmeldung"),
        (
            {"takes_registrations": True, "registration_opens_at": TEN - timedelta(days=20)},
            "Anmelden können Sie sich ab Mittwoch, 25. Dezember 2030, 10:00 Uhr",
        ),
        (
            {"takes_registrations": True, "registration_closes_at": in_days(-1)},
            "Die Anmeldung ist geschlossen.",
        ),
        (
            {"registration_url": "https://www.kongress.example/anmelden"},
            "Zur Anmeldung auf kongress.example",
        ),
    ],
)
def test_it_says_how_to_register(client, facts, expected):
    assert expected in words(page(client, EventFactory(starts_at=TEN, **facts)))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"takes_registrations": True, "starts_at": in_days(-2)},
        {"registration_url": "https://www.kongress.example/", "starts_at": in_days(-2)},
    ],
)
def test_where_nobody_can_register_nothing_is_said_about_it(client, facts):
    shown = words(page(client, EventFactory(**facts)))
    # Where it may open one day, one can be told so.
    assert "Anmeldung" not in shown.replace("Nachricht bekommen, wenn die Anmeldung öffnet", "")


# Afterwards --------------------------------------------------------------------------------------


@pytest.fixture
def documented() -> Event:
    event = EventFactory(starts_at=in_days(-3), documentation="Es kam viel heraus.", attendees=150)
    for title, phase, visibility in [
        ("Einladung", DocumentPhase.BEFORE, Visibility.PUBLIC),
        ("Folien", DocumentPhase.AFTER, Visibility.PUBLIC),
        ("Kontaktliste", DocumentPhase.AFTER, Visibility.PARTICIPANTS),
    ]:
        Document.objects.create(
            event=event,
            title=title,
            phase=phase,
            visibility=visibility,
            link=f"https://ablage.example/{title}",
        )
    return event


def test_after_the_event_its_documentation_is_there_for_all(client, documented):
    text = words(page(client, documented))

    assert "Unterlagen Einladung" in text
    assert "Rückblick 150 Teilnehmende Es kam viel heraus." in text
    assert "Dokumentation Folien" in text
    assert "Kontaktliste" not in text


def test_before_the_event_its_look_back_is_not_shown(client, documented):
    Event.objects.filter(pk=documented.pk).update(starts_at=in_days(1), ends_at=in_days(2))

    text = words(page(client, documented))

    assert "Unterlagen Einladung" in text
    assert "Rückblick" not in text
    assert "Folien" not in text


@pytest.mark.parametrize("state", MinutesState)
def test_minutes_are_shown_only_if_they_are_public(client, state):
    event = EventFactory(starts_at=in_days(-3))
    Minutes.objects.create(event=event, text="Vertrauliches", state=state, approved_at=in_days(-1))

    text = words(page(client, event))

    assert ("Protokoll lesen" in text) is (state == MinutesState.PUBLIC)
    assert "Vertrauliches" not in text


# What machines read ------------------------------------------------------------------------------


def test_search_engines_read_the_time_with_its_offset_and_both_places(client):
    event = EventFactory(
        starts_at=TEN, format=Format.HYBRID, venue="Stadthalle", online_link=LINK, title="</script>"
    )

    data = json_ld(page(client, event))

    assert data["@type"] == "Event"
    assert data["name"] == "</script>"
    assert data["startDate"] == "2031-01-14T10:00+01:00"
    assert data["endDate"] == "2031-01-14T13:00+01:00"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]
    assert data["location"][0]["address"]["addressLocality"] == "Gütersloh"
    assert data["location"][1]["url"] == f"http://testserver{event.get_absolute_url()}"


@pytest.mark.parametrize(
    ("precision", "start"), [(Precision.MONTH, "2031-01"), (Precision.ROUGH, None)]
)
def test_search_engines_read_no_day_that_nobody_knows(client, precision, start):
    event = EventFactory(starts_at=TEN, precision=precision, date_text="Anfang 2031")

    answer = page(client, event)

    assert json_ld(answer).get("startDate") == start
    assert "2031-01-14" not in answer.text
    assert "14. Januar" not in answer.text
    assert ".ics" not in answer.text
    assert client.get(f"/veranstaltungen/{event.slug}.ics").status_code == 404


# Nothing that is not for all ---------------------------------------------------------------------


def test_neither_the_link_nor_anybodys_name_or_need_is_on_any_public_page(client):
    event = EventFactory(
        takes_registrations=True, format=Format.HYBRID, online_link=LINK, latitude=50.1,
        longitude=8.1, editors_note="Nur-intern", has_participants_list=True,
    )  # fmt: skip
    for mode in Mode:
        SeatsFactory(event=event, mode=mode)
    registration = RegistrationFactory(
        event=event, name="Eva Planke", email="eva@planke.example", on_participants_list=True
    )
    ParticipantNeeds.objects.create(
        registration=registration, needs=["gebaerdensprache"], text="Rollstuhl"
    )
    Document.objects.create(
        event=event,
        title="Intern",
        visibility=Visibility.PARTICIPANTS,
        link="https://intern.example/",
    )

    texts = {
        path: client.get(path).content.decode().replace("\r\n ", "")
        for path in [
            event.get_absolute_url(),
            "/veranstaltungen/",
            "/veranstaltungen/?ansicht=monate",
            "/veranstaltungen/kalender.ics",
            f"/veranstaltungen/{event.slug}.ics",
            "/",
            "/sitemap.xml",
        ]
    }

    assert all(event.slug in text for path, text in texts.items())
    secrets = ["geheim", "lanke", "Rollstuhl", "dolmetsch", "Nur-intern", "intern.example"]
    leaks = [(path, secret) for path, text in texts.items() for secret in secrets if secret in text]
    assert leaks == []


def test_a_page_costs_as_many_queries_with_much_on_it_as_with_little(client):
    def grown(count: int) -> Event:
        event = EventFactory(takes_registrations=True, community=TopicGroupFactory())
        for number in range(count):
            event.host_projects.add(ProjectFactory())
            event.themes.add(ThemeFactory())
            AgendaItemFactory(event=event)
            EventFactory(part_of=event)
            EventFactory(series=event)
            EventSource.objects.create(event=event, text=f"Quelle {number}")
            Document.objects.create(event=event, title=f"{number}", link="https://a.example/")
        SeatsFactory(event=event)
        return event

    def queries(event: Event) -> int:
        client.get("/veranstaltungen/")
        with CaptureQueriesContext(connection) as captured:
            page(client, event)
        return len(captured)

    assert queries(grown(1)) == queries(grown(12)) <= 11


# Linked both ways --------------------------------------------------------------------------------


def test_hosts_and_events_of_the_network_lead_to_each_other(client):
    load_network()
    hosted = [
        (event, project)
        for event in Event.objects.public().prefetch_related("host_projects")
        for project in event.host_projects.all()
    ]

    assert len(hosted) > 30
    for event, project in hosted:
        assert f'href="{project.get_absolute_url()}"' in page(client, event).text
        assert f'href="{event.get_absolute_url()}"' in client.get(project.get_absolute_url()).text
    assert Project.objects.filter(hosted_events__isnull=False).count() > 20


@pytest.mark.parametrize(
    ("facts", "tag", "button"),
    [
        ({"capacity": 5, "taken": 4}, "Anmeldung offen", "Jetzt anmelden"),
        (
            {"capacity": 5, "taken": 5, "waiting_limit": 3},
            "ausgebucht, Warteliste",
            "Ausgebucht: auf die Warteliste",
        ),
        ({"capacity": 5, "taken": 5}, "ausgebucht", None),
    ],
    ids=["free", "waiting list", "full"],
)
def test_list_and_button_say_what_is_left(client, facts, tag, button):
    seats = SeatsFactory(**facts)

    shown = page(client, seats.event).text
    listed = client.get("/veranstaltungen/").text

    assert f'<li class="tags__open">{tag}</li>' in listed
    labels = re.findall(r'anmelden/"><span class="kern-label">([^<]+)<', shown)
    assert labels == ([button] if button else [])
    # Somewhere else there still is room.
    SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=None)
    assert '<li class="tags__open">Anmeldung offen</li>' in client.get("/veranstaltungen/").text


def test_an_unchanged_list_is_sent_again_when_the_last_seat_is_taken(client):
    seats = SeatsFactory(capacity=5, waiting_limit=3)
    first = client.get("/veranstaltungen/")
    seen = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    Seats.objects.update(taken=5)

    again = client.get("/veranstaltungen/", {"ansicht": ""}, **seen, follow=True)

    assert again.status_code == 200
    assert "ausgebucht, Warteliste" in again.text
    assert seats.event.title in again.text


def test_the_rules_of_the_waiting_list_are_said_before_joining_it(client):
    seats = SeatsFactory(capacity=5, taken=5, waiting_limit=3)
    rules = waiting_list.rules()

    assert rules in words(page(client, seats.event))
    form = client.get(f"{seats.event.get_absolute_url()}anmelden/")
    assert rules in words(form)
    assert "Auf die Warteliste setzen" in words(form)
    for said in ("Weniger als 3 Tage vor dem Beginn", "steht 24 Stunden", "bis 2 Stunden vor dem"):
        assert said in rules
    Seats.objects.update(taken=4)
    form = client.get(f"{seats.event.get_absolute_url()}anmelden/")
    assert rules not in words(form)
    assert "Verbindlich anmelden" in words(form)


def test_lists_and_links_of_a_description_are_rendered_and_nothing_else(client):
    event = EventFactory(
        description="Dabei sind:\n- Ulm\n- Soest\n\nMehr: [Programm](https://ulm.example/p)"
        "\n\n<script>alert(1)</script> [x](javascript:alert(2))"
    )

    shown = page(client, event).text

    assert "<p>Dabei sind:</p>\n<ul><li>Ulm</li><li>Soest</li></ul>" in shown
    assert '<a class="kern-link" href="https://ulm.example/p" rel="noopener">Programm</a>' in shown
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown


def test_every_host_can_be_asked(client):
    event = EventFactory(contact_name="Ina Info", contact_email="ina@stadt.example")
    for name in ("Ulm digital", "Soest vernetzt"):
        event.host_projects.add(
            ProjectFactory(
                name=name,
                contact_name=f"Büro {name}",
                contact_email=f"{name[:4].strip().lower()}@stadt.example",
            )
        )
    event.host_projects.add(ProjectFactory(name="Nur derselbe", contact_email="ina@stadt.example"))

    shown = words(page(client, event))

    assert "Ansprechperson Ina Info ina@stadt.example" in shown
    assert "Ansprechstelle bei „Ulm digital“ Büro Ulm digital ulm@stadt.example" in shown
    assert "Ansprechstelle bei „Soest vernetzt“ Büro Soest vernetzt soes@stadt.example" in shown
    assert "Ansprechstelle bei „Nur derselbe“" not in shown

"""The list of events, with its filters, archive and map."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.dates import Precision
from events.entries import public_events
from events.models import Audience, Event, EventKind, EventState, Format
from tests.factories import ProjectFactory, ThemeFactory
from tests.factories.communities import CommunityFactory, TopicGroupFactory
from tests.factories.events import EventFactory, in_days
from tests.shipped import load_network

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
HTMX = {"HX-Request": "true"}
FACETS = ["art", "land", "thema", "aeg", "form", "fuer", "jahr"]


@pytest.fixture
def network() -> None:
    load_network()


def heading(answer) -> str:
    found = re.search(r'<h2[^>]* id="treffer-titel"[^>]*>(.*?)</h2>', answer.text)[1]
    return " ".join(re.sub("<[^>]+>", "", found).split())


def names(answer) -> list[str]:
    return [
        unescape(name) for name in re.findall(r'card__link" href="[^"]+">([^<]+)<', answer.text)
    ]


def groups(answer) -> list[str]:
    return [unescape(name) for name in re.findall(r'group__title">([^<]+)<', answer.text)]


def options(answer, facet: str) -> dict[str, int]:
    found = re.findall(
        rf'name="{facet}" value="([^"]+)"[^>]*>.*?facet__count">([\d.]+)<', answer.text
    )
    return {value: int(count.replace(".", "")) for value, count in found}


def past(days: float, **facts) -> Event:
    return EventFactory(starts_at=in_days(-days), **facts)


# What is shown, in which order -------------------------------------------------------------------


def test_upcoming_events_come_first_and_then_the_archive_by_year(client):
    EventFactory(title="In zwei Monaten", starts_at=in_days(60))
    EventFactory(title="Morgen", starts_at=in_days(1))
    EventFactory(title="Läuft", starts_at=in_days(-0.05))
    for title, year in [("Alt", 2021), ("Älter", 2020), ("Auch alt", 2021)]:
        EventFactory(title=title, starts_at=datetime(year, 5, 4, 8, tzinfo=UTC))

    answer = client.get("/veranstaltungen/")

    assert names(answer) == ["Läuft", "Morgen", "In zwei Monaten", "Auch alt", "Alt", "Älter"]
    assert groups(answer) == ["Kommende Veranstaltungen", "2021", "2020"]


def test_drafts_are_nowhere(client):
    EventFactory(title="Öffentlich")
    EventFactory(title="Geheimer Entwurf", state=EventState.DRAFT)

    assert names(client.get("/veranstaltungen/")) == ["Öffentlich"]


def test_with_nothing_to_come_the_page_says_so_kindly_and_shows_the_archive(client):
    past(400, title="War schon")

    answer = client.get("/veranstaltungen/")

    assert "Zurzeit ist kein Termin angekündigt." in answer.text
    assert names(answer) == ["War schon"]


def test_an_empty_portal_has_a_page_too(client):
    answer = client.get("/veranstaltungen/")

    assert heading(answer) == "0 Veranstaltungen"
    assert "Noch ist keine Veranstaltung eingetragen." in answer.text


def test_a_cancelled_event_stays_visible_as_cancelled(client):
    EventFactory(state=EventState.CANCELLED, cancelled_at=in_days(-1), title="Fällt aus")

    answer = client.get("/veranstaltungen/")

    assert names(answer) == ["Fällt aus"]
    assert "abgesagt</li>" in answer.text


def test_a_roadshow_stop_at_a_conference_is_one_entry_that_names_both(client):
    conference = EventFactory(title="Regionalkonferenz Aalen")
    EventFactory(kind=EventKind.ROADSHOW, title="Station Aalen", part_of=conference)

    for query in ["", "?art=roadshow", "?art=regionalkonferenz"]:
        answer = client.get(f"/veranstaltungen/{query}")
        assert names(answer) == ["Regionalkonferenz Aalen"]
        assert "Station Aalen</a>" in answer.text
    assert options(answer, "art")["roadshow"] == 1


def test_a_stop_whose_conference_nobody_may_see_stands_for_itself(client):
    draft = EventFactory(state=EventState.DRAFT)
    EventFactory(title="Station", part_of=draft)

    assert names(client.get("/veranstaltungen/")) == ["Station"]


def test_events_that_are_parts_of_each_other_are_not_lost(client):
    one = EventFactory(title="Eine")
    other = EventFactory(title="Andere", part_of=one)
    Event.objects.filter(pk=one.pk).update(part_of=other)

    assert names(client.get("/veranstaltungen/")) == ["Eine"]


def test_months_are_headings_in_the_month_view(client):
    facts = {"starts_at": datetime(2024, 10, 1, tzinfo=UTC), "precision": Precision.DAY}
    EventFactory(title="Tag", **facts)
    EventFactory(
        title="Grob",
        starts_at=datetime(2022, 3, 1, tzinfo=UTC),
        precision=Precision.ROUGH,
        date_text="März/April 2022",
    )

    answer = client.get("/veranstaltungen/?ansicht=monate")

    assert groups(answer) == ["Oktober 2024", "März/April 2022"]
    assert 'name="ansicht" value="monate"' in answer.text


def test_what_is_known_roughly_never_shows_a_day(client, network):
    texts = [client.get("/veranstaltungen/?jahr=2022").text]
    texts += [
        client.get(event.get_absolute_url()).text
        for event in Event.objects.public().filter(precision__in=[Precision.MONTH, Precision.ROUGH])
    ]

    assert len(texts) == 5
    for text in texts[1:]:
        assert not re.search(r"\b\d{1,2}\. (März|April|Oktober|August|Mai|September)", text)
        assert not re.search(r"20\d\d-\d\d-\d\d", text)
    assert texts[0].count("März/April 2022") >= 3
    assert "Oktober 2024 bis August 2025" in client.get("/veranstaltungen/?jahr=2025").text


def test_the_network_is_shown_as_it_was(client, network):
    # 42 are public; three roadshow stops are part of a conference.
    assert heading(client.get("/veranstaltungen/")) == "39 Veranstaltungen"
    assert heading(client.get("/veranstaltungen/?art=roadshow")) == "3 Veranstaltungen von 39"
    in_2023 = client.get("/veranstaltungen/?jahr=2023&art=regionalkonferenz")
    assert heading(in_2023) == "6 Veranstaltungen von 39"
    assert "7. bis 9. November 2023" in client.get("/veranstaltungen/?jahr=2023").text


# Choosing ----------------------------------------------------------------------------------------


@pytest.fixture
def varied() -> None:
    """Events of every kind and form, with themes, communities and years that overlap."""
    themes = [ThemeFactory(name=name) for name in ("Mobilität", "Klima")]
    aeg = CommunityFactory(name="Digitale Zwillinge", slug="zwillinge")
    group = TopicGroupFactory(parent=aeg)
    for number, kind in enumerate(EventKind):
        event = EventFactory(
            kind=kind,
            land=["NW", "BY", "BE", ""][number % 4],
            format=list(Format)[number % 4],
            community=[aeg, group, None][number % 3]
            or (aeg if kind == EventKind.COMMUNITY_WORKSHOP else None),
            audience=list(Audience)[number % 3],
            starts_at=datetime(2026 + number % 3, 12, 31, 8, tzinfo=UTC),
        )
        event.themes.set(themes[: number % 3])


@pytest.mark.parametrize("query", ["", "?land=NW", "?form=online&land=NW", "?fuer=alle&jahr=2027"])
def test_every_number_is_what_choosing_it_finds(client, varied, query):
    answer = client.get(f"/veranstaltungen/{query}")
    base = [pair for pair in query[1:].split("&") if pair]

    checked = 0
    for facet in FACETS:
        for value, count in options(answer, facet).items():
            others = [pair for pair in base if not pair.startswith(f"{facet}=")]
            chosen = client.get(f"/veranstaltungen/?{'&'.join([*others, f'{facet}={value}'])}")
            assert (facet, value, count) == (facet, value, int(heading(chosen).split()[0]))
            checked += 1
    assert checked > 30


def test_a_hybrid_event_is_found_by_both_forms_and_a_topic_group_by_its_community(client):
    aeg = CommunityFactory(slug="zwillinge")
    EventFactory(title="Beides", format=Format.HYBRID, community=TopicGroupFactory(parent=aeg))

    for query in ["?form=vor-ort", "?form=online", "?aeg=zwillinge"]:
        assert names(client.get(f"/veranstaltungen/{query}")) == ["Beides"]


def test_what_goes_over_new_year_is_found_in_both_years(client):
    begin = datetime(2024, 10, 1, tzinfo=UTC)
    EventFactory(title="Lang", starts_at=begin, ends_at=begin + timedelta(days=200))

    assert names(client.get("/veranstaltungen/?jahr=2024")) == ["Lang"]
    assert names(client.get("/veranstaltungen/?jahr=2025")) == ["Lang"]


def test_unknown_values_and_nonsense_do_no_harm(client):
    EventFactory(title="Da")

    answer = client.get(
        "/veranstaltungen/?land=XX&seite=99&ansicht=quer&q=%00&art=regionalkonferenz"
    )

    assert names(answer) == ["Da"]
    assert "nicht berücksichtigt: Land: XX" in answer.text


def test_empty_fields_of_the_form_are_taken_out_of_the_address(client):
    EventFactory()

    answer = client.get("/veranstaltungen/?land=&ansicht=monate&art=regionalkonferenz")

    assert answer.status_code == 302
    assert answer.url == "/veranstaltungen/?art=regionalkonferenz&ansicht=monate"


def test_htmx_gets_the_pieces_that_change_and_the_address_to_show(client):
    EventFactory(land="NW")

    answer = client.get("/veranstaltungen/?land=NW&ansicht=monate", headers=HTMX)

    assert "<html" not in answer.text
    assert answer["HX-Push-Url"] == "/veranstaltungen/?land=NW&ansicht=monate"
    assert 'id="facet-land"' in answer.text


def test_the_calendar_of_a_selection_has_its_filters_but_no_year(client):
    EventFactory(land="NW", starts_at=datetime(2027, 5, 4, 8, tzinfo=UTC))

    answer = client.get("/veranstaltungen/?land=NW&jahr=2027&ansicht=monate&seite=2")

    assert 'href="/veranstaltungen/kalender/?land=NW"' in answer.text
    assert 'kalender.ics?land=NW"' in client.get("/veranstaltungen/kalender/?land=NW").text


# Map ---------------------------------------------------------------------------------------------


def test_map_and_list_show_the_same_events(client):
    place = {"latitude": 48.8, "longitude": 10.1}
    EventFactory(title="Eigener Ort", **place)
    EventFactory(title="Auch dort", **place)
    host = ProjectFactory(latitude=51.9, longitude=8.4)
    EventFactory(title="Beim Gastgeber").host_projects.add(host)
    EventFactory(title="Ohne Ort")

    answer = client.get("/veranstaltungen/")
    on_map = re.findall(r'map__point" href="([^"]+)"><title>([^<]+)<', answer.text)
    in_list = re.findall(r'card__link" href="([^"]+)"', answer.text)

    assert {title for _url, title in on_map} == {"Eigener Ort", "Auch dort", "Beim Gastgeber"}
    assert {url for url, _title in on_map} < set(in_list)
    assert "1 Treffer ohne Ortsangabe" in answer.text
    assert "ein Punkt öffnet die Veranstaltung" in answer.text


def test_an_online_event_is_on_no_map(client):
    host = ProjectFactory(latitude=51.9, longitude=8.4)
    EventFactory(format=Format.ONLINE).host_projects.add(host)
    # Nor is it told where those are at home whom nobody may see.
    hidden = ProjectFactory(latitude=51.9, longitude=8.4, is_public=False)
    on_site = EventFactory()
    on_site.host_projects.add(hidden)
    assert "map__point" not in client.get("/veranstaltungen/").text

    on_site.host_projects.add(host)
    assert "map__point" in client.get("/veranstaltungen/").text


# Cost, and answers that may be reused ------------------------------------------------------------


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_a_list_costs_as_many_queries_with_many_events_as_with_few(client):
    def add(count: int) -> None:
        for _ in range(count):
            event = EventFactory(community=CommunityFactory())
            event.host_projects.add(ProjectFactory())
            event.themes.add(ThemeFactory())
            EventFactory(part_of=event)

    add(2)
    few = queries_of(client, "/veranstaltungen/")
    add(15)
    many = queries_of(client, "/veranstaltungen/?ansicht=monate")

    assert few == many <= 7
    assert queries_of(client, "/veranstaltungen/?land=NW") == 1


def test_an_unchanged_list_is_not_sent_again_until_something_or_time_changes_it(client):
    event = EventFactory()
    first = client.get("/veranstaltungen/")
    etag = {"If-None-Match": first["ETag"]}

    assert client.get("/veranstaltungen/", headers=etag).status_code == 304

    Event.objects.filter(pk=event.pk).update(title="Anders")
    changed = client.get("/veranstaltungen/", headers=etag)
    assert changed.status_code == 200
    assert names(changed) == ["Anders"]


def test_pages_become_others_when_a_visit_or_a_part_of_it_begins_ends_opens_or_closes():
    begin = in_days(10)
    whole = EventFactory(starts_at=begin, ends_at=begin + timedelta(hours=9))
    part = EventFactory(
        part_of=whole,
        starts_at=begin + timedelta(hours=1),
        ends_at=begin + timedelta(hours=2),
        takes_registrations=True,
        registration_opens_at=begin - timedelta(days=3),
        registration_closes_at=begin - timedelta(days=1),
    )
    events, moments = public_events(), [in_days(0)]
    while moment := events.next_change(moments[-1]):
        moments.append(moment)

    assert moments[1:] == [
        part.registration_opens_at,
        part.registration_closes_at,
        whole.starts_at,
        part.starts_at,
        part.ends_at,
        whole.ends_at,
    ]


def test_lists_say_that_one_can_register_exactly_as_long_as_one_can():
    begin = in_days(10)
    day = timedelta(days=1)
    windows = [
        {},
        {"registration_opens_at": begin - 3 * day, "registration_closes_at": begin - day},
        # Stated by mistake: nobody registers for what has begun.
        {"registration_closes_at": begin + day},
        {"state": EventState.CANCELLED, "cancelled_at": begin - 5 * day},
        {"takes_registrations": False},
    ]
    rows = [
        EventFactory(
            **{"starts_at": begin, "ends_at": begin + 2 * day, "takes_registrations": True, **one}
        )
        for one in windows
    ]
    entries = {entry.pk: entry for entry in public_events().section.entries}
    moments = [
        begin + step * day + second for step in range(-4, 3) for second in (-SECOND, timedelta(0))
    ]

    for row in rows:
        told = [entries[row.pk].registration_open(moment) for moment in moments]
        assert told == [row.registration_open(moment) for moment in moments]
    assert sum(row.registration_open(begin - 2 * day) for row in rows) == 3


def test_what_comes_next_takes_place_and_comes_soonest_first():
    for title, days in (("Später", 9), ("Bald", 2), ("Vorbei", -2), ("Noch später", 12)):
        EventFactory(title=title, starts_at=in_days(days))
    EventFactory(title="Absage", starts_at=in_days(1), state="abgesagt", cancelled_at=in_days(0))

    assert [entry.name for entry in public_events().next(in_days(0), 2)] == ["Bald", "Später"]


def test_an_event_that_is_over_moves_into_the_archive_without_being_touched(client, monkeypatch):
    event = EventFactory(starts_at=in_days(1))
    first = client.get("/veranstaltungen/")
    later = event.ends_at + timedelta(minutes=1)
    monkeypatch.setattr("events.views.pages.timezone.now", lambda: later)

    answer = client.get("/veranstaltungen/", headers={"If-None-Match": first["ETag"]})

    assert answer.status_code == 200
    assert groups(first) == ["Kommende Veranstaltungen"]
    assert groups(answer) == [str(event.first_day.year)]

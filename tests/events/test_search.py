"""Events in the search of the portal and in that of their list."""

import re
from html import unescape

import pytest
import time_machine

from events.models import AgendaItem, Document, Event, EventState, Visibility
from finding import search
from tests.factories import ProjectFactory, ThemeFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import AgendaItemFactory, EventFactory, in_days

pytestmark = pytest.mark.django_db


def found(q: str) -> list[int]:
    return list(search.find(q, kinds=["event"]).ids["event"])


@pytest.fixture
def event() -> Event:
    event = EventFactory(
        title="Daten teilen",
        slug="daten",
        number=21,
        city="Gütersloh",
        teaser="Von Sensoren lernen",
        description="Wasserstände",
        community=CommunityFactory(name="Zwillinge"),
        online_link="https://video.example.org/geheim",
        editors_note="unfertig",
        starts_at=in_days(-3),
        documentation="Mehrzweckhalle",
    )
    event.host_projects.add(
        ProjectFactory(name="Iserlohn"), ProjectFactory(name="Verborgen", is_public=False)
    )
    event.themes.add(ThemeFactory(name="Klimaschutz"))
    AgendaItemFactory(event=event, title="Waldspaziergang")
    Document.objects.create(
        event=event, title="Kontaktliste", visibility=Visibility.PARTICIPANTS, link="https://a.de/"
    )
    return event


@pytest.mark.parametrize(
    "q",
    [
        "Daten teilen", "Gütersloh", "Regionalkonferenz 21", "Nordrhein-Westfalen", "Sensor",
        "Wasserstand", "Zwilling", "Iserlohn", "Klimaschutz", "Waldspaziergang", "Mehrzweckhalle",
    ],
)  # fmt: skip
def test_an_event_is_found_by_what_its_page_says(event, q):
    assert found(q) == [event.pk]


def test_what_is_told_afterwards_is_found_as_soon_as_the_event_is_over(event):
    Event.objects.filter(pk=event.pk).update(starts_at=in_days(1), ends_at=in_days(2))
    assert found("Mehrzweckhalle") == []

    with time_machine.travel(in_days(3)):
        assert found("Mehrzweckhalle") == [event.pk]


@pytest.mark.parametrize("q", ["geheim", "video", "unfertig", "Verborgen", "Kontaktliste"])
def test_it_is_not_found_by_what_nobody_may_read(event, q):
    assert found(q) == []


def test_a_draft_is_not_found_nor_a_look_back_before_its_time():
    EventFactory(title="Geheimtreffen", state=EventState.DRAFT)
    EventFactory(title="Offen", documentation="Vorabfassung")

    assert found("Geheimtreffen") == []
    assert found("Vorabfassung") == []
    assert found("Offen") != []


def test_a_changed_programme_is_found_at_once(event):
    assert found("Waldspaziergang") == [event.pk]

    AgendaItem.objects.update(title="Stadtrundgang")

    assert found("Waldspaziergang") == []
    assert found("Stadtrundgang") == [event.pk]


def test_who_finds_a_stop_finds_the_conference_once(client, event):
    EventFactory(title="Roadshow-Halt zum Thema Sensoren", part_of=event)

    site = client.get("/suche/", {"q": "Sensoren"})
    own = client.get("/veranstaltungen/", {"q": "Sensoren"})

    assert "Veranstaltungen (1)" in site.text
    assert 'href="/veranstaltungen/daten/"' in site.text
    assert "21. Regionalkonferenz · " in site.text
    names = re.findall(r'card__link" href="[^"]+">([^<]+)<', own.text)
    assert [unescape(name) for name in names] == ["Daten teilen"]
    assert 'value="Sensoren"' in own.text


def test_a_search_and_filters_go_together_and_can_be_taken_back(client, event):
    answer = client.get("/veranstaltungen/?q=Sensor&land=BY&ansicht=monate")

    assert "Dazu ist nichts dabei." in answer.text
    assert "Ohne den Filter „Land“: 1 Veranstaltung" in answer.text
    assert 'href="/veranstaltungen/?q=Sensor&amp;ansicht=monate"' in answer.text
    assert 'href="/veranstaltungen/?land=BY&amp;ansicht=monate"' in answer.text

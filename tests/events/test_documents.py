"""Who may open which document of an event."""

import pytest
from django.core.files.base import ContentFile

from events.models import Document, DocumentPhase, Event, EventState, RegistrationState, Visibility
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.factories.events import EventFactory, RegistrationFactory, in_days

pytestmark = pytest.mark.django_db

ALL = {"Einladung", "Folien", "Liste"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def event() -> Event:
    event = EventFactory(
        starts_at=in_days(-3), community=CommunityFactory(), takes_registrations=True
    )
    for title, phase, visibility in [
        ("Einladung", DocumentPhase.BEFORE, Visibility.PUBLIC),
        ("Folien", DocumentPhase.AFTER, Visibility.PUBLIC),
        ("Liste", DocumentPhase.AFTER, Visibility.PARTICIPANTS),
    ]:
        file = ContentFile(f"Inhalt {title}".encode(), name=f"{title}.txt")
        Document.objects.create(
            event=event, title=title, phase=phase, visibility=visibility, file=file
        )
    return event


def opened(client, event: Event) -> set[str]:
    """What can be downloaded, which is also what the page offers."""
    found = set()
    page = client.get(event.get_absolute_url())
    for document in event.documents.all():
        answer = client.get(document.get_file_url())
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content).decode() == f"Inhalt {document.title}"
            found.add(document.title)
        else:
            assert answer.status_code == 404
        if page.status_code == 200:
            assert (document.get_file_url() in page.text) is (answer.status_code == 200)
    return found


def test_everybody_opens_what_is_public(client, event):
    assert opened(client, event) == {"Einladung", "Folien"}


def test_before_the_event_there_is_no_documentation(client, event):
    Event.objects.filter(pk=event.pk).update(starts_at=in_days(1), ends_at=in_days(2))

    assert opened(client, event) == {"Einladung"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ALL),
        ({"confirmed_at": None}, {"Einladung", "Folien"}),
        ({"state": RegistrationState.WAITING, "seated_at": None}, {"Einladung", "Folien"}),
        (
            {"state": RegistrationState.CANCELLED, "closed_at": in_days(-4)},
            {"Einladung", "Folien"},
        ),
    ],
)
def test_who_has_a_seat_opens_what_is_for_participants(client, event, facts, expected):
    user = UserFactory()
    RegistrationFactory(event=event, user=user, **facts)
    client.force_login(user)

    assert opened(client, event) == expected


def test_a_seat_at_another_event_opens_nothing_here(client, event):
    user = UserFactory()
    RegistrationFactory(user=user)
    client.force_login(user)

    assert opened(client, event) == {"Einladung", "Folien"}


def test_hosts_open_everything_of_their_own_drafts_too_and_nothing_of_others(client, event):
    Event.objects.filter(pk=event.pk).update(state=EventState.DRAFT)
    host, stranger = CoordinationFactory(community=event.community), CoordinationFactory()

    client.force_login(host.user)
    assert opened(client, event) == ALL
    client.force_login(stranger.user)
    assert opened(client, event) == set()


def test_a_document_is_only_found_under_its_own_event(client, event):
    document = event.documents.get(title="Einladung")
    other = EventFactory()

    assert client.get(f"/veranstaltungen/{other.slug}/unterlagen/{document.pk}/").status_code == 404


def test_a_page_for_everybody_is_the_same_for_everybody(client, event):
    Event.objects.filter(pk=event.pk).update(takes_registrations=False)

    answer = client.get(event.get_absolute_url())

    assert "Cookie" not in answer.get("Vary", "")
    assert "ETag" in answer

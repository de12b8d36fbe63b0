"""At the door: codes, the list of those who are expected, and who may mark whom."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import attendance, links
from events.models import (
    EventState,
    Mode,
    Need,
    ParticipantNeeds,
    Registration,
    RegistrationState,
)
from tests.factories.accounts import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.factories.events import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Veranstaltungen"))
    return user


@pytest.fixture
def host(client, staff):
    client.force_login(staff)
    return client


def today(**fields):
    """An event that began an hour ago, or with the day while that is younger."""
    now = timezone.localtime()
    begin = max(now - timedelta(hours=1), now.replace(hour=0, minute=0, second=0, microsecond=0))
    return EventFactory(starts_at=begin, takes_registrations=True, **fields)


def at_door(registration):
    code = attendance.code_of(registration)
    return reverse("admin:events_registration_attendance", args=[code])


def test_a_code_read_twice_marks_once_and_says_since_when(host):
    registration = RegistrationFactory(event=today(), name="Ada Anwesend")
    shown = host.get(at_door(registration)).content.decode()
    assert "Ada Anwesend" in shown
    assert "Ist da" in shown
    assert "<script" not in shown
    host.post(at_door(registration))
    registration.refresh_from_db()
    first = registration.attended_at
    again = host.post(at_door(registration), follow=True).content.decode()
    registration.refresh_from_db()
    assert registration.attended_at == first
    assert f"schon da, seit {timezone.localtime(first):%H:%M} Uhr" in again
    assert "Ist da" not in again


def test_opening_a_code_marks_nobody(host):
    registration = RegistrationFactory(event=today())
    host.get(at_door(registration))
    host.head(at_door(registration))
    registration.refresh_from_db()
    assert registration.attended_at is None


def test_a_slip_of_the_finger_can_be_taken_back(host):
    registration = RegistrationFactory(event=today())
    host.post(at_door(registration))
    host.post(at_door(registration), {"doch-nicht": "ja"})
    registration.refresh_from_db()
    assert registration.attended_at is None


@pytest.mark.parametrize(
    "who", ["visitor", "person", "staff without the role", "other coordinator"]
)
def test_nobody_but_hosts_can_open_a_code(client, who):
    registration = RegistrationFactory(
        event=today(community=CommunityFactory()), name="Gerda Geheim"
    )
    if who == "person":
        client.force_login(UserFactory())
    elif who == "staff without the role":
        client.force_login(UserFactory(is_staff=True))
    elif who == "other coordinator":
        client.force_login(CoordinationFactory(user__is_staff=True).user)
    for answer in (client.get(at_door(registration)), client.post(at_door(registration))):
        assert answer.status_code in (302, 404)
        assert "Gerda" not in answer.content.decode()
    registration.refresh_from_db()
    assert registration.attended_at is None


def test_a_coordinator_marks_those_of_the_own_group(client):
    role = CoordinationFactory(user__is_staff=True)
    registration = RegistrationFactory(event=today(community=role.community))
    client.force_login(role.user)
    client.post(at_door(registration))
    registration.refresh_from_db()
    assert registration.attended_at is not None


def test_a_made_up_code_opens_nothing(host):
    registration = RegistrationFactory(event=today())
    forged = reverse("admin:events_registration_attendance", args=[f"{registration.reference}:x"])
    assert host.get(forged).status_code == 404


@pytest.mark.parametrize(
    ("fields", "event_fields"),
    [
        ({"state": RegistrationState.WAITING}, {}),
        ({"state": RegistrationState.CANCELLED, "closed_at": timezone.now()}, {}),
        ({}, {"state": EventState.CANCELLED, "cancelled_at": timezone.now()}),
        ({}, {"starts_at": timezone.now() + timedelta(days=3)}),
    ],
    ids=["waiting", "cancelled", "event cancelled", "days too early"],
)
def test_who_cannot_be_there_is_not_marked(host, fields, event_fields):
    event = EventFactory(
        **{"starts_at": timezone.now(), "takes_registrations": True} | event_fields
    )
    registration = RegistrationFactory(event=event, **fields)
    assert "Ist da" not in host.get(at_door(registration)).content.decode()
    host.post(at_door(registration))
    registration.refresh_from_db()
    assert registration.attended_at is None


def test_the_list_counts_and_finds_without_needs(host):
    event = today()
    there = RegistrationFactory(event=event, name="Dora Da", attended_at=timezone.now())
    ParticipantNeeds.objects.create(
        registration=there, needs=[Need.QUIET_ROOM], text="Migräne-Beispiel"
    )
    RegistrationFactory(event=event, name="Frieda Fehlt")
    RegistrationFactory(event=event, name="Willi Wartet", state=RegistrationState.WAITING)
    page = host.get(reverse("admin:events_event_attendance", args=[event.pk])).content.decode()
    assert "1 von 2 ist da." in page
    assert "Willi" not in page
    found = host.get(
        reverse("admin:events_event_attendance", args=[event.pk]), {"q": "frieda"}
    ).content.decode()
    assert "Frieda Fehlt" in found
    assert "Dora Da" not in found
    paper = host.get(reverse("admin:events_event_paper", args=[event.pk])).content.decode()
    assert "Dora Da" in paper
    for text in (page, paper):
        assert "Migräne" not in text
        assert "ruhiger" not in text
        assert "@" not in re.sub(r"<header.*?</header>|<footer.*?</footer>", "", text, flags=re.S)


def test_only_people_on_site_stand_on_paper(host):
    event = today()
    RegistrationFactory(event=event, name="Olaf Online", mode=Mode.ONLINE)
    paper = host.get(reverse("admin:events_event_paper", args=[event.pk])).content.decode()
    assert "Olaf" not in paper


def test_the_list_asks_the_database_as_often_for_many_as_for_few(host, django_assert_num_queries):
    event = today()
    address = reverse("admin:events_event_attendance", args=[event.pk])
    RegistrationFactory(event=event)
    with CaptureQueriesContext(connection) as few:
        host.get(address)
    for _one in range(30):
        RegistrationFactory(event=event)
    with django_assert_num_queries(len(few)):
        host.get(address)


def test_the_picture_holds_the_address_and_no_words_of_anybody():
    registration = RegistrationFactory(name="<b>Zoe</b>")
    picture = attendance.picture(registration)
    assert picture.startswith("<svg")
    assert "Zoe" not in picture
    assert "style=" not in picture
    assert "<script" not in picture
    code = attendance.code_of(registration)
    assert attendance.found(code, Registration.objects.all()) == registration


def test_a_ticket_is_for_who_has_a_seat_and_has_confirmed_it(client):
    row = RegistrationFactory(event=today())
    address = reverse("events:ticket", args=[links.token_for(row, links.Purpose.SEE)])

    def shown(**values) -> bool:
        Registration.objects.filter(pk=row.pk).update(**values)
        return client.get(address).status_code == 200

    assert shown()
    assert not shown(confirmed_at=None, hold_until=row.event.starts_at)
    assert not shown(
        confirmed_at=row.confirmed_at,
        hold_until=None,
        state=RegistrationState.WAITING,
        seated_at=None,
    )

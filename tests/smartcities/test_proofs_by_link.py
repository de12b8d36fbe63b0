"""Whoever does something by a personal link has proved the address, wherever it leads.

The routes with a token are read from the addresses of the apps whose rows note a proof, so that a new one
either proves or says here why it does not.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver
from django.utils import timezone

import consulting.links
import events.links
from consulting import actions as consultations
from consulting.models import Appointment, ConsultationRequest, Rating
from events import actions as registrations
from events.actions import Details, desk
from events.models import Mode, Registration, RegistrationState
from ground.refusals import Overtaken
from tests.factories import ConsultationRequestFactory, SlotFactory, UserFactory
from tests.factories.events import RegistrationFactory, SeatsFactory

pytestmark = pytest.mark.django_db

PROVES_NOTHING = {
    "consulting:advisor_calendar": "only shows, and to an advisor",
    "consulting:cancel": "may say „Das war ich nicht“",
    "consulting:ics": "only shows",
    "consulting:resume": "the request does not exist yet",
    "consulting:see": "only shows",
    "consulting:write": "answers one message, may say „Das war ich nicht“",
    "events:cancel": "may say „Das war ich nicht“",
    "events:certificate": "only shows",
    "events:personal_calendar": "only shows",
    "events:registration_ics": "only shows",
    "events:see": "only shows",
    "events:task_done_by_link": "about a task, not a registration",
    "events:ticket": "only shows",
    "events:unsubscribe": "about invitations, not a registration",
}
Made = tuple[Any, dict[str, Any]]


def registration(purpose: events.links.Purpose, data: dict[str, Any], **state: Any) -> Made:
    """One that a host has entered, with a seat beside it on site and online."""
    event = SeatsFactory().event
    SeatsFactory(event=event, mode=Mode.ONLINE)
    row = RegistrationFactory(event=event, **{"address_proved_at": None, **state})
    row.event.seats.filter(mode=row.mode).update(taken=1)
    return row, {"path": events.links.path(row, purpose), "data": data}


def request(purpose: consulting.links.Purpose, data: dict[str, Any], **traits: Any) -> Made:
    now = timezone.now()
    starts_at = now.replace(microsecond=0) + timedelta(days=-2 if "done" in traits else 7)
    row = ConsultationRequestFactory(slot=SlotFactory(starts_at=starts_at), **traits)
    lapsing = Appointment.objects.filter(request=row).exclude(expires_at=None)
    lapsing.update(expires_at=now + timedelta(hours=9))
    token = consulting.links.token_for(row, purpose, until=now + timedelta(days=1))
    return row, {"path": consulting.links.path(purpose, token), "data": data}


def moved() -> Made:
    later = SlotFactory(starts_at=timezone.now().replace(microsecond=0) + timedelta(days=9))
    return request(consulting.links.Purpose.RESCHEDULE, {"slot": later.pk}, confirmed=True)


E, C = events.links.Purpose, consulting.links.Purpose
SOON = timezone.now() + timedelta(hours=9)
PROVING: list[tuple[str, Callable[[], Made]]] = [
    ("events:confirm", lambda: registration(E.CONFIRM, {}, confirmed_at=None, hold_until=SOON)),
    (
        "events:accept",
        lambda: registration(E.ACCEPT, {}, state=RegistrationState.OFFERED, offered_until=SOON),
    ),
    ("events:change", lambda: registration(E.CHANGE, {"name": "Rosa", "organisation": "Amt"})),
    ("events:change", lambda: registration(E.CHANGE, {"wechseln": "1"})),
    ("consulting:confirm", lambda: request(C.CONFIRM, {}, held=True)),
    ("consulting:reschedule", moved),
    ("consulting:answer", lambda: request(C.ANSWER, {"answer": "ja"}, proposed=True)),
    ("consulting:answer", lambda: request(C.ANSWER, {"answer": "nein"}, proposed=True)),
    ("consulting:rate", lambda: request(C.RATE, {"rating": Rating.values[0]}, done=True)),
]


def routes_with_token(app: str) -> set[str]:
    [resolver] = [
        one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == app
    ]
    routes = [one for one in resolver.url_patterns if isinstance(one, URLPattern)]
    return {f"{app}:{one.name}" for one in routes if "token" in one.pattern.converters}


def test_every_route_with_a_personal_link_proves_the_address_or_says_why_not():
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    noting = {one.model._meta.app_label for one in fields if one.name == "address_proved_at"}
    assert noting == {"consulting", "events"}

    named = PROVES_NOTHING.keys() | {name for name, _make in PROVING}
    assert set().union(*map(routes_with_token, noting)) == named
    assert not PROVES_NOTHING.keys() & {name for name, _make in PROVING}


@pytest.mark.parametrize(("name", "make"), PROVING)
def test_a_step_by_a_link_proves_the_address_since_the_first_time(client, name, make):
    row, posted = make()
    before = timezone.now()
    client.get(**posted)
    assert fresh(row).address_proved_at is None

    assert (name, client.post(**posted).status_code) == (name, 302)

    assert fresh(row).address_proved_at >= before
    assert fresh(row).version == row.version + 1


@pytest.mark.parametrize(("name", "make"), PROVING)
def test_what_was_proved_before_stays_proved_since_then(client, name, make):
    row, posted = make()
    before = timezone.now() - timedelta(days=3)
    type(row).objects.update(address_proved_at=before)

    assert (name, client.post(**posted).status_code) == (name, 302)

    assert fresh(row).address_proved_at == before


def test_to_cancel_proves_nothing(client):
    for row, posted in (registration(E.CANCEL, {}), request(C.CANCEL, {}, confirmed=True)):
        assert client.post(**posted).status_code == 302
        assert fresh(row).version == row.version + 1
        assert fresh(row).address_proved_at is None


def test_what_the_office_or_a_host_does_proves_nothing():
    now, by = timezone.now(), UserFactory()
    row, _posted = registration(E.CHANGE, {})
    row = registrations.change(fresh(row), name="Rosa", details=Details(), now=now)
    row = registrations.switch_mode(row, Mode.ONLINE, now=now)
    row = desk.choose_items(row, [], now=now)
    assert row.version == 4
    assert row.address_proved_at is None

    held, _posted = request(C.CONFIRM, {}, held=True)
    one = consultations.confirm(fresh(held), now=now, by=by)
    later = SlotFactory(starts_at=now.replace(microsecond=0) + timedelta(days=9))
    one = consultations.reschedule(one, slot=later, now=now, by=by)
    assert (one.version, one.address_proved_at) == (3, None)


def test_whoever_holds_a_link_of_before_the_address_was_put_right_proves_nothing(client):
    row, posted = registration(E.CHANGE, {"name": "Rosa", "organisation": "Amt"})
    opened = events.links.open_token(posted["path"].split("/")[-2], E.CHANGE, now=timezone.now())
    desk.correct(fresh(row), name="Eva", email="eva@musterdorf.example", now=timezone.now())

    with pytest.raises(Overtaken):
        registrations.change(opened.row, name="Rosa", details=Details(), now=timezone.now())

    assert client.post(**posted).status_code == 410
    assert (fresh(row).name, fresh(row).address_proved_at) == ("Eva", None)


def fresh(row: Registration | ConsultationRequest) -> Any:
    return type(row).objects.get(pk=row.pk)

"""The request in steps, as a browser without JavaScript sends it."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consulting.models import Appointment, ConsultationRequest, Draft, State
from mailing.models import Email
from tests.factories import AdvisorFactory, MunicipalityFactory, SlotFactory

pytestmark = pytest.mark.django_db

WISH = {
    "building_blocks": ["initialberatung"],
    "stage": "anfang",
    "question": "Womit fangen wir an?",
}
CONTACT = {
    "contact_name": "Eva Beispiel",
    "contact_role": "Digitalisierung",
    "email": "eva@musterdorf.example",
}


def step(slug: str) -> str:
    return reverse("consulting:step", args=[slug])


@pytest.fixture
def slot():
    return SlotFactory(
        advisor=AdvisorFactory(),
        starts_at=timezone.now().replace(microsecond=0) + timedelta(days=7),
    )


@pytest.fixture
def municipality():
    return MunicipalityFactory(name="Musterdorf")


def fill(client, municipality, slot=None, **contact) -> None:
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    client.post(step("anliegen"), WISH)
    chosen = {"slot": slot.pk} if slot else {"slot": "keiner", "wishes": "Dienstags"}
    client.post(step("termin"), chosen)
    client.post(step("kontakt"), CONTACT | contact)
    Draft.objects.update(created_at=timezone.now() - timedelta(minutes=5))


def review(client) -> dict:
    """What the form on the last page sends."""
    context = client.get(reverse("consulting:review")).context
    return {"form_token": context["token"], "stamp": context["stamp"], "homepage": ""}


def test_a_request_with_a_time_is_held_and_asks_for_confirmation(client, municipality, slot):
    fill(client, municipality, slot)
    response = client.post(reverse("consulting:review"), review(client), follow=True)
    stored = ConsultationRequest.objects.get()
    assert response.redirect_chain == [(reverse("consulting:sent"), 302)]
    assert "60 Minuten" in response.content.decode()
    assert (stored.state, stored.municipality, stored.question) == (
        State.HELD,
        municipality,
        "Womit fangen wir an?",
    )
    assert stored.current_appointment().slot == slot
    assert Draft.objects.count() == 0
    assert [email.to for email in Email.objects.all()] == ["eva@musterdorf.example"]


def test_sending_twice_stores_once(client, municipality, slot):
    fill(client, municipality, slot)
    form = review(client)
    for _time in range(2):
        assert client.post(reverse("consulting:review"), form).url == reverse("consulting:sent")
    assert ConsultationRequest.objects.count() == Email.objects.count() == 1


def test_a_time_taken_meanwhile_leads_back_with_everything_typed_kept(client, municipality, slot):
    later = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    rival = Client()
    for person in (client, rival):
        fill(person, municipality, slot, email=f"{uuid.uuid4()}@musterdorf.example")
    forms = review(client), review(rival)
    client.post(reverse("consulting:review"), forms[0])
    response = rival.post(reverse("consulting:review"), forms[1], follow=True)
    text = response.content.decode()
    assert response.redirect_chain == [(step("termin"), 302)]
    assert "nicht mehr frei" in text
    assert later.in_full in text
    assert Draft.objects.get().data["kontakt"]["contact_name"] == "Eva Beispiel"
    assert Appointment.objects.count() == 1


def test_without_a_fitting_time_the_wishes_go_to_the_office(client, municipality):
    fill(client, municipality)
    client.post(reverse("consulting:review"), review(client))
    stored = ConsultationRequest.objects.get()
    assert (stored.state, stored.wishes) == (State.OPEN, "Dienstags")


def test_interest_in_a_workshop_needs_no_date(client, municipality):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    response = client.post(step("anliegen"), WISH | {"building_blocks": ["themenwerkstatt"]})
    assert response.url == step("kontakt")


def test_a_name_without_the_script_shows_the_hits_to_choose_from(client):
    first = MunicipalityFactory(name="Neustadt")
    second = MunicipalityFactory(name="Neustadt")
    text = client.post(step("kommune"), {"q": "Neustadt"}).content.decode()
    assert text.count('type="radio"') == 2
    chosen = {"q": "Neustadt", "hits_for": "Neustadt", "municipality": second.pk}
    assert client.post(step("kommune"), chosen).url == step("anliegen")
    assert first.pk != second.pk


def test_looking_at_the_steps_stores_nothing(client):
    client.get(reverse("consulting:request"), follow=True)
    assert Draft.objects.count() == 0
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("slug", "posted"),
    [
        ("kommune", {"q": "x" * 500}),
        ("kommune", {"q": "\0 😀 <b>", "picked": "999999999999", "municipality": "²"}),
        ("kommune", {"not_listed": "on", "name": "n" * 500, "land": "XX"}),
        ("anliegen", {"themes": ["0", "99999999999", "²"], "question": "<script>\0" * 900}),
        ("termin", {"slot": "-1", "wishes": "\0"}),
        ("kontakt", {"contact_name": "😀" * 500, "email": "\0@<b>", "phone": "1" * 500}),
    ],
)
def test_what_nobody_should_type_is_kept_and_answered_in_german(client, municipality, slug, posted):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    response = client.post(step(slug), posted)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in text
    assert "<script>" not in text.split("<form")[-1]


def test_without_a_session_the_last_step_typed_is_kept(client):
    text = client.post(step("kontakt"), CONTACT, follow=True).content.decode()
    assert "Ihre Sitzung ist abgelaufen" in text
    assert Draft.objects.get().data["kontakt"] == CONTACT


def test_going_back_keeps_what_is_not_finished(client, municipality):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    posted = {"question": "Halb fertig", "zurueck": "1"}
    assert client.post(step("anliegen"), posted).url == step("kommune")
    assert "Halb fertig" in client.get(step("anliegen")).content.decode()

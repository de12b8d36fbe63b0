"""The certificate of attendance: who gets one, and what stands in it."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from events import attendance, certificate, links
from events.links import Purpose
from events.models import EventState, Mode, RegistrationState, SessionChoice
from tests.factories import MunicipalityFactory
from tests.factories.accounts import UserFactory
from tests.factories.events import AgendaItemFactory, EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 24, 8, tzinfo=UTC)
AFTER = BEGIN + timedelta(days=1)


def came(event=None, **fields):
    event = event or EventFactory(
        title="Regionalkonferenz Gütersloh",
        number=7,
        starts_at=BEGIN,
        ends_at=BEGIN + timedelta(hours=6),
        takes_registrations=True,
        venue="Stadthalle",
    )
    return RegistrationFactory(event=event, **{"attended_at": BEGIN} | fields)


def read(content):
    reader = PdfReader(BytesIO(content))
    text = " ".join(page.extract_text() for page in reader.pages)
    return reader, re.sub(r"\s+", " ", text)


def test_it_says_who_came_to_what_when_and_where():
    registration = came(
        name="Łukasz Şahin-Größe", municipality=MunicipalityFactory(name="Weißenthurm")
    )
    AgendaItemFactory(event=registration.event, title="Auftakt für alle")
    chosen = AgendaItemFactory(
        event=registration.event, title="Werkstatt Starkregen", needs_choice=True
    )
    AgendaItemFactory(event=registration.event, title="Werkstatt Verkehr", needs_choice=True)
    SessionChoice.objects.create(registration=registration, item=chosen)
    reader, text = read(certificate.certificate(registration, now=AFTER))
    for words in (
        "Teilnahmebescheinigung",
        "Łukasz Şahin-Größe",
        "Weißenthurm",
        "Regionalkonferenz Gütersloh",
        "7. Regionalkonferenz",
        "Dienstag, 24. März 2026, 09:00 bis 15:00 Uhr",
        "Stadthalle, Gütersloh",
        "Auftakt für alle",
        "Werkstatt Starkregen",
        "ausgestellt am 25. März 2026",
        registration.reference,
    ):
        assert words in text
    assert "Werkstatt Verkehr" not in text
    assert registration.email not in text
    assert len(reader.pages) == 1
    assert reader.metadata.title == "Teilnahmebescheinigung: Regionalkonferenz Gütersloh"
    assert reader.trailer["/Root"]["/Lang"] == "de-DE"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_online_is_said_as_online():
    _reader, text = read(certificate.certificate(came(mode=Mode.ONLINE), now=AFTER))
    assert "Stadthalle" not in text
    assert "online" in text


@pytest.mark.parametrize(
    "fields",
    [
        {"attended_at": None},
        {"state": RegistrationState.CANCELLED, "closed_at": BEGIN},
        {"state": RegistrationState.WAITING},
    ],
    ids=["absent", "cancelled", "waiting"],
)
def test_nobody_else_gets_one(fields):
    with pytest.raises(certificate.NotEntitled):
        certificate.certificate(came(**fields), now=AFTER)


def test_there_is_none_before_the_end_and_none_of_what_was_cancelled():
    registration = came()
    with pytest.raises(certificate.NotEntitled):
        certificate.certificate(registration, now=registration.event.ends_at - timedelta(minutes=1))
    registration.event.state = EventState.CANCELLED
    with pytest.raises(certificate.NotEntitled):
        certificate.certificate(registration, now=AFTER)


def over(**fields):
    """Somebody who came to what ended an hour ago."""
    begin = timezone.now() - timedelta(hours=4)
    event = EventFactory(
        starts_at=begin, ends_at=begin + timedelta(hours=3), takes_registrations=True
    )
    return came(event=event, **{"attended_at": begin} | fields)


def own_address(registration):
    return reverse("events:certificate", args=[links.token_for(registration, Purpose.SEE)])


def test_people_download_their_own_by_the_link_in_their_mail(client):
    registration = over(name="Ada Anwesend")
    answer = client.get(own_address(registration))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert registration.reference in answer["Content-Disposition"]
    assert "Ada Anwesend" in read(answer.content)[1]


def test_an_absent_person_a_made_up_link_and_one_for_another_purpose_find_nothing(client):
    absent = over(attended_at=None)
    assert client.get(own_address(absent)).status_code == 404
    assert client.get(reverse("events:certificate", args=["falsch"])).status_code == 404
    wrong = links.token_for(over(), Purpose.CANCEL)
    assert client.get(reverse("events:certificate", args=[wrong])).status_code == 404


def test_hosts_hand_it_out_and_others_do_not(client):
    registration = over()
    code = attendance.code_of(registration)
    address = reverse("admin:events_registration_certificate", args=[code])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(address)["Content-Type"] == "application/pdf"
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address).status_code == 404


def test_the_page_with_the_code_shows_it_to_those_with_a_seat_only(client):
    event = EventFactory(takes_registrations=True)
    seated = RegistrationFactory(event=event, name="Ada Anwesend")
    page = client.get(reverse("events:ticket", args=[links.token_for(seated, Purpose.SEE)]))
    text = page.content.decode()
    assert "<svg" in text
    assert seated.reference in text
    seated.refresh_from_db()
    assert seated.attended_at is None
    for other in (
        RegistrationFactory(event=event, state=RegistrationState.WAITING),
        RegistrationFactory(event=event, confirmed_at=None),
    ):
        token = links.token_for(other, Purpose.SEE)
        assert client.get(reverse("events:ticket", args=[token])).status_code == 404

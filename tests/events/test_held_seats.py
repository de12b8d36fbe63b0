"""What a stranger can hold, and can read from what is shown: nothing of either."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.guard import TooMany
from events import actions
from events.actions import Closed, Details, Full, Person, SessionFull
from events.actions import seats as seat
from events.actions.registering import GUARD
from events.models import Audience, Mode, Registration, RegistrationState
from mailing.models import Email
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)

NOW = timezone.now()
NETWORK = "192.0.2.7"
# Links and numbers of a registration are its own.
OWN = re.compile(r"http|VA-")


def five(form: int) -> list[Person]:
    return [Person("Jemand", f"erfunden-{form}-{one}@stadt.example") for one in range(5)]


def register(seats, people, **options):
    options = {"submission": uuid.uuid4(), "now": NOW} | options
    return actions.register(seats.event, people, Mode(seats.mode), **options)


@pytest.mark.django_db
def test_of_twenty_forms_with_invented_colleagues_a_network_holds_fifteen_seats_of_a_hundred():
    seats = SeatsFactory(capacity=100)
    refused = []
    for form in range(20):
        try:
            register(seats, five(form), ip=NETWORK)
        except TooMany as reason:
            refused.append(str(reason))

    seats.refresh_from_db()
    assert (seats.taken, len(refused)) == (15, 17)
    assert all("ihre Adresse noch nicht bestätigt haben" in reason for reason in refused)
    # Others, and other events, are not touched by it.
    assert len(register(seats, five(20), ip="192.0.2.8").people) == 5
    assert len(register(SeatsFactory(), five(21), ip=NETWORK).people) == 5


@pytest.mark.django_db
def test_people_count_and_not_forms():
    seats = SeatsFactory(capacity=100)
    for form in range(2):
        register(seats, five(form), ip=NETWORK)
    for number in range(4):
        register(seats, [Person("Jemand", f"wer-{number}@stadt.example")], ip=NETWORK)
    assert Registration.objects.count() == 14

    with pytest.raises(TooMany, match="ihre Adresse noch nicht bestätigt haben"):
        register(seats, five(9), ip=NETWORK)
    register(seats, five(9)[:1], ip=NETWORK)


@pytest.mark.django_db
def test_of_one_network_forty_people_an_hour_may_come_in_eight_forms():
    seats = SeatsFactory(capacity=100)
    for form in range(8):
        register(seats, five(form), ip=NETWORK)
        Registration.objects.update(confirmed_at=NOW, hold_until=None)

    with pytest.raises(TooMany, match="Aus Ihrem Netz kamen"):
        register(seats, [Person("Jemand", "wer@stadt.example")], ip=NETWORK)


@pytest.mark.django_db
def test_an_administration_that_confirms_goes_on_until_forty_people_an_hour():
    seats = SeatsFactory(capacity=100)
    for number in range(40):
        (row,) = register(seats, [Person("Wer", f"p{number}@stadt.example")], ip=NETWORK).people
        actions.confirm(row, now=NOW)

    with pytest.raises(TooMany, match="Aus Ihrem Netz kamen"):
        register(seats, [Person("Wer", "p40@stadt.example")], ip=NETWORK)


@pytest.mark.django_db
def test_midnight_does_not_forget_what_a_network_holds():
    late = timezone.make_aware(timezone.datetime(2026, 3, 2, 23, 50))
    seats = SeatsFactory(event__starts_at=late + timedelta(days=60), capacity=100)
    for form in range(3):
        register(seats, five(form), ip=NETWORK, now=late)

    with pytest.raises(TooMany):
        register(seats, five(4), ip=NETWORK, now=late + timedelta(minutes=20))


# What is shown ------------------------------------------------------------------------------------


def shown(client, event) -> list[str]:
    """What the pages of an event say of its seats."""
    texts = []
    for address in (event.get_absolute_url(), reverse("events:register", args=[event.slug])):
        html = client.get(address).content.decode()
        texts += [
            word
            for word in ("noch Plätze frei", "nur noch wenige", "ausgebucht", "Warteliste")
            if word in html
        ]
        assert not any(f"noch {number} P" in html for number in range(20))
    return texts


def send(client, event, address: str) -> None:
    answer = client.post(
        reverse("events:register", args=[event.slug]),
        {
            "name": "Eva Beispiel",
            "email": address,
            "organisation": "Verein",
            "q": "",
            "submission": str(uuid.uuid4()),
            "stamp": GUARD.stamp(now=timezone.now() - timedelta(minutes=1)),
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors


@pytest.mark.django_db
@pytest.mark.parametrize("capacity", [3, 9, 10])
def test_the_places_shown_are_the_same_after_a_known_and_an_unknown_address(client, capacity):
    seats = SeatsFactory(capacity=capacity, taken=2)
    RegistrationFactory(event=seats.event, email="bekannt@stadt.example")
    before = shown(client, seats.event)
    assert before

    send(client, seats.event, "bekannt@stadt.example")
    assert shown(client, seats.event) == before
    for number in range(capacity - 2):
        send(client, seats.event, f"fremd-{number}@stadt.example")
        assert shown(client, seats.event) == before
    seats.refresh_from_db()
    assert seats.free == 0

    for row in Registration.objects.filter(confirmed_at=None):
        actions.confirm(row, now=timezone.now())
    assert "ausgebucht" in shown(client, seats.event)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["bekannt", "fremd", "kein-mitglied"])
def test_what_fills_between_looking_and_taking_does_not_tell_who_is_known(who, monkeypatch):
    """Everything that a form can meet after the look at the seats is met by each in the same way."""
    seats = SeatsFactory(capacity=5, waiting_limit=5)
    item = AgendaItemFactory(event=seats.event, capacity=1)
    RegistrationFactory(event=seats.event, email="bekannt@stadt.example")
    if who == "kein-mitglied":
        type(seats.event).objects.filter(pk=seats.event.pk).update(
            audience=Audience.COMMUNITY, community=CommunityFactory()
        )
        seats.event.refresh_from_db()
    look, person = seat.outlook, [Person("Jemand", f"{who}@stadt.example")]
    details = Details(sessions=[item])

    def meets(happens) -> object:
        def outlook(*asked):
            seen = look(*asked)
            happens()
            return seen

        mails = Email.objects.count()
        with transaction.atomic():
            with monkeypatch.context() as patched:
                patched.setattr(seat, "outlook", outlook)
                try:
                    answer = register(seats, person, details=details).state
                except (Closed, Full, SessionFull) as told:
                    answer = type(told)
                    assert Email.objects.count() == mails
            transaction.set_rollback(True)
        return answer

    rows, events = type(seats).objects, type(seats.event).objects
    assert meets(lambda: None) == RegistrationState.SEAT
    assert meets(lambda: type(item).objects.update(taken=1)) is SessionFull
    assert meets(lambda: rows.update(taken=5)) == RegistrationState.WAITING
    assert meets(lambda: rows.update(taken=5, waiting=5)) is Full
    assert meets(lambda: events.update(registration_closes_at=NOW)) is Closed


@pytest.mark.django_db
def test_nor_do_they_tell_who_is_a_member(client):
    community = CommunityFactory()
    MembershipFactory(community=community, email="mitglied@stadt.example", state="aktiv")
    event = EventFactory(takes_registrations=True, audience=Audience.COMMUNITY, community=community)
    SeatsFactory(event=event, capacity=6)
    before = shown(client, event)

    send(client, event, "fremd@stadt.example")
    after_a_stranger = shown(client, event)
    send(client, event, "mitglied@stadt.example")

    assert shown(client, event) == after_a_stranger == before
    assert Registration.objects.count() == 1


def mails_to(address: str) -> list[tuple[str, str]]:
    """Subjects and texts without the links, which are everybody's own."""
    return [
        (mail.subject, [line for line in mail.text.splitlines() if not OWN.search(line)])
        for mail in Email.objects.filter(to=address).order_by("pk")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("capacity", [9, 0])
def test_what_the_person_is_told_does_not_depend_on_whether_colleagues_were_registered(capacity):
    told, answers = [], []
    for colleague_is_known in (False, True):
        seats = SeatsFactory(
            event__title="Werkstatt",
            event__starts_at=NOW + timedelta(days=60),
            capacity=capacity,
            waiting_limit=9,
        )
        if colleague_is_known:
            RegistrationFactory(event=seats.event, email="ali@stadt.example")
        people = [Person("Eva", "eva@stadt.example"), Person("Ali", "ali@stadt.example")]
        answer = register(seats, people)
        answers.append((answer.state, answer.needs_confirmation))
        actions.confirm(answer.people[0], now=NOW)
        told.append(mails_to("eva@stadt.example"))
        Email.objects.all().delete()

    assert told[0] == told[1]
    assert answers[0] == answers[1]
    assert "Kolleginnen und Kollegen" in str(told[0])

"""„Mein Konto“ shows what is a person's own, by their confirmed addresses, from every app."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.own_data import Person
from communities.models import MembershipState
from consulting.models import Source, State
from events.models import RegistrationState
from ground.mailbox import mailbox_key
from projects import home_of_person
from subscribing.models import Subscriber
from tests.factories import (
    ConsultationRequestFactory,
    MunicipalityFactory,
    ReuseStatementFactory,
    SlotFactory,
    SolutionFactory,
    UserFactory,
)
from tests.factories.asking import QuestionFactory
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.events import EventFactory, RegistrationFactory, in_days
from tests.factories.subscribing import SubscriberFactory, SubscriptionFactory
from tests.pages import words

pytestmark = pytest.mark.django_db
# As another program spells the same mailbox.
TYPED = "Eva+amt@Stadt.example"


@pytest.fixture
def eva():
    return UserFactory(email="eva@stadt.example", name="Eva")


def confirm(user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def what_eva_did(number=""):
    town = MunicipalityFactory(name=f"Musterstadt{number}", designation="Stadt")
    solution = SolutionFactory(name=f"Pegelnetz{number}")
    coming = EventFactory(title=f"Messe{number}", starts_at=in_days(3))
    over = EventFactory(title=f"Rückblick{number}", starts_at=in_days(-3))
    long_over = EventFactory(title=f"Vorjahr{number}", starts_at=in_days(-300))
    for event in (coming, over, long_over):
        RegistrationFactory(event=event, email=TYPED, municipality=town)
    RegistrationFactory(
        event=EventFactory(title=f"Doch nicht{number}", starts_at=in_days(4)),
        email=TYPED,
        state=RegistrationState.CANCELLED,
        closed_at=timezone.now(),
    )
    ReuseStatementFactory(confirmed=True, solution=solution, municipality=town, email=TYPED)
    now = timezone.now()
    ConsultationRequestFactory(email=TYPED, municipality=town, address_proved_at=timezone.now())
    ended = {"email": TYPED, "municipality": None, "cancelled": True, "closed_at": now}
    for name, days in (("Neudorf", 89), ("Vorjahrsdorf", 91)):
        changed = now - timedelta(days=days)
        ConsultationRequestFactory(
            municipality_name=f"{name}{number}", submitted_at=changed, changed_at=changed, **ended
        )
    QuestionFactory(waiting=True, email=TYPED, municipality=town, text=f"Was kostet das{number}?")
    subscriber = Subscriber.objects.filter(mailbox=mailbox_key(TYPED)).first()
    subscriber = subscriber or SubscriberFactory(email=TYPED)
    SubscriptionFactory(subscriber=subscriber, list__query=f"art=app{number}")
    # Asked for by whoever typed the address, and not confirmed: none yet.
    SubscriptionFactory(subscriber=subscriber, confirmed_at=None)
    MembershipFactory(email=TYPED, community=CommunityFactory(name=f"AEG Wasser{number}"))


def test_registrations_requests_statements_groups_and_ones_kommune(client, eva):
    confirm(eva)
    what_eva_did()
    client.force_login(eva)

    answer = client.get("/konto/")
    text = words(answer)

    for part in (
        "Meine Kommune Musterstadt , Stadt, Bayern.",
        "Meine Angaben zur Nachnutzung Musterstadt nutzt Pegelnetz : zu entscheiden. Ändern",
        "Meine Gruppen AEG Wasser : Mitglied",
        "Meine Anmeldungen Messe ,",
        ": Sie haben einen Platz Rückblick ,",
        ": vorbei Mein Kalender",
        "Meine Anfragen an Start Smart",
        "für Musterstadt: bei der Geschäftsstelle",
        "für Neudorf: abgesagt",
        "Meine Fragen Was kostet das? : beim Projekt",
        "Meine Abonnements 1 Abonnement mit der Adresse Eva+amt@stadt.example",
    ):
        assert part in text, text
    assert "Vorjahr" not in text
    assert "Doch nicht" not in text
    assert answer.headers["Cache-Control"] == "no-store, private"
    # Every way on of these sections opens.
    main = answer.text.partition("<main")[2].partition('id="zugang"')[0]
    ways = {way.partition('"')[0] for way in main.split(' href="')[1:]}
    assert len(ways) > 8
    assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)


def test_what_stands_under_an_address_that_nobody_has_confirmed_shows_to_nobody(client, eva):
    what_eva_did()
    client.force_login(eva)

    text = words(client.get("/konto/"))

    assert "Bisher ist es keine." in text
    assert "Meine Gruppen Sie gehören noch zu keiner" in text
    for planted in (
        "Musterstadt",
        "Pegelnetz",
        "AEG Wasser",
        "Messe",
        "Was kostet",
        "1 Abonnement",
    ):
        assert planted not in text


def test_it_takes_as_many_queries_for_much_as_for_little(client, eva):
    confirm(eva)
    client.force_login(eva)
    what_eva_did()
    client.get("/konto/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/konto/")
    for number in range(3):
        what_eva_did(number)
    with CaptureQueriesContext(connection) as many:
        client.get("/konto/")

    assert len(many) == len(few)


def test_what_another_typed_under_ones_address_makes_no_kommune_ones_own(eva):
    """Anyone can send a form with Eva's address; in every app that asks for a Kommune."""
    confirm(eva)
    now = timezone.now()
    typed = {
        "asking": lambda: QuestionFactory(email=TYPED),
        "communities": lambda: [
            MembershipFactory(
                email=TYPED,
                municipality=MunicipalityFactory(),
                state=MembershipState.REQUESTED,
                requested_at=now,
                email_confirmed_at=None,
            ),
            # Of an account that had this address before Eva.
            MembershipFactory(
                email=TYPED, municipality=MunicipalityFactory(), user=UserFactory(),
                email_confirmed_at=now,
            ),
        ],
        "consulting": lambda: [
            ConsultationRequestFactory(held=True, email=TYPED, slot=SlotFactory()),
            ConsultationRequestFactory(
                state=State.EXPIRED, due_on=None, closed_at=now, email=TYPED
            ),
            # Without a time nobody has to confirm it, nor what the office agrees on by itself.
            ConsultationRequestFactory(email=TYPED),
            ConsultationRequestFactory(confirmed=True, source=Source.PHONE, email=TYPED),
        ],
        "events": lambda: [
            RegistrationFactory(
                email=TYPED, municipality=MunicipalityFactory(), confirmed_at=None,
                hold_until=now + timedelta(hours=1),
            ),
            # By a host, who counts it as confirmed.
            RegistrationFactory(
                email=TYPED, municipality=MunicipalityFactory(), address_proved_at=None
            ),
            # Of an account that had this address before Eva.
            RegistrationFactory(
                email=TYPED, municipality=MunicipalityFactory(), user=UserFactory()
            ),
        ],
        "projects": lambda: ReuseStatementFactory(email=TYPED),
    }  # fmt: skip
    for plant in typed.values():
        plant()

    person = Person.of_user(eva)
    finds = {find.__module__.partition(".")[0]: find for find in home_of_person._finds}
    # Whichever app asks next is to be asked here, too.
    assert {app: list(find(person)) for app, find in finds.items()} == {app: [] for app in typed}


def test_what_a_person_said_from_a_proved_address_makes_the_kommune_their_own_in_every_app(eva):
    """The other side of the test before: nothing proved is left out."""
    confirm(eva)
    town, now = MunicipalityFactory(), timezone.now()
    QuestionFactory(waiting=True, email=TYPED, municipality=town)
    MembershipFactory(email=TYPED, municipality=town, user=eva, email_confirmed_at=now)
    ConsultationRequestFactory(email=TYPED, municipality=town, address_proved_at=now)
    RegistrationFactory(email=TYPED, municipality=town)
    ReuseStatementFactory(confirmed=True, email=TYPED, municipality=town)

    person = Person.of_user(eva)
    found = {
        find.__module__.partition(".")[0]: list(find(person).values_list("municipality", flat=True))
        for find in home_of_person._finds
    }
    assert [*found.values()] == [[town.pk]] * 5

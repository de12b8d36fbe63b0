"""The pages of registration, as a browser without JavaScript sends them."""

import re
import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import links
from events.actions.registering import GUARD
from events.links import Purpose
from events.models import (
    Audience,
    Event,
    Mode,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    Seats,
)
from mailing.models import Email
from projects.municipality_form import AS_WRITTEN
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)

pytestmark = pytest.mark.django_db

SECRET_ROOM = "https://video.example.org/geheim"


@pytest.fixture
def seats():
    return SeatsFactory(capacity=5, waiting_limit=2)


@pytest.fixture
def municipality():
    return MunicipalityFactory(name="Musterdorf")


def typed(of=None, **more) -> dict:
    """What somebody types who takes their time, ready to send."""
    form = {
        "name": "Eva Beispiel",
        "email": "eva@musterdorf.example",
        "submission": str(uuid.uuid4()),
        "stamp": GUARD.stamp(now=timezone.now() - timedelta(minutes=1)),
        "homepage": "",
    }
    if of is None:
        form["organisation"] = "Musterverband"
    else:
        form |= {"q": of.name, "picked": of.pk}
    return form | more


def address(event: Event) -> str:
    return reverse("events:register", args=[event.slug])


def post(client, event, **form):
    return client.post(address(event), typed(**form), follow=True)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_registration_holds_a_seat_and_says_what_happens_next(client, seats, municipality):
    response = post(client, seats.event, of=municipality, needs=["stufenlos"])

    stored = Registration.objects.get()
    assert response.redirect_chain == [(reverse("events:registered", args=[seats.event.slug]), 302)]
    assert "Bitte bestätigen Sie Ihre Anmeldung" in text_of(response)
    assert (stored.name, stored.municipality, stored.mode) == (
        "Eva Beispiel",
        municipality,
        Mode.ON_SITE,
    )
    assert ParticipantNeeds.objects.get().needs == ["stufenlos"]
    assert [email.to for email in Email.objects.all()] == ["eva@musterdorf.example"]


def test_looking_at_the_form_stores_nothing(client, seats):
    assert client.get(address(seats.event)).status_code == 200
    assert client.head(address(seats.event)).status_code == 200
    assert "sessionid" not in client.cookies


def test_who_can_only_wait_reads_it_before_typing_anything(client):
    full = SeatsFactory(capacity=1, waiting_limit=5, taken=1)

    text = text_of(client.get(address(full.event)))

    assert "vor Ort – ausgebucht, Warteliste möglich" in text


def test_sending_the_same_form_twice_registers_once(client, seats):
    form = typed()

    for _time in range(2):
        client.post(address(seats.event), form)

    assert Registration.objects.count() == Email.objects.count() == 1


def test_the_page_is_the_same_for_an_address_that_is_registered_already(client, seats):
    """Compared whole, apart from what one has typed oneself."""
    pages = []
    for email in ("eva@musterdorf.example", "neu@musterdorf.example"):
        other = Client()
        RegistrationFactory.reset_sequence(100)
        if email.startswith("eva"):
            post(Client(), seats.event, email=email)
        response = post(other, seats.event, email=email)
        pages.append(text_of(response).replace(email, "ADRESSE"))

    assert pages[0] == pages[1]
    assert Registration.objects.count() == 2


def _fills_up(seats) -> dict:
    Seats.objects.filter(pk=seats.pk).update(capacity=F("taken"), waiting_limit=0)
    return {}


def _has_a_waiting_list_only(seats) -> dict:
    Seats.objects.filter(pk=seats.pk).update(capacity=F("taken"))
    return {}


def _has_one_seat_left_for_two(seats) -> dict:
    Seats.objects.filter(pk=seats.pk).update(capacity=F("taken") + 1, waiting_limit=0)
    return {"name_1": "Ali Beispiel", "email_1": "ali@musterdorf.example"}


def _has_a_full_workshop(seats) -> dict:
    item = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=1, taken=1)
    return {"sessions": [item.pk]}


def _has_an_open_workshop(seats) -> dict:
    item = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=9)
    return {"sessions": [item.pk]}


def without_what_was_typed(response, form) -> str:
    page = re.sub(r'name="(csrfmiddlewaretoken|stamp)" value="[^"]*"', "", text_of(response))
    return page.replace(form["email"], "ADRESSE").replace(form["submission"], "FORMULAR")


@pytest.mark.parametrize(
    "meanwhile",
    [
        _fills_up,
        _has_a_waiting_list_only,
        _has_one_seat_left_for_two,
        _has_a_full_workshop,
        _has_an_open_workshop,
    ],
)
@pytest.mark.parametrize("known_because", ["registered", "no member"])
def test_the_answer_tells_nobody_who_is_registered_or_a_member(seats, meanwhile, known_because):
    """Whatever has become of the event, and compared whole."""
    if known_because == "registered":
        post(Client(), seats.event, email="eva@musterdorf.example")
    else:
        group = CommunityFactory()
        Event.objects.update(audience="mitglieder", community=group)
        MembershipFactory(community=group, email="neu@musterdorf.example")
    more = meanwhile(seats)
    if known_because == "no member":
        more = {name: value for name, value in more.items() if name == "sessions"}
    before = Registration.objects.count()
    pages = []
    for email in ("eva@musterdorf.example", "neu@musterdorf.example"):
        form = typed(email=email, **more)
        response = Client().post(address(seats.event), form, follow=True)
        pages.append(without_what_was_typed(response, form))
        if email.startswith("eva"):
            assert Registration.objects.count() == before

    assert pages[0] == pages[1]


def test_somebody_must_say_whom_they_come_for(client, seats):
    response = post(client, seats.event, organisation="")

    assert "Bitte nennen Sie Ihre Kommune oder Ihre Organisation." in text_of(response)
    assert Registration.objects.count() == 0


def test_without_the_script_the_hits_for_a_kommune_are_shown_to_choose_from(client, seats):
    MunicipalityFactory(name="Neustadt")
    second = MunicipalityFactory(name="Neustadt")

    first_try = post(client, seats.event, organisation="", q="Neustadt")

    assert first_try.content.decode().count('name="municipality"') == 3  # and „Keine davon“
    assert "Welche meinen Sie?" in text_of(first_try)
    assert "Bitte prüfen Sie Ihre Angaben" not in text_of(first_try)
    post(
        client,
        seats.event,
        organisation="",
        q="Neustadt",
        hits_for="Neustadt",
        municipality=second.pk,
    )
    assert Registration.objects.get().municipality == second


def test_only_hybrid_events_ask_how_somebody_takes_part(client, seats):
    assert "Wie möchten Sie teilnehmen?" not in text_of(client.get(address(seats.event)))
    SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=None)

    assert "Wie möchten Sie teilnehmen?" in text_of(client.get(address(seats.event)))
    post(client, seats.event, mode=Mode.ONLINE)
    assert Registration.objects.get().mode == Mode.ONLINE


def test_when_it_is_full_meanwhile_nothing_typed_is_lost_and_the_way_on_is_named(client, seats):
    SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=7)
    Seats.objects.filter(pk=seats.pk).update(capacity=0, waiting_limit=0)

    response = post(
        client,
        seats.event,
        mode=Mode.ON_SITE,
        needs=["stufenlos"],
        needs_text="Rollstuhl",
        name_1="Ali Beispiel",
        email_1="ali@musterdorf.example",
    )

    page = response.content.decode()
    assert "alle Plätze vergeben" in page
    assert "Für die Teilnahme online sind noch Plätze frei." in page
    for value in ("Eva Beispiel", "Musterverband", "Rollstuhl", "ali@musterdorf.example"):
        assert value in page
    assert 'value="stufenlos" ' in page.replace("checked", "")
    assert page.count("checked") == 2  # on site, and the need
    assert '<details class="more" open>' in page
    assert Registration.objects.count() == 0


def test_a_group_too_large_for_the_seats_left_is_told_how_many_there_are(client, seats):
    Seats.objects.update(capacity=1)

    response = post(client, seats.event, name_1="Ali", email_1="ali@musterdorf.example")

    assert "nur noch wenige Plätze frei, nicht genug für 2 Menschen" in text_of(response)


def test_colleagues_are_registered_along(client, seats):
    post(
        client,
        seats.event,
        name_1="Ali Beispiel",
        email_1="ali@musterdorf.example",
        name_3="Kim Beispiel",
        email_3="kim@musterdorf.example",
    )

    names = Registration.objects.order_by("arrival").values_list("name", flat=True)
    assert list(names) == ["Eva Beispiel", "Ali Beispiel", "Kim Beispiel"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"name_2": "Ali"}, "Bitte geben Sie auch die E-Mail-Adresse an."),
        ({"email_2": "ali@musterdorf.example"}, "Bitte geben Sie auch den Namen an."),
        (
            {"name_2": "Eva", "email_2": "Eva+2@Musterdorf.example"},
            "Diese Adresse steht schon weiter oben.",
        ),
        ({"name_2": "Ali", "email_2": "ali"}, "wie name@gemeinde.de an."),
    ],
)
def test_half_a_colleague_is_none(client, seats, row, sentence):
    response = post(client, seats.event, **row)

    assert sentence in text_of(response)
    assert Registration.objects.count() == 0


def test_the_list_of_errors_says_whose_row_and_puts_no_colon_after_a_question(client, seats):
    SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=None)

    page = text_of(post(client, seats.event, mode="", name_2="Ali"))

    assert ">2. Person, E-Mail-Adresse: Bitte geben Sie auch die E-Mail-Adresse an.</a>" in page
    assert ">Wie möchten Sie teilnehmen? Bitte wählen Sie, wie Sie teilnehmen möchten.</a>" in page


def test_items_of_the_programme_are_chosen_and_full_ones_named(client, seats):
    free = AgendaItemFactory(event=seats.event, title="Datenplattform", needs_choice=True)
    AgendaItemFactory(
        event=seats.event, title="Schon <b>voll</b> hier", needs_choice=True, capacity=1, taken=1
    )
    AgendaItemFactory(event=seats.event, title="Begrüßung")

    page = text_of(client.get(address(seats.event)))
    post(client, seats.event, sessions=[free.pk])

    assert "Datenplattform" in page
    assert "Schon voll: Schon &lt;b&gt;voll&lt;/b&gt; hier." in page
    assert "Begrüßung" not in page
    assert list(Registration.objects.get().sessions.all()) == [free]


def test_nobody_is_at_two_places_at_once(client, seats):
    one, other = (AgendaItemFactory(event=seats.event, needs_choice=True) for _item in range(2))

    response = post(client, seats.event, sessions=[one.pk, other.pk])

    assert "sind zur gleichen Zeit" in text_of(response)


def test_an_item_of_another_event_is_none_to_choose(client, seats):
    AgendaItemFactory(event=seats.event, needs_choice=True)
    foreign = AgendaItemFactory(needs_choice=True)

    assert "inzwischen voll" in text_of(post(client, seats.event, sessions=[foreign.pk]))
    assert Registration.objects.count() == 0


def test_the_participants_list_is_asked_for_only_where_there_is_one_and_off_by_default(
    client, seats
):
    assert "on_participants_list" not in client.get(address(seats.event)).content.decode()
    Event.objects.update(has_participants_list=True)

    field = client.get(address(seats.event)).context["form"]["on_participants_list"]
    assert not field.value()


def test_a_program_is_asked_again_and_a_person_gets_through(client, seats):
    for trap in (
        {"homepage": "https://example.org"},
        {"stamp": GUARD.stamp(now=timezone.now())},
        {"stamp": "erfunden"},
    ):
        response = post(client, seats.event, **trap)
        assert "Das ging sehr schnell" in text_of(response)
        assert "Eva Beispiel" in text_of(response)
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {"name": "\0" * 5, "email": "\0@<b>", "q": "x" * 500},
        {"name": "😀" * 500, "picked": "9" * 30, "municipality": "²", "submission": "keine"},
        {"needs": ["erfunden"], "sessions": ["²", "999999999999999999999"], "mode": "fliegend"},
        {"name_1": "\0", "email_4": "@" * 400, "organisation": "\0"},
    ],
)
def test_what_nobody_should_type_is_answered_in_german(client, seats, form):
    AgendaItemFactory(event=seats.event, needs_choice=True)
    SeatsFactory(event=seats.event, mode=Mode.ONLINE)

    response = post(client, seats.event, **form)

    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in text_of(response)
    assert Registration.objects.count() == 0


# Signed in ------------------------------------------------------------------------------------


@pytest.fixture
def eva(client):
    user = UserFactory(email="eva@musterdorf.example", name="Eva Beispiel")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_who_is_signed_in_finds_the_form_filled_and_needs_not_confirm(
    client, seats, eva, municipality
):
    RegistrationFactory(user=eva, municipality=municipality)

    form = client.get(address(seats.event)).context["form"]
    response = post(client, seats.event, of=municipality)

    assert [form[name].value() for name in ("name", "email", "q")] == [
        "Eva Beispiel",
        "eva@musterdorf.example",
        "Musterdorf",
    ]
    assert "Sie sind angemeldet" in text_of(response)
    assert Registration.objects.get(event=seats.event).user == eva


def test_who_is_signed_in_and_registered_is_led_to_their_registration(client, seats, eva):
    post(client, seats.event)

    response = client.get(address(seats.event), follow=True)

    assert "Sie sind zu dieser Veranstaltung schon angemeldet." in text_of(response)
    assert "Sie haben einen Platz" in text_of(response)


def test_who_is_signed_in_and_no_member_is_told_before_filling_in_anything(client, eva):
    community = CommunityFactory()
    event = EventFactory(takes_registrations=True, audience=Audience.COMMUNITY, community=community)
    SeatsFactory(event=event)

    assert "Nur für Mitglieder" in text_of(client.get(address(event)))
    MembershipFactory(community=community, email="eva@musterdorf.example")
    page = client.get(address(event))
    assert "Verbindlich anmelden" in text_of(page)
    assert "email_1" not in page.content.decode()


# Whom it is for -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "is_funded", "is_asked"),
    [
        (Audience.NON_FUNDED, True, True),
        (Audience.NON_FUNDED, False, False),
        (Audience.MODEL_PROJECTS, True, False),
        (Audience.MODEL_PROJECTS, False, True),
        (Audience.ALL, True, False),
    ],
)
def test_who_the_event_is_not_meant_for_is_asked_and_may_come_anyway(
    client, seats, municipality, audience, is_funded, is_asked
):
    Event.objects.update(audience=audience)
    if is_funded:
        ProjectFactory().municipalities.add(municipality)

    response = post(client, seats.event, of=municipality)

    assert ("Passt diese Veranstaltung zu Ihnen?" in text_of(response)) == is_asked
    assert Registration.objects.count() == (0 if is_asked else 1)
    if is_asked:
        post(client, seats.event, of=municipality, anyway="on")
        assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"registration_opens_at": timezone.now() + timedelta(days=1)}, "noch nicht begonnen"),
        ({"registration_closes_at": timezone.now() - timedelta(days=1)}, "ist beendet"),
        (
            {"state": "abgesagt", "cancelled_at": timezone.now(), "cancel_reason": "Sturm"},
            "Sturm",
        ),
    ],
)
def test_outside_its_window_the_page_says_why(client, seats, changes, sentence):
    Event.objects.filter(pk=seats.event_id).update(**changes)

    assert sentence in text_of(client.get(address(seats.event)))
    assert sentence in text_of(post(client, seats.event))
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("changes", [{"state": "entwurf"}, {"takes_registrations": False}])
def test_where_there_is_no_registration_there_is_no_page(client, seats, changes):
    Event.objects.filter(pk=seats.event_id).update(**changes)

    assert client.get(address(seats.event)).status_code == 404


def test_the_form_asks_the_database_as_often_for_many_as_for_few(
    client, seats, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as few:
        client.get(address(seats.event))
    for _number in range(10):
        AgendaItemFactory(event=seats.event, needs_choice=True)
    client.get(address(seats.event))
    with django_assert_max_num_queries(12) as many:
        client.get(address(seats.event))
    for _number in range(20):
        AgendaItemFactory(event=seats.event, needs_choice=True)
    with django_assert_max_num_queries(12) as more:
        client.get(address(seats.event))

    assert len(many) == len(more)
    assert len(few) <= len(many)


def test_the_page_after_sending_belongs_to_the_session_that_sent(client, seats):
    post(client, seats.event)

    stranger = Client().get(reverse("events:registered", args=[seats.event.slug]))

    assert stranger.url == address(seats.event)


# The video room -------------------------------------------------------------------------------


def test_the_video_room_is_only_in_the_mail_to_a_confirmed_seat_online(client, seats):
    """Planted in an event whose pages and mails are then searched for it."""
    Event.objects.update(online_link=SECRET_ROOM)
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=1, waiting_limit=5)
    pages = [client.get(address(seats.event))]
    for number, mode in enumerate([Mode.ONLINE, Mode.ONLINE, Mode.ON_SITE]):
        form = {"email": f"person-{number}@musterdorf.example", "mode": mode}
        pages.append(post(client, seats.event, **form))
    people = list(Registration.objects.order_by("arrival"))
    for one in people:
        page = client.post(links.path(one, Purpose.CONFIRM), follow=True)
        pages.append(page)

    assert [SECRET_ROOM in page.content.decode() for page in pages] == [False] * len(pages)
    told = {mail.to for mail in Email.objects.all() if SECRET_ROOM in mail.text}
    assert told == {people[0].email}
    assert (people[0].mode, people[0].state) == (Mode.ONLINE, RegistrationState.SEAT)
    before = Email.objects.get(to=people[0].email, subject__startswith="Bitte")
    assert SECRET_ROOM not in before.text + before.html
    assert online.pk


def test_a_kommune_that_no_list_names_is_taken_as_it_was_written(client, seats):
    written = {"organisation": "", "q": "Zweckverband Musterland, Hessen"}

    asked = post(client, seats.event, **written)

    assert Registration.objects.count() == 0
    assert "Stimmt sie, senden Sie einfach noch einmal ab" in text_of(asked)
    assert "Bitte prüfen Sie Ihre Angaben" not in text_of(asked)
    assert f'value="{AS_WRITTEN}"' in asked.content.decode()
    assert f'value="{AS_WRITTEN}"' not in client.get(address(seats.event)).content.decode()
    post(client, seats.event, **written, hits_for=written["q"], municipality=AS_WRITTEN)
    stored = Registration.objects.get()
    assert (stored.municipality, stored.organisation) == (None, "Zweckverband Musterland, Hessen")

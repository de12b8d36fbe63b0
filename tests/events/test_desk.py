"""What hosts do for people: take calls, let in who stands at the door, correct, send again."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import links, retention
from events.actions import Person, desk, publishing
from events.actions.changing import switch_mode
from events.actions.conflicts import Closed, Full
from events.actions.registering import GUARD
from events.actions.waiting import release_expired
from events.mail import registrations as mail
from events.models import (
    EventAnswer,
    EventQuestion,
    EventState,
    Mode,
    Registration,
    RegistrationState,
    Seats,
)
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email
from tests.events.counters import assert_counters_tell_the_truth
from tests.factories.accounts import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SEAT, WAITING = RegistrationState.SEAT, RegistrationState.WAITING


@pytest.fixture(autouse=True)
def counters():
    yield
    assert_counters_tell_the_truth()


@pytest.fixture
def host(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Veranstaltungen"))
    client.force_login(user)
    return client


def seats(**fields) -> Seats:
    fields = {"capacity": 1, "waiting_limit": 1, "event__format": "vor-ort"} | fields
    return SeatsFactory(**fields)


def seats_now(**fields) -> Seats:
    """At an event whose doors are open."""
    return seats(event__starts_at=timezone.now() + timedelta(hours=1), **fields)


def address(name, *args):
    return reverse(f"admin:{name}", args=args)


def posted(**fields):
    return {"submission": str(uuid.uuid4()), "organisation": "Verband"} | fields


def mails(to: str) -> list[str]:
    found = Email.objects.filter(to=to).order_by("pk").values_list("subject", flat=True)
    return [subject.split(": Regionalkonferenz")[0] for subject in found]


def state(row: Registration) -> tuple:
    row.refresh_from_db()
    return row.state, row.attended_at is not None


def test_a_caller_gets_the_last_seat_the_next_a_place_in_line_the_third_is_told(host):
    row = seats()
    page = address("events_event_enter", row.event_id)
    forms = [posted(name=name, email=f"{name}@amt.example") for name in ("Anna", "Bert", "Carla")]

    assert "noch 1 Platz" in host.get(page).text
    # The first form is sent twice.
    answers = [host.post(page, form, follow=True).text for form in (forms[0], *forms)]

    assert ["ist angemeldet" in text for text in answers] == [True, True, False, False]
    assert "Bert steht auf der Warteliste" in answers[2]
    assert "Alle Plätze sind vergeben" in answers[3]
    stored = Registration.objects.order_by("pk")
    assert {one.address_proved_at for one in stored} == {None}
    assert [(one.name, one.state, one.confirmed_at is not None) for one in stored] == [
        ("Anna", SEAT, True),
        ("Bert", WAITING, True),
    ]
    assert mails("Anna@amt.example") == ["Angemeldet"]
    assert mails("Bert@amt.example") == ["Warteliste, Platz 1"]
    letter = Email.objects.get(to="Anna@amt.example").text
    assert "die Gastgeber haben Sie angemeldet" in letter
    assert "/veranstaltungen/anmeldung/abmelden/" in letter
    again = host.post(page, posted(name="Anna", email="ANNA@amt.example")).text
    assert f"schon jemand angemeldet: Anna, {stored[0].reference}" in again


def test_no_calls_are_taken_for_what_is_a_draft_cancelled_or_has_begun():
    event = seats().event
    assert desk.takes_calls(event, now=NOW)
    assert not desk.takes_calls(event, now=event.starts_at)
    for state in set(EventState) - {EventState.PUBLISHED}:
        event.state = state
        assert not desk.takes_calls(event, now=NOW)
        with pytest.raises(Closed):
            desk.enter(event, desk.Entry(Person("Eva", "eva@amt.example"), Mode.ON_SITE,
                uuid.uuid4()), now=NOW)  # fmt: skip


def test_no_one_is_let_in_before_the_door_is_open():
    event = seats().event
    nora = desk.Entry(Person("Nora", ""), Mode.ON_SITE, uuid.uuid4())
    opens_at = event.starts_at - timedelta(hours=12)
    with pytest.raises(Closed):
        desk.walk_in(event, nora, one_more=True, now=opens_at - timedelta(seconds=1))
    assert not event.registrations.exists()
    assert desk.walk_in(event, nora, one_more=True, now=opens_at).attended_at == opens_at


def test_once_it_has_begun_what_is_free_is_for_who_stands_at_the_door():
    """Before that it belongs to who waits, and may still be on the way."""
    row = seats_now(capacity=2, taken=1, waiting=1)
    RegistrationFactory(event=row.event)
    RegistrationFactory(event=row.event, state=WAITING, seated_at=None)
    nora = desk.Entry(Person("Nora", "nora@amt.example"), Mode.ON_SITE, uuid.uuid4())
    begins = row.event.starts_at
    with pytest.raises(Full):
        desk.walk_in(row.event, nora, one_more=False, now=begins - timedelta(seconds=1))

    let_in = desk.walk_in(row.event, nora, one_more=False, now=begins)

    assert (let_in.state, let_in.attended_at) == (SEAT, begins)
    row.refresh_from_db()
    assert (row.capacity, row.taken, row.waiting) == (2, 2, 1)


def test_who_has_cancelled_is_put_right_no_more():
    gone = RegistrationFactory(
        event=seats().event, state=RegistrationState.CANCELLED, closed_at=NOW
    )
    with pytest.raises(Overtaken):
        desk.correct(gone, name="Eva", email="eva@amt.example", now=NOW)


def test_speakers_take_no_seat_and_give_none_back(host):
    row = seats()
    page = address("events_event_enter", row.event_id)
    RegistrationFactory(event=row.event)
    Seats.objects.update(taken=1)

    host.post(page, posted(name="Rita", email="rita@amt.example", contributes="on"))

    speaker = Registration.objects.get(name="Rita")
    row.refresh_from_db()
    assert (speaker.state, speaker.contributes, row.taken, row.waiting) == (SEAT, True, 1, 0)
    host.post(address("events_registration_cancel", speaker.pk), {"version": speaker.version})
    row.refresh_from_db()
    assert state(speaker)[0] == RegistrationState.CANCELLED
    assert row.taken == 1


def test_speakers_take_no_seat_on_the_other_side_either(host):
    row = seats(event__format="hybrid", event__online_link="https://video.example/raum")
    online = SeatsFactory(event=row.event, mode=Mode.ONLINE, capacity=1)
    RegistrationFactory(event=row.event, mode=Mode.ONLINE)
    Seats.objects.filter(pk=online.pk).update(taken=1)
    page = address("events_event_enter", row.event_id)
    fields = {
        "name": "Rita",
        "email": "rita@amt.example",
        "contributes": "on",
        "mode": Mode.ON_SITE,
    }
    host.post(page, posted(**fields))
    speaker = Registration.objects.select_related("event").get(name="Rita")

    switched = switch_mode(speaker, Mode.ONLINE, now=NOW)

    assert (switched.mode, switched.state, switched.contributes) == (Mode.ONLINE, SEAT, True)
    assert list(Seats.objects.order_by("pk").values_list("taken", flat=True)) == [0, 1]


def test_at_the_door_who_waits_is_let_in_and_one_more_seat_is_said_aloud(host):
    row = seats_now(taken=1, waiting=1)
    RegistrationFactory(event=row.event)
    waiting = RegistrationFactory(
        event=row.event, state=WAITING, seated_at=None, email="willi@amt.example"
    )
    page = address("events_event_walk_in", row.event_id)
    form = posted(name="Nora", organisation="")

    asked = host.post(page, form).text
    assert "einen Platz mehr anlegen" in asked
    assert Registration.objects.count() == 2
    for name, email in (("Nora", ""), ("Nils", ""), ("Willi", "Willi@amt.example")):
        more = posted(name=name, email=email, organisation="", one_more="on")
        host.post(page, more)
        host.post(page, more)

    row.refresh_from_db()
    assert (row.capacity, row.taken, row.waiting) == (4, 4, 0)
    assert state(waiting) == (SEAT, True)
    walked_in = Registration.objects.filter(email="")
    assert [(one.name, one.mode, one.state) for one in walked_in.order_by("pk")] == [
        ("Nora", Mode.ON_SITE, SEAT),
        ("Nils", Mode.ON_SITE, SEAT),
    ]
    assert mails("willi@amt.example") == ["Willkommen"]
    assert not Email.objects.filter(to="").exists()
    # What is told to everybody goes to those who can be reached.
    publishing.cancel(row.event, "Sturm", now=timezone.now())
    assert not Email.objects.filter(to="").exists()


def test_the_door_says_in_the_same_words_as_the_desk_why_somebody_is_not_entered(host, monkeypatch):
    event = seats_now(taken=0).event

    def refuse(*_args, **_options):
        raise NotPossible("Mit dieser Adresse ist schon jemand angemeldet: Lea, V-123.")

    monkeypatch.setattr(desk, "walk_in", refuse)

    page = host.post(
        address("events_event_walk_in", event.pk), posted(name="Lea", organisation="")
    ).text

    assert "Mit dieser Adresse ist schon jemand angemeldet: Lea, V-123." in page


def test_who_registers_while_they_are_entered_at_the_door_is_let_in_with_that(host, monkeypatch):
    row = seats_now(taken=1)
    lea = RegistrationFactory(event=row.event, email="lea@amt.example")
    found, asked = desk._live, []

    def not_yet(event, entry):
        asked.append(entry)
        return found(event, entry) if len(asked) > 1 else None

    monkeypatch.setattr(desk, "_live", not_yet)

    form = posted(name="Lea", email="lea@amt.example", organisation="", one_more="on")
    host.post(address("events_event_walk_in", row.event_id), form)

    lea.refresh_from_db()
    assert lea.attended_at is not None
    assert Registration.objects.count() == 1


def test_who_stands_at_the_door_keeps_a_seat_that_nobody_confirmed_in_time(host):
    row = seats_now(taken=1)
    late = RegistrationFactory(
        event=row.event,
        email="lea@amt.example",
        confirmed_at=None,
        hold_until=timezone.now() - timedelta(minutes=1),
    )

    host.post(
        address("events_event_walk_in", row.event_id),
        posted(name="Lea", email="lea@amt.example", organisation=""),
    )
    release_expired(now=timezone.now())

    assert state(late) == (SEAT, True)
    assert late.hold_until is None
    row.refresh_from_db()
    assert (row.capacity, row.taken) == (1, 1)


def test_a_wrong_address_is_put_right_told_there_and_old_links_die(host):
    row = seats()
    taken = RegistrationFactory(event=row.event, email="besetzt@amt.example")
    person = RegistrationFactory(
        event=row.event,
        email="eva@atm.example",
        user=UserFactory(email="eva@atm.example"),
        confirmed_at=None,
        address_proved_at=NOW,
        hold_until=NOW + timedelta(hours=2),
    )
    Seats.objects.update(capacity=2, taken=2)
    page = address("events_registration_step", person.pk, "berichtigen")
    form = {"name": "Eva Richtig", "version": person.version}

    refused = host.post(page, form | {"email": taken.email}).text
    assert "schon jemand angemeldet" in refused
    host.post(page, form | {"email": "eva@amt.example"})
    late = host.post(page, form | {"email": "eva@anders.example"}, follow=True).text

    person.refresh_from_db()
    assert (person.name, person.email, person.email_key) == (
        "Eva Richtig",
        "eva@amt.example",
        "eva@amt.example",
    )
    assert person.confirmed_at is not None
    # The host's word is enough for the event; the person has shown nothing of this address.
    assert person.address_proved_at is None
    assert person.hold_until is None
    # Who had the other address reads nothing of this person.
    assert person.user is None
    assert "Es wurde nichts geändert" in late
    assert mails("eva@amt.example") == ["Ihre Angaben sind berichtigt"]
    assert mails("eva@atm.example") == mails("eva@anders.example") == []


def test_mode_and_workshop_are_changed_within_what_is_free_and_the_mail_is_sent_again(host):
    row = seats(event__format="hybrid", event__online_link="https://video.example/raum")
    online = SeatsFactory(event=row.event, mode=Mode.ONLINE, capacity=0)
    person = RegistrationFactory(event=row.event, email="eva@amt.example")
    full = AgendaItemFactory(event=row.event, needs_choice=True, capacity=0, title="Voll")
    free = AgendaItemFactory(event=row.event, needs_choice=True, capacity=1, title="Frei")
    Seats.objects.filter(pk=row.pk).update(taken=1)

    def step(slug, **fields):
        person.refresh_from_db()
        page = address("events_registration_step", person.pk, slug)
        return host.post(page, {"version": person.version, **fields}, follow=True).text

    assert "kein Platz frei" in step("wechseln")
    step("programm", items=[full.pk])
    assert list(person.sessions.all()) == []
    step("programm", items=[free.pk])
    Seats.objects.filter(pk=online.pk).update(capacity=1)
    step("wechseln")
    step("erneut-senden")

    person.refresh_from_db()
    assert (person.mode, list(person.sessions.all())) == (Mode.ONLINE, [free])
    assert mails("eva@amt.example") == [
        "Ihre Anmeldung ist geändert",
        "Sie nehmen jetzt online teil",
        "Angemeldet",
    ]


def test_each_workshop_has_its_list_to_sign(host):
    row = seats()
    item = AgendaItemFactory(event=row.event, needs_choice=True, title="Sensorik", room="Saal 2")
    for name, items in (("Ada", [item]), ("Bea", [])):
        RegistrationFactory(event=row.event, name=name).sessions.set(items)
    Seats.objects.update(capacity=2, taken=2)
    item.taken = 1
    item.save()
    page = address("events_event_paper", row.event_id)

    everybody, one = host.get(page).text, host.get(f"{page}?punkt={item.pk}").text

    assert ("Ada" in everybody, "Bea" in everybody) == (True, True)
    assert ("Ada" in one, "Bea" in one) == (True, False)
    assert "Saal 2" in one
    assert f'href="{page}?punkt={item.pk}"' in everybody


def test_own_questions_are_asked_shown_to_hosts_and_gone_with_the_name(host):
    visitor = Client()
    row = seats(capacity=5)
    event = row.event
    asked = [
        EventQuestion.objects.create(
            event=event,
            position=1,
            text="Womit kommen Sie?",
            kind="auswahl",
            options="Bahn\nAuto",
            is_required=True,
        ),
        EventQuestion.objects.create(event=event, position=2, text="Was ist Ihr Thema?"),
    ]
    names = [f"frage_{one.pk}" for one in asked]
    page = reverse("events:register", args=[event.slug])
    values = {
        "name": "Eva",
        "email": "eva@amt.example",
        "organisation": "Verband",
        "submission": str(uuid.uuid4()),
        "stamp": GUARD.stamp(now=NOW - timedelta(minutes=1)),
        names[1]: "Leises Thema",
    }

    refused = visitor.post(page, values).text
    assert "Bitte beantworten Sie diese Frage" in refused
    visitor.post(page, values | {names[0]: "Rakete"})
    assert Registration.objects.count() == 0
    visitor.post(page, values | {names[0]: "Bahn"})

    person = Registration.objects.get()
    given = [one.text for one in person.answers.order_by("question__position")]
    assert given == ["Bahn", "Leises Thema"]
    assert "Leises Thema" in host.get(address("events_registration_change", person.pk)).text
    shown = host.get(address("events_event_answers", event.pk)).text
    assert "1 × „Bahn“" in shown
    chosen = {"action": "export", "_selected_action": [person.pk], "confirmed": "ja"}
    table = host.post(reverse("admin:events_registration_changelist"), chosen)
    header, line = table.content.decode("utf-8-sig").splitlines()
    assert "Frage: Was ist Ihr Thema?" in header
    assert "Leises Thema" in line

    retention.carry_out(now=event.ends_at + retention.OVER + timedelta(days=1))

    person.refresh_from_db()
    assert person.name == ""
    assert not EventAnswer.objects.exists()


def test_whom_a_colleague_or_a_host_registered_is_asked_the_questions_in_their_own_email(host):
    row = seats(capacity=9)
    event = row.event
    must, may = (
        EventQuestion.objects.create(event=event, position=n, text=text, is_required=n == 1)
        for n, text in ((1, "Welche Plattform?"), (2, "Leises Thema?"))
    )
    eva = RegistrationFactory(event=event, name="Eva", confirmed_at=None)
    EventAnswer.objects.create(registration=eva, question=must, text="FIWARE")
    along = RegistrationFactory(event=event, name="Ute", confirmed_at=None, registered_by=eva)
    caller = RegistrationFactory(event=event, name="Kai")
    Seats.objects.update(taken=3)

    def letter(tell, person):
        tell(person, place=None, now=NOW)
        return Email.objects.latest("pk").text

    own = letter(mail.welcome, eva)
    theirs = letter(mail.welcome, along)
    by_phone = letter(mail.tell_entered, caller)

    assert "noch wissen" not in own
    asked = "noch wissen:\n- Welche Plattform?\n"
    assert f"{asked}- Leises Thema?\nAntworten Sie bitte" in theirs
    assert f"{asked}Antworten Sie bitte" in by_phone
    Registration.objects.update(confirmed_at=NOW)
    caller.refresh_from_db()
    see = links.path(caller, links.Purpose.SEE)
    assert "Welche Plattform?" in Client().get(see).text
    shown = host.get(address("events_event_answers", event.pk)).text
    assert "Noch ohne Antwort (2)" in shown
    EventAnswer.objects.create(registration=caller, question=must, text="Keine")
    EventAnswer.objects.create(registration=along, question=must, text="Keine")
    assert "noch wissen" not in Client().get(see).text
    assert not EventQuestion.objects.still_for(along).exists()
    assert may not in EventQuestion.objects.still_for(caller)


def test_questions_go_along_when_an_event_is_held_again():
    event = EventFactory()
    EventQuestion.objects.create(event=event, position=2, text="Was ist Ihr Thema?")
    begin = event.starts_at + timedelta(days=7)

    copy = publishing.duplicate(event, starts_at=begin, ends_at=begin + timedelta(hours=1))

    assert [(one.position, one.text) for one in copy.questions.all()] == [(2, "Was ist Ihr Thema?")]


def test_the_desk_is_for_hosts_of_the_event_alone(client):
    event = seats(event__community=CommunityFactory()).event
    person = RegistrationFactory(event=event, name="Gerda Geheim")
    Seats.objects.update(taken=1)
    client.force_login(CoordinationFactory(user__is_staff=True).user)
    pages = [
        *(
            address(f"events_event_{name}", event.pk)
            for name in ("enter", "walk_in", "answers", "paper", "attendance")
        ),
        *(
            address("events_registration_step", person.pk, slug)
            for slug in ("berichtigen", "wechseln", "programm", "erneut-senden")
        ),
    ]
    form = posted(name="Mallory", email="m@amt.example", version=1)
    for page in (*pages, address("events_event_check_in", event.pk)):
        for answer in (client.get(page), client.post(page, form | {"da": person.pk})):
            assert answer.status_code in (302, 404, 405), page
            assert "Gerda" not in answer.text
    assert Registration.objects.get().attended_at is None


def test_a_form_sent_by_two_hosts_at_once_is_told_as_known():
    row = seats()
    entry = desk.Entry(Person("Eva", "eva@amt.example"), Mode.ON_SITE, uuid.uuid4())

    first, again = (desk.enter(row.event, entry, now=NOW) for _time in range(2))

    assert first.pk == again.pk
    assert len(mails("eva@amt.example")) == 1

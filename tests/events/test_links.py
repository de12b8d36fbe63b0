"""The pages behind the links in e-mails, as people and as mail scanners open them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import signing
from django.utils import timezone
from icalendar import Calendar

from events import actions, links
from events.actions import Details, Person, publishing
from events.links import Outcome, Purpose
from events.mail import registrations
from events.models import Event, Mode, Registration, RegistrationState
from mailing.models import Email
from tests.events.counters import assert_counters_tell_the_truth
from tests.factories import MunicipalityFactory
from tests.factories.events import AgendaItemFactory, EventFactory, SeatsFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def seats():
    return SeatsFactory(capacity=2, waiting_limit=5)


def held(seats, number: int = 1) -> Registration:
    person = Person(f"Person {number}", f"person-{number}@musterdorf.example")
    result = actions.register(
        seats.event, [person], Mode(seats.mode), submission=uuid.uuid4(), now=timezone.now()
    )
    return Registration.objects.select_related("event").get(pk=result.people[0].pk)


def firm(seats, number: int = 1) -> Registration:
    return actions.confirm(held(seats, number), now=timezone.now())


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def everything() -> dict[str, list]:
    """All rows of the app and of the outbox."""
    models = [*apps.get_app_config("events").get_models(), Email]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def addresses_in_emails() -> set[str]:
    texts = " ".join(email.text for email in Email.objects.all())
    return set(re.findall(r"https?://[^/\s]+(/veranstaltungen/anmeldung/[a-z]+/[^\s/]+/)", texts))


def test_opening_links_of_emails_changes_no_row_however_often(client, seats):
    """Each of every e-mail, and of those for one purpose with one answer one of them ten times."""
    near = SeatsFactory(
        event=EventFactory(takes_registrations=True, starts_at=NOW + timedelta(days=1)),
        capacity=1,
        waiting_limit=5,
    )
    for one in (seats, near):
        first, _second, _third = (firm(one, number) for number in (1, 2, 3))
        actions.cancel(first, now=NOW)
    again = held(seats, 4)
    registrations.tell_known(again, now=timezone.now())
    changed = firm(SeatsFactory(), 5)
    actions.change(changed, name="Anders", details=Details(), now=NOW)
    addresses = addresses_in_emails()
    assert {address.split("/")[3] for address in addresses} == set(Purpose)
    before, alike = everything(), {}

    for address in sorted(addresses):
        opened = client.get(address).status_code
        assert opened in (200, 410)
        assert client.head(address).status_code in (200, 410)
        alike[address.split("/")[3], opened] = address
    for address in [*alike.values()] * 9:
        assert client.get(address).status_code in (200, 410)
        assert client.head(address).status_code in (200, 410)

    assert everything() == before


def test_from_confirming_to_leaving_every_step_works_by_its_link(client, seats):
    one = held(seats)

    page = text_of(client.post(links.path(one, Purpose.CONFIRM), follow=True))
    assert "Sie sind angemeldet." in page
    one.refresh_from_db()
    page = text_of(
        client.post(
            links.path(one, Purpose.CHANGE),
            {"name": "Neuer Name", "organisation": "Verband"},
            follow=True,
        )
    )
    assert "Ihre Änderungen sind gespeichert." in page
    assert "Neuer Name" in page
    one.refresh_from_db()
    page = text_of(client.post(links.path(one, Purpose.CANCEL), follow=True))
    assert "Sie sind abgemeldet." in page
    one.refresh_from_db()
    assert one.state == RegistrationState.CANCELLED
    assert_counters_tell_the_truth()


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.CANCEL])
def test_a_link_used_twice_says_that_it_is_done(client, seats, purpose):
    one = held(seats) if purpose is Purpose.CONFIRM else firm(seats)
    address = links.path(one, purpose)
    client.post(address)
    sent = Email.objects.count()

    for response in (client.get(address), client.post(address)):
        assert "Schon erledigt" in text_of(response)
        assert response.status_code == 200
    assert Email.objects.count() == sent


def test_every_change_kills_the_links_before_it(client, seats):
    one = firm(seats)
    old = {purpose: links.path(one, purpose) for purpose in (Purpose.SEE, Purpose.CANCEL)}
    actions.change(one, name="Anders", details=Details(), now=NOW)

    for address in old.values():
        response = client.post(address) if "abmelden" in address else client.get(address)
        assert response.status_code == 410
        assert "neuesten E-Mail" in text_of(response)
    one.refresh_from_db()
    assert one.state == RegistrationState.SEAT


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_opens_nothing_but_what_it_is_for(client, seats, purpose):
    one = held(seats)
    for other in set(Purpose) - {purpose}:
        foreign = f"/veranstaltungen/anmeldung/{other}/{links.token_for(one, purpose)}/"
        assert client.get(foreign).status_code == 404
        assert client.post(foreign).status_code in (404, 405)
    before = one.version
    one.refresh_from_db()
    assert one.version == before


@pytest.mark.parametrize("purpose", list(Purpose))
# Signed tokens tell the second; as names of tests the processes of a run would not agree on them.
@pytest.mark.parametrize(
    "token",
    ["erfunden:1:2", "x" * 300, signing.dumps([1, 1])],
    ids=["made-up", "endless", "signed-for-something-else"],
)
def test_a_made_up_link_explains_itself(client, purpose, token):
    response = client.get(f"/veranstaltungen/anmeldung/{purpose}/{token}/")

    assert response.status_code == 404
    assert "nicht vollständig" in text_of(response)


def test_a_moved_event_moves_the_end_of_its_links(seats):
    one = firm(seats)
    token = links.token_for(one, Purpose.CANCEL)
    later = seats.event.starts_at + timedelta(days=1)
    assert links.open_token(token, Purpose.CANCEL, now=later).outcome is Outcome.EXPIRED

    Event.objects.update(starts_at=later + timedelta(days=1), ends_at=later + timedelta(days=2))

    assert links.open_token(token, Purpose.CANCEL, now=later).is_valid


def test_confirming_too_late_says_so(client, seats):
    one = held(seats)
    Registration.objects.update(hold_until=timezone.now())

    response = client.post(links.path(one, Purpose.CONFIRM))

    assert response.status_code == 410
    assert "Die Zeit zum Bestätigen ist vorbei" in text_of(response)


# The waiting list -----------------------------------------------------------------------------


def test_the_page_shows_the_place_in_line_and_a_button_to_leave(client, seats):
    _one, _two, third, fourth = (firm(seats, number) for number in (1, 2, 3, 4))
    page = client.get(links.path(fourth, Purpose.SEE))
    assert "Platz 2 auf der Warteliste" in text_of(page)

    (leave,) = re.findall(r'action="(/veranstaltungen/anmeldung/abmelden/[^"]+)"', text_of(page))
    answer = client.post(leave, follow=True)

    assert "Sie stehen nicht mehr auf der Warteliste." in text_of(answer)
    assert actions.place_in_line(third) == 1
    assert_counters_tell_the_truth()


def test_the_place_in_line_on_the_page_is_the_one_of_now(client, seats):
    _one, _two, third, fourth = (firm(seats, number) for number in (1, 2, 3, 4))
    actions.cancel(third, now=NOW)

    assert "Platz 1 auf der Warteliste" in text_of(client.get(links.path(fourth, Purpose.SEE)))


def test_an_offer_is_accepted_by_its_button(client):
    event = EventFactory(takes_registrations=True, starts_at=timezone.now() + timedelta(days=2))
    seats = SeatsFactory(event=event, capacity=1, waiting_limit=1)
    first, waits = firm(seats, 1), firm(seats, 2)
    actions.cancel(first, now=timezone.now())
    waits.refresh_from_db()
    assert "reserviert" in text_of(client.get(links.path(waits, Purpose.SEE)))
    address = links.path(waits, Purpose.ACCEPT)
    client.get(address)
    waits.refresh_from_db()
    assert waits.state == RegistrationState.OFFERED

    page = text_of(client.post(address, follow=True))

    assert "Der Platz gehört Ihnen." in page
    assert "schon angenommen" in text_of(client.post(address))


def test_who_is_offered_a_seat_and_cannot_come_turns_it_down_from_the_same_page(client, seats):
    offered = firm(seats)
    Registration.objects.update(
        state=RegistrationState.OFFERED, offered_until=timezone.now() + timedelta(hours=5)
    )
    offered.refresh_from_db()
    text = client.get(links.path(offered, Purpose.ACCEPT)).text

    [cancelling] = re.findall(r'href="(/veranstaltungen/anmeldung/abmelden/[^"]+)"', text)
    client.post(cancelling)

    offered.refresh_from_db()
    assert offered.state == RegistrationState.CANCELLED


# On site or online ----------------------------------------------------------------------------


def test_switching_is_one_button_and_keeps_the_old_seat_if_there_is_no_new_one(client, seats):
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=1)
    one, other = firm(seats, 1), firm(online, 2)

    refused = client.post(links.path(one, Purpose.CHANGE), {"wechseln": "1"})
    assert "gerade kein Platz frei" in text_of(refused)
    actions.cancel(other, now=NOW)
    answer = client.post(links.path(one, Purpose.CHANGE), {"wechseln": "1"}, follow=True)

    assert "Sie nehmen jetzt online teil." in text_of(answer)
    one.refresh_from_db()
    assert one.mode == Mode.ONLINE
    assert_counters_tell_the_truth()


def as_shown(page) -> dict:
    """What a browser sends of the form on a page when nobody has typed."""
    values = {field.html_name: field.value() for field in page.context["form"]}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_switching_throws_nothing_away_that_was_typed(client, seats):
    SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=1)
    AgendaItemFactory(event=seats.event, needs_choice=True)
    one = firm(seats)
    town = MunicipalityFactory(name="Musterdorf")
    told = Details(
        municipality=town, needs=["stufenlos"], needs_text="Rollstuhl", catering_note="vegan"
    )
    one = actions.change(one, name="Eva Alt", details=told, now=timezone.now())
    page = client.get(links.path(one, Purpose.CHANGE))
    # The button stands below the form, and would send nothing without it.
    [form] = re.findall(r'<button [^>]*form="(\w+)" name="wechseln"', page.text)
    assert re.search(rf'<form [^>]*id="{form}"', page.text)
    shown = as_shown(page)
    assert (shown["q"], shown["picked"]) == ("Musterdorf", str(town.pk))
    pressed = shown | {"wechseln": "1"}

    kept = client.post(links.path(one, Purpose.CHANGE), pressed | {"name": "Eva Neu"})
    one.refresh_from_db()
    assert "Bitte speichern Sie das zuerst; danach wechseln Sie." in text_of(kept)
    assert 'value="Eva Neu"' in text_of(kept)
    assert (one.name, one.mode) == ("Eva Alt", Mode.ON_SITE)

    done = client.post(links.path(one, Purpose.CHANGE), pressed, follow=True)
    one.refresh_from_db()
    assert "Sie nehmen jetzt online teil." in text_of(done)
    assert (one.name, one.mode) == ("Eva Alt", Mode.ONLINE)


def test_an_event_of_one_kind_offers_no_switching(client, seats):
    page = client.get(links.path(firm(seats), Purpose.CHANGE))

    assert "wechseln" not in page.content.decode()


# What else is on the page ---------------------------------------------------------------------


def test_the_entry_for_the_calendar_is_only_for_a_confirmed_seat(client, seats):
    one, waiting = firm(seats), held(seats, 2)

    response = client.get(links.path(one, Purpose.SEE) + "termin.ics")
    refused = client.get(links.path(waiting, Purpose.SEE) + "termin.ics")

    (entry,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert entry["dtstart"].dt == seats.event.starts_at.replace(microsecond=0)
    assert refused.status_code == 410


def test_who_is_there_is_shown_to_participants_and_only_with_consent(client, seats):
    Event.objects.update(has_participants_list=True)
    one, other = firm(seats, 1), firm(seats, 2)
    waiting = firm(seats, 3)
    Registration.objects.filter(pk__in=[one.pk, waiting.pk]).update(on_participants_list=True)

    to_seated = text_of(client.get(links.path(other, Purpose.SEE)))
    to_waiting = text_of(client.get(links.path(waiting, Purpose.SEE)))

    assert '<li class="typed">Person 1</li>' in to_seated
    assert '<li class="typed">Person 2</li>' not in to_seated
    assert '<li class="typed">Person 3</li>' not in to_seated
    assert "Person 1" not in to_waiting


def test_a_cancelled_event_says_so_and_offers_nothing(client, seats):
    one = firm(seats)
    Event.objects.update(state="abgesagt", cancelled_at=NOW, cancel_reason="Sturm")

    page = text_of(client.get(links.path(one, Purpose.SEE)))

    assert "Sturm" in page
    assert "anmeldung/aendern" not in page
    assert "anmeldung/abmelden" not in page


def test_after_leaving_old_links_say_so_and_point_to_no_newer_email(client, seats):
    one = firm(seats)
    paths = [links.path(one, purpose) for purpose in (Purpose.SEE, Purpose.CHANGE)]
    actions.cancel(one, now=NOW)

    for path in paths:
        page = text_of(client.get(path))
        assert "Sie sind abgemeldet. Möchten Sie doch teilnehmen, melden Sie sich" in page
        assert "neuesten E-Mail" not in page


def test_who_still_waited_when_it_began_is_promised_no_seat_any_more(client, seats):
    one = firm(seats)
    Registration.objects.update(state="warteliste", seated_at=None)
    one.refresh_from_db()
    before = text_of(client.get(links.path(one, Purpose.SEE)))
    begun = timezone.now() - timedelta(minutes=5)
    Event.objects.update(starts_at=begun, ends_at=begun + timedelta(hours=3))

    page = text_of(client.get(links.path(one, Purpose.SEE)))

    assert "Sie müssen nichts tun" in before
    assert "Sie müssen nichts tun" not in page
    assert "<dt>Stand</dt><dd>Sie standen auf der Warteliste</dd>" in page


def test_who_had_a_seat_reads_so_once_the_event_is_over(client, seats):
    address = links.path(firm(seats), Purpose.SEE)
    ahead = text_of(client.get(address))
    now = timezone.now()
    Event.objects.update(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))

    over = text_of(client.get(address))

    assert ("Sie haben einen Platz" in ahead, "In den Kalender" in ahead) == (True, True)
    assert "Sie hatten einen Platz" in over
    assert "In den Kalender" not in over


def test_who_waits_for_a_cancelled_event_is_promised_no_seat(client, seats):
    one = firm(seats)
    Registration.objects.update(state="warteliste", seated_at=None)
    Event.objects.update(state="abgesagt", cancelled_at=NOW, cancel_reason="Sturm")
    one.refresh_from_db()

    page = text_of(client.get(links.path(one, Purpose.SEE)))

    assert "<dt>Stand</dt><dd>Die Veranstaltung ist abgesagt</dd>" in page
    assert "Sie müssen nichts tun" not in page
    assert "Platz 1 auf der Warteliste" not in page


def test_to_leave_a_cancelled_event_as_erasing_an_account_does_writes_no_second_farewell(seats):
    one = firm(seats)
    publishing.cancel(seats.event, "Sturm", now=NOW)
    Email.objects.all().delete()
    one.refresh_from_db()

    assert actions.cancel(one, now=NOW).state == RegistrationState.CANCELLED

    assert not Email.objects.exists()


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.SEE])
def test_links_from_before_an_event_was_cancelled_promise_nothing_any_more(client, seats, purpose):
    one = firm(seats)
    older = links.path(one, purpose)
    one.version += 1
    newer = links.path(one, purpose)
    Registration.objects.update(version=one.version)
    Event.objects.update(state="abgesagt", cancelled_at=NOW, cancel_reason="Sturm")

    answers = [client.get(older), client.get(newer), client.post(newer)]

    assert [answer.status_code for answer in answers[1:]] == [410, 410]
    for answer in answers:
        assert "Diese Veranstaltung ist abgesagt. Sie müssen nichts weiter tun." in answer.text
    assert [one.state for one in Registration.objects.all()] == ["platz"]


def test_nobody_keeps_a_copy_of_a_private_page(client, seats):
    response = client.get(links.path(firm(seats), Purpose.SEE))

    names = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    assert [response[name] for name in names] == [
        "no-store, private",
        "same-origin",
        "noindex, nofollow",
    ]


def test_every_email_offers_only_links_that_its_reader_can_use(seats):
    """Each address in each newest e-mail opens a page with a button, or the page to see it all."""
    one, two, three = firm(seats, 1), held(seats, 2), firm(seats, 3)
    actions.cancel(one, now=NOW)
    for registration in (two, three):
        newest = Email.objects.filter(to=registration.email).latest("pk")
        found = re.findall(r"/veranstaltungen/anmeldung/([a-z]+)/([^\s/]+)/", newest.text)
        assert found
        for purpose, token in found:
            assert links.open_token(token, Purpose(purpose), now=timezone.now()).is_valid
    assert set(registrations.PURPOSES["ask_to_confirm"]) == {Purpose.CONFIRM, Purpose.CANCEL}

"""Getting a seat, or a place in line, and confirming the address."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils import timezone

from accounts.guard import TooMany
from events import actions
from events.actions import Closed, Details, Full, Person, SessionFull, TooLate
from events.models import (
    Audience,
    EventQuestion,
    Mode,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    Seats,
)
from ground.calendar import BERLIN
from ground.clock import deadline
from ground.refusals import Overtaken
from mailing.models import Email
from tests.events.counters import assert_counters_tell_the_truth
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.events import AgendaItemFactory, EventFactory, SeatsFactory
from tests.some import some

pytestmark = pytest.mark.django_db

EVA = Person("Eva Beispiel", "eva@musterdorf.example")
NOW = timezone.now()
SEAT, WAITING = RegistrationState.SEAT, RegistrationState.WAITING


def at(day: int, hour: int) -> datetime:
    """So many days into November 2026 on German clocks; the 27th is a Friday."""
    begin = datetime(2026, 11, 1, hour, tzinfo=BERLIN)
    return begin + timedelta(days=day - 1)


@pytest.fixture(autouse=True)
def counters():
    yield
    assert_counters_tell_the_truth()


def register(seats, *people, now=NOW, **options):
    options.setdefault("submission", uuid.uuid4())
    return actions.register(
        seats.event, people or [EVA], Mode(options.pop("mode", seats.mode)), now=now, **options
    )


def person(number: int) -> Person:
    return Person(f"Person {number}", f"person-{number}@musterdorf.example")


def emails_to(address: str) -> list[str]:
    """Their subjects without the event's title, in order."""
    subjects = Email.objects.filter(to=address).order_by("pk").values_list("subject", flat=True)
    return [subject.split(": Regionalkonferenz")[0] for subject in subjects]


def test_who_registers_has_a_seat_for_two_hours_and_is_asked_to_confirm():
    seats = SeatsFactory()

    result = register(seats)

    (stored,) = result.people
    assert (result.state, result.needs_confirmation) == (SEAT, True)
    assert (stored.state, stored.confirmed_at) == (SEAT, None)
    assert stored.hold_until == actions.held_until(seats.event, now=NOW)
    assert stored.hold_until >= NOW + timedelta(hours=2)
    assert emails_to(EVA.email) == ["Bitte bestätigen"]


@pytest.mark.parametrize(
    ("sent", "begins", "until"),
    [
        # A Friday in the morning and in the evening, and an event on Monday at ten.
        (at(27, 10), at(60, 10), at(27, 12)),
        (at(27, 18), at(60, 10), at(30, 12)),
        (at(27, 18), at(30, 10), at(30, 10)),
    ],
)
def test_a_seat_is_held_until_people_are_at_their_desks_but_not_into_the_event(sent, begins, until):
    seats = SeatsFactory(event__starts_at=begins)

    (stored,) = register(seats, now=sent).people

    assert stored.hold_until == until


def test_until_the_address_is_confirmed_nothing_typed_goes_to_it():
    seats = SeatsFactory()

    register(
        seats,
        Person("Kaufen Sie jetzt", EVA.email),
        details=Details(organisation="Jetzt kaufen", needs_text="Günstig", catering_note="Rabatt"),
    )

    text = Email.objects.get().text + Email.objects.get().subject
    assert [word for word in ("aufen", "Günstig", "Rabatt") if word in text] == []


def test_confirming_makes_it_firm_and_brings_the_entry_for_the_calendar():
    seats = SeatsFactory()
    (held,) = register(seats).people

    firm = actions.confirm(held, now=NOW + timedelta(minutes=5))

    assert (firm.state, firm.hold_until) == (SEAT, None)
    assert firm.confirmed_at == NOW + timedelta(minutes=5)
    assert emails_to(EVA.email) == ["Bitte bestätigen", "Angemeldet"]
    (ics,) = Email.objects.latest("pk").attachments
    assert "method=REQUEST" in ics["type"]


def test_confirming_counts_once():
    (held,) = register(SeatsFactory()).people
    actions.confirm(held, now=NOW)

    with pytest.raises(Overtaken):
        actions.confirm(held, now=NOW)

    assert len(emails_to(EVA.email)) == 2


def test_after_the_deadline_it_is_too_late_to_confirm():
    (held,) = register(SeatsFactory()).people

    with pytest.raises(TooLate):
        actions.confirm(held, now=held.hold_until)


def test_what_nobody_confirms_expires_and_the_next_moves_up():
    seats = SeatsFactory(capacity=1, waiting_limit=5)
    (first,) = register(seats, person(1)).people
    (second,) = register(seats, person(2)).people
    actions.confirm(second, now=NOW)

    assert actions.release_expired(now=first.hold_until - timedelta(minutes=1)) == 0
    assert actions.release_expired(now=first.hold_until) == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (RegistrationState.EXPIRED, SEAT)
    assert emails_to(first.email) == ["Bitte bestätigen"]
    assert emails_to(second.email) == [
        "Bitte bestätigen",
        "Warteliste, Platz 1",
        "Sie haben jetzt einen Platz",
    ]


def test_who_is_signed_in_with_a_confirmed_address_needs_not_confirm():
    user = UserFactory(email=EVA.email)
    EmailAddress.objects.create(user=user, email=EVA.email, verified=True, primary=True)

    result = register(SeatsFactory(), user=user)

    assert not result.needs_confirmation
    (person,) = result.people
    assert (person.confirmed_at, person.address_proved_at, person.user) == (NOW, NOW, user)
    assert emails_to(EVA.email) == ["Angemeldet"]


def test_an_account_proves_only_its_own_confirmed_addresses():
    user = UserFactory(email=EVA.email)
    EmailAddress.objects.create(user=user, email=EVA.email, verified=False, primary=True)

    result = register(SeatsFactory(), user=user)

    assert result.needs_confirmation
    assert result.people[0].user is None


def test_without_a_seat_people_wait_in_the_order_in_which_they_came():
    seats = SeatsFactory(capacity=1, waiting_limit=2)
    register(seats, person(1))

    results = [register(seats, person(number)) for number in (2, 3)]

    assert [result.state for result in results] == [WAITING, WAITING]
    assert [actions.place_in_line(result.people[0]) for result in results] == [1, 2]


def test_who_comes_too_late_is_told_what_is_still_possible():
    seats = SeatsFactory(capacity=1)
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE, capacity=7, waiting_limit=3)
    register(seats, person(1))

    with pytest.raises(Full) as refused:
        register(seats, person(2))

    possible = {one.mode: (one.free, one.waiting_places) for one in refused.value.possible}
    assert possible == {seats.mode: (0, 0), online.mode: (7, 3)}
    assert Registration.objects.count() == 1


def test_a_seat_that_others_wait_for_is_not_promised_to_who_comes_too_late():
    seats = SeatsFactory(capacity=1, waiting_limit=1)
    register(seats, person(1))
    register(seats, person(2))
    Seats.objects.update(capacity=F("capacity") + 1)

    with pytest.raises(Full) as refused:
        register(seats, person(3))

    assert [(one.free, one.waiting_places) for one in refused.value.possible] == [(0, 0)]
    actions.move_up(seats.event, now=NOW)


def test_without_a_limit_everybody_has_a_seat():
    seats = SeatsFactory(capacity=None)

    assert {register(seats, person(number)).state for number in range(9)} == {SEAT}


def test_nobody_overtakes_who_waits():
    """Also where a seat is free for a moment: it belongs to who waits."""
    seats = SeatsFactory(capacity=1, waiting_limit=5)
    register(seats, person(1))
    register(seats, person(2))
    Seats.objects.update(capacity=F("capacity") + 1)

    assert register(seats, person(3)).state == WAITING

    actions.move_up(seats.event, now=NOW)


def test_a_form_sent_twice_registers_once():
    seats, submission = SeatsFactory(), uuid.uuid4()

    results = [register(seats, submission=submission) for _time in range(2)]

    assert results[0].people == results[1].people
    assert Registration.objects.count() == Email.objects.count() == 1


def test_who_sends_a_form_again_does_not_learn_whether_the_mailbox_has_confirmed():
    seats, submission = SeatsFactory(capacity=5), uuid.uuid4()
    first = register(seats, submission=submission)
    actions.confirm(first.people[0], now=NOW)

    again = register(seats, submission=submission)

    assert (again.state, again.needs_confirmation) == (first.state, first.needs_confirmation)
    assert (again.state, again.needs_confirmation) == (SEAT, True)


def test_who_is_registered_already_gets_the_links_and_the_page_says_nothing():
    seats = SeatsFactory(capacity=5)
    (held,) = register(seats).people
    actions.confirm(held, now=NOW)
    stranger = register(seats, person(2))

    again = register(seats, Person("Jemand", "Eva+noch-einmal@Musterdorf.example"))

    assert (again.state, again.needs_confirmation) == (stranger.state, stranger.needs_confirmation)
    assert again.people == []
    assert emails_to(EVA.email)[-1] == "Sie sind schon angemeldet"
    assert not Email.objects.filter(to__startswith="Eva+").exists()


def test_the_hint_that_somebody_is_registered_comes_once_an_hour():
    seats = SeatsFactory()
    register(seats)

    for _time in range(3):
        register(seats)

    assert emails_to(EVA.email) == ["Bitte bestätigen", "Bitte noch bestätigen"]


def test_who_has_cancelled_can_register_again():
    seats = SeatsFactory()
    (held,) = register(seats).people
    actions.cancel(held, now=NOW)

    assert register(seats).state == SEAT


# Groups ---------------------------------------------------------------------------------------


def test_a_group_is_seated_together_and_colleagues_hear_of_it_once_it_is_clear_who_asks():
    seats = SeatsFactory(capacity=3)

    eva, *colleagues = register(seats, EVA, person(1), person(2)).people
    assert Email.objects.count() == 1
    actions.confirm(eva, now=NOW)

    assert Seats.objects.get().taken == 3
    for number, colleague in enumerate(colleagues, start=1):
        colleague.refresh_from_db()
        assert colleague.registered_by == eva
        assert colleague.hold_until == NOW + timedelta(days=3)
        mail = Email.objects.get(to=person(number).email)
        assert "Eva Beispiel (eva@musterdorf.example) hat Sie" in mail.text
        assert "/anmeldung/bestaetigen/" in mail.text


def test_colleagues_of_before_a_long_weekend_have_until_noon_of_the_working_day_after_it():
    """From Maundy Thursday on nobody is at a desk before Easter Tuesday."""
    thursday = datetime(2027, 3, 25, 9, tzinfo=UTC)
    event = EventFactory(takes_registrations=True, starts_at=thursday + timedelta(days=30))
    eva, colleague = register(SeatsFactory(event=event), EVA, person(1), now=thursday).people

    actions.confirm(eva, now=thursday)

    colleague.refresh_from_db()
    until = datetime(2027, 3, 30, 10, tzinfo=UTC)
    assert colleague.hold_until == until
    assert deadline(until) in Email.objects.get(to=colleague.email).text
    own = Email.objects.filter(to=eva.email).latest("pk").text
    assert "Darin steht, bis wann sie ihre Anmeldung bestätigen können." in own
    assert "drei Tage" not in own


def test_colleagues_have_no_time_beyond_the_beginning():
    begins = NOW + timedelta(days=2)
    event = EventFactory(takes_registrations=True, starts_at=begins)
    eva, colleague = register(SeatsFactory(event=event), EVA, person(1)).people

    actions.confirm(eva, now=NOW)

    colleague.refresh_from_db()
    assert colleague.hold_until == begins


def test_who_comes_alone_reads_of_no_colleagues():
    actions.confirm(register(SeatsFactory(), EVA).people[0], now=NOW)

    assert "Kolleg" not in Email.objects.latest("pk").text


def test_colleagues_confirm_for_themselves():
    eva, colleague = register(SeatsFactory(), EVA, person(1)).people
    actions.confirm(eva, now=NOW)
    colleague.refresh_from_db()

    actions.confirm(colleague, now=NOW + timedelta(days=2))

    assert Registration.objects.seated().count() == 2
    assert emails_to(colleague.email)[-1] == "Angemeldet"


def test_a_group_that_nobody_confirms_leaves_without_a_word_to_the_colleagues():
    seats = SeatsFactory()
    register(seats, EVA, person(1), person(2))
    lapsed = actions.held_until(seats.event, now=NOW)

    assert actions.release_expired(now=lapsed) == 3

    assert Seats.objects.get().taken == 0
    assert set(Email.objects.values_list("to", flat=True)) == {EVA.email}


def test_a_group_too_large_for_what_is_left_is_told_how_much_that_is():
    seats = SeatsFactory(capacity=2, waiting_limit=10)

    with pytest.raises(Full) as refused:
        register(seats, EVA, person(1), person(2))

    assert refused.value.possible[0].free == 2
    assert Registration.objects.count() == 0


def test_a_group_waits_together_where_nothing_is_left():
    seats = SeatsFactory(capacity=1, waiting_limit=3)
    register(seats, person(9))

    result = register(seats, EVA, person(1), person(2))

    assert {one.state for one in result.people} == {WAITING}
    assert [actions.place_in_line(one) for one in result.people] == [1, 2, 3]


def test_colleagues_of_somebody_who_is_registered_already_are_not_registered_in_that_name():
    seats = SeatsFactory()
    register(seats)

    register(seats, EVA, person(1))

    assert Registration.objects.count() == 1
    assert emails_to(person(1).email) == []


def test_a_colleague_who_is_registered_already_is_left_out_of_the_group():
    seats = SeatsFactory(capacity=4)
    register(seats, person(1))

    result = register(seats, EVA, person(1), person(2))

    assert [one.email for one in result.people] == [EVA.email, person(2).email]
    assert emails_to(person(1).email) == ["Bitte bestätigen", "Bitte noch bestätigen"]


@pytest.mark.parametrize("people", [[], [EVA, EVA], [person(number) for number in range(6)]])
def test_a_group_is_one_to_five_different_addresses(people):
    seats = SeatsFactory()

    with pytest.raises(ValueError, match="One to five"):
        actions.register(seats.event, people, Mode.ON_SITE, submission=uuid.uuid4(), now=NOW)


# Items of the programme, needs ----------------------------------------------------------------


def test_items_of_the_programme_are_taken_with_the_seat():
    seats = SeatsFactory()
    item = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=1)

    register(seats, details=Details(sessions=[item]))

    item.refresh_from_db()
    assert item.taken == 1
    with pytest.raises(SessionFull) as refused:
        register(seats, person(1), details=Details(sessions=[item]))
    assert refused.value.items == [item]
    assert Registration.objects.count() == 1


def test_who_waits_only_wishes_for_items_and_learns_which_are_full_by_then():
    seats = SeatsFactory(capacity=1, waiting_limit=5)
    full = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=1)
    roomy = AgendaItemFactory(event=seats.event, needs_choice=True, capacity=9)
    (first,) = register(seats, person(1)).people
    (waits,) = register(seats, details=Details(sessions=[full, roomy])).people
    actions.confirm(waits, now=NOW)
    online = SeatsFactory(event=seats.event, mode=Mode.ONLINE)
    register(online, person(2), details=Details(sessions=[full]))

    actions.cancel(first, now=NOW)

    assert list(waits.sessions.all()) == [roomy]
    assert full.title in Email.objects.filter(to=EVA.email).latest("pk").text


def test_needs_are_kept_apart_and_go_when_somebody_cancels():
    (held,) = register(
        SeatsFactory(), details=Details(needs=["stufenlos"], needs_text="Rollstuhl")
    ).people
    assert ParticipantNeeds.objects.get().needs == ["stufenlos"]

    actions.cancel(held, now=NOW)

    assert ParticipantNeeds.objects.count() == 0


# When, and for whom ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "event",
    [
        {"registration_opens_at": NOW + timedelta(days=1)},
        {"registration_closes_at": NOW - timedelta(days=1)},
        {"state": "entwurf"},
        {"takes_registrations": False},
        {"starts_at": NOW - timedelta(hours=1)},
    ],
)
def test_outside_its_window_an_event_takes_nobody(event):
    seats = SeatsFactory(event=EventFactory(**{"takes_registrations": True} | event))

    with pytest.raises(Closed):
        register(seats)


def test_an_event_for_members_is_for_members_and_the_page_does_not_tell_who_is_one():
    community = CommunityFactory()
    member = MembershipFactory(
        community=community, email="mitglied@musterdorf.example", state="aktiv", user=UserFactory()
    )
    # Nobody has proved that this address is the member's as well.
    EmailAddress.objects.create(user=member.user, email="fremd@musterdorf.example", verified=False)
    MembershipFactory(community=community, email="anfrage@musterdorf.example", state="ausgetreten")
    event = EventFactory(takes_registrations=True, audience=Audience.COMMUNITY, community=community)
    seats = SeatsFactory(event=event)

    answers = [
        register(seats, Person("Jemand", f"{name}@musterdorf.example"))
        for name in ("mitglied", "anfrage", "fremd")
    ]

    assert {(answer.state, answer.needs_confirmation) for answer in answers} == {(SEAT, True)}
    assert [row.email for row in Registration.objects.all()] == ["mitglied@musterdorf.example"]
    assert emails_to("fremd@musterdorf.example") == ["Nur für Mitglieder"]


def test_what_the_first_says_of_themselves_is_not_said_of_colleagues():
    details = Details(
        organisation="Stadt Musterdorf", catering_note="Nüsse", on_participants_list=True
    )

    people = register(SeatsFactory(), EVA, person(2), details=details).people

    assert [(one.organisation, one.catering_note, one.on_participants_list) for one in people] == [
        ("Stadt Musterdorf", "Nüsse", True),
        ("Stadt Musterdorf", "", False),
    ]


def test_changing_the_answers_replaces_them():
    seats = SeatsFactory()
    question = EventQuestion.objects.create(event=seats.event, position=1, text="Anreise?")
    first = Details(answers={question.pk: "Bahn"})
    (row,) = register(seats, details=first).people

    for text, left in (("Rad", ["Rad"]), ("", [])):
        row = Registration.objects.get(pk=row.pk)
        details = Details(answers={question.pk: text})
        actions.change(row, name=row.name, details=details, now=NOW)
        assert list(row.answers.values_list("text", flat=True)) == left


def test_one_address_cannot_register_all_day_long():
    for _event in range(10):
        register(SeatsFactory())

    with pytest.raises(TooMany):
        register(SeatsFactory())


def test_one_network_cannot_register_all_day_long():
    seats = SeatsFactory(capacity=None)
    for number in range(15):
        register(seats, person(number), ip="192.0.2.7")

    with pytest.raises(TooMany):
        register(seats, person(20), ip="192.0.2.7")
    register(seats, person(21), ip="192.0.2.8")


# What the e-mails say ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "told", "hidden"),
    [
        (Mode.ON_SITE, "Stadthalle, Gütersloh", "Gütersloh und online"),
        (Mode.ONLINE, "online", "Stadthalle"),
    ],
)
def test_the_place_is_told_to_who_comes_in_person(mode, told, hidden):
    event = EventFactory(takes_registrations=True, format="hybrid", venue="Stadthalle")
    seats = SeatsFactory(event=event, mode=mode)
    (held,) = register(seats).people
    actions.confirm(held, now=NOW)

    texts = [email.text for email in Email.objects.all()]

    assert len(texts) == 2
    for text in texts:
        assert f"\n{told}\n" in text
        assert hidden not in text


def test_the_workshop_that_was_chosen_stands_in_every_mail_about_the_seat():
    seats = SeatsFactory()
    item = AgendaItemFactory(event=seats.event, title="Daten & Dienste", needs_choice=True)
    (held,) = register(seats, details=Details(sessions=[item])).people
    actions.confirm(held, now=NOW)

    for email in some(Email.objects.all()):
        assert "\nGewählt: Daten & Dienste\n" in email.text
        assert "Gewählt: Daten &amp; Dienste" in email.html


def test_the_confirmation_says_when_a_reminder_comes_or_that_none_does():
    begins, late = at(60, 10), at(60, 9)  # a Wednesday
    seats = SeatsFactory(event__starts_at=begins)
    for number, now in enumerate((at(27, 10), late)):
        (held,) = register(seats, person(number), now=now).people
        actions.confirm(held, now=now)

    early, short = (
        Email.objects.filter(to=person(number).email).latest("pk").text for number in (0, 1)
    )

    assert "Wir erinnern Sie noch einmal: am Mittwoch, 23. Dezember und am Dienstag, 29." in early
    assert "eine Erinnerung kommt nicht mehr" in short

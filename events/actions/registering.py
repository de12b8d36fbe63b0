"""How a person gets a seat, or a place in line: send the form, then confirm the address."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guard import DAY, Guard, Limit, Sender, TooMany, references
from accounts.models import User
from accounts.new_account import proves
from communities.models import Membership
from events.actions import seats as seat
from events.actions.advancing import advance, held_until, require_taking_place
from events.actions.conflicts import Closed, Full, TooLate
from events.actions.waiting import place_in_line
from events.mail import registrations
from events.models import (
    LIVE,
    SEATED,
    AgendaItem,
    Audience,
    Event,
    EventAnswer,
    Mode,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    SessionChoice,
)
from ground.clock import reachable_until
from ground.contention import again_after_deadlock, violated
from ground.mailbox import Mailbox, mailbox_key
from ground.refusals import Overtaken
from projects.models import Municipality

MOST_PEOPLE = 5


def _of_this_mailbox(sender: Sender, now: datetime) -> int:
    # Also those that were cancelled or have expired: each has cost an e-mail to an unproved address.
    rows = Registration.objects.filter(email_key=sender.mailbox, created_at__gt=now - DAY)
    return rows.count()


def _unproved_of_this_network(sender: Sender, now: datetime) -> int:
    if not sender.ip:
        return 0
    sent = references(sender.ip, form="events", now=now)
    rows = Registration.objects.live().filter(event=sender.about, confirmed_at=None)
    return rows.filter(submission__in=sent).count()


GUARD = Guard(
    "events",
    (
        Limit(
            10,
            _of_this_mailbox,
            _(
                "Mit dieser E-Mail-Adresse haben Sie sich heute schon sehr oft angemeldet. Bitte "
                "versuchen Sie es morgen wieder, oder schreiben Sie uns eine E-Mail."
            ),
        ),
        Limit(
            15,
            _unproved_of_this_network,
            _(
                "Aus Ihrem Netz sind zu dieser Veranstaltung schon viele Menschen angemeldet, die "
                "ihre Adresse noch nicht bestätigt haben. Bitte bestätigen Sie erst diese "
                "Anmeldungen, oder schreiben Sie uns eine E-Mail."
            ),
            counts_people=True,
        ),
    ),
    # People, up to five with each form.
    per_network_an_hour=40,
)
# Colleagues do not wait for the e-mail, and may not be at their desks for days: at least so long.
HOLD_FOR_COLLEAGUES = timedelta(days=3)
# What a rival may have stored a moment ago.
SAME = {"events_one_live_registration_per_person", "events_form_counts_once"}


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str

    @property
    def key(self) -> str:
        return mailbox_key(self.email)


@dataclass(frozen=True, slots=True)
class Details:
    """What goes with a registration. Colleagues share where they come from, the rest is the first's."""

    organisation: str = ""
    municipality: Municipality | None = None
    sessions: Sequence[AgendaItem] = ()
    needs: Sequence[str] = ()
    needs_text: str = ""
    catering_note: str = ""
    on_participants_list: bool = False
    # By the key of the hosts' own question.
    answers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """What a page may tell anyone who has sent the form.

    It is the same for an address that is registered already, so that no one learns who is. Only
    `people`, what was stored by this form, is then shorter or empty: it is not for the page.
    """

    state: RegistrationState
    # Whether an e-mail is on its way whose link has to be opened.
    needs_confirmation: bool
    people: list[Registration] = field(default_factory=list)


@again_after_deadlock
def register(
    event: Event,
    people: Sequence[Person],
    mode: Mode,
    *,
    submission: UUID,
    details: Details | None = None,
    user: User | None = None,
    ip: str = "",
    now: datetime,
) -> Registered:
    """Give all of them a seat, or else a place in line, or no one anything.

    `people` are one to five different addresses; the first sends the form. Until that one confirms the
    address, within two hours, the seats are only held and the colleagues are not told; then those have
    three days to confirm theirs. Who is signed in (`user`) and gives the account's confirmed address
    needs not confirm it. Sending the same form (`submission`) again changes nothing.

    Anyone who is registered already gets an e-mail with their links instead. So does a person who is no
    member, where the event is for members.

    Raises `Closed`, `Full` with what is still possible, `SessionFull`, `TooMany`, or `Overtaken` where
    others with the same addresses came and went all the while.
    """
    if not 1 <= len(people) <= MOST_PEOPLE or len({one.key for one in people}) < len(people):
        raise ValueError("One to five people with different addresses.")
    if len(people) > 1 and event.audience == Audience.COMMUNITY:
        raise ValueError("Members register themselves: a group would tell who is one.")
    if not event.registration_open(now):
        raise Closed
    is_proved = user is not None and owns(user, people[0].email)
    form = _Form(event, mode, submission, details or Details(), user, is_proved)
    try:
        return _register(form, people, ip, now)
    except (Full, TooMany):
        # The same form, sent twice: what stands in the way may be the first of them.
        if before := _sent_before(submission, is_proved):
            return before
        raise


def _register(form: "_Form", people: Sequence[Person], ip: str, now: datetime) -> Registered:
    event = form.event
    seat.outlook(event, form.mode, len(people))
    if not may_come(event, people[0].email):
        with transaction.atomic():
            form = _admitted(form, people, ip, now)
            state = _rehearse(form, len(people), now)
            registrations.tell_members_only(event, people[0].email, now=now)
        return Registered(state, needs_confirmation=not form.is_proved)
    # Once for each address that a rival may be quicker with, and once more when all of them are known.
    for _attempt in range(len(people) + 1):
        try:
            with transaction.atomic():
                return _store(_admitted(form, people, ip, now), people, now)
        except IntegrityError as error:
            # A person has just stored one of these addresses, or this form. The next look finds it.
            if violated(error) not in SAME:
                raise
            if before := _sent_before(form.submission, form.is_proved):
                return before
    # What was in the way was gone at the next look, each time, and then something else was.
    raise Overtaken


def _admitted(form: "_Form", people: Sequence[Person], ip: str, now: datetime) -> "_Form":
    """The form as it is to be stored, once it is counted. Raises `TooMany`."""
    if _has_ended(form.submission):
        # Once more by the same page, after what it had stored has lapsed or been cancelled.
        form = replace(form, submission=uuid4())
    sender = Sender(people[0].email, ip, form.event, len(people), str(form.submission))
    GUARD.admit(sender, now=now)
    return form


@again_after_deadlock
def confirm(registration: Registration, *, now: datetime) -> Registration:
    """Make a held seat, or place in line, firm, and let colleagues confirm theirs.

    Raises `TooLate` if the time for it is over, `Overtaken` if it is confirmed or gone already.
    """
    if registration.hold_until is None:
        raise Overtaken(registration)
    if registration.hold_until <= now:
        raise TooLate
    with transaction.atomic():
        current = advance(
            registration,
            Q(state__in=LIVE, confirmed_at=None, hold_until__gt=now),
            now=now,
            confirmed_at=now,
            hold_until=None,
        )
        require_taking_place(current)
        tell_colleagues(current, now)
        _welcome(current, now)
    return current


def _welcome(registration: Registration, now: datetime) -> None:
    """In the same step as its colleagues are asked."""
    registrations.welcome(
        registration,
        place=place_in_line(registration),
        now=now,
        colleagues_are_asked=registration.named_colleagues,
    )


def owns(user: User, email: str) -> bool:
    """Whether an account has proved that this address is its own."""
    return proves(user, email)


def may_come(event: Event, email: str) -> bool:
    """Whether an address may register: where an event is for members, only an active one's."""
    if event.audience != Audience.COMMUNITY:
        return True
    members = Membership.objects.active().filter(community=event.community_id)
    key = mailbox_key(email)
    addresses = EmailAddress.objects.alias(mailbox=Mailbox("email"))
    proved = addresses.filter(mailbox=key, verified=True).values("user")
    members = members.alias(mailbox=Mailbox("email"))
    return members.filter(Q(mailbox=key) | Q(user__in=proved)).exists()


@dataclass(frozen=True, slots=True)
class _Form:
    event: Event
    mode: Mode
    submission: UUID
    details: Details
    user: User | None
    is_proved: bool


def _has_ended(submission: UUID) -> bool:
    rows = Registration.objects.filter(submission=submission)
    return rows.exists() and not rows.filter(state__in=LIVE).exists()


def _sent_before(submission: UUID, is_proved: bool) -> Registered | None:
    rows = list(
        Registration.objects.live().filter(submission=submission, anonymised_at=None).order_by("pk")
    )
    if not rows:
        return None
    return Registered(
        RegistrationState(rows[0].state),
        # As at first, not whether the mailbox has confirmed since: that is not the sender's business.
        needs_confirmation=not is_proved,
        people=rows,
    )


def _rehearse(form: _Form, people: int, now: datetime) -> RegistrationState:
    """What the form would get if all of them were new, undone: no answer may tell who is known.

    What was free when the page was shown may be taken by now. The seats stay locked.
    """
    seat.lock(form.event.pk, form.mode)
    with transaction.atomic():
        arrival = seat.claim(form.event, form.mode, people)
        _as_it_is(form.event, now)
        if arrival.state in SEATED:
            seat.take_items(form.details.sessions)
        transaction.set_rollback(True)
    return arrival.state


def _store(form: _Form, people: Sequence[Person], now: datetime) -> Registered:
    known = _known(form.event, people)
    if any(row.submission == form.submission for row in known.values()):
        return _sent_before(
            form.submission, form.is_proved
        )  # stored by the same form, a moment ago
    outlook = _rehearse(form, len(people), now) if known else None
    for registration in known.values():
        registrations.tell_known(registration, now=now)
    if people[0].key in known:
        # Colleagues would be told that a person has registered them who perhaps knows nothing of it.
        return Registered(outlook, needs_confirmation=not form.is_proved)
    new = [one for one in people if one.key not in known]
    arrival = seat.claim(form.event, form.mode, len(new))
    # Anyone who moves or cancels the event holds its seats, so from here on it stays as it is.
    form = replace(form, event=_as_it_is(form.event, now))
    rows = _rows(form, new, arrival, now, named_colleagues=len(people) > 1)
    add_details(rows[0], form.details)
    if form.is_proved:
        tell_colleagues(rows[0], now)
        _welcome(rows[0], now)
    else:
        registrations.ask_to_confirm(rows[0], place=place_in_line(rows[0]), now=now)
    return Registered(arrival.state, needs_confirmation=not form.is_proved, people=rows)


def _as_it_is(event: Event, now: datetime) -> Event:
    current = Event.objects.select_related("community__parent").get(pk=event.pk)
    if not current.registration_open(now):
        raise Closed
    return current


def _known(event: Event, people: Collection[Person]) -> dict[str, Registration]:
    rows = Registration.objects.live().filter(
        event=event, email_key__in=[one.key for one in people]
    )
    return {row.email_key: row for row in rows.select_related("event__community__parent")}


def _rows(
    form: _Form,
    people: Sequence[Person],
    arrival: seat.Arrival,
    now: datetime,
    *,
    named_colleagues: bool,
) -> list[Registration]:
    has_seat = arrival.state == RegistrationState.SEAT
    rows: list[Registration] = []
    for person, number in zip(people, arrival.numbers, strict=True):
        is_first = not rows
        is_firm = is_first and form.is_proved
        rows.append(
            Registration.objects.create(
                event=form.event,
                submission=form.submission,
                registered_by=None if is_first else rows[0],
                user=form.user if is_firm else None,
                named_colleagues=named_colleagues and is_first,
                name=person.name,
                email=person.email,
                organisation=form.details.organisation,
                municipality=form.details.municipality,
                mode=form.mode,
                state=arrival.state,
                arrival=number,
                hold_until=None if is_firm else held_until(form.event, now=now),
                confirmed_at=now if is_firm else None,
                address_proved_at=now if is_firm else None,
                seated_at=now if has_seat else None,
                catering_note=form.details.catering_note if is_first else "",
                on_participants_list=form.details.on_participants_list and is_first,
                created_at=now,
                changed_at=now,
            )
        )
    return rows


def add_details(registration: Registration, details: Details) -> None:
    """Within this package: what goes with a registration that has just been stored."""
    if details.needs or details.needs_text:
        ParticipantNeeds.objects.create(
            registration=registration, needs=list(details.needs), text=details.needs_text
        )
    SessionChoice.objects.bulk_create(
        SessionChoice(registration=registration, item=item) for item in details.sessions
    )
    add_answers(registration, details)
    # Who waits only wishes; places are taken with the seat.
    if registration.state in SEATED:
        seat.take_items(details.sessions)


def add_answers(registration: Registration, details: Details) -> None:
    """Within this package: what was answered to the hosts' own questions."""
    EventAnswer.objects.bulk_create(
        EventAnswer(registration=registration, question_id=question, text=text)
        for question, text in details.answers.items()
        if text
    )


def tell_colleagues(registration: Registration, now: datetime) -> None:
    """Within this package. Now that it is clear who registers them: tell the colleagues, with time to confirm."""
    untold = registration.colleagues.filter(
        submission=registration.submission, state__in=LIVE, confirmed_at=None, hold_until__gt=now
    )
    reachable = reachable_until(now, at_least=HOLD_FOR_COLLEAGUES)
    until = min(reachable, registration.event.starts_at)
    untold.update(hold_until=until)
    colleagues = list(untold.select_related("event__community__parent").order_by("arrival"))
    registrations.ask_colleagues(colleagues, registration, now=now)

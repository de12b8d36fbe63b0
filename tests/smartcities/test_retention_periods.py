"""How long people are told that something is kept, in figures of its own, and that it is kept no longer.

The tests of the rules ask the code for its periods; these say them once more, as the privacy page does.
"""

import importlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

import accounts.retention
import asking.links
import asking.mail.questions
import asking.retention
import communities.links
import communities.mail.memberships
import communities.retention
import consulting.retention
import events.retention
import mailing.retention
import projects.links
import projects.mail.reuse_statements
import projects.retention
import subscribing.links
import subscribing.mail.confirming
import subscribing.retention
from accounts.models import NetworkUse, User
from asking.models import State
from communities.models import CommunityState, GroupMessage, MembershipState, MessageState, Role
from consulting.models import AccessNeeds, AdvisorFeed
from events.models import (
    EventMessage,
    EventState,
    Invitation,
    InvitationState,
    Minutes,
    ParticipantNeeds,
    To,
)
from ground.clock import deadline
from ground.signed_links import Outcome
from mailing.models import Email
from projects.models import OwnerAsk, Reuse, StatementState
from smartcities.accessibility import barriers
from smartcities.models import BarrierReport
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    DraftFactory,
    EmailFactory,
    ReuseStatementFactory,
    SlotFactory,
    UserFactory,
)
from tests.factories.asking import QuestionFactory
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.consulting import NOW
from tests.factories.events import EventFactory, RegistrationFactory
from tests.factories.subscribing import (
    SubscriberFactory,
    SubscriptionFactory,
    WatchedListFactory,
)

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# For all moments but the one with which a period begins.
LONG_AGO = NOW - timedelta(days=900)
THURSDAY, MONDAY_NOON = NOW + 3 * DAY, NOW + timedelta(days=7, hours=2)
FRIDAY_EVENING = NOW + timedelta(days=4, hours=8)


class Kept(NamedTuple):
    days: int
    # How the privacy page says it.
    words: str
    # Makes a row for which the period begins at a moment.
    since: Callable[[datetime], Model]
    # Of what has only a day, no time.
    exact_to: timedelta = MINUTE
    # What begins before a weekend may last longer: `test_what_waits_over_a_weekend_…` looks at that.
    ends: datetime = NOW


def refused_three_times(since: datetime) -> Model:
    """A mailbox whose server has refused the third weekly e-mail then."""
    stored = SubscriptionFactory().subscriber
    for week in (2, 1, 0):
        EmailFactory(
            key=f"list-digest:{stored.pk}:{week}",
            refused_at=since - timedelta(weeks=week),
            last_error="550 5.1.1 no such user",
        )
    return stored


def request(since: datetime, **values) -> Model:
    return ConsultationRequestFactory(**{"submitted_at": since, "changed_at": since, **values})


def consulted(since: datetime, **values) -> Model:
    """A request whose date ended then."""
    slot = SlotFactory(starts_at=since - timedelta(minutes=45), **values)
    return ConsultationRequestFactory(done=True, closed_at=NOW, slot=slot)


def consulted_with_needs(since: datetime) -> Model:
    return AccessNeeds.objects.create(request=consulted(since), text="Gebärdensprache")


def former_advisor(since: datetime) -> Model:
    advisor = AdvisorFactory(is_active=False)
    consulted(since, advisor=advisor)
    return advisor


def absence(since: datetime) -> Model:
    """One that ended on that day."""
    day = timezone.localdate(since)
    return AdvisorFactory().absences.create(first_on=day, last_on=day)


def membership(state: MembershipState, since: datetime, **values) -> Model:
    about = {"requested_at": LONG_AGO, "changed_at": since}
    return MembershipFactory(state=state, **about | values)


def in_archived_group(since: datetime) -> Model:
    group = CommunityFactory(state=CommunityState.ARCHIVED, archived_at=since)
    return MembershipFactory(community=group)


def group_message(since: datetime) -> Model:
    return GroupMessage.objects.create(
        community=CommunityFactory(), roles=[Role.MEMBER], subject="Treffen", text="Guten Tag",
        state=MessageState.SENT, sent_at=since,
    )  # fmt: skip


def registration(since: datetime, **values) -> Model:
    """For an event that ended then."""
    event = EventFactory(
        takes_registrations=True, starts_at=since - timedelta(hours=3), ends_at=since
    )
    return RegistrationFactory(event=event, **values)


def cancelled(since: datetime, **values) -> Model:
    return RegistrationFactory(state="abgemeldet", closed_at=since, **values)


def of_cancelled_event(since: datetime) -> Model:
    event = EventFactory(state=EventState.CANCELLED, cancelled_at=since)
    return RegistrationFactory(event=event)


def needs(since: datetime) -> Model:
    return ParticipantNeeds.objects.create(registration=registration(since), text="stufenlos")


def event_message(since: datetime) -> Model:
    return EventMessage.objects.create(
        event=EventFactory(), to=[To.SEATED], subject="Gruß", text="Guten Tag", sent_at=since,
        recipients=1,
    )  # fmt: skip


def statement(since: datetime, **values) -> Model:
    about = {"stated_at": LONG_AGO, "changed_at": since, "confirmed_at": LONG_AGO}
    return ReuseStatementFactory(**about | values)


def public_statement(since: datetime, **values) -> Model:
    """One that stands on the page, whatever is being decided about a change of it."""
    stored = statement(since, **values)
    stored.reuse = Reuse.objects.create(
        solution=stored.solution, name=stored.name, source="https://example.org/"
    )
    stored.save()
    return stored


def invitation(**values) -> Model:
    about = {"event": EventFactory(), "subject": "Einladung", "text": "Guten Tag"}
    return Invitation.objects.create(**about, **values)


def task(**values) -> Model:
    minutes = Minutes.objects.create(event=EventFactory(), text="Beschlossen.")
    return minutes.tasks.create(text="Raum", owner_name="Otto Extern", **values)


def question(since: datetime, **values) -> Model:
    about = {"asked_at": LONG_AGO, "changed_at": since, "confirmed_at": LONG_AGO}
    return QuestionFactory(**about | values)


RULES = {
    "asking": asking.retention.RULES,
    "consulting": consulting.retention.RULES,
    "communities": communities.retention.RULES,
    "events": events.retention.RULES,
    "projects": projects.retention.RULES,
    "subscribing": subscribing.retention.RULES,
}

KEPT: dict[tuple[str, str], list[Kept]] = {
    ("asking", "unconfirmed"): [
        Kept(2, "2 Tage", lambda since: question(since, confirmed_at=None), ends=THURSDAY)
    ],
    ("asking", "withdrawn"): [
        Kept(30, "30 Tage", lambda since: question(since, state=State.WITHDRAWN))
    ],
    ("asking", "old"): [
        Kept(365, "12 Monate nach dem letzten Schritt",
            lambda since: question(since, answered=True)),
        Kept(365, "12 Monate nach dem letzten Schritt", lambda since: question(since, fault=True)),
    ],
    ("consulting", "unconfirmed"): [Kept(1, "1 Tag", lambda since: request(since, held=True))],
    ("consulting", "cancelled"): [
        Kept(30, "30 Tage", lambda since: request(NOW - timedelta(days=900), changed_at=NOW,
            state="cancelled", due_on=None, closed_at=since)),
        Kept(30, "30 Tage", lambda since: request(NOW - timedelta(days=900), changed_at=NOW,
            state="declined", due_on=None, closed_at=since)),
    ],
    ("consulting", "done"): [Kept(365, "12 Monate nach der Beratung", consulted)],
    ("consulting", "needs"): [Kept(7, "7 Tage nach dem Termin", consulted_with_needs)],
    ("consulting", "advisors"): [
        Kept(365, "12 Monate nach ihrer letzten Beratung", former_advisor)
    ],
    ("consulting", "absences"): [Kept(30, "bis 30 Tage danach", absence, DAY)],
    ("consulting", "drafts"): [
        Kept(7, "7 Tage nach der letzten Änderung", lambda since: DraftFactory(changed_at=since))
    ],
    ("communities", "unconfirmed"): [
        Kept(2, "2 Tage", lambda since: membership(
            MembershipState.REQUESTED, since, email_confirmed_at=None), ends=THURSDAY)
    ],
    ("communities", "came-to-nothing"): [
        Kept(30, "30 Tage", lambda since, state=state: membership(state, since))
        for state in (
            MembershipState.DECLINED, MembershipState.WITHDRAWN, MembershipState.REFUSED,
        )
    ],
    ("communities", "invited"): [
        Kept(60, "60 Tage", lambda since: membership(MembershipState.INVITED, since))
    ],
    ("communities", "unanswered"): [
        Kept(365, "12 Monate", lambda since: membership(
            MembershipState.REQUESTED, NOW, requested_at=since))
    ],
    ("communities", "left"): [
        Kept(365, "12 Monate nach dem Austritt",
            lambda since: membership(MembershipState.LEFT, since))
    ],
    ("communities", "archived"): [
        Kept(365, "12 Monate nach dem Ende der Gruppe", in_archived_group)
    ],
    ("communities", "messages"): [Kept(730, "24 Monate nach dem Versand", group_message)],
    ("events", "unconfirmed"): [
        Kept(1, "1 Tag", lambda since: cancelled(since, confirmed_at=None))
    ],
    ("events", "cancelled"): [
        Kept(30, "30 Tage", cancelled), Kept(30, "30 Tage", of_cancelled_event),
    ],
    ("events", "over"): [Kept(365, "12 Monate nach der Veranstaltung", registration)],
    ("events", "needs"): [Kept(7, "7 Tage nach der Veranstaltung", needs)],
    ("events", "catering"): [
        Kept(7, "ebenso", lambda since: registration(since, catering_note="vegan"))
    ],
    ("events", "task_owners"): [
        Kept(365, "12 Monate, nachdem sie fällig oder erledigt war",
            lambda since: task(done_at=since, due_on=NOW.date())),
        Kept(365, "12 Monate, nachdem sie fällig oder erledigt war",
            lambda since: task(due_on=timezone.localdate(since)), DAY),
    ],
    ("events", "messages"): [Kept(365, "12 Monate", event_message)],
    ("events", "invitation_addresses"): [
        Kept(30, "höchstens 30 Tage",
            lambda since: invitation(addresses="eva@kommune.example", created_at=since))
    ],
    ("events", "invitations"): [
        Kept(365, "12 Monate",
            lambda since: invitation(state=InvitationState.SENT, sent_at=since))
    ],
    ("projects", "unconfirmed"): [
        Kept(2, "2 Tage", lambda since: statement(since, confirmed_at=None), ends=THURSDAY)
    ],
    ("projects", "over"): [
        Kept(30, "30 Tage", lambda since: statement(since, state=StatementState.WITHDRAWN)),
        Kept(30, "30 Tage", lambda since: statement(
            since, state=StatementState.REFUSED, reason="Verwechslung")),
    ],
    ("projects", "undecided"): [
        Kept(365, "12 Monate", lambda since: statement(since, state=StatementState.AT_OFFICE))
    ],
    ("projects", "not-said-again"): [
        Kept(730, "bis 24 Monate, nachdem die Kommune sie zuletzt bestätigt hat",
            lambda since: statement(NOW, state=StatementState.PUBLISHED, confirmed_at=since)),
        Kept(730, "bis 24 Monate, nachdem die Kommune sie zuletzt bestätigt hat",
            lambda since: public_statement(
                NOW, state=StatementState.AT_OFFICE, confirmed_at=since)),
    ],
    ("subscribing", "unconfirmed"): [
        Kept(2, "2 Tage", lambda since: SubscriptionFactory(asked_at=since, confirmed_at=None),
            ends=THURSDAY)
    ],
    ("subscribing", "over"): [
        Kept(0, "höchstens bis zur Veranstaltung",
            lambda since: SubscriptionFactory(list=None, event=EventFactory(starts_at=since)))
    ],
    ("subscribing", "unreachable"): [Kept(0, "dreimal nacheinander", refused_three_times)],
    ("subscribing", "of-no-one"): [
        Kept(0, "bis Ihr letztes Abonnement endet, dann sofort",
            lambda since: SubscriberFactory(created_at=since))
    ],
    ("subscribing", "lists"): [
        Kept(0, "bis in die Nacht", lambda since: WatchedListFactory(created_at=since))
    ],
    ("projects", "owners-asked"): [
        Kept(730, "24 Monate, dann gelöscht",
            lambda since: OwnerAsk.objects.create(user=UserFactory(), asked_at=since))
    ],
}  # fmt: skip


def test_every_rule_of_the_privacy_page_is_in_the_table():
    rules = {(app, rule.name) for app, rules in RULES.items() for rule in rules}

    # Counted in whole days, so to no minute: `tests/consulting/test_retention.py`.
    assert rules == set(KEPT) | {("consulting", "absences")}


@pytest.mark.parametrize(
    ("app", "name", "kept"), [(*rule, kept) for rule, several in KEPT.items() for kept in several]
)
def test_what_people_are_told_is_kept_that_long_and_no_longer(client, app, name, kept):
    [rule] = [rule for rule in RULES[app] if rule.name == name]
    row = kept.since(kept.ends - timedelta(days=kept.days))

    assert kept.words in str(rule.text)
    assert f"<li>{rule.text}</li>" in client.get(reverse("privacy")).text
    assert not rule.overdue(kept.ends - kept.exact_to).filter(pk=row.pk).exists()
    assert rule.overdue(kept.ends + MINUTE).filter(pk=row.pk).exists()


# Who asks to have an address proved, and the link of the e-mail that does.
WAITING = {
    "asking": (
        lambda row: asking.mail.questions.tell(row, "confirm", now=FRIDAY_EVENING),
        lambda row: asking.links.token_for(row, asking.links.Purpose.CONFIRM, now=FRIDAY_EVENING),
    ),
    "communities": (
        lambda row: communities.mail.memberships.tell(row, "ask_to_confirm", now=FRIDAY_EVENING),
        lambda row: communities.links.token_for(
            row, communities.links.Purpose.CONFIRM, now=FRIDAY_EVENING
        ),
    ),
    "projects": (
        lambda row: projects.mail.reuse_statements.tell(row, "confirm", now=FRIDAY_EVENING),
        lambda row: projects.links.token_for(
            row, projects.links.Purpose.CONFIRM, now=FRIDAY_EVENING
        ),
    ),
    "subscribing": (
        lambda row: subscribing.mail.confirming.ask_to_confirm(row, now=FRIDAY_EVENING),
        lambda row: (
            subscribing.links.confirm_address(row, now=FRIDAY_EVENING)
            .rstrip("/")
            .rpartition("/")[2]
        ),
    ),
}


def test_everything_that_waits_for_a_link_is_among_what_waits_over_a_weekend():
    """Bookings and registrations count by hours: `test_booking.py`, `test_registering.py`."""
    by_hours = {"consulting", "events"}

    assert {app for app, name in KEPT if name == "unconfirmed"} - by_hours == set(WAITING)


@pytest.mark.parametrize("app", WAITING)
def test_what_waits_over_a_weekend_for_a_link_can_be_confirmed_until_monday_noon(app):
    write, token = WAITING[app]
    [rule] = [rule for rule in RULES[app] if rule.name == "unconfirmed"]
    row = KEPT[app, "unconfirmed"][0].since(FRIDAY_EVENING)
    links = importlib.import_module(f"{app}.links")

    def opened(at: datetime) -> Outcome:
        return links.open_token(token(row), links.Purpose.CONFIRM, now=at).outcome

    write(row)
    assert f"bis {deadline(MONDAY_NOON)}" in Email.objects.get().text
    assert opened(MONDAY_NOON - MINUTE) is Outcome.VALID
    assert not rule.overdue(MONDAY_NOON - MINUTE).filter(pk=row.pk).exists()
    assert opened(MONDAY_NOON) is Outcome.EXPIRED
    assert rule.overdue(MONDAY_NOON).filter(pk=row.pk).exists()


# What of another model a rule names goes with its row.
ALONG: dict[str, Callable[[Model], object]] = {
    "communities.MessageFile": lambda row: row.files.create(title="Anfahrt", file="x.pdf"),
    "consulting.AdvisorFeed": lambda row: AdvisorFeed.objects.create(advisor=row),
    "consulting.Message": lambda row: row.messages.create(text="Kommt Eva?", created_at=NOW),
    "consulting.Note": lambda row: row.notes.create(text="Eva anrufen", created_at=NOW),
    "events.EventAnswer": lambda row: row.answers.create(
        question=row.event.questions.create(text="Woher?", position=1), text="Von Eva"
    ),
}


@pytest.mark.parametrize(("app", "name"), KEPT)
def test_what_hangs_on_it_and_is_named_along_goes_with_it(app, name):
    [rule] = [rule for rule in RULES[app] if rule.name == name]
    kept = KEPT[app, name][0]
    row = kept.since(NOW - timedelta(days=kept.days))
    others = {field.rpartition(".")[0] for field in rule.fields} - {row._meta.label}
    if others <= set(ALONG) and (hanging := [ALONG[label](row) for label in sorted(others)]):
        rule.apply(now=NOW + MINUTE)
        assert [type(one)._base_manager.filter(pk=one.pk).exists() for one in hanging] == [
            False for _one in hanging
        ]
    else:
        assert not others


@pytest.mark.parametrize("kept", [kept for several in KEPT.values() for kept in several])
def test_the_words_mean_the_days(kept):
    if kept.words == "ebenso" or not kept.days:  # as the rule before it; at once
        return
    number, unit = re.search(r"(\d+) (Tag|Monat)", kept.words).groups()

    assert kept.days == int(number) * {"Tag": 1, "Monat": 365 / 12}[unit]


# What the page says in sentences of its own


def report(since: datetime) -> Model:
    return BarrierReport.objects.create(
        text="Die Karte", created_at=since, due_on=since.date(), answered_at=since
    )


def change(since: datetime) -> Model:
    kind = ContentType.objects.get_for_model(User)
    return LogEntry.objects.create(
        user=UserFactory(), content_type=kind, object_id="1", action_flag=CHANGE, action_time=since
    )


OTHERS = {
    "networks": (
        1, "merken wir uns verschlüsselt und einen Tag lang",
        lambda since: NetworkUse.objects.create(form="probe", network="x", at=since),
        accounts.retention.carry_out,
    ),
    "history": (
        730, "was Sie in der Verwaltung geändert haben, nach 730 Tagen", change,
        accounts.retention.carry_out,
    ),
    "barriers": (365, "Wir löschen alles 365 Tage nach der Antwort", report, barriers.forget),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHERS)
def test_the_other_sentences_are_true_as_well(client, what):
    days, words, since, carry_out = OTHERS[what]
    row = since(NOW - timedelta(days=days))
    rows = type(row)._default_manager.filter(pk=row.pk)

    assert words in client.get(reverse("privacy")).text
    carry_out(now=NOW - MINUTE)
    assert rows.exists()
    carry_out(now=NOW + MINUTE)
    assert not rows.exists()


def test_the_text_of_an_email_is_kept_for_thirty_days(client):
    email = EmailFactory(sent_at=NOW - timedelta(days=30))

    assert "löschen wir 30 Tage nach dem Versand" in client.get(reverse("privacy")).text
    mailing.retention.purge(now=NOW - MINUTE)
    email.refresh_from_db()
    assert email.text
    mailing.retention.purge(now=NOW + MINUTE)
    email.refresh_from_db()
    assert (email.to, email.subject, email.text) == ("", "", "")


def test_a_session_that_is_kept_lasts_two_weeks(client):
    person = UserFactory(password="ein langer Satz zum Merken")

    client.post(
        reverse("account_login"),
        {"login": person.email, "password": "ein langer Satz zum Merken", "remember": "on"},
    )

    assert "nach 14 Tagen" in client.get(reverse("privacy")).text
    assert client.session.get_expiry_age() == 14 * 24 * 60 * 60

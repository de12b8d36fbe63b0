"""Nothing personal is older than its rule; what is counted, and what is to come, stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from events import retention, statistics, tasks
from events.mail import invitations
from events.models import (
    EventMessage,
    EventState,
    Invitation,
    InvitationState,
    Minutes,
    OptOut,
    ParticipantNeeds,
    Registration,
    RegistrationState,
)
from ground import retention as keeping
from tests.factories import MunicipalityFactory, UserFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NOW = timezone.now()
TELLTALE = "Erika"
ADDRESS = "erika@stadt.example"


def event_over(since: timedelta, **given):
    """An event that ended so long ago; negative for one that is still to come."""
    start = NOW - since - timedelta(hours=3)
    return EventFactory(starts_at=start, takes_registrations=True, **given)


def telling(event, **given) -> Registration:
    """A registration each of whose personal fields holds something that could leak."""
    registration = RegistrationFactory(
        event=event,
        **{
            "name": TELLTALE,
            "email": ADDRESS,
            "organisation": f"{TELLTALE} GmbH",
            "catering_note": f"{TELLTALE} isst vegan",
            "on_participants_list": True,
            "user": UserFactory(),
            "municipality": MunicipalityFactory(),
            "registered_by": RegistrationFactory(event=event_over(COMING)),
        }
        | given,
    )
    ParticipantNeeds.objects.create(
        registration=registration, needs=["stufenlos"], text=f"{TELLTALE} sitzt im Rollstuhl"
    )
    return registration


def over(state: RegistrationState, closed_at: datetime, **given) -> dict:
    return {"state": state, "closed_at": closed_at} | given


def leaks(*left_out: str) -> list[str]:
    """Where any row of the app still tells of her, but for the fields left out."""
    found = []
    for model in apps.get_app_config("events").get_models():
        for row in model._default_manager.values():
            for name, value in row.items():
                text = str(value).lower()
                if (TELLTALE.lower() in text or ADDRESS in text) and name not in left_out:
                    found.append(f"{model.__name__}.{name}")
    return found


COMING = timedelta(days=-30)
CASES = {
    "unconfirmed": (
        COMING,
        over(RegistrationState.EXPIRED, NOW - retention.UNCONFIRMED, confirmed_at=None),
    ),
    "cancelled": (COMING, over(RegistrationState.CANCELLED, NOW - retention.CANCELLED)),
    "over": (retention.OVER, {}),
}


@pytest.mark.parametrize("rule", CASES)
def test_when_its_time_is_over_nothing_tells_of_the_person_any_more(rule):
    since, given = CASES[rule]
    registration = telling(event_over(since), **given)
    LogEntry.objects.create(
        user=UserFactory(), content_type=ContentType.objects.get_for_model(Registration),
        object_id=str(registration.pk), object_repr=TELLTALE, action_flag=CHANGE,
        change_message=TELLTALE,
    )  # fmt: skip

    assert retention.carry_out(now=NOW - SECOND)[rule] == 0
    assert keeping.preview(retention.RULES, now=NOW)[rule] == 1
    assert retention.carry_out(now=NOW)[rule] == 1

    assert leaks() == []
    row = Registration.objects.get(pk=registration.pk)
    assert (row.user, row.registered_by, row.on_participants_list) == (None, None, False)
    assert (row.anonymised_at, row.version) == (NOW, registration.version + 1)
    assert not LogEntry.objects.filter(change_message__contains=TELLTALE).exists()
    assert set(retention.carry_out(now=NOW + DAY).values()) == {0}


def test_registrations_for_a_cancelled_event_go_a_month_later():
    event = event_over(COMING, state=EventState.CANCELLED, cancelled_at=NOW - retention.CANCELLED)
    telling(event)

    retention.carry_out(now=NOW)

    assert leaks() == []


def test_what_is_to_come_stays_and_so_does_the_past_year():
    kept = [
        telling(event_over(COMING)),
        telling(event_over(COMING), state=RegistrationState.WAITING),
        telling(event_over(COMING), confirmed_at=None, hold_until=NOW - 2 * DAY),
        telling(event_over(DAY)),
    ]

    assert set(retention.carry_out(now=NOW).values()) == {0}

    assert Registration.objects.filter(pk__in=[one.pk for one in kept], name=TELLTALE).count() == 4
    assert ParticipantNeeds.objects.count() == 4


@pytest.mark.parametrize(
    ("since", "of_event", "given"),
    [
        (retention.NEEDS, {}, {}),
        (COMING, {}, over(RegistrationState.CANCELLED, NOW - SECOND)),
        (COMING, {"state": EventState.CANCELLED, "cancelled_at": NOW - SECOND}, {}),
    ],
)
def test_needs_and_catering_go_a_week_after_or_with_the_registration(since, of_event, given):
    telling(event_over(since, **of_event), **given)

    changed = retention.carry_out(now=NOW)

    assert changed["needs"] == changed["catering"] == 1
    assert not ParticipantNeeds.objects.exists()
    assert leaks("name", "email", "email_key", "organisation") == []


def test_figures_stay_what_they_were():
    event = event_over(retention.OVER)
    for number in range(4):
        telling(event, email=f"erika-{number}@stadt.example", attended_at=NOW if number else None)
    telling(event, email="c@stadt.example", **over(RegistrationState.CANCELLED, NOW - 400 * DAY))
    before = statistics.figures(event)
    lands = sorted(event.registrations.values_list("municipality__land", flat=True))

    retention.carry_out(now=NOW)

    assert leaks() == []
    assert statistics.figures(event) == before
    assert sorted(event.registrations.values_list("municipality__land", flat=True)) == lands


def test_messages_and_invitations_keep_who_wrote_to_how_many_but_not_the_words():
    event, author = event_over(retention.OVER), UserFactory()
    words = {"event": event, "subject": TELLTALE, "text": TELLTALE, "written_by": author}
    year_ago = NOW - retention.OVER
    EventMessage.objects.create(to=["platz"], sent_at=year_ago, recipients=7, **words)
    sent = {"state": InvitationState.SENT, "sent_at": year_ago, "recipients": 8}
    Invitation.objects.create(**sent, **words)

    assert set(retention.carry_out(now=NOW - SECOND).values()) == {0}
    retention.carry_out(now=NOW)

    assert leaks() == []
    assert EventMessage.objects.values_list("recipients", "written_by").get() == (7, author.pk)
    assert Invitation.objects.values_list("recipients", "written_by").get() == (8, author.pk)


def test_a_list_of_addresses_that_was_never_used_goes_after_a_month():
    draft = Invitation.objects.create(
        event=event_over(COMING),
        subject="s",
        text="t",
        addresses=ADDRESS,
        created_at=NOW - 30 * DAY,
    )
    fresh = Invitation.objects.create(
        event=draft.event, subject="s", text="t", addresses=ADDRESS, created_at=NOW - 29 * DAY
    )

    assert retention.carry_out(now=NOW)["invitation_addresses"] == 1

    assert Invitation.objects.exclude(addresses="").get() == fresh


def test_an_opt_out_stays_for_good_and_names_nobody():
    invitations.opt_out(invitations.address_hash(ADDRESS), now=NOW - 3000 * DAY)

    retention.carry_out(now=NOW)

    assert OptOut.objects.count() == 1
    assert leaks() == []


def test_the_task_logs_numbers_only(caplog):
    telling(event_over(retention.OVER))

    with caplog.at_level("INFO"):
        tasks.carry_out_retention()

    assert "over 1" in caplog.text
    assert TELLTALE not in caplog.text


def test_the_privacy_page_tells_the_very_rules(client):
    page = client.get("/datenschutz/").content.decode()

    assert all(str(rule.text) in page for rule in retention.RULES)


def test_who_took_on_a_task_is_forgotten_on_the_german_day_on_which_the_year_is_over():
    half_past_midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    minutes = Minutes.objects.create(event=EventFactory(community=CommunityFactory()))
    due, later = (
        minutes.tasks.create(text="Angebot einholen", owner_name="Otto", due_on=day)
        for day in (date(2025, 7, 1), date(2025, 7, 2))
    )

    assert retention.carry_out(now=half_past_midnight)["task_owners"] == 1

    for task in (due, later):
        task.refresh_from_db()
    assert (due.owner_name, due.text, later.owner_name) == ("", "Angebot einholen", "Otto")

"""What can be done with a row, by its state, the clock and who asks: no more buttons than that."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from communities.models import (
    CommunityState,
    ExperienceState,
    GroupMessage,
    MembershipState,
    MessageState,
    Role,
)
from events.models import EventState, Minutes, MinutesState, RegistrationState
from projects.models import ProjectEditor, StatementState
from tests.factories import ReuseStatementFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
    TopicGroupFactory,
)
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SOON, OVER = NOW + timedelta(days=30), NOW - timedelta(days=3)


def possible(row, by=None, now=NOW) -> set[str]:
    steps = admin.site._registry[type(row)].steps
    return {one.slug for one in steps if one.possible(row, by or UserFactory(), now)}


def test_an_event_is_moved_or_called_off_before_and_concluded_after_it():
    ahead, over = EventFactory(starts_at=SOON), EventFactory(starts_at=OVER)
    assert possible(EventFactory(state=EventState.DRAFT)) == {"veroeffentlichen", "wiederholen"}
    assert possible(ahead) == {"verlegen", "absagen", "wiederholen"}
    assert possible(over) == {"abschliessen", "wiederholen"}
    called_off = EventFactory(state=EventState.CANCELLED, cancelled_at=NOW, starts_at=SOON)
    assert possible(called_off) == {"wiederholen"}


def test_who_takes_part_is_changed_until_it_begins_and_written_to_as_long_as_links_live():
    event = EventFactory(starts_at=SOON, takes_registrations=True)
    for mode in ("vor-ort", "online"):
        SeatsFactory(event=event, mode=mode)
    AgendaItemFactory(event=event, needs_choice=True)
    row = RegistrationFactory(event=event)
    before = {"berichtigen", "wechseln", "programm", "erneut-senden", "abmelden"}

    assert possible(row) == before
    assert possible(row, now=event.starts_at) == {"berichtigen", "erneut-senden"}
    assert possible(row, now=event.ends_at + timedelta(days=400)) == {"berichtigen"}
    event.state = EventState.CANCELLED
    assert possible(row) == {"berichtigen"}
    ended = RegistrationFactory(state=RegistrationState.CANCELLED, closed_at=NOW)
    assert possible(ended) == set()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"state": MembershipState.REQUESTED, "requested_at": NOW},
            {"aufnehmen", "ablehnen", "berichtigen"},
        ),
        (
            {
                "state": MembershipState.REQUESTED,
                "requested_at": NOW,
                "email_confirmed_at": None,
            },
            {"berichtigen"},
        ),
        ({"state": MembershipState.INVITED}, {"berichtigen", "erneut-einladen", "entfernen"}),
        ({}, {"rolle", "berichtigen", "entfernen"}),
        ({"role": Role.COORDINATION}, {"rolle", "berichtigen", "uebergeben", "entfernen"}),
        ({"state": MembershipState.LEFT}, set()),
    ],
)
def test_a_membership_is_answered_once_and_nothing_is_left_to_do_when_it_or_its_group_is_over(
    values, expected
):
    user = {"user": UserFactory()} if values.get("role") else {}
    row = MembershipFactory(**values, **user)
    assert possible(row) == expected
    row.community.state = CommunityState.ARCHIVED
    assert possible(row) <= {"aufnehmen", "ablehnen"}


def test_a_group_is_moved_by_those_above_it_and_a_whole_community_ended_by_the_office():
    topic = TopicGroupFactory()
    other = CommunityFactory()
    own, above = CoordinationFactory(community=topic), CoordinationFactory(community=topic.parent)
    for coordinated in (own, above):
        CoordinationFactory(community=other, user=coordinated.user)
    office = UserFactory(is_superuser=True)

    assert possible(topic, own.user) == {"zusammenfuehren", "archivieren"}
    everything = {"umhaengen", "zusammenfuehren", "archivieren"}
    assert possible(topic, above.user) == possible(topic, office) == everything
    assert possible(topic.parent, above.user) == set()
    assert possible(topic.parent, office) == {"archivieren"}
    topic.state = CommunityState.ARCHIVED
    assert (possible(topic, above.user), possible(topic, office)) == (set(), {"reaktivieren"})


def test_what_is_written_is_sent_or_published_once_and_taken_back_while_that_can_be():
    mails = {state: possible(GroupMessage(state=state)) for state in MessageState}
    assert mails == {
        MessageState.DRAFT: {"testen", "senden"},
        MessageState.SCHEDULED: {"zuruecknehmen"},
        MessageState.SENT: set(),
    }
    experience = ExperienceFactory.build(state=ExperienceState.DRAFT)
    assert possible(experience) == {"veroeffentlichen"}
    experience.state = ExperienceState.PUBLIC
    assert possible(experience) == {"zuruecknehmen"}
    minutes = {state: possible(Minutes(state=state)) for state in MinutesState}
    assert minutes == {
        MinutesState.DRAFT: {"freigeben"},
        MinutesState.APPROVED: {"veroeffentlichen", "zuruecknehmen"},
        MinutesState.PUBLIC: {"zuruecknehmen"},
    }


def test_a_statement_waits_for_its_project_and_then_for_the_office():
    row = ReuseStatementFactory(with_project=True)
    editor = UserFactory()
    ProjectEditor.objects.create(project=row.solution.project, user=editor)

    assert possible(row, editor) == {"stimmt", "rueckfrage", "widersprechen"}
    assert possible(row) == set()
    row.state = StatementState.AT_OFFICE
    assert possible(row, editor) == {"veroeffentlichen", "ablehnen"}
    row.state = StatementState.PUBLISHED
    assert possible(row, editor) == set()


# Whose steps have such a test among those of their own pages.
ELSEWHERE = {
    "asking.Question": "tests/asking/test_admin.py",
    "consulting.Advisor": "tests/consulting/test_case_work.py",
    "consulting.ConsultationRequest": "tests/consulting/test_admin.py",
    "mailing.Email": "tests/mailing/test_admin.py",
    "projects.Revision": "tests/projects/test_revisions.py",
}
HERE = {
    "communities.Community", "communities.Experience", "communities.GroupMessage",
    "communities.Membership", "events.Event", "events.Minutes", "events.Registration",
    "projects.ReuseStatement",
}  # fmt: skip


def test_every_row_that_has_steps_is_asked_here_or_elsewhere():
    registry = admin.site._registry.items()
    with_steps = {
        model._meta.label for model, model_admin in registry if getattr(model_admin, "steps", ())
    }
    assert with_steps == HERE | ELSEWHERE.keys()

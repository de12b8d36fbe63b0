"""What the office does with a request."""

from datetime import date, timedelta

import pytest

from consulting import actions
from consulting.actions import SlotTaken
from consulting.calendar import office_address
from consulting.models import Appointment, ConsultationRequest, HistoryEntry, Note, State
from ground.refusals import Overtaken
from mailing.models import Email
from tests.factories import (
    ConsultationRequestFactory,
    ProjectFactory,
    SlotFactory,
    SolutionFactory,
    UserFactory,
)
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db

OVER = NOW + timedelta(days=7, hours=1)


def read(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.get(pk=request.pk)


def stored(**fields) -> ConsultationRequest:
    return read(ConsultationRequestFactory(**fields))


def sent() -> list[str]:
    return [
        key.split(":", 3)[-1] for key in Email.objects.order_by("pk").values_list("key", flat=True)
    ]


def test_propose_blocks_the_time_for_five_days_and_asks_the_person():
    request, slot, colleague = stored(), SlotFactory(is_offered=False), UserFactory()

    current = actions.propose(request, slot=slot, by=colleague, now=NOW)

    assert (current.state, current.due_on) == (State.PROPOSED, None)
    proposal = current.current_proposal()
    assert (proposal.slot, proposal.expires_at) == (slot, NOW + timedelta(days=5))
    assert current.current_appointment() is None
    assert sent() == ["proposal"]
    assert list(HistoryEntry.objects.values_list("kind", "by")) == [("proposed", colleague.pk)]


def test_propose_asks_for_an_answer_before_the_date():
    slot = SlotFactory(starts_at=NOW + timedelta(hours=6))

    current = actions.propose(stored(), slot=slot, by=UserFactory(), now=NOW)

    assert current.current_proposal().expires_at == slot.starts_at


def test_propose_again_replaces_the_proposal_even_by_an_overlapping_one():
    slot = SlotFactory()
    later = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(minutes=15))
    request = actions.propose(stored(), slot=slot, by=UserFactory(), now=NOW)

    current = actions.propose(request, slot=later, by=UserFactory(), now=NOW)

    assert current.current_proposal().slot == later
    assert Appointment.objects.blocking().count() == 1


def test_propose_for_an_agreed_date_keeps_it():
    slot = SlotFactory()
    other = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))

    current = actions.propose(
        stored(confirmed=True, slot=slot), slot=other, by=UserFactory(), now=NOW
    )

    assert current.state == State.CONFIRMED
    assert current.current_appointment().slot == slot
    assert current.current_proposal().slot == other


def test_propose_for_a_held_time_gives_that_up():
    slot, other = SlotFactory(), SlotFactory()

    current = actions.propose(stored(held=True, slot=slot), slot=other, by=UserFactory(), now=NOW)

    assert current.state == State.PROPOSED
    assert [row.slot for row in Appointment.objects.blocking()] == [other]


def test_propose_a_taken_time_changes_nothing():
    slot, request = SlotFactory(), stored()
    stored(confirmed=True, slot=slot)

    with pytest.raises(SlotTaken):
        actions.propose(request, slot=slot, by=UserFactory(), now=NOW)

    assert (read(request).state, read(request).version) == (State.OPEN, 1)
    assert sent() == []


def test_propose_a_time_that_is_over_changes_nothing():
    request = stored()

    with pytest.raises(SlotTaken):
        actions.propose(request, slot=SlotFactory(starts_at=NOW), by=UserFactory(), now=NOW)

    assert read(request).state == State.OPEN


def test_a_lapsed_proposal_gives_the_request_back_to_the_office():
    request = actions.propose(stored(), slot=SlotFactory(), by=UserFactory(), now=NOW)
    later = NOW + timedelta(days=5)

    assert actions.release_expired(now=later - timedelta(seconds=1)) == 0
    assert actions.release_expired(now=later) == 1
    assert actions.release_expired(now=later) == 0

    current = read(request)
    assert current.state == State.OPEN
    assert current.due_on == date(2026, 3, 13)  # five working days after a Saturday
    assert current.current_proposal() is None
    told = Email.objects.filter(key__contains="lapsed").values_list("to", flat=True)
    assert office_address() in told


def test_a_lapsed_proposal_beside_an_agreed_date_leaves_that():
    slot = SlotFactory()
    request = stored(confirmed=True, slot=slot)
    actions.propose(request, slot=SlotFactory(), by=UserFactory(), now=NOW)

    actions.release_expired(now=NOW + timedelta(days=5))

    current = read(request)
    assert (current.state, current.due_on) == (State.CONFIRMED, None)
    assert current.current_appointment().slot == slot
    assert current.current_proposal() is None


def test_schedule_agrees_on_a_time_that_is_not_on_offer_and_invites():
    slot = SlotFactory(is_offered=False, starts_at=NOW + timedelta(hours=3))

    current = actions.schedule(stored(), slot=slot, by=UserFactory(), now=NOW)

    assert (current.state, current.confirmed_at, current.due_on) == (State.CONFIRMED, NOW, None)
    assert current.current_appointment().settled_at == NOW
    assert sent() == ["confirmed", f"advisor_confirmed:{slot.advisor_id}"]


def test_schedule_of_an_agreed_request_is_overtaken():
    with pytest.raises(Overtaken):
        actions.schedule(
            stored(confirmed=True, slot=SlotFactory()),
            slot=SlotFactory(),
            by=UserFactory(),
            now=NOW,
        )

    assert Appointment.objects.blocking().count() == 1


def test_the_office_may_move_a_date_beyond_what_is_on_offer():
    slot = SlotFactory()
    soon = SlotFactory(advisor=slot.advisor, starts_at=NOW + timedelta(hours=1), is_offered=False)

    current = actions.reschedule(
        stored(confirmed=True, slot=slot), slot=soon, by=UserFactory(), now=NOW
    )

    assert current.current_appointment().slot == soon


def test_decline_tells_the_reason_and_frees_the_time():
    slot = SlotFactory()
    request = stored(confirmed=True, slot=slot)

    current = actions.decline(request, reason="Sie sind Modellprojekt.", by=UserFactory(), now=NOW)

    assert (current.state, current.closed_at) == (State.DECLINED, NOW)
    assert Appointment.objects.blocking().count() == 0
    assert sent() == ["declined", f"advisor_cancelled:{slot.advisor_id}"]
    assert "Sie sind Modellprojekt." in Email.objects.get(to=request.email).text


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_decline_without_a_reason_is_refused(reason):
    request = stored()

    with pytest.raises(ValueError, match="told why"):
        actions.decline(request, reason=reason, by=UserFactory(), now=NOW)

    assert read(request).state == State.OPEN


@pytest.mark.parametrize(
    ("action", "state", "kind", "mail"),
    [
        (actions.mark_held, State.DONE, "held_meeting", []),
        (actions.mark_no_show, State.NO_SHOW, "no_show", ["no_show"]),
    ],
)
def test_a_date_that_is_over_is_marked(action, state, kind, mail):
    colleague = UserFactory()

    current = action(stored(confirmed=True, slot=SlotFactory()), by=colleague, now=OVER)

    assert (current.state, current.closed_at) == (state, OVER)
    assert current.current_appointment() is not None  # the time was used
    assert list(HistoryEntry.objects.values_list("kind", "by")) == [(kind, colleague.pk)]
    assert sent() == mail


@pytest.mark.parametrize("action", [actions.mark_held, actions.mark_no_show])
def test_a_time_that_was_proposed_beside_the_date_is_free_again_once_that_is_over(action):
    request = stored(confirmed=True, slot=SlotFactory())
    later = SlotFactory(starts_at=OVER + timedelta(days=3))
    request = actions.propose(request, slot=later, by=UserFactory(), now=NOW)

    current = action(request, by=UserFactory(), now=OVER)

    assert current.current_proposal() is None
    assert [row.is_proposal for row in Appointment.objects.blocking()] == [False]


@pytest.mark.parametrize("action", [actions.mark_held, actions.mark_no_show])
def test_a_date_that_is_still_to_come_cannot_be_marked(action):
    with pytest.raises(Overtaken):
        action(stored(confirmed=True, slot=SlotFactory()), by=UserFactory(), now=NOW)


@pytest.mark.parametrize("action", [actions.mark_held, actions.mark_no_show])
def test_a_request_without_a_date_cannot_be_marked(action):
    with pytest.raises(Overtaken):
        action(stored(), by=UserFactory(), now=OVER)


def test_marking_twice_is_overtaken():
    request, colleague = stored(confirmed=True, slot=SlotFactory()), UserFactory()
    actions.mark_no_show(request, by=colleague, now=OVER)

    with pytest.raises(Overtaken):
        actions.mark_held(request, by=colleague, now=OVER)

    assert read(request).state == State.NO_SHOW


def test_record_outcome_after_the_consultation():
    request = stored(done=True, slot=SlotFactory())
    solution, project = SolutionFactory(), ProjectFactory()

    current = actions.record_outcome(
        request,
        outcome="Erst Strategie, dann Plattform.",
        solutions=[solution],
        projects=[project],
        by=UserFactory(),
        now=OVER,
    )

    assert (current.state, current.outcome) == (State.DONE, "Erst Strategie, dann Plattform.")
    assert current.closed_at == request.closed_at
    assert list(current.recommended_solutions.all()) == [solution]
    assert list(current.recommended_projects.all()) == [project]


def test_record_outcome_closes_an_expression_of_interest():
    request = stored(building_blocks=["peer-learning"])

    current = actions.record_outcome(
        request, outcome="Zum Auftakt eingeladen.", by=UserFactory(), now=NOW
    )

    assert (current.state, current.closed_at, current.due_on) == (State.DONE, NOW, None)


def test_record_outcome_of_a_date_that_is_to_come_is_overtaken():
    with pytest.raises(Overtaken):
        actions.record_outcome(
            stored(confirmed=True, slot=SlotFactory()), outcome="…", by=UserFactory(), now=NOW
        )


def test_a_note_changes_nothing_else():
    request, colleague = stored(), UserFactory()

    note = actions.add_note(request, text="Ruft Montag an.", by=colleague, now=NOW)

    assert (note.text, note.author, note.created_at) == ("Ruft Montag an.", colleague, NOW)
    assert list(Note.objects.all()) == [note]
    assert read(request).version == 1


def test_overdue_finds_open_requests_past_their_date_and_dates_nobody_has_marked():
    late = stored(due_on=NOW.date() - timedelta(days=1))
    stored(due_on=NOW.date())
    unmarked = stored(confirmed=True, slot=SlotFactory(starts_at=NOW - timedelta(hours=2)))
    stored(confirmed=True, slot=SlotFactory())
    stored(done=True, slot=SlotFactory(starts_at=NOW - timedelta(hours=2)))

    overdue = ConsultationRequest.objects.overdue(today=NOW.date(), now=NOW)

    assert set(overdue) == {late, unmarked}

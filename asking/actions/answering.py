"""What others do with a question: answer, note a call, hand it on, publish; and what the clock does."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from asking.actions import steps
from asking.mail import questions as mails
from asking.models import OPEN, WITH_OTHERS, AnsweredBy, Kind, PublicAnswer, Question, State
from communities.models import Community
from consulting.actions import booking
from consulting.models import BuildingBlock, ConsultationRequest
from ground.clock import working_days_from
from ground.contention import again_after_deadlock, each_due
from ground.refusals import NotPossible
from projects.funding import funding_of
from projects.models import ReuseStatement, StatementState

# So many working days before their time ends, who has a question is reminded.
REMIND_BEFORE = 5


@again_after_deadlock
def answer(question: Question, *, text: str, by: AnsweredBy, now: datetime) -> Question:
    """Answer in writing: the person who asked gets it by e-mail. Raises `NotPossible` without words."""
    if not text.strip():
        raise NotPossible(_("Bitte schreiben Sie Ihre Antwort auf."))
    return _answered(question, by, now, answer=text.strip())


@again_after_deadlock
def note_call(question: Question, *, on: date, by: AnsweredBy, now: datetime) -> Question:
    """Note that the person was called, which answers it. Raises `NotPossible` for a day to come."""
    if on > timezone.localdate(now):
        raise NotPossible(_("Dieser Tag liegt noch vor uns."))
    return _answered(question, by, now, called_on=on)


def _answered(question: Question, by: AnsweredBy, now: datetime, **how: object) -> Question:
    with transaction.atomic():
        current = steps.advance(
            question,
            expected=OPEN,
            now=now,
            state=State.ANSWERED,
            due_on=None,
            answered_by=by,
            answered_at=now,
            **how,
        )
        mails.tell(current, "answered", now=now)
    return current


@again_after_deadlock
def hand_to_group(question: Question, group: Community, *, now: datetime) -> Question:
    """Ask the coordination of a group. Raises `NotPossible` where nobody coordinates it."""
    if not mails.coordination_of(group.pk):
        raise NotPossible(_("Diese Gruppe hat zurzeit keine Koordination."))
    return _handed_on(question, State.WITH_GROUP, now, group=group, reuse_statement=None)


@again_after_deadlock
def hand_to_reuser(question: Question, statement: ReuseStatement, *, now: datetime) -> Question:
    """Ask a Kommune that uses the same. Raises `NotPossible` where it can no longer be reached."""
    if statement not in reusers_for(question):
        raise NotPossible(_("Diese Kommune können wir nicht fragen."))
    return _handed_on(question, State.WITH_REUSER, now, group=None, reuse_statement=statement)


def reusers_for(question: Question) -> list[ReuseStatement]:
    """Who has confirmed to use a solution of this project, and has an address; this one's first."""
    rows = ReuseStatement.objects.with_everything().filter(
        solution__project=question.project_id,
        state=StatementState.PUBLISHED,
        anonymised_at=None,
        is_planned=False,
    )
    of_others = (row for row in rows if row.mailbox != question.mailbox)
    return sorted(of_others, key=lambda row: (row.solution_id != question.solution_id, row.name))


def _handed_on(question: Question, state: State, now: datetime, **to: object) -> Question:
    with transaction.atomic():
        current = steps.advance(
            question,
            expected=OPEN,
            now=now,
            state=state,
            due_on=steps.deadline(now),
            reminded_at=None,
            passed_on_at=None,
            **to,
        )
        mails.tell_others(current, now=now)
    return current


@again_after_deadlock
def make_request(question: Question, *, land: str, stage: str, now: datetime) -> Question:
    """Turn it into a request to Start Smart, with everything that was said carried over.

    Raises `NotPossible` for a Kommune that is funded and has other ways, or whose limit is reached.
    """
    if question.municipality and not funding_of(question.municipality).may_request:
        raise NotPossible(
            _("Diese Kommune wird gefördert. Start Smart berät Kommunen ohne Förderung.")
        )
    with transaction.atomic():
        current = steps.advance(
            question, expected=OPEN, now=now, state=State.TO_ADVICE, due_on=None
        )
        # Who asks had to open a link first; the address of who reports a fault is only typed.
        request = booking.submit(
            _request(current, land, stage),
            slot=None,
            now=now,
            is_proved=current.kind != Kind.FAULT,
        )
        mails.tell(current, "to_advice", now=now, reference=request.reference)
    return current


def _request(question: Question, land: str, stage: str) -> ConsultationRequest:
    return ConsultationRequest(
        municipality=question.municipality,
        municipality_name="" if question.municipality else question.written or question.name,
        land=land,
        building_blocks=[BuildingBlock.INITIAL],
        stage=stage,
        question="\n\n".join(filter(None, (question.situation, question.text))),
        solution=question.solution,
        project=question.project,
        contact_name=question.name,
        email=question.email,
        phone=question.phone,
    )


@again_after_deadlock
def publish(question: Question, *, text: str, answer: str, now: datetime) -> Question:
    """Let question and answer stand on the sheet, in these words; nobody is named who did not agree.

    Raises `NotPossible` without consent, or where it stands there.
    """
    if not (text.strip() and answer.strip()):
        raise NotPossible(_("Öffentlich werden Frage und Antwort."))
    with transaction.atomic():
        current = steps.advance(question, expected=[State.ANSWERED], now=now)
        if not can_be_published(current):
            raise NotPossible(_("Diese Antwort darf nicht (noch einmal) öffentlich werden."))
        PublicAnswer.objects.create(
            source=current,
            project=current.project,
            solution=current.solution,
            text=text.strip(),
            answer=answer.strip(),
            asked_by=current.sender if current.may_name else "",
            answered_by=current.answered_by,
            published_on=timezone.localdate(now),
        )
        mails.tell(current, "published", now=now)
    return current


def can_be_published(question: Question) -> bool:
    """Reads the project: where it is not public there is no page on which it would stand."""
    is_answer = question.state == State.ANSWERED and bool(question.answer)
    has_page = question.project is not None and question.project.is_public
    return is_answer and has_page and question.may_publish and not question.is_public


@again_after_deadlock
def take_down(question: Question, *, now: datetime) -> Question:
    """Have it stand on no page any more. Raises `Overtaken` if it does not (any more)."""
    with transaction.atomic():
        current = steps.advance(question, expected=[State.ANSWERED], now=now)
        steps.take_down(current)
    return current


def remind(*, now: datetime) -> int:
    """Remind who has a question, once, some days before their time ends. Returns how many questions."""
    until = working_days_from(timezone.localdate(now), REMIND_BEFORE)
    due = Question.objects.filter(state__in=WITH_OTHERS, reminded_at=None, due_on__lte=until)

    def remind_of(question: Question) -> None:
        # The version stays, so an answer that somebody is writing meanwhile is not refused.
        Question.objects.filter(pk=question.pk).update(reminded_at=now)
        mails.tell_others(question, "nudge", now=now)

    return each_due(due.with_everything().order_by("pk"), remind_of)


def pass_on(*, now: datetime) -> int:
    """Give the office what others have not answered in time. Returns how many."""

    def pass_it_on(question: Question) -> None:
        current = steps.advance(
            question,
            expected=WITH_OTHERS,
            now=now,
            state=State.AT_OFFICE,
            due_on=steps.deadline(now, steps.OFFICE_WORKING_DAYS),
            passed_on_at=now,
        )
        mails.tell_office(current, now=now)

    late = Question.objects.out_of_time(timezone.localdate(now))
    return each_due(late.order_by("pk"), pass_it_on)

"""What project and office say to a statement: add, question, object; publish, refuse."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.contention import again_after_deadlock, each_due
from ground.refusals import NotPossible
from projects.actions import steps
from projects.mail import reuse_statements as mails
from projects.models import ProjectSays, ReuseStatement, StatementState


@again_after_deadlock
def agree(statement: ReuseStatement, *, text: str = "", now: datetime) -> ReuseStatement:
    """The project says that it is so, perhaps with something to add, which becomes public as well."""
    return _answer(statement, ProjectSays.AGREES, text, now)


@again_after_deadlock
def object_to(statement: ReuseStatement, *, text: str, now: datetime) -> ReuseStatement:
    """The project says that it is not so; only the office reads why.

    Raises `NotPossible` without a reason.
    """
    if not text.strip():
        raise NotPossible(_("Bitte sagen Sie, was an der Angabe nicht stimmt."))
    return _answer(statement, ProjectSays.OBJECTS, text, now)


def _answer(
    statement: ReuseStatement, says: ProjectSays, text: str, now: datetime
) -> ReuseStatement:
    with transaction.atomic():
        current = steps.advance(
            statement,
            expected=[StatementState.WITH_PROJECT],
            now=now,
            state=StatementState.AT_OFFICE,
            respond_by=None,
            project_says=says,
            project_text=text.strip(),
        )
        mails.tell_office(current, now=now)
    return current


@again_after_deadlock
def question(statement: ReuseStatement, *, text: str, now: datetime) -> ReuseStatement:
    """The project wants to know something first; the municipality has ten working days as well.

    Raises `NotPossible` without a question.
    """
    if not text.strip():
        raise NotPossible(_("Bitte schreiben Sie Ihre Rückfrage auf."))
    with transaction.atomic():
        current = steps.advance(
            statement,
            expected=[StatementState.WITH_PROJECT],
            now=now,
            state=StatementState.QUESTIONED,
            respond_by=steps.deadline(now),
            question=text.strip(),
            answer="",
        )
        mails.tell(current, "question", now=now)
    return current


@again_after_deadlock
def publish(statement: ReuseStatement, *, now: datetime) -> ReuseStatement:
    """The office lets it stand on the pages. Raises `NotPossible` where it cannot stand there."""
    with transaction.atomic():
        current = steps.advance(
            statement,
            expected=[StatementState.AT_OFFICE],
            now=now,
            state=StatementState.PUBLISHED,
            reason="",
        )
        if not current.solution.project.is_public:
            raise NotPossible(
                _("Das Projekt ist nicht öffentlich. Die Angabe stünde auf keiner Seite.")
            )
        steps.make_public(current)
        mails.tell(current, "published", now=now)
        mails.tell_project(current, "project_decided", now=now)
    return current


@again_after_deadlock
def refuse(statement: ReuseStatement, *, reason: str, now: datetime) -> ReuseStatement:
    """The office does not let it stand. Of a change that comes to nothing the old words stay public.

    Raises `NotPossible` without a reason, which the municipality reads.
    """
    if not reason.strip():
        raise NotPossible(_("Bitte begründen Sie die Ablehnung."))
    with transaction.atomic():
        # Read again: what is public may have changed since.
        row = ReuseStatement.objects.with_everything().filter(pk=statement.pk).first()
        is_change = row is not None and row.is_public
        current = steps.advance(
            statement,
            expected=[StatementState.AT_OFFICE],
            now=now,
            state=StatementState.PUBLISHED if is_change else StatementState.REFUSED,
            reason=reason.strip(),
            **(steps.as_published(row) if is_change else {}),
        )
        mails.tell(current, "change_refused" if is_change else "refused", now=now)
        mails.tell_project(current, "project_decided", now=now)
    return current


def pass_on(*, now: datetime) -> int:
    """Give the office what project or municipality have said nothing to in time. Returns how many."""

    def pass_it_on(statement: ReuseStatement) -> None:
        current = steps.advance(
            statement,
            expected=[StatementState(statement.state)],
            now=now,
            state=StatementState.AT_OFFICE,
            respond_by=None,
        )
        mails.tell_office(current, now=now)

    late = ReuseStatement.objects.out_of_time(timezone.localdate(now))
    return each_due(late.order_by("pk"), pass_it_on)

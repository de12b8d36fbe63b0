"""What is sent because time passes. Each function may run any number of times, and may miss runs.

The windows are wide and the keys of the e-mails name the rule and the start: each date is announced
once per rule, a moved one once more, and one that was cancelled not at all.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from consulting.mail import consultations
from consulting.mail.rules import RULES, ReminderRule
from consulting.models import RATEABLE, Appointment, HistoryEntry, HistoryKind, State
from mailing import outbox

# The question how it went: not on the spot, and not when no one remembers.
ASK_AFTER = timedelta(hours=18)
ASK_UNTIL = timedelta(days=10)
# By these a proposal is off the table, and the date beside it stays (`consultations.after_proposal`).
NO_MORE_PROPOSED = (HistoryKind.REFUSED, HistoryKind.EXPIRED, HistoryKind.EVENT_GONE)


def remind(*, now: datetime) -> int:
    """Plan the reminders that are due, a week and a day before, and return how many were new.

    Who has agreed on the date within the period of a rule has just read it, and is not reminded.
    """
    with transaction.atomic():
        return sum(outbox.enqueue_many(_due(rule, now)) for rule in RULES)


def ask_how_it_went(*, now: datetime) -> int:
    """Plan the question after the date, and return how many were new.

    No one is asked who did not come, or has answered; nor while another date is proposed, which may be
    because this one did not take place, nor where one was: then „date_over“ has asked whether it did.
    """
    proposed = Appointment.objects.blocking().filter(is_proposal=True)
    not_taken = HistoryEntry.objects.filter(
        kind__in=NO_MORE_PROPOSED, at__gte=OuterRef("starts_at")
    )
    over = (
        Appointment.objects.firm()
        .filter(
            ~Exists(proposed.filter(request=OuterRef("request"))),
            ~Exists(not_taken.filter(request=OuterRef("request"))),
            request__state__in=RATEABLE,
            request__rating="",
            request__anonymised_at=None,
            ends_at__lte=now - ASK_AFTER,
            ends_at__gt=now - ASK_UNTIL,
        )
        .select_related("request__municipality", "advisor")
    )
    with transaction.atomic():
        return outbox.enqueue_many(
            consultations.question(appointment.request, appointment, now=now)
            for appointment in _still_so(over)
        )


def _due(rule: ReminderRule, now: datetime) -> Iterable[outbox.Letter]:
    ahead = (
        Appointment.objects.firm()
        .filter(
            request__state=State.CONFIRMED,
            starts_at__gt=now + rule.until,
            starts_at__lte=now + rule.before,
        )
        .select_related("request__municipality", "advisor")
    )
    return (
        consultations.reminder(appointment.request, appointment, rule=rule, now=now)
        for appointment in _still_so(ahead)
        if rule.applies(starts_at=appointment.starts_at, settled_at=appointment.settled_at)
    )


def _still_so(appointments: QuerySet[Appointment]) -> list[Appointment]:
    # Locked until the e-mails are stored, against the request being cancelled in between: anyone who
    # cancels waits, and then finds the e-mails and takes them back. Those being changed right now
    # are left for the next run.
    return list(appointments.select_for_update(of=("request",), skip_locked=True, no_key=True))

"""What Start Smart writes to people. Each function stores e-mails in the caller's transaction.

Keys name the request and the version that the e-mail tells of, so repeating a call sends nothing
twice. Until a person has confirmed an address, nothing that was typed goes into an e-mail to it:
the form must not become a way to send one's own words to strangers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailAttachment
from django.db.models import QuerySet

from consulting import calendar, links
from consulting.links import Purpose
from consulting.mail import rules
from consulting.models import (
    AccessNeeds,
    Appointment,
    ConsultationRequest,
    Draft,
    Source,
    State,
)
from mailing import outbox
from office.addresses import admin_page
from projects.models import Project, Solution


def send_draft_link(draft: Draft, *, now: datetime) -> None:
    """A link to go on with a form later; at most one an hour per draft and address."""
    outbox.enqueue(
        key=f"consultation-draft:{draft.pk}:{now:%Y%m%d%H}",
        to=draft.email,
        template="consulting/email/draft_link",
        context={
            "link": links.address(Purpose.RESUME, links.draft_token(draft)),
            "days": links.DRAFT_LASTS.days,
        },
        reply_to=calendar.office_address(),
    )


def ask_to_confirm(
    consultation: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> None:
    """The time is held; only its link makes it firm."""
    _store([_to_person(consultation, "ask_to_confirm", appointment, now=now)])


def acknowledge(consultation: ConsultationRequest, *, now: datetime) -> None:
    """The request has arrived at the office and is answered by a date."""
    context = {"by_phone": consultation.source == Source.PHONE}
    _store([_to_person(consultation, "acknowledged", None, context, now=now)])


def invite(
    consultation: ConsultationRequest,
    appointment: Appointment,
    name: str,
    *,
    now: datetime,
    by_phone: bool = False,
) -> None:
    """Invite both sides, or tell both the new time; `name` is "confirmed" or "rescheduled".

    What was agreed `by_phone` may have come to a wrong address, and says what to do then.
    """
    ics = [calendar.invitation(consultation, appointment, now=now)]
    reminded = rules.announced(starts_at=appointment.starts_at, settled_at=appointment.settled_at)
    context = {"reminded": reminded, "by_phone": by_phone}
    _store(
        [
            _to_person(consultation, name, appointment, context, attachments=ics, now=now),
            _to_advisor(consultation, f"advisor_{name}", appointment, attachments=ics),
        ]
    )


def event_moved(
    consultation: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> None:
    """The event was moved at which they meet, and the date with it."""
    if appointment.expires_at is not None:
        context = {"event_moved": True}
        _store([_to_person(consultation, "ask_to_confirm", appointment, context, now=now)])
        return
    withdraw_reminders(consultation)
    invite(consultation, appointment, "event_moved", now=now)


def event_cancelled(
    consultation: ConsultationRequest,
    appointment: Appointment,
    *,
    was: State,
    reason: str,
    now: datetime,
) -> None:
    """The event does not take place at which they wanted to meet. The office looks for another date."""
    context = {"reason": reason}
    if was != State.CONFIRMED:
        _store([_to_person(consultation, "event_cancelled", appointment, context, now=now)])
        return
    ics = [calendar.cancellation(consultation, appointment, now=now)]
    _store(
        [
            _to_person(
                consultation, "event_cancelled", appointment, context, attachments=ics, now=now
            ),
            _to_advisor(consultation, "advisor_cancelled", appointment, context, attachments=ics),
        ]
    )


def called_off(
    consultation: ConsultationRequest, appointment: Appointment, *, reason: str, now: datetime
) -> None:
    """We cannot keep the date. The person gets the link to the free times, both calendars are cleared."""
    context = {"lost": appointment, "reason": reason}
    ics = [calendar.cancellation(consultation, appointment, now=now)]
    _store(
        [
            _to_person(consultation, "called_off", None, context, attachments=ics, now=now),
            _to_advisor(consultation, "advisor_cancelled", appointment, context, attachments=ics),
        ]
    )


def missed(consultation: ConsultationRequest, appointment: Appointment, *, now: datetime) -> None:
    """No one came. The person can choose another time."""
    _store([_to_person(consultation, "no_show", None, {"lost": appointment}, now=now)])


def reopened(consultation: ConsultationRequest, *, now: datetime) -> None:
    _store([_to_person(consultation, "reopened", None, now=now)])


def outcome(consultation: ConsultationRequest, *, now: datetime) -> None:
    """What came of it, with the pages of what is recommended and public."""
    solutions, projects = recommended(consultation)
    pages = [(row.name, settings.SITE_URL + row.get_absolute_url()) for row in solutions]
    more = [(row.name, settings.SITE_URL + row.get_absolute_url()) for row in projects]
    context = {"solutions": pages, "projects": more}
    _store([_to_person(consultation, "outcome", None, context, now=now)])


def recommended(
    consultation: ConsultationRequest,
) -> tuple[QuerySet[Solution], QuerySet[Project]]:
    """What the Kommune may read of what was recommended to it."""
    solutions = Solution.objects.public().filter(recommended_in=consultation)
    projects = Project.objects.public().filter(recommended_in=consultation)
    return solutions.order_by("sort_name", "pk"), projects.order_by("sort_name", "pk")


def tell_colleague(consultation: ConsultationRequest, to: Any, *, by: Any, now: datetime) -> None:
    """A colleague has made this person responsible."""
    outbox.enqueue(
        # By the moment: the same person may be asked again later.
        key=f"consultation:{consultation.pk}:assigned:{to.pk}:{now:%Y%m%dT%H%M%S}",
        to=to.email,
        template="consulting/email/advisor_assigned",
        context={
            "consultation": consultation,
            "person": to.name,
            "by": by.name,
            "admin_link": admin_page(consultation),
        },
        reply_to=calendar.office_address(),
    )


def dismiss_advisor(consultation: ConsultationRequest, old: Appointment, *, now: datetime) -> None:
    """Tell an advisor that the date is now another person's."""
    ics = [calendar.cancellation(consultation, old, now=now)]
    _store([_to_advisor(consultation, "advisor_cancelled", old, attachments=ics)])


def tell_advisor_without_a_name(consultation: ConsultationRequest, old: Appointment) -> None:
    """The date is off because the person had their data erased, so nothing names them any more."""
    _store(
        [
            outbox.Letter(
                # Not among the e-mails about the request: those are taken back with its data.
                key=f"consultation-erased:{consultation.pk}:{old.pk}",
                to=old.advisor.email,
                template="consulting/email/advisor_erased",
                context={"appointment": old, "reference": consultation.reference},
                reply_to=calendar.office_address(),
            )
        ]
    )


def propose(consultation: ConsultationRequest, proposal: Appointment, *, now: datetime) -> None:
    """Ask for an answer; a date that was agreed and is still to come stands until then."""
    agreed = consultation.current_appointment()
    stands = agreed is not None and not agreed.has_begun(now)
    context = {"agreed": agreed if stands else None}
    _store([_to_person(consultation, "proposal", proposal, context, now=now)])


def after_proposal(consultation: ConsultationRequest, *, now: datetime) -> None:
    """The proposal is off the table. The person gets links that work, for what is true now."""
    agreed = consultation.current_appointment()
    if agreed is None:
        name = "back_at_office"
    else:
        name = "date_over" if agreed.has_begun(now) else "date_stays"
    _store([_to_person(consultation, name, agreed, now=now)])


def say_goodbye(
    consultation: ConsultationRequest,
    appointment: Appointment | None,
    *,
    was: State,
    by_office: bool,
    now: datetime,
) -> None:
    """Tell everybody who counted on it that the request has ended, and clear their calendars."""
    name = "declined" if consultation.state == State.DECLINED else "cancelled"
    context = {"by_office": by_office}
    if was != State.CONFIRMED or appointment is None:
        _store([_to_person(consultation, name, None, context, now=now)])
        return
    ics = [calendar.cancellation(consultation, appointment, now=now)]
    _store(
        [
            _to_person(consultation, name, appointment, context, attachments=ics, now=now),
            _to_advisor(consultation, "advisor_cancelled", appointment, context, attachments=ics),
        ]
    )


def tell_office(consultation: ConsultationRequest, name: str, *, now: datetime) -> None:
    """Something waits for the office; `name` is "received", "refused", "lapsed"
    or "event_gone".
    """
    _store(
        [
            outbox.Letter(
                key=_key(consultation, f"office-{name}"),
                to=calendar.office_address(),
                template=f"consulting/email/office_{name}",
                context={
                    "consultation": consultation,
                    "kommune": _name(consultation),
                    "admin_link": admin_page(consultation),
                },
            )
        ]
    )


def reminder(
    consultation: ConsultationRequest,
    appointment: Appointment,
    *,
    rule: rules.ReminderRule,
    now: datetime,
) -> outbox.Letter:
    """A reminder of one rule. Its key names the start: a moved date is announced once more."""
    return _to_person(
        consultation,
        "reminder",
        appointment,
        key=f"{_reminders(consultation)}{rule.name}:{_start(appointment)}",
        expires_at=appointment.starts_at - rule.until,
        now=now,
    )


def question(
    consultation: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> outbox.Letter:
    """The short question how it went, once for each date: the one before may have been missed."""
    key = f"{_question(consultation)}{_start(appointment)}"
    return _to_person(consultation, "question", appointment, key=key, now=now)


def withdraw_reminders(consultation: ConsultationRequest) -> None:
    """Take back what is planned or waiting and would not be true any more."""
    outbox.withdraw(_reminders(consultation))


def withdraw_question(consultation: ConsultationRequest) -> None:
    outbox.withdraw(_question(consultation))


def _safe_name(consultation: ConsultationRequest) -> str:
    """The Kommune for a subject: what was typed only once the address is confirmed."""
    is_safe = consultation.municipality is not None or consultation.confirmed_at
    return _name(consultation) if is_safe else ""


def _name(consultation: ConsultationRequest) -> str:
    municipality = consultation.municipality
    return municipality.name if municipality else consultation.municipality_name


def _is_reminded(appointment: Appointment | None, *, now: datetime) -> bool:
    if appointment is None or appointment.settled_at is None:
        return False
    return rules.is_to_come(
        starts_at=appointment.starts_at, settled_at=appointment.settled_at, now=now
    )


def _reminders(consultation: ConsultationRequest) -> str:
    return f"consultation:{consultation.pk}:reminder:"


def _question(consultation: ConsultationRequest) -> str:
    return f"consultation:{consultation.pk}:question:"


def _start(appointment: Appointment) -> str:
    return f"{appointment.starts_at:%Y%m%dT%H%M}"


def _key(consultation: ConsultationRequest, name: str) -> str:
    return f"consultation:{consultation.pk}:v{consultation.version}:{name}"


def _store(letters: Iterable[outbox.Letter]) -> None:
    outbox.enqueue_many(letters)


def _to_person(
    consultation: ConsultationRequest,
    name: str,
    appointment: Appointment | None,
    context: dict[str, Any] | None = None,
    *,
    key: str = "",
    attachments: Sequence[EmailAttachment] = (),
    expires_at: datetime | None = None,
    now: datetime,
) -> outbox.Letter:
    def link(purpose: Purpose) -> str:
        until = links.lasts_until(purpose, appointment, now=now)
        return links.address(purpose, links.token_for(consultation, purpose, until=until))

    return outbox.Letter(
        key=key or _key(consultation, name),
        to=consultation.email,
        template=f"consulting/email/{name}",
        context={
            "consultation": consultation,
            "appointment": appointment,
            "links": {purpose.name.lower(): link(purpose) for purpose in PURPOSES[name]},
            "kommune": _safe_name(consultation),
            "is_reminded": _is_reminded(appointment, now=now),
            **(context or {}),
        },
        attachments=attachments,
        reply_to=calendar.office_address(),
        expires_at=expires_at,
    )


# Which links an e-mail offers. None offers one that its reader cannot use.
PURPOSES = {
    "ask_to_confirm": [Purpose.CONFIRM, Purpose.CANCEL],
    "acknowledged": [Purpose.SEE, Purpose.CANCEL],
    "confirmed": [Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL],
    "rescheduled": [Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL],
    "event_moved": [Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL],
    "event_cancelled": [Purpose.SEE],
    "proposal": [Purpose.ANSWER, Purpose.CANCEL],
    "date_stays": [Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL],
    "date_over": [Purpose.SEE],
    "back_at_office": [Purpose.SEE, Purpose.CANCEL],
    "reminder": [Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL],
    "question": [Purpose.RATE],
    "called_off": [Purpose.RESCHEDULE, Purpose.SEE, Purpose.CANCEL],
    "no_show": [Purpose.RESCHEDULE],
    "reopened": [Purpose.RESCHEDULE, Purpose.SEE, Purpose.CANCEL],
    "outcome": [],
    "cancelled": [],
    "declined": [],
}


def _to_advisor(
    consultation: ConsultationRequest,
    name: str,
    appointment: Appointment,
    context: dict[str, Any] | None = None,
    *,
    attachments: Sequence[EmailAttachment],
) -> outbox.Letter:
    return outbox.Letter(
        key=_key(consultation, f"{name}:{appointment.advisor_id}"),
        to=appointment.advisor.email,
        template=f"consulting/email/{name}",
        context={
            "consultation": consultation,
            "appointment": appointment,
            "kommune": _name(consultation),
            # That there is something to prepare, never what: it may be about a person's health.
            "has_access_needs": AccessNeeds.objects.filter(request=consultation).exists(),
            "admin_link": admin_page(consultation),
            **(context or {}),
        },
        attachments=attachments,
        reply_to=calendar.office_address(),
    )

"""The e-mails to participants that a rule causes, and their keys."""

from collections.abc import Iterable
from datetime import UTC, datetime

from events import links
from events.links import Purpose
from events.mail import facts
from events.models import Anchor, DocumentPhase, Event, Registration, To, Visibility
from events.reminders.rules import Due
from mailing import outbox

# To the microsecond: the key leads back to the row of exactly this beginning.
_MOMENT = "%Y%m%dT%H%M%S%f"
TEMPLATES = {
    (Anchor.BEFORE, To.SEATED): "reminder",
    (Anchor.BEFORE, To.WAITING): "reminder_waiting",
    (Anchor.AFTER, To.SEATED): "thanks",
}


def prefix(event: Event, registration: Registration | None = None) -> str:
    """How the keys of all reminders of an event begin, or of one registration's."""
    whose = f"{registration.pk}:" if registration else ""
    return f"event:{event.pk}:reminder:{whose}"


def key(event: Event, whom: int | str, rule: str) -> str:
    return f"{prefix(event)}{whom}:{rule}:{event.starts_at.astimezone(UTC):{_MOMENT}}"


def parts(key: str) -> tuple[str, str, datetime]:
    """Whom, by which rule and of which beginning an e-mail with this key reminds."""
    whom, rule, starts_at = key.rsplit(":", 3)[1:]
    return whom, rule, datetime.strptime(starts_at, _MOMENT).replace(tzinfo=UTC)


def reminders(
    people: Iterable[Registration], event: Event, due: Due, *, now: datetime
) -> Iterable[outbox.Letter]:
    """One e-mail per person; what is the same for all is worked out once."""
    rule = due.rule
    name = TEMPLATES[rule.anchor, rule.to]
    reply_to = facts.reply_address(event)
    about = facts.about(event)
    same = {"about": about, "own_text": rule.text.strip()}
    if rule.anchor == Anchor.AFTER:
        same["documents"] = _documents(event)
    for person in people:
        yield outbox.Letter(
            key=key(event, person.pk, rule.name),
            to=person.email,
            template=f"events/email/{name}",
            context={
                **same,
                "registration": person,
                "meeting_link": about.meeting_link(person.mode, person.state),
                "links": _links(person, rule.anchor),
            },
            reply_to=reply_to,
            due_at=now,
            expires_at=due.until,
        )


def _links(person: Registration, anchor: Anchor) -> dict[str, str]:
    if anchor == Anchor.AFTER:
        # There is the certificate, for those who came.
        return {"see": links.address(person, Purpose.SEE)} if person.attended_at else {}
    purposes = (Purpose.CHANGE, Purpose.CANCEL)
    return {purpose.name.lower(): links.address(person, purpose) for purpose in purposes}


def _documents(event: Event) -> list[str]:
    """What can be read by now on the event's page, by everybody."""
    after = event.documents.filter(phase=DocumentPhase.AFTER, visibility=Visibility.PUBLIC)
    return list(after.values_list("title", flat=True))

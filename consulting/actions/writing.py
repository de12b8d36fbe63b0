"""What is written within a case: by us to the Kommune, and by the Kommune back."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consulting.actions.changing import note_within_the_office
from consulting.mail import messages
from consulting.models import ConsultationRequest, HistoryKind, Message, State
from ground.refusals import NotPossible, Overtaken

# Of these no one has confirmed the address.
UNCONFIRMED = (State.HELD, State.EXPIRED)


def can_be_written_to(consultation: ConsultationRequest) -> bool:
    """Whether the one who asked is known, and has not only been named by some form."""
    return consultation.anonymised_at is None and consultation.state not in UNCONFIRMED


def write(
    consultation: ConsultationRequest, *, text: str, by: AbstractBaseUser, now: datetime
) -> Message:
    """Store a message to the Kommune with its e-mail. What it has answered so far is dealt with.

    No link of an older e-mail dies. Raises `NotPossible` if there is no one (any more) to write to.
    """
    with transaction.atomic():
        # Locked: what is anonymised right now gets no new message.
        current = ConsultationRequest.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        if not can_be_written_to(current):
            raise NotPossible(
                _("Zu dieser Anfrage gibt es niemanden mehr, dem Sie schreiben können.")
            )
        message = Message.objects.create(request=current, text=text, author=by, created_at=now)
        _mark_read(current, now)
        messages.to_municipality(message, now=now)
    return message


def mark_read(consultation: ConsultationRequest, *, by: AbstractBaseUser, now: datetime) -> int:
    """Note that nothing the Kommune has answered waits any more; returns how many did."""
    with transaction.atomic():
        number = _mark_read(consultation, now)
        if number:
            note_within_the_office([consultation.pk], HistoryKind.ANSWER_DONE, by=by, now=now)
    return number


def _mark_read(consultation: ConsultationRequest, now: datetime) -> int:
    return Message.objects.unread().filter(request=consultation).update(read_at=now)


def answer(message: Message, *, text: str, now: datetime) -> Message:
    """Store what the Kommune answers, and tell those who look after the case.

    Raises `Overtaken` if it has answered this message already.
    """
    with transaction.atomic():
        # Locked: so there is one answer, and none to a message that goes with the case right now.
        ConsultationRequest.objects.select_for_update(no_key=True).get(pk=message.request_id)
        if not Message.objects.filter(pk=message.pk, answer=None).exists():
            raise Overtaken(message)
        written = Message.objects.create(
            request=message.request, answer_to=message, text=text, created_at=now
        )
        messages.to_us(written, now=now)
    return written

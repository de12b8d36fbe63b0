"""The e-mails that tell of a message within a case. Each is stored with the message."""

from datetime import datetime

from consulting import calendar, links
from consulting.links import Purpose
from consulting.models import Message
from mailing import outbox
from office.addresses import admin_page


def to_municipality(message: Message, *, now: datetime) -> None:
    """The words themselves, and the link to answer them."""
    consultation = message.request
    token = links.answer_token(message, until=now + links.WRITE_LASTS)
    outbox.enqueue(
        key=f"consultation:{consultation.pk}:message:{message.pk}",
        to=consultation.email,
        template="consulting/email/message",
        context={
            "consultation": consultation,
            "message": message,
            # Never an address: a colleague without a name writes as the office.
            "sender": message.author.name if message.author else "",
            "write_link": links.address(Purpose.WRITE, token),
            "days": links.WRITE_LASTS.days,
        },
        reply_to=calendar.office_address(),
    )


def to_us(answer: Message, *, now: datetime) -> None:
    """That there is an answer, to the one who wrote and the one responsible; else to the office.

    What it says stands in the administration.
    """
    consultation = answer.request
    people = {answer.answer_to.author, consultation.responsible} - {None}
    addresses = {person.email for person in people if person.is_active and person.is_staff}
    outbox.enqueue_many(
        outbox.Letter(
            key=f"consultation:{consultation.pk}:message:{answer.pk}:{number}",
            to=address,
            template="consulting/email/advisor_answered",
            context={"consultation": consultation, "admin_link": admin_page(consultation)},
            reply_to=calendar.office_address(),
        )
        for number, address in enumerate(sorted(addresses) or [calendar.office_address()])
    )

from base64 import b64decode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from mailing.models import Email, EmailKind


def compose(email: Email) -> EmailMultiAlternatives:
    """The e-mail as it goes over the wire; the same Message-ID every time."""
    headers = {
        "Message-ID": email.message_id,
        # Holiday notices and other robots do not answer these (RFC 3834; the second is Exchange's).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if email.kind == EmailKind.BULK:
        headers["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        email.subject,
        email.text,
        settings.DEFAULT_FROM_EMAIL,
        [email.to],
        reply_to=[email.reply_to] if email.reply_to else None,
        headers=headers,
    )
    if email.html:
        message.attach_alternative(email.html, "text/html")
    for attachment in email.attachments:
        _attach(message, **attachment)
    return message


def _attach(message: EmailMultiAlternatives, name: str, type: str, base64: str) -> None:
    content = b64decode(base64)
    if type.startswith("text/calendar;") and "method=" in type:
        # Calendars look for an invitation among the alternatives; people look for a file.
        message.attach_alternative(content.decode(), type)
        type = "application/ics"
    message.attach(name, content, type)

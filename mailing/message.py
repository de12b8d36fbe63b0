from base64 import b64decode, b64encode
from collections.abc import Iterator
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from mailing.models import Email, EmailKind

# RFC 2047: no encoded word is longer, and no line that holds one is longer than 76.
_ENCODED_WORD = 75
_FIRST_LINE = 76 - len("Subject: ")
_AROUND = len("=?utf-8?b??=")


class _Message(EmailMultiAlternatives):
    """Folds its subject: Python leaves single lines too long, and encoded words too."""

    def message(self, *args: Any, **given: Any) -> Message:
        message = super().message(*args, **given)
        del message["Subject"]
        message["Subject"] = subject_header(str(self.subject))
        return message


def subject_header(subject: str) -> str:
    """The subject as a header that folds at its spaces: as it is, or in encoded words."""
    # What looks encoded would be decoded; a word that fills more than a line could not be folded.
    words = subject.split(" ")
    if subject.isascii() and "=?" not in subject and max(map(len, words)) <= _FIRST_LINE:
        return subject
    return " ".join(_encoded_words(subject))


def _encoded_words(text: str) -> Iterator[str]:
    """No character is cut in two."""
    length, part = _FIRST_LINE, b""
    for character in text:
        byte = character.encode()
        if 4 * -(-len(part + byte) // 3) > length - _AROUND:
            yield f"=?utf-8?b?{b64encode(part).decode()}?="
            length, part = _ENCODED_WORD, b""
        part += byte
    yield f"=?utf-8?b?{b64encode(part).decode()}?="


def compose(email: Email) -> EmailMultiAlternatives:
    """The e-mail as it goes over the wire; the same Message-ID every time.

    Raises `BadHeaderError` (a `ValueError`) when it is written, for a subject of several lines.
    """
    headers = {
        "Message-ID": email.message_id,
        # Holiday notices and other robots do not answer these (RFC 3834; the second is Exchange's).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if email.kind == EmailKind.BULK:
        headers["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = _Message(
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

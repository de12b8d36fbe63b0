"""One connection to the mail server, and what its answers mean for an e-mail."""

import contextlib
import logging
import re
import smtplib
from dataclasses import dataclass
from enum import Enum, auto
from typing import Self

from django.core.mail import get_connection

from mailing.message import compose
from mailing.models import Email

logger = logging.getLogger(__name__)

SERVICE_CLOSING = 421
TOO_BIG = 552
# „Transaction failed“ and „security or policy“ (RFC 3463: X.7.x), unless it names the mailbox (X.1.x,
# X.2.x); and servers that say in words only that they do not relay for us.
_ABOUT_US = re.compile(
    r"(?!\d{3} 5\.[12]\.)(554\b|5\d\d 5\.7\.|5\d\d .*\brelay)", re.IGNORECASE | re.DOTALL
)


class Verdict(Enum):
    SENT = auto()  # the server has taken responsibility
    REFUSED = auto()  # it never will
    UNWELCOME = auto()  # the same, but because of who sends: it may refuse all others as well
    LATER = auto()  # not now
    BROKEN = auto()  # we could not even write it; the server has not seen it


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: Verdict
    reason: str = ""  # for the office, may name the recipient
    disconnected: bool = False


class RelayUnavailable(Exception):
    """The server cannot be reached or does not let us in. No e-mail is to blame."""


class Relay:
    """The server of Django's e-mail settings, through Django's backend.

    Connects when entered; raises `RelayUnavailable`.
    """

    def __enter__(self) -> Self:
        self._backend = get_connection()
        try:
            self._backend.open()
        except OSError as error:  # smtplib's errors are OSErrors too
            self._close()
            raise RelayUnavailable(_reason(error)) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def reconnect(self) -> None:
        self._close()
        self.__enter__()

    def send(self, email: Email) -> Answer:
        """Hand one e-mail over. Whatever happens is an answer, nothing is raised."""
        try:
            self._backend.send_messages([compose(email)])
        except smtplib.SMTPRecipientsRefused as error:
            return _answer(*next(iter(error.recipients.values())))
        except smtplib.SMTPSenderRefused as error:
            # Our own address is not welcome: a matter of settings, unless only the size is.
            permanent = error.smtp_code == TOO_BIG
            return _answer(error.smtp_code, error.smtp_error, permanent=permanent)
        except smtplib.SMTPResponseException as error:
            return _answer(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Answer(Verdict.REFUSED, _reason(error))
        except OSError as error:
            return Answer(Verdict.LATER, _reason(error), disconnected=True)
        except Exception as error:
            # The trace names lines of code, the message might name a person.
            logger.error("E-mail %s cannot be written (%s).", email.pk, type(error).__name__)
            return Answer(Verdict.BROKEN, _reason(error))
        return Answer(Verdict.SENT)

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._backend.close()


def is_about_us(refusal: str) -> bool:
    """Whether a server's words for a refusal blame the sender, not the recipient."""
    return _ABOUT_US.match(refusal) is not None


def _answer(code: int, text: bytes | str, *, permanent: bool | None = None) -> Answer:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    if permanent is None:
        permanent = code >= 500
    reason = f"{code} {words}"
    refused = Verdict.UNWELCOME if is_about_us(reason) else Verdict.REFUSED
    verdict = refused if permanent else Verdict.LATER
    return Answer(verdict, reason, disconnected=code == SERVICE_CLOSING)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"

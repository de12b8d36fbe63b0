"""What the links in all e-mails have in common: signed, for one purpose, dead with the next change.

A link carries the version of the row at which it was written; whoever changes the row raises the
version. Opening one changes nothing, so that a mail scanner may follow it. Each app says in its own
`links.py` which purposes there are, how long they last, and in what words an old link explains itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, ClassVar

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BadToken = signing.BadSignature


class Outcome(Enum):
    VALID = "valid"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WRONG = "wrong"


# With which status a page answers for a link that does nothing (any more).
STATUS = {Outcome.USED: 200, Outcome.SUPERSEDED: 410, Outcome.EXPIRED: 410, Outcome.WRONG: 404}

Explanations = Mapping[tuple[StrEnum | None, Outcome], Promise | str]

_EXPLANATIONS: Explanations = {
    (None, Outcome.VALID): "",
    (None, Outcome.USED): _("Diesen Link haben Sie schon benutzt. Es ist alles erledigt."),
    (None, Outcome.EXPIRED): _("Dieser Link ist abgelaufen. Es hat sich dadurch nichts geändert."),
    (None, Outcome.WRONG): _(
        "Dieser Link ist nicht vollständig oder gehört nicht hierher. Manche E-Mail-Programme "
        "brechen lange Adressen um: Bitte kopieren Sie die ganze Adresse aus der E-Mail."
    ),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a link. There is a row as long as the signature is right and it exists."""

    # By purpose and outcome; None stands for every purpose that has no words of its own.
    explanations: ClassVar[Explanations] = {}

    purpose: StrEnum
    outcome: Outcome
    row: Any = None

    @property
    def is_valid(self) -> bool:
        return self.outcome is Outcome.VALID

    @property
    def explanation(self) -> str:
        """What a page tells somebody whose link does not work any more; empty for a valid one."""
        known = {**_EXPLANATIONS, **self.explanations}
        return str(known.get((self.purpose, self.outcome)) or known[None, self.outcome])


def sign(values: list, app: str, purpose: StrEnum) -> str:
    """A token with these values. Never stored, never logged."""
    return signing.dumps(values, salt=_salt(app, purpose))


def unsign(token: str, app: str, purpose: StrEnum) -> list:
    """The values of a token; raises `BadToken` for one that is made up or of another purpose."""
    return signing.loads(token, salt=_salt(app, purpose))


def _salt(app: str, purpose: StrEnum) -> str:
    # The purpose is part of the signature: a token for cancelling is nothing but wrong elsewhere.
    return f"{app}.links.{purpose}"

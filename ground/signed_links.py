"""What the links in all e-mails have in common: signed, for one purpose, dead with the next change.

A link carries the version of the row at which it was written; anyone who changes the row raises the
version. Opening one changes nothing, so that a mail scanner may follow it. Each app says in its own
`links.py` which purposes there are, how long they last, and in what words an old link explains itself;
the pages are in `ground.link_pages`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ground.clock import out_of_reach, reachable_until

BadToken = signing.BadSignature
# How long the link lasts at least that proves an address. What it would confirm is kept no longer.
_CONFIRM_LASTS = timedelta(days=2)


class Outcome(Enum):
    VALID = "valid"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WRONG = "wrong"


Explanations = Mapping[tuple[StrEnum | None, Outcome], Promise | str]

_HEADINGS: Explanations = {
    **{(None, outcome): _("Dieser Link gilt nicht mehr") for outcome in Outcome},
    (None, Outcome.USED): _("Schon erledigt"),
    (None, Outcome.WRONG): _("Dieser Link gilt nicht"),
}

# With which status a page answers for a link that does nothing (any more).
STATUS = {Outcome.USED: 200, Outcome.SUPERSEDED: 410, Outcome.EXPIRED: 410, Outcome.WRONG: 404}

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
    # A page that leads to itself is also read by who has acted just now: „Schon erledigt“ is no answer.
    headings: ClassVar[Explanations] = {}

    # None for the link of a page that has only one.
    purpose: StrEnum | None
    outcome: Outcome
    row: Any = None

    @property
    def is_valid(self) -> bool:
        return self.outcome is Outcome.VALID

    @property
    def heading(self) -> str:
        return self._said({**_HEADINGS, **self.headings})

    @property
    def way_on(self) -> tuple[str, str] | None:
        """Where a dead link leads: words and address. None where only writing to us helps."""
        return None

    @property
    def explanation(self) -> str:
        """What a page tells a person whose link does not work any more; empty for a valid one."""
        return self._said({**_EXPLANATIONS, **self.explanations})

    def _said(self, known: Explanations) -> str:
        return str(known.get((self.purpose, self.outcome)) or known[None, self.outcome])


def seconds(moment: datetime) -> int:
    """A moment as tokens carry it."""
    return int(moment.timestamp())


def confirm_until(now: datetime) -> datetime:
    """Until when an address can be proved that is asked for it at `now`; not over a weekend."""
    return reachable_until(now, at_least=_CONFIRM_LASTS)


def lapsed_by(now: datetime) -> datetime:
    """What was asked for at this moment or before can be confirmed no more at `now`."""
    return out_of_reach(now, at_least=_CONFIRM_LASTS)


def is_over(until: int, now: datetime) -> bool:
    return now >= datetime.fromtimestamp(until, UTC)


def stamp(moment: datetime) -> str:
    """Stands for what happened at this moment: after the next time it is another one."""
    return f"{moment.timestamp():.6f}"


def of_confirming(row: Any, until: int, now: datetime, *, waits: bool = True) -> Outcome:
    """What the link is worth that proves an address: `row` has a `confirmed_at`, and `waits` for one."""
    if row.confirmed_at:
        return Outcome.USED
    return Outcome.VALID if waits and not is_over(until, now) else Outcome.EXPIRED


class OpensToken(Protocol):
    def __call__(self, token: str, purpose: Any, *, now: datetime) -> Opened: ...


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """The links about the rows of one model: `values` of a token begin with the key of the row."""

    app: str
    # Where their pages are, as `urls` of the app says: "/start-smart".
    root: str
    opened: type[Opened]
    rows: Callable[[], QuerySet]
    # What the rest of the values is worth, seen beside the row: (row, purpose, *values, now).
    judge: Callable[..., Outcome]

    def sign(self, values: list, purpose: StrEnum) -> str:
        return sign(values, self.app, purpose)

    def open(self, token: str, purpose: StrEnum, *, now: datetime) -> Opened:
        """Tell what a token is worth, without changing anything."""
        try:
            pk, *values = unsign(token, self.app, purpose)
        except BadToken:
            return self.opened(purpose, Outcome.WRONG)
        row = self.rows().filter(pk=pk).first()
        if row is None:
            return self.opened(purpose, Outcome.EXPIRED)
        opened = self.opened(purpose, self.judge(row, purpose, *values, now), row)
        if opened.is_valid:
            row.opened_for = purpose
        return opened

    def path(self, purpose: StrEnum, token: str) -> str:
        """Within the portal."""
        return f"{self.root}/{purpose}/{token}/"

    def address(self, purpose: StrEnum, token: str) -> str:
        """The whole address, for an e-mail."""
        return settings.SITE_URL + self.path(purpose, token)


def proof(row: Any, proving: Collection[StrEnum], now: datetime) -> dict[str, datetime]:
    """What a step adds to its changes, as a link that says that its reader is who is meant has led to it.

    Only the mailbox has got the link, so its owner has proved the address, since the first time. Nobody
    but `SignedLinks.open` notes on a row what it was opened for: one that the office or the clock has read
    proves nothing.
    """
    if getattr(row, "opened_for", None) not in proving:
        return {}
    return {"address_proved_at": row.address_proved_at or now}


def sign(values: list, app: str, purpose: StrEnum) -> str:
    """A token with these values. Never stored, never logged."""
    # Only compressed where that makes it shorter.
    return signing.dumps(values, salt=_salt(app, purpose), compress=True)


def unsign(token: str, app: str, purpose: StrEnum) -> list:
    """The values of a token; raises `BadToken` for one that is made up or of another purpose."""
    return signing.loads(token, salt=_salt(app, purpose))


def _salt(app: str, purpose: StrEnum) -> str:
    # The purpose is part of the signature: a token for cancelling is nothing but wrong elsewhere.
    return f"{app}.links.{purpose}"

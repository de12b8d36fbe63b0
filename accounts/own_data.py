"""The rights of people: to see, to take along and to have erased what is stored about them.

Each app says what it stores of a person (`own_data.py` with `OwnData`'s three functions); the front
door puts it together. Who a person is, is proved by a confirmed address: that of an account, or that
to which a link was sent.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.db.models.functions import Lower

from accounts.models import User
from accounts.new_account import account_of, confirmed_account
from ground.mailbox import mailbox_key
from ground.retention import delete
from office.history import forget_history

# What opens doors is shown to no one, not even to its owner, and what somebody did in the administration
# without the rows of others: how these are called and what was typed. Apps above add theirs: `keep_secret`.
SECRET = {
    "accounts.User.password",
    "admin.LogEntry.change_message",
    "admin.LogEntry.object_repr",
    "mailing.Email.claim",
    "mailing.Email.message_token",
    "mfa.Authenticator.data",
    "usersessions.UserSession.data",
    "usersessions.UserSession.session_key",
}


# What packages call in English, or as nobody speaks, in the words that people see.
_GERMAN_PLURALS = {
    "admin.LogEntry": "Schritte in der Verwaltung",
    "mfa.Authenticator": "Zweite Faktoren",
    "usersessions.UserSession": "Angemeldete Geräte",
}
_GERMAN_LABELS = {
    "user": "Konto",
    "type": "Art",
    "created at": "angelegt am",
    "last used at": "zuletzt benutzt am",
    "last seen at": "zuletzt gesehen am",
    "ip": "Netzadresse",
    "user agent": "Browser",
    "Zeitpunkt der Aktion": "Zeitpunkt",
    "Aktionskennzeichen": "Schritt",
    "Inhaltstyp": "Art des Eintrags",
    "Objekt-ID": "Nummer des Eintrags",
}


def keep_secret(field: str) -> None:
    """Leave "app.Model.field" out of what people see and take along of their data."""
    SECRET.add(field)


@dataclass(frozen=True, slots=True)
class Person:
    """A person by their confirmed addresses (lower case), with their account if they have one."""

    addresses: frozenset[str]
    user: User | None = None

    @classmethod
    def of_user(cls, user: User) -> "Person":
        """An account with its confirmed addresses; an unconfirmed one may be another person's."""
        confirmed = EmailAddress.objects.filter(user=user, verified=True)
        return cls(frozenset(confirmed.values_list(Lower("email"), flat=True)), user)

    @classmethod
    def of_address(cls, address: str) -> "Person":
        """Anyone who reads the mails to an address, with the account for which it is confirmed."""
        if user := confirmed_account(address):
            person = cls.of_user(user)
            return cls(person.addresses | {address.lower()}, user)
        # An account made for a person, or never confirmed: who reads its mails is its owner, as long
        # as no one has confirmed another address for it.
        user = account_of(address)
        if user and EmailAddress.objects.filter(user=user, verified=True).exists():
            user = None
        return cls(frozenset({address.lower()}), user)

    @property
    def mailboxes(self) -> frozenset[str]:
        """What the stored addresses of this person have in common, however they were typed."""
        return frozenset(map(mailbox_key, self.addresses))

    @property
    def not_of_another(self) -> models.Q:
        """Which rows under the mailboxes are not of another account, which had the address before."""
        return models.Q(user=None) | models.Q(user=self.user)

    @property
    def can_sign_in(self) -> bool:
        """Whether the account is kept by more than the mailbox: by a password or a key."""
        return self.user is not None and (
            self.user.has_usable_password() or Authenticator.objects.filter(user=self.user).exists()
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one model about a person, ready for JSON."""

    label: str
    model: str
    stored: Sequence[models.Model]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """As the file tells them."""
        return [facts(row) for row in self.stored]


class OwnData(Protocol):
    def export(self, person: Person) -> Iterable[Part]:
        """Everything stored about the person, without the secrets of it."""

    def obstacles(self, person: Person) -> Iterable[str]:
        """Sentences about what the person must settle before they can be erased."""

    def erase(self, person: Person, *, now: datetime) -> Collection[str]:
        """Erase within the caller's transaction; return how keys of e-mails about it begin."""


def part(rows: models.QuerySet | Collection[models.Model]) -> Iterator[Part]:
    """The rows as one part; none where there are no rows."""
    rows = list(rows)
    if rows:
        options = rows[0]._meta
        label = _GERMAN_PLURALS.get(options.label, str(options.verbose_name_plural))
        yield Part(label, options.label, rows)


def told(model: models.Model | type[models.Model]) -> Iterator[tuple[str, models.Field]]:
    """The columns of a model that its person may know, with their German names."""
    for field in model._meta.concrete_fields:
        is_secret = f"{model._meta.label}.{field.name}" in SECRET
        if field.primary_key or is_secret or isinstance(field, models.GeneratedField):
            continue
        yield _GERMAN_LABELS.get(str(field.verbose_name), str(field.verbose_name)), field


def facts(row: models.Model) -> dict[str, Any]:
    """The columns of a row under their German names; foreign keys as numbers, secrets left out."""
    found: dict[str, Any] = {"id": _plain(row.pk)}
    for label, field in told(row):
        value = getattr(row, field.attname)
        if field.choices and not isinstance(value, list):
            value = getattr(row, f"get_{field.name}_display")()
        found[label] = _plain(value)
    return found


def delete_with_history(rows: models.QuerySet, now: datetime) -> int:
    """What a rule of retention does whose rows go altogether, and people of the office work on."""
    forget_history(rows)
    return delete(rows, now)


def export(person: Person) -> Iterator[Part]:
    if person.user is None:
        return
    yield from part([person.user])
    yield from part(EmailAddress.objects.filter(user=person.user))
    yield from part(Authenticator.objects.filter(user=person.user))
    yield from part(UserSession.objects.filter(user=person.user))
    yield from part(LogEntry.objects.filter(user=person.user))


def obstacles(person: Person) -> Iterator[str]:
    if person.user and person.user.is_superuser:
        yield (
            "Ihr Konto verwaltet das ganze Portal. Bitte lassen Sie sich dieses Recht erst von "
            "jemand anderem nehmen, damit das Portal nicht ohne Verwaltung bleibt."
        )


def erase(person: Person, *, now: datetime) -> list[str]:
    """Delete the account with everything that hangs on it: addresses, factors, sessions, history."""
    if person.user is None:
        return []
    forget_history([person.user])
    # Not only the rows: anyone who is signed in somewhere is signed out.
    for session in UserSession.objects.filter(user=person.user):
        session.end()
    person.user.delete()
    return []


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Range):
        return [_plain(value.lower), _plain(value.upper)]
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value

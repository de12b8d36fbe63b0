"""How long events keep what they know about people, and what takes it away.

`RULES` is the list that the privacy page tells and the nightly task carries out. Figures stay: the
Kommune, how a person took part, whether they came. A registration for an event still to come is never
touched unless it is over itself.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import (
    LIVE,
    EventAnswer,
    EventMessage,
    EventState,
    Invitation,
    InvitationState,
    MinutesTask,
    ParticipantNeeds,
    Registration,
)
from events.own_data import PERSONAL
from ground import retention as keeping
from ground.retention import RetentionRule
from office.history import forget_history

UNCONFIRMED = timedelta(days=1)
CANCELLED = timedelta(days=30)
OVER = timedelta(days=365)
NEEDS = timedelta(days=7)
ADDRESSES = timedelta(days=30)


def _registrations() -> QuerySet[Registration]:
    return Registration.objects.filter(anonymised_at=None)


def _over() -> QuerySet[Registration]:
    """Registrations that are over themselves, whatever becomes of the event."""
    return _registrations().exclude(state__in=LIVE)


def _unconfirmed(now: datetime) -> QuerySet:
    return _over().filter(confirmed_at=None, closed_at__lte=now - UNCONFIRMED)


def _cancelled(now: datetime) -> QuerySet:
    return _registrations().filter(
        Q(closed_at__lte=now - CANCELLED)
        | Q(event__state=EventState.CANCELLED, event__cancelled_at__lte=now - CANCELLED)
    )


def _long_past(now: datetime) -> QuerySet:
    return _registrations().filter(event__ends_at__lte=now - OVER)


def _needless(now: datetime, prefix: str = "") -> Q:
    """No one has to prepare anything for this registration (any more)."""
    return (
        Q(**{f"{prefix}event__ends_at__lte": now - NEEDS})
        | Q(**{f"{prefix}event__state": EventState.CANCELLED})
        | Q(**{f"{prefix}closed_at__isnull": False})
    )


def _needs(now: datetime) -> QuerySet:
    return ParticipantNeeds.objects.filter(_needless(now, "registration__"))


def _catering(now: datetime) -> QuerySet:
    return Registration.objects.exclude(catering_note="").filter(_needless(now))


def _invitations(now: datetime) -> QuerySet:
    """Lists of addresses that were typed in and never used; a sent invitation keeps none."""
    return Invitation.objects.exclude(addresses="").filter(
        state=InvitationState.DRAFT, created_at__lte=now - ADDRESSES
    )


def _messages(now: datetime) -> QuerySet:
    return EventMessage.objects.exclude(text="").filter(sent_at__lte=now - OVER)


def _sent_invitations(now: datetime) -> QuerySet:
    return Invitation.objects.exclude(text="").filter(
        state=InvitationState.SENT, sent_at__lte=now - OVER
    )


def _owners(now: datetime) -> QuerySet:
    """Names of people who are no members, of what is done or was due long ago."""
    return MinutesTask.objects.exclude(owner_name="").filter(
        Q(done_at__lte=now - OVER) | Q(due_on__lte=timezone.localdate(now - OVER))
    )


def _anonymise(rows: QuerySet, now: datetime) -> int:
    # In one order, so that a person who works on one of them is waited for, not deadlocked.
    locked = list(
        Registration.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
        .select_for_update(no_key=True)
        .only("pk")
        .order_by("pk")
    )
    pks = [registration.pk for registration in locked]
    forget_history(locked)
    for model in (ParticipantNeeds, EventAnswer):
        model.objects.filter(registration__in=pks).delete()
    return Registration.objects.filter(pk__in=pks, anonymised_at=None).update(
        **dict.fromkeys(PERSONAL, ""),
        user=None,
        registered_by=None,
        on_participants_list=False,
        anonymised_at=now,
        # Old links die.
        version=F("version") + 1,
    )


def _emptying(*fields: str) -> Callable[[QuerySet, datetime], int]:
    def empty(rows: QuerySet, now: datetime) -> int:
        return rows.update(**dict.fromkeys(fields, ""))

    return empty


def _of_registration(*fields: str) -> frozenset[str]:
    return frozenset(f"events.Registration.{field}" for field in fields)


_WHOLE_REGISTRATION = _of_registration(*PERSONAL) | {"events.EventAnswer.text"}

RULES = (
    RetentionRule(
        "unconfirmed",
        _("Anmeldungen, deren E-Mail-Adresse nicht bestätigt wurde: 1 Tag, dann anonymisiert."),
        _WHOLE_REGISTRATION,
        _unconfirmed,
        _anonymise,
    ),
    RetentionRule(
        "cancelled",
        _("Abmeldungen und Anmeldungen für abgesagte Veranstaltungen: 30 Tage, dann anonymisiert."),
        _WHOLE_REGISTRATION,
        _cancelled,
        _anonymise,
    ),
    RetentionRule(
        "over",
        _("Alle anderen Anmeldungen: 12 Monate nach der Veranstaltung, dann anonymisiert."),
        _WHOLE_REGISTRATION,
        _long_past,
        _anonymise,
    ),
    RetentionRule(
        "needs",
        _(
            "Was Sie für die Teilnahme brauchen: 7 Tage nach der Veranstaltung oder mit der Abmeldung "
            "gelöscht."
        ),
        frozenset({"events.ParticipantNeeds.needs", "events.ParticipantNeeds.text"}),
        _needs,
        keeping.delete,
    ),
    RetentionRule(
        "catering",
        _("Ihr Hinweis zur Verpflegung: ebenso."),
        _of_registration("catering_note"),
        _catering,
        _emptying("catering_note"),
    ),
    RetentionRule(
        "messages",
        _("Was Gastgeber den Teilnehmenden schreiben: 12 Monate, dann gelöscht."),
        frozenset({"events.EventMessage.subject", "events.EventMessage.text"}),
        _messages,
        _emptying("subject", "text"),
    ),
    RetentionRule(
        "invitation_addresses",
        _(
            "E-Mail-Adressen, an die eine Einladung gehen soll: bis zum Versand, höchstens 30 Tage. "
            "Wer Einladungen abbestellt, von dem bleibt ein Schlüssel, aus dem sich die Adresse nicht "
            "ablesen lässt, damit keine mehr kommt."
        ),
        frozenset({"events.Invitation.addresses"}),
        _invitations,
        _emptying("addresses"),
    ),
    RetentionRule(
        "invitations",
        _("Der Text von Einladungen: 12 Monate, dann gelöscht."),
        frozenset({"events.Invitation.subject", "events.Invitation.text"}),
        _sent_invitations,
        _emptying("subject", "text"),
    ),
    RetentionRule(
        "task_owners",
        _(
            "Wer laut Protokoll eine Aufgabe übernommen hat und kein Mitglied ist: der Name bis 12 "
            "Monate, nachdem sie fällig oder erledigt war."
        ),
        frozenset({"events.MinutesTask.owner_name"}),
        _owners,
        _emptying("owner_name"),
    ),
)

carry_out = partial(keeping.carry_out, RULES)

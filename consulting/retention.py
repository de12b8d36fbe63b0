"""How long Start Smart keeps what it knows about people, and what takes it away.

`RULES` is the list that the privacy page tells and the nightly task carries out. A test fails for
any field of any model that could hold something personal and is in no list.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consulting.models import (
    RUNNING,
    Absence,
    AccessNeeds,
    Advisor,
    AdvisorFeed,
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryEntry,
    HistoryKind,
    Message,
    Note,
    State,
)
from ground import retention as keeping
from ground.retention import RetentionRule

UNCONFIRMED = timedelta(days=1)
CANCELLED = timedelta(days=30)
DONE = timedelta(days=365)
NEEDS = timedelta(days=7)
DRAFTS = timedelta(days=7)
ABSENCES = timedelta(days=30)
FORMER = "@ehemalig.invalid"

# What is emptied when a request is anonymised. The constraint
# consulting_anonymised_means_nothing_personal names the same fields.
PERSONAL = (
    "municipality_name",
    "question",
    "wishes",
    "contact_name",
    "contact_role",
    "email",
    "email_key",
    "phone",
    "closing_reason",
    "outcome",
    "rating_comment",
)


def _requests() -> QuerySet[ConsultationRequest]:
    """Requests with something personal left, and when the date was that they ended with."""
    return ConsultationRequest.objects.filter(anonymised_at=None).annotate(
        last_end=Max(
            "appointments__ends_at",
            filter=Q(appointments__settled_at__isnull=False, appointments__released_at=None),
        )
    )


def _unconfirmed(now: datetime) -> QuerySet:
    # By the date of sending, so that one whose hold was never released is found as well. What was sent
    # before a weekend may be held longer than a day.
    return _requests().filter(
        ~_held_since("pk", now),
        state__in=[State.HELD, State.EXPIRED],
        submitted_at__lte=now - UNCONFIRMED,
    )


def _held_since(request: str, now: datetime) -> Exists:
    """Whether a time of the request was held until less than a day ago, or still is."""
    held = Appointment.objects.filter(request=OuterRef(request), expires_at__gt=now - UNCONFIRMED)
    return Exists(held)


def _cancelled(now: datetime) -> QuerySet:
    return _requests().filter(
        state__in=[State.CANCELLED, State.DECLINED], closed_at__lte=now - CANCELLED
    )


def _done(now: datetime) -> QuerySet:
    """Ended a year ago; the date counts even without a note on how it went."""
    return (
        _requests()
        .annotate(over=Coalesce("last_end", "closed_at", "changed_at"))
        .filter(
            state__in=[State.DONE, State.NO_SHOW, State.CONFIRMED, State.OPEN, State.PROPOSED],
            over__lte=now - DONE,
        )
    )


def _needs(now: datetime) -> QuerySet:
    """A week after the date; without a date, a week after the end or with the request itself."""
    return AccessNeeds.objects.annotate(
        last_end=Max(
            "request__appointments__ends_at",
            filter=Q(
                request__appointments__settled_at__isnull=False,
                request__appointments__released_at=None,
            ),
        )
    ).filter(
        Q(last_end__lte=now - NEEDS)
        | Q(last_end=None, request__closed_at__lte=now - NEEDS)
        | Q(
            ~_held_since("request", now),
            request__state__in=[State.HELD, State.EXPIRED],
            request__submitted_at__lte=now - UNCONFIRMED,
        )
    )


def _former_advisors(now: datetime) -> QuerySet:
    """Who advises no longer, a year after their last date. Without dates they can just be deleted."""
    return (
        Advisor.objects.filter(is_active=False)
        .exclude(email__endswith=FORMER)
        .annotate(last_end=Max("appointments__ends_at"))
        .filter(last_end__lte=now - DONE)
    )


def forget_advisors(rows: QuerySet, now: datetime) -> int:
    """Take the person out of these rows and keep what they are counted by."""
    pks = list(rows.values_list("pk", flat=True))
    AdvisorFeed.objects.filter(advisor__in=pks).delete()
    Absence.objects.filter(advisor__in=pks).delete()
    return Advisor.objects.filter(pk__in=pks).update(
        name=str(_("ehemalige beratende Person")),
        # Unique, and at a domain that can never receive anything.
        email=Concat(Value("person-"), F("pk"), Value(FORMER), output_field=CharField()),
        phone="",
        user=None,
    )


def _absences(now: datetime) -> QuerySet:
    return Absence.objects.filter(last_on__lte=timezone.localdate(now - ABSENCES))


def _drafts(now: datetime) -> QuerySet:
    return Draft.objects.filter(changed_at__lte=now - DRAFTS)


def _anonymise(rows: QuerySet, now: datetime) -> int:
    """Empty what is personal and keep what is counted: Land, Kommune, topics, month, what came of it."""
    pks = list(rows.values_list("pk", flat=True))
    # Locked in one order, so that a person who works on one of them is waited for, not deadlocked.
    locked = list(
        ConsultationRequest.objects.select_for_update(no_key=True)
        .filter(pk__in=pks, anonymised_at=None)
        .order_by("pk")
    )
    for consultation in locked:
        _anonymise_one(consultation, now, _ending(consultation, now))
    return len(locked)


def anonymise_by_wish(requests: Iterable[ConsultationRequest], *, now: datetime) -> None:
    """The same because the person wants it: what was still running ends as cancelled.

    The caller holds the locks of the rows.
    """
    for consultation in requests:
        running = consultation.state in RUNNING and consultation.state != State.HELD
        cancelled = {"state": State.CANCELLED, "closed_at": now, "due_on": None}
        _anonymise_one(consultation, now, cancelled if running else _ending(consultation, now))


def _anonymise_one(
    consultation: ConsultationRequest, now: datetime, ending: dict[str, Any]
) -> None:
    changes = dict.fromkeys(PERSONAL, "") | {
        "anonymised_at": now,
        "version": F("version") + 1,
        "changed_at": now,
        **ending,
    }
    ConsultationRequest.objects.filter(pk=consultation.pk).update(**changes)
    consultation.appointments.blocking().filter(starts_at__gt=now).update(released_at=now)
    Note.objects.filter(request=consultation).delete()
    Message.objects.filter(request=consultation).delete()
    AccessNeeds.objects.filter(request=consultation).delete()
    HistoryEntry.objects.create(
        request=consultation, version=consultation.version + 1, kind=HistoryKind.ANONYMISED, at=now
    )


def _ending(consultation: ConsultationRequest, now: datetime) -> dict[str, Any]:
    """How a request ends that was still running when its time was up."""
    match consultation.state:
        case State.HELD | State.CONFIRMED:
            return {"state": State.EXPIRED, "closed_at": now}
        case State.OPEN | State.PROPOSED:
            # No one has taken it on for a year, which is an answer as well.
            return {"state": State.DECLINED, "closed_at": now, "due_on": None}
    return {}


def _of_request(*fields: str) -> frozenset[str]:
    return frozenset(f"consulting.ConsultationRequest.{field}" for field in fields)


_WHOLE_REQUEST = _of_request(*PERSONAL) | {"consulting.Note.text", "consulting.Message.text"}

RULES = (
    RetentionRule(
        "unconfirmed",
        _(
            "Anfragen, deren Termin nicht bestätigt wurde: 1 Tag nach der Frist dafür, dann anonymisiert."
        ),
        _WHOLE_REQUEST,
        _unconfirmed,
        _anonymise,
    ),
    RetentionRule(
        "cancelled",
        _("Abgesagte und abgelehnte Anfragen: 30 Tage, dann anonymisiert."),
        _WHOLE_REQUEST,
        _cancelled,
        _anonymise,
    ),
    RetentionRule(
        "done",
        _("Erledigte Anfragen: 12 Monate nach der Beratung, dann anonymisiert."),
        _WHOLE_REQUEST,
        _done,
        _anonymise,
    ),
    RetentionRule(
        "needs",
        _("Was Sie für die Teilnahme brauchen: 7 Tage nach dem Termin, dann gelöscht."),
        frozenset({"consulting.AccessNeeds.text"}),
        _needs,
        keeping.delete,
    ),
    RetentionRule(
        "advisors",
        _("Name und Kontakt von Beratenden: bis 12 Monate nach ihrer letzten Beratung."),
        frozenset(f"consulting.Advisor.{field}" for field in ("name", "email", "phone"))
        | {"consulting.AdvisorFeed.token"},
        _former_advisors,
        forget_advisors,
    ),
    RetentionRule(
        "absences",
        _("Wann Beratende abwesend sind: bis 30 Tage danach, dann gelöscht."),
        frozenset(),  # days only; whose they are is a reference
        _absences,
        keeping.delete,
    ),
    RetentionRule(
        "drafts",
        _("Angefangene Anfragen: 7 Tage nach der letzten Änderung, dann gelöscht."),
        frozenset({"consulting.Draft.data", "consulting.Draft.email"}),
        _drafts,
        keeping.delete,
    ),
)

# A date that is still to come is never touched.
carry_out = partial(keeping.carry_out, RULES)
preview = partial(keeping.preview, RULES)

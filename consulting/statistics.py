"""Figures without persons. They stay the same when retention takes the persons away."""

from collections.abc import Iterable, Iterator

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consulting.models import ConsultationRequest, HistoryKind, Rating, State
from projects.statistics import Case, Period, Source, days, register

# The office's first answer to a request that came without a time.
ANSWERS = (HistoryKind.SCHEDULED, HistoryKind.PROPOSED, HistoryKind.DECLINED)

_PARTS = {
    State.NO_SHOW: "no_show",
    State.CANCELLED: "cancelled",
    State.DECLINED: "declined",
    State.EXPIRED: "expired",
}


def counted() -> QuerySet[ConsultationRequest]:
    """Requests that a person meant: not those whose time no one has confirmed."""
    return ConsultationRequest.objects.exclude(
        Q(state=State.HELD) | Q(state=State.EXPIRED, confirmed_at=None)
    )


def cases(period: Period) -> Iterator[Case]:
    """Those that came in within the period, in two queries."""
    rows = (
        counted()
        .filter(period.has("submitted_at"))
        .select_related("municipality")
        .prefetch_related("themes")
        .annotate(answered_at=Min("history__at", filter=Q(history__kind__in=ANSWERS)))
        .order_by("pk")
    )
    for row in rows:
        yield Case(
            _part(row),
            land=row.land,
            population=row.municipality.population if row.municipality else None,
            themes=row.theme_labels,
            measured=dict(_days_until_answer(row)),
            answered={"helped": row.rating == Rating.HELPED} if row.rating else {},
        )


def _part(row: ConsultationRequest) -> str:
    if row.state == State.DONE:
        return "held" if row.confirmed_at else "answered"
    return _PARTS.get(State(row.state), "running")


def _days_until_answer(row: ConsultationRequest) -> Iterable[tuple[str, float]]:
    if row.answered_at is not None:
        yield "answer", days(row.submitted_at, row.answered_at)


register(
    Source(
        "beratung",
        _("Start Smart: Anfragen"),
        "consulting.work_as_office",
        total=_("Anfragen"),
        parts={
            "held": _("beraten"),
            "answered": _("ohne Termin erledigt"),
            "no_show": _("nicht erschienen"),
            "cancelled": _("abgesagt"),
            "declined": _("abgelehnt"),
            "expired": _("verfallen"),
            "running": _("laufend"),
        },
        cases=cases,
        medians={"answer": _("Antwort nach Tagen (Median)")},
        shares={"helped": _("„hat geholfen“ in %")},
        note=_(
            "Nach dem Tag der Anfrage. Gezählt wird, was jemand bestätigt oder an die Geschäftsstelle "
            "geschickt hat. Die Antwortzeit gilt für Anfragen, auf die die Geschäftsstelle einen Termin "
            "vorgeschlagen, vereinbart oder abgelehnt hat."
        ),
    )
)

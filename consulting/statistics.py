"""Figures without persons. They stay the same when retention takes the persons away."""

from datetime import date

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from consulting.models import ConsultationRequest, State
from ground.land import Land

# Upper limits as in the official statistics of municipalities.
SIZE_CLASSES = (
    (5_000, _("unter 5.000")),
    (20_000, _("5.000 bis unter 20.000")),
    (50_000, _("20.000 bis unter 50.000")),
    (100_000, _("50.000 bis unter 100.000")),
)
LARGEST = _("100.000 und mehr")
UNKNOWN = _("nicht bekannt")

Row = tuple[str, int, int]


def counted() -> QuerySet[ConsultationRequest]:
    """Requests that a person meant: not those whose time no one has confirmed."""
    return ConsultationRequest.objects.exclude(
        Q(state=State.HELD) | Q(state=State.EXPIRED, confirmed_at=None)
    )


def by_land() -> list[Row]:
    """Name of the Land, requests, consultations held; the same triple in every figure here."""
    return [(Land(key).label, *counts) for key, *counts in _grouped("land")]


def by_theme() -> list[Row]:
    """A request on two topics counts for both."""
    return [(name or str(UNKNOWN), *counts) for name, *counts in _grouped("themes__name")]


def by_month() -> list[tuple[date, int, int]]:
    """The first day of the month in Germany in which the request came in."""
    rows = counted().annotate(month=TruncMonth("submitted_at")).values("month").annotate(**_COUNTS)
    return [(row["month"].date(), row["requests"], row["held"]) for row in rows.order_by("month")]


def by_size() -> list[Row]:
    """By inhabitants of the Kommune, smallest first."""
    size = Case(
        When(municipality__population=None, then=Value(len(SIZE_CLASSES) + 1)),
        *(
            When(municipality__population__lt=limit, then=Value(position))
            for position, (limit, _label) in enumerate(SIZE_CLASSES)
        ),
        default=Value(len(SIZE_CLASSES)),
    )
    rows = counted().annotate(size=size).values("size").annotate(**_COUNTS).order_by("size")
    labels = [*(label for _limit, label in SIZE_CLASSES), LARGEST, UNKNOWN]
    return [(str(labels[row["size"]]), row["requests"], row["held"]) for row in rows]


_COUNTS = {
    "requests": Count("pk", distinct=True),
    "held": Count("pk", distinct=True, filter=Q(state=State.DONE, confirmed_at__isnull=False)),
}


def _grouped(field: str) -> list[tuple]:
    rows = counted().values(field).annotate(**_COUNTS).order_by(field)
    return [(row[field], row["requests"], row["held"]) for row in rows]

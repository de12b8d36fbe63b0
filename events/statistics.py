"""Figures about events, without anybody's name. They stay the same when people are anonymised."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Event, Mode, Registration, RegistrationState
from ground.land import Land
from projects.models import Municipality
from projects.statistics import Case, Period, Source, register


class Row(NamedTuple):
    label: str
    # People with a seat, and those of them who came.
    seated: int
    came: int


class Figures(NamedTuple):
    registered: int
    seated: int
    waiting: int
    cancelled: int
    expired: int
    came: int


def figures(event: Event) -> Figures:
    """How many registered, whatever became of it; one query."""

    def count(**condition: object) -> Count:
        return Count("pk", filter=Q(**condition))

    seated = RegistrationState.SEAT
    found = event.registrations.aggregate(
        registered=Count("pk"),
        seated=count(state=seated),
        waiting=count(state__in=[RegistrationState.WAITING, RegistrationState.OFFERED]),
        cancelled=count(state=RegistrationState.CANCELLED),
        expired=count(state=RegistrationState.EXPIRED),
        came=count(state=seated, attended_at__isnull=False),
    )
    return Figures(**found)


def by_mode(event: Event) -> list[Row]:
    return _rows(event, "mode", dict(Mode.choices))


def by_land(event: Event) -> list[Row]:
    """By the Land of the Kommune that people chose; organisations have none."""
    return _rows(event, "municipality__land", dict(Land.choices))


def by_kind(event: Event) -> list[Row]:
    """By what the Kommune is: a town, a Kreis, a joint administration."""
    return _rows(event, "municipality__level", dict(Municipality.Level.choices))


def _rows(event: Event, field: str, labels: dict[str, object]) -> list[Row]:
    found = (
        event.registrations.filter(state=RegistrationState.SEAT)
        .values(value=F(field))
        .annotate(seated=Count("pk"), came=Count("attended_at"))
        .order_by("-seated", "value")
    )
    return [
        Row(str(labels.get(row["value"]) or _("ohne Kommune")), row["seated"], row["came"])
        for row in found
    ]


def cases(period: Period) -> Iterator[Case]:
    """Who has had a seat at an event of the period, in two queries and one for its themes."""
    rows = (
        Registration.objects.seated()
        .filter(period.has("event__starts_at"), event__cancelled_at=None)
        .select_related("municipality")
        .prefetch_related("event__themes")
        .order_by("pk")
    )
    for row in rows:
        part = "came" if row.attended_at else "missing"
        yield Case.of(row.municipality, part, row.event.themes.all())


register(
    Source(
        "veranstaltungen",
        gettext_lazy("Veranstaltungen: Teilnahmen"),
        "events.work_on_events",
        total=gettext_lazy("mit Platz"),
        parts={
            "came": gettext_lazy("da gewesen"),
            "missing": gettext_lazy("nicht da oder nicht erfasst"),
        },
        cases=cases,
        note=gettext_lazy(
            "Nach dem Tag der Veranstaltung, ohne abgesagte. Organisationen haben kein Land und keine Größe."
        ),
    )
)

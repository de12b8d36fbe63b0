"""Figures about one event, without anybody's name. They stay the same when people are anonymised."""

from typing import NamedTuple

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from events.models import Event, Mode, RegistrationState
from ground.land import Land
from projects.models import Municipality


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

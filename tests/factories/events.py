from datetime import datetime, timedelta

import factory
from django.utils import timezone

from events.models import (
    AgendaItem,
    Event,
    EventKind,
    EventState,
    Format,
    Mode,
    Registration,
    RegistrationState,
    Seats,
)


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


class EventFactory(factory.django.DjangoModelFactory):
    """A published regional conference in 30 days, three hours long, without registration."""

    class Meta:
        model = Event

    kind = EventKind.REGIONAL_CONFERENCE
    title = factory.Sequence(lambda n: f"Regionalkonferenz {n}")
    slug = factory.Sequence(lambda n: f"regionalkonferenz-{n}")
    state = EventState.PUBLISHED
    starts_at = factory.LazyFunction(lambda: in_days(30))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=3))
    format = Format.ON_SITE
    city = "Gütersloh"
    land = "NW"


class SeatsFactory(factory.django.DjangoModelFactory):
    """Fifty seats on site of an event that takes registrations, no waiting list."""

    class Meta:
        model = Seats

    event = factory.SubFactory(EventFactory, takes_registrations=True)
    mode = Mode.ON_SITE
    capacity = 50


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    event = factory.SubFactory(EventFactory)
    starts_at = factory.LazyAttribute(lambda item: item.event.starts_at)
    title = factory.Sequence(lambda n: f"Programmpunkt {n}")


class RegistrationFactory(factory.django.DjangoModelFactory):
    """A confirmed registration with a seat; does not count itself into `Seats.taken`."""

    class Meta:
        model = Registration

    event = factory.SubFactory(EventFactory, takes_registrations=True)
    name = factory.Sequence(lambda n: f"Teilnehmende {n}")
    email = factory.Sequence(lambda n: f"teilnehmende-{n}@kommune.example")
    mode = Mode.ON_SITE
    state = RegistrationState.SEAT
    arrival = factory.Sequence(lambda n: n + 1)
    created_at = factory.LazyFunction(timezone.now)
    changed_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.LazyFunction(timezone.now)
    address_proved_at = factory.SelfAttribute("confirmed_at")
    seated_at = factory.LazyFunction(timezone.now)

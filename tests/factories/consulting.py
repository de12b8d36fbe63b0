import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import factory

from consulting.models import (
    Advisor,
    Appointment,
    BuildingBlock,
    ConsultationRequest,
    Draft,
    Mode,
    Slot,
    SlotSeries,
    Stage,
    State,
    Weekday,
)
from ground.land import Land
from projects.models import Theme
from tests.factories.projects import MunicipalityFactory

# The clock of these tests: a Monday at ten in the morning, in Germany.
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class AdvisorFactory(factory.django.DjangoModelFactory):
    """Advises on everything, with two days' lead, 60 days ahead, 15 minutes free after each date."""

    class Meta:
        model = Advisor
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Beraterin {number}")
    email = factory.Sequence(lambda number: f"beraterin-{number}@example.org")
    meeting_link = "https://video.example.org/start-smart"

    @factory.post_generation
    def themes(self: Advisor, create: bool, extracted: list[Theme] | None, **_: Any) -> None:
        if extracted:
            self.themes.set(extracted)


class SlotFactory(factory.django.DjangoModelFactory):
    """45 minutes online, a week after `NOW`."""

    class Meta:
        model = Slot

    class Params:
        minutes = 45

    advisor = factory.SubFactory(AdvisorFactory)
    starts_at = NOW + timedelta(days=7)
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(minutes=slot.minutes))


class SlotSeriesFactory(factory.django.DjangoModelFactory):
    """Tuesdays from ten to twelve, 45 minutes and 15 minutes' pause, in March 2026."""

    class Meta:
        model = SlotSeries

    advisor = factory.SubFactory(AdvisorFactory)
    weekday = Weekday.TUESDAY
    from_time = datetime(2026, 1, 1, 10).time()  # noqa: DTZ001 -- a wall-clock time
    until_time = datetime(2026, 1, 1, 12).time()  # noqa: DTZ001 -- the same
    length_minutes = 45
    pause_minutes = 15
    first_on = datetime(2026, 3, 1, tzinfo=UTC).date()
    last_on = datetime(2026, 3, 31, tzinfo=UTC).date()


class ConsultationRequestFactory(factory.django.DjangoModelFactory):
    """Waits at the office, sent at `NOW`. The traits give it a time of `slot`, and an end."""

    class Meta:
        model = ConsultationRequest
        skip_postgeneration_save = True

    class Params:
        held = factory.Trait(state=State.HELD, due_on=None)
        proposed = factory.Trait(state=State.PROPOSED, due_on=None)
        confirmed = factory.Trait(state=State.CONFIRMED, due_on=None, confirmed_at=NOW)
        done = factory.Trait(
            state=State.DONE,
            due_on=None,
            confirmed_at=NOW,
            closed_at=NOW + timedelta(days=7, hours=1),
        )
        cancelled = factory.Trait(state=State.CANCELLED, due_on=None, closed_at=NOW)

    form_token = factory.LazyFunction(uuid.uuid4)
    submitted_at = NOW
    changed_at = NOW
    state = State.OPEN
    due_on = NOW.date() + timedelta(days=7)
    municipality = factory.SubFactory(MunicipalityFactory)
    land = Land.BY
    building_blocks = factory.LazyFunction(lambda: [BuildingBlock.INITIAL])
    stage = Stage.BEGINNING
    question = "Womit fangen wir an?"
    contact_name = "Eva Beispiel"
    contact_role = "Digitalisierung"
    email = factory.Sequence(lambda number: f"eva-{number}@musterdorf.example")

    @factory.post_generation
    def slot(self: ConsultationRequest, create: bool, extracted: Slot | None, **_: Any) -> None:
        if extracted is None:
            return
        waits = self.state in (State.HELD, State.PROPOSED)
        Appointment.objects.create(
            request=self,
            is_proposal=self.state == State.PROPOSED,
            expires_at=NOW + timedelta(minutes=60) if waits else None,
            settled_at=None if waits else NOW,
            released_at=NOW if self.state == State.CANCELLED else None,
            **Appointment.at(extracted),
        )


class DraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Draft

    data = factory.LazyFunction(lambda: {"anliegen": {"question": "Womit fangen wir an?"}})
    created_at = NOW
    changed_at = NOW


def on_site(place: str = "Rathaus, Marktplatz 1, Musterstadt") -> dict[str, Any]:
    """The fields of a time on site."""
    return {"mode": Mode.ON_SITE, "place": place}

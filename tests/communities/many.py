"""A community with as much of everything as one wants, stored quickly."""

from datetime import timedelta

from django.utils import timezone

from communities.models import Community, Experience, GroupMessage, Membership, Result
from events.models import Event, Minutes, Registration
from projects.models import Municipality
from tests.factories import MunicipalityFactory, UserFactory
from tests.factories.communities import (
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.events import EventFactory, RegistrationFactory


def grow(community: Community, number: int, *, groups: int) -> None:
    """Add so many topic groups to a community, and to these so many of all that they can have."""
    groups = TopicGroupFactory.build_batch(groups, parent=community)
    Community.objects.bulk_create(groups)
    towns = Municipality.objects.bulk_create(MunicipalityFactory.build_batch(number))

    def build(factory, **fields):
        return [
            factory.build(**fields | {"community": groups[n % len(groups)]}) for n in range(number)
        ]

    members = build(MembershipFactory)
    for place, member in enumerate(members):
        member.municipality = towns[place % len(towns)]
    Membership.objects.bulk_create(members)
    Result.objects.bulk_create(build(ResultFactory))
    Experience.objects.bulk_create(build(ExperienceFactory))
    GroupMessage.objects.bulk_create(
        GroupMessage(community=community, roles=["mitglied"], subject=f"Nachricht {n}", text="x")
        for n in range(number)
    )
    held = timezone.now() - timedelta(days=9)
    events = build(EventFactory, kind="aeg-workshop", takes_registrations=True, starts_at=held)
    Event.objects.bulk_create(events)
    people = UserFactory.create_batch(5)
    Minutes.objects.bulk_create(
        Minutes(
            event=event,
            text="x",
            state="freigegeben",
            approved_by=people[place % 5],
            approved_at=timezone.now(),
        )
        for place, event in enumerate(events)
    )
    Registration.objects.bulk_create(
        RegistrationFactory.build(event=event, municipality=towns[place % len(towns)])
        for place, event in enumerate(events)
    )

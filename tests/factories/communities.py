import factory
from django.utils import timezone

from communities.models import (
    Community,
    CommunityKind,
    Membership,
    MembershipState,
    Role,
)
from tests.factories.accounts import UserFactory


class CommunityFactory(factory.django.DjangoModelFactory):
    """An AEG without members."""

    class Meta:
        model = Community

    kind = CommunityKind.AEG
    name = factory.Sequence(lambda n: f"Gemeinschaft {n}")
    slug = factory.Sequence(lambda n: f"gemeinschaft-{n}")


class TopicGroupFactory(CommunityFactory):
    kind = CommunityKind.TOPIC_GROUP
    parent = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"Themengruppe {n}")
    slug = factory.Sequence(lambda n: f"themengruppe-{n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    """An active member without an account."""

    class Meta:
        model = Membership

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"Mitglied {n}")
    email = factory.Sequence(lambda n: f"mitglied-{n}@kommune.example")
    role = Role.MEMBER
    state = MembershipState.ACTIVE
    email_confirmed_at = factory.LazyFunction(timezone.now)
    changed_at = factory.LazyFunction(timezone.now)


class CoordinationFactory(MembershipFactory):
    """An active coordinator, with an account."""

    role = Role.COORDINATION
    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")

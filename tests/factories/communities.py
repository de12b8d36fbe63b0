import factory
from django.utils import timezone

from communities.models import (
    Community,
    CommunityKind,
    Experience,
    ExperienceKind,
    ExperienceState,
    Membership,
    MembershipState,
    Result,
    ResultKind,
    ResultState,
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
    contact_email = factory.Sequence(lambda n: f"koordination-{n}@gemeinschaft.example")


class TopicGroupFactory(CommunityFactory):
    kind = CommunityKind.TOPIC_GROUP
    parent = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"Themengruppe {n}")
    slug = factory.Sequence(lambda n: f"themengruppe-{n}")
    contact_email = ""


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


class ResultFactory(factory.django.DjangoModelFactory):
    """A public guide that stands elsewhere."""

    class Meta:
        model = Result
        skip_postgeneration_save = True

    community = factory.SubFactory(CommunityFactory)
    slug = factory.Sequence(lambda n: f"ergebnis-{n}")
    title = factory.Sequence(lambda n: f"Ergebnis {n}")
    kind = ResultKind.GUIDE
    link = "https://ergebnisse.example/leitfaden"
    licence = "CC BY 4.0"
    state = ResultState.PUBLIC
    published_at = factory.LazyFunction(timezone.now)


class ExperienceFactory(factory.django.DjangoModelFactory):
    """A public factor of success of a community."""

    class Meta:
        model = Experience

    kind = ExperienceKind.SUCCESS
    title = factory.Sequence(lambda n: f"Erfahrung {n}")
    what = "Wir haben früh mit allen gesprochen."
    community = factory.SubFactory(CommunityFactory)
    state = ExperienceState.PUBLIC
    published_at = factory.LazyFunction(timezone.now)

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import factory
from django.utils.text import slugify

from ground.land import Land
from projects.models import (
    ApplicantKind,
    CallYear,
    Municipality,
    Project,
    ProjectMunicipality,
    ReuseStatement,
    Solution,
    SolutionKind,
    Source,
    StatementState,
    Theme,
)


class MunicipalityFactory(factory.django.DjangoModelFactory):
    """A Gemeinde in Bayern. The traits change its level, and with it the length of its keys."""

    class Meta:
        model = Municipality

    class Params:
        kreis_level = factory.Trait(
            level=Municipality.Level.KREIS,
            designation="Landkreis",
            ars=factory.Sequence(lambda number: f"09{number % 1000:03}"),
            ags=factory.SelfAttribute("ars"),
        )
        verband_level = factory.Trait(
            level=Municipality.Level.VERBAND,
            designation="Verwaltungsgemeinschaft",
            ars=factory.Sequence(lambda number: f"0999{number:05}"),
            ags=None,
        )
        unlisted = factory.Trait(
            level=Municipality.Level.REGION, designation="", ars=None, ags=None, listed_on=None
        )

    level = Municipality.Level.GEMEINDE
    designation = "Gemeinde"
    name = factory.Sequence(lambda number: f"Musterdorf {number}")
    official_name = factory.SelfAttribute("name")
    land = Land.BY
    ags = factory.Sequence(lambda number: f"099{number:05}")
    ars = factory.LazyAttribute(lambda row: row.ags and f"{row.ags[:5]}0{row.ags[5:]}{row.ags[5:]}")
    listed_on = date(2020, 12, 31)


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    name = factory.Sequence(lambda number: f"Thema {number}")
    slug = factory.LazyAttribute(lambda theme: slugify(theme.name))


class ProjectFactory(factory.django.DjangoModelFactory):
    """A public project of 2020 in Bayern, without municipalities, themes or sources.

    `municipalities=[…]` and `themes=[…]` add them; of the municipalities none leads.
    """

    class Meta:
        model = Project
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Projekt {number}")
    slug = factory.LazyAttribute(lambda project: slugify(project.name))
    call_year = CallYear.Y2020
    applicant_kind = ApplicantKind.KLEINSTADT
    laender = factory.LazyFunction(lambda: [Land.BY])

    @factory.post_generation
    def municipalities(
        self: Project, create: bool, extracted: Iterable[Municipality] | None, **_: Any
    ) -> None:
        for position, municipality in enumerate(extracted or []):
            ProjectMunicipality.objects.create(
                project=self, municipality=municipality, position=position
            )

    @factory.post_generation
    def themes(self: Project, create: bool, extracted: Iterable[Theme] | None, **_: Any) -> None:
        if extracted:
            self.themes.set(extracted)


class SolutionFactory(factory.django.DjangoModelFactory):
    """An app of a new public project. `themes=[…]` adds themes."""

    class Meta:
        model = Solution
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda number: f"Lösung {number}")
    slug = factory.LazyAttribute(lambda solution: slugify(solution.name))
    kind = SolutionKind.APP

    @factory.post_generation
    def themes(self: Solution, create: bool, extracted: Iterable[Theme] | None, **_: Any) -> None:
        if extracted:
            self.themes.set(extracted)


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    project = factory.SubFactory(ProjectFactory)
    text = factory.Sequence(lambda number: f"https://www.example.org/bericht-{number}")


class ReuseStatementFactory(factory.django.DjangoModelFactory):
    """That a Kommune uses a solution, not confirmed yet. `state=…` takes it further."""

    class Meta:
        model = ReuseStatement

    class Params:
        confirmed = factory.Trait(
            confirmed_at=factory.SelfAttribute("stated_at"), state=StatementState.AT_OFFICE
        )
        with_project = factory.Trait(
            confirmed_at=factory.SelfAttribute("stated_at"),
            state=StatementState.WITH_PROJECT,
            respond_by=date(2026, 11, 26),
        )

    solution = factory.SubFactory(SolutionFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    how = "Im Bauhof, für die Straßenbeleuchtung."
    email = factory.Sequence(lambda number: f"amt-{number}@musterdorf.example")
    stated_at = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    changed_at = factory.SelfAttribute("stated_at")

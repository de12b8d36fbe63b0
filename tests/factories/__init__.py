"""Rows for the tests, complete enough to be true and no more. One module per app."""

from factory.builder import DeclarationSet

from tests.factories.accounts import UserFactory
from tests.factories.consulting import (
    AdvisorFactory,
    ConsultationRequestFactory,
    DraftFactory,
    SlotFactory,
    SlotSeriesFactory,
)
from tests.factories.mailing import EmailFactory
from tests.factories.projects import (
    MunicipalityFactory,
    ProjectFactory,
    ReuseStatementFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
)

# A trait that a test does not ask for is looked up in vain, and each time all declarations are written
# into a sentence about it that nobody reads: two thirds of what it takes to make a row.
DeclarationSet.__repr__ = object.__repr__

__all__ = [
    "AdvisorFactory",
    "ConsultationRequestFactory",
    "DraftFactory",
    "EmailFactory",
    "MunicipalityFactory",
    "ProjectFactory",
    "ReuseStatementFactory",
    "SlotFactory",
    "SlotSeriesFactory",
    "SolutionFactory",
    "SourceFactory",
    "ThemeFactory",
    "UserFactory",
]

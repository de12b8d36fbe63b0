"""Rows for the tests, complete enough to be true and no more. One module per app."""

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

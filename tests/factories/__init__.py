"""Rows for the tests, complete enough to be true and no more. One module per app."""

from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
)

__all__ = [
    "MunicipalityFactory",
    "ProjectFactory",
    "SolutionFactory",
    "SourceFactory",
    "ThemeFactory",
    "UserFactory",
]

"""The administration of the catalogue. Django's autodiscovery imports this package."""

from projects.admin.municipality import MunicipalityAdmin
from projects.admin.project import ProjectAdmin
from projects.admin.reuse_statement import ReuseStatementAdmin
from projects.admin.revision import RevisionAdmin
from projects.admin.solution import SolutionAdmin
from projects.admin.theme import ThemeAdmin
from projects.admin.vocabulary import NetworkFactAdmin, ProductAdmin, TechnologyAdmin

__all__ = [
    "MunicipalityAdmin",
    "NetworkFactAdmin",
    "ProductAdmin",
    "ProjectAdmin",
    "ReuseStatementAdmin",
    "RevisionAdmin",
    "SolutionAdmin",
    "TechnologyAdmin",
    "ThemeAdmin",
]

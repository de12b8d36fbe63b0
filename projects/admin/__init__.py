"""The administration of the catalogue. Django's autodiscovery imports this package."""

from projects.admin.municipality import MunicipalityAdmin
from projects.admin.project import ProjectAdmin
from projects.admin.solution import SolutionAdmin
from projects.admin.theme import ThemeAdmin

__all__ = ["MunicipalityAdmin", "ProjectAdmin", "SolutionAdmin", "ThemeAdmin"]

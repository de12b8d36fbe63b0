from projects.models.loaded import LoadedFacts
from projects.models.municipality import Municipality
from projects.models.project import (
    ApplicantKind,
    CallYear,
    Phase,
    Project,
    ProjectEditor,
    ProjectMunicipality,
)
from projects.models.solution import Maturity, OpenSource, Solution, SolutionKind
from projects.models.source import Source
from projects.models.theme import Theme

__all__ = [
    "ApplicantKind",
    "CallYear",
    "LoadedFacts",
    "Maturity",
    "Municipality",
    "OpenSource",
    "Phase",
    "Project",
    "ProjectEditor",
    "ProjectMunicipality",
    "Solution",
    "SolutionKind",
    "Source",
    "Theme",
]

from projects.models.catalogue import CatalogueVersion
from projects.models.land import Land
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
from projects.models.search import SearchDocument, SearchState, SearchWord, Synonyms
from projects.models.solution import Maturity, OpenSource, Solution, SolutionKind
from projects.models.source import Source
from projects.models.theme import Theme

__all__ = [
    "ApplicantKind",
    "CallYear",
    "CatalogueVersion",
    "Land",
    "LoadedFacts",
    "Maturity",
    "Municipality",
    "OpenSource",
    "Phase",
    "Project",
    "ProjectEditor",
    "ProjectMunicipality",
    "SearchDocument",
    "SearchState",
    "SearchWord",
    "Solution",
    "SolutionKind",
    "Source",
    "Synonyms",
    "Theme",
]

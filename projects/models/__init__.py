from projects.models.cost import Cost, CostClass, CostPeriod, decisive_amount
from projects.models.document import Document, DocumentKind
from projects.models.lesson import Lesson, LessonKind
from projects.models.licence import LicenceField, validate_licence
from projects.models.loaded import LoadedFacts
from projects.models.municipality import Municipality
from projects.models.network_fact import NetworkFact, NetworkTopic
from projects.models.owner_ask import OwnerAsk
from projects.models.product import BuildingBlock, Product
from projects.models.project import (
    ApplicantKind,
    CallYear,
    Phase,
    Project,
    ProjectEditor,
    ProjectMunicipality,
)
from projects.models.reuse import Reuse, StatedBy
from projects.models.reuse_statement import (
    CHANGEABLE,
    LIVE,
    UNDECIDED,
    ProjectSays,
    ReuseStatement,
    StatementState,
)
from projects.models.revision import Revision, RevisionKind
from projects.models.scaling import SCALING_SOURCE, ReachedPhase, ScalingPhase
from projects.models.search_words import words_between_commas
from projects.models.size import SizeClass
from projects.models.solution import (
    Evidence,
    Maturity,
    OpenSource,
    Solution,
    SolutionFact,
    SolutionKind,
)
from projects.models.source import Source
from projects.models.sourced import PartialDateField, Sourced, address_in
from projects.models.technology import Technology, TechnologyKind
from projects.models.theme import Theme
from projects.models.uploaded_table import UploadedTable

__all__ = [
    "CHANGEABLE",
    "LIVE",
    "SCALING_SOURCE",
    "UNDECIDED",
    "ApplicantKind",
    "BuildingBlock",
    "CallYear",
    "Cost",
    "CostClass",
    "CostPeriod",
    "Document",
    "DocumentKind",
    "Evidence",
    "Lesson",
    "LessonKind",
    "LicenceField",
    "LoadedFacts",
    "Maturity",
    "Municipality",
    "NetworkFact",
    "NetworkTopic",
    "OpenSource",
    "OwnerAsk",
    "PartialDateField",
    "Phase",
    "Product",
    "Project",
    "ProjectEditor",
    "ProjectMunicipality",
    "ProjectSays",
    "ReachedPhase",
    "Reuse",
    "ReuseStatement",
    "Revision",
    "RevisionKind",
    "ScalingPhase",
    "SizeClass",
    "Solution",
    "SolutionFact",
    "SolutionKind",
    "Source",
    "Sourced",
    "StatedBy",
    "StatementState",
    "Technology",
    "TechnologyKind",
    "Theme",
    "UploadedTable",
    "address_in",
    "decisive_amount",
    "validate_licence",
    "words_between_commas",
]

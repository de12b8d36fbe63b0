from finding.models.search import MissedWord, SearchDocument, SearchState, SearchWord, Synonyms
from finding.models.version import CatalogueVersion, PartChange, PartVersion

__all__ = [
    "CatalogueVersion",
    "MissedWord",
    "PartChange",
    "PartVersion",
    "SearchDocument",
    "SearchState",
    "SearchWord",
    "Synonyms",
]

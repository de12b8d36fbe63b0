from finding.models.search import MissedWord, SearchDocument, SearchState, SearchWord, Synonyms
from finding.models.version import CatalogueVersion, PartVersion

__all__ = [
    "CatalogueVersion",
    "MissedWord",
    "PartVersion",
    "SearchDocument",
    "SearchState",
    "SearchWord",
    "Synonyms",
]

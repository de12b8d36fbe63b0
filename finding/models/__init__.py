from finding.models.search import MissedWord, SearchDocument, SearchState, SearchWord, Synonyms
from finding.models.version import CatalogueVersion

__all__ = [
    "CatalogueVersion",
    "MissedWord",
    "SearchDocument",
    "SearchState",
    "SearchWord",
    "Synonyms",
]

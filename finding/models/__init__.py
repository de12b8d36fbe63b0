from finding.models.search import SearchDocument, SearchState, SearchWord, Synonyms
from finding.models.version import CatalogueVersion, PartVersion

__all__ = [
    "CatalogueVersion",
    "PartVersion",
    "SearchDocument",
    "SearchState",
    "SearchWord",
    "Synonyms",
]

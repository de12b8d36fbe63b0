from finding.models.search import SearchDocument, SearchState, SearchWord, Synonyms
from finding.models.version import CatalogueVersion

__all__ = ["CatalogueVersion", "SearchDocument", "SearchState", "SearchWord", "Synonyms"]

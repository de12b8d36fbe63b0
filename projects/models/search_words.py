import re

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.names import fold

# More than these are no words for one thing.
MOST_SEARCH_WORDS = 80


def search_words_field() -> ArrayField:
    """With which words people look for a thing, as its editors know them; the search finds it by them."""
    return ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("Suchworte"),
        default=list,
        blank=True,
        size=MOST_SEARCH_WORDS,
        help_text=_(
            "Durch Kommas getrennt: Mit welchen Wörtern suchen Menschen danach, die den Namen nicht "
            "kennen? Zum Beispiel „Bauhof, Glatteis, Streusalz“. Keine Namen von Personen."
        ),
    )


def words_between_commas(text: str) -> list[str]:
    """In their order; each once, however it is written."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        if word := " ".join(part.split()):
            found.setdefault(fold(word), word)
    return list(found.values())

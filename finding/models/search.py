from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from ground.names import folded


def _weighted(field: str, weight: str) -> Func:
    # Everything but letters and digits becomes a space: PostgreSQL's parser would take
    # „Wiesenburg/Mark“ for a file name and „smart-city.de“ for a host.
    words = Func(
        folded(field), Value("[^a-z0-9]+"), Value(" "), Value("g"), function="regexp_replace"
    )
    vector = Func(
        Func(Value("simple"), function="", template="%(expressions)s::regconfig"),
        words,
        function="to_tsvector",
    )
    return Func(
        vector, Func(Value(weight), template='%(expressions)s::"char"'), function="setweight"
    )


class _Joined(Func):
    arg_joiner = " || "
    template = "(%(expressions)s)"


class SearchDocument(models.Model):
    """What can be found of one thing, in three weights: its name, what it is about, its text.

    Built from the catalogue by `finding.search.refresh`, never edited. An app above has kinds of its
    own found by registering them; `projects` need not know them.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    name_text = models.TextField()
    topic_text = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    vector = models.GeneratedField(
        expression=_Joined(
            _weighted("name_text", "A"), _weighted("topic_text", "B"), _weighted("body_text", "C")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        db_table = "projects_searchdocument"
        verbose_name = _("Sucheintrag")
        verbose_name_plural = _("Sucheinträge")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                name="projects_found_once",
                violation_error_message=_("Dieser Eintrag steht schon in der Suche."),
            ),
        ]
        indexes = [GinIndex(fields=["vector"], name="projects_search_vector")]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word that stands in some document, folded; what people type is translated into these."""

    word = models.CharField(max_length=200, unique=True)
    documents = models.PositiveIntegerField()
    # Endings dropped and umlauts undone: „Museen“ and „Museum“, „Städte“ and „Stadt“ meet here.
    stem = models.CharField(max_length=200, db_index=True)
    # As it is written in a text, for „Meinten Sie …?“.
    spelling = models.CharField(max_length=200)

    class Meta:
        db_table = "projects_searchword"
        verbose_name = _("Wort der Suche")
        verbose_name_plural = _("Wörter der Suche")
        indexes = [
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="projects_search_word_near"),
            GinIndex(OpClass(F("stem"), name="gin_trgm_ops"), name="projects_search_word_parts"),
        ]

    def __str__(self) -> str:
        return self.spelling


class SearchState(models.Model):
    """For which version of the catalogue the documents were built; one row."""

    version = models.BigIntegerField()
    # Which kinds of things were looked at, and how (`finding.search.searchable.recipe`).
    recipe = models.CharField(max_length=32, default="")
    # How long the last build took: a quick one may happen while somebody waits for an answer.
    milliseconds = models.PositiveIntegerField()

    class Meta:
        db_table = "projects_searchstate"
        verbose_name = _("Stand der Suche")
        verbose_name_plural = _("Stand der Suche")

    def __str__(self) -> str:
        return str(self.version)


class Synonyms(models.Model):
    """Words that mean the same to a person who searches; kept by the editors."""

    words = models.CharField(
        _("Wörter"),
        max_length=300,
        help_text=_(
            "Durch Kommas getrennt, zum Beispiel „Twin, Zwilling“. Wer eines davon sucht, findet alle."
        ),
    )

    class Meta:
        db_table = "projects_synonyms"
        verbose_name = _("Gruppe gleichbedeutender Wörter")
        verbose_name_plural = _("gleichbedeutende Wörter")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

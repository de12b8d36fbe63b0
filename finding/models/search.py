from datetime import datetime
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from ground.names import folded


def _weighted(field: str, weight: str) -> Func:
    # Everything but letters and digits becomes a space: PostgreSQL's parser would take
    # „Wiesenburg/Mark“ for a file name and „smart-city.de“ for a host. NFKC makes „CO₂“ a „CO2“.
    plain = Func(F(field), template="normalize(%(expressions)s, NFKC)")
    words = Func(
        folded(plain), Value("[^a-z0-9]+"), Value(" "), Value("g"), function="regexp_replace"
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
    """What can be found of one thing, in four weights: its name, what leads to it, its text, its subject.

    The words by which its editors say that it is looked for weigh like its text.

    Built from the catalogue by `finding.search.refresh`, never edited. An app above has kinds of its
    own found by registering them; `projects` need not know them.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    name_text = models.TextField()
    lead_text = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    topic_text = models.TextField(blank=True)
    search_words = models.TextField(blank=True)
    # Words that the texts mean without writing them; see `finding.search.compounds`.
    further_words = models.TextField(blank=True)
    # How much there is to read and to learn, 0 to 10: of equals the fuller one comes first.
    quality = models.PositiveSmallIntegerField(default=0)
    vector = models.GeneratedField(
        expression=_Joined(
            _weighted("name_text", "A"),
            _weighted("lead_text", "B"),
            _weighted("search_words", "C"),
            _weighted("body_text", "C"),
            _weighted("topic_text", "D"),
            _weighted("further_words", "C"),
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

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word that stands in some document, folded; what people type is translated into these."""

    word = models.CharField(
        max_length=200,
        unique=True,
        error_messages={
            "unique": _("Dieses Wort steht schon im Suchindex. Bitte bauen Sie ihn neu.")
        },
    )
    documents = models.PositiveIntegerField()
    # Endings dropped and umlauts undone: „Museen“ and „Museum“, „Städte“ and „Stadt“ meet here.
    stem = models.CharField(max_length=200, db_index=True)
    # As it is written in a text, for „Meinten Sie …?“.
    spelling = models.CharField(max_length=200)
    # The stems of what it is made of: „Datenplattform“ of „Daten“ and „Plattform“.
    parts = ArrayField(models.CharField(max_length=200), default=list)
    # In which texts it stands, in which field of each, and where there; packed as `finding.search.index`
    # reads it.
    found_in = models.BinaryField(default=bytes)
    best_fields = models.BinaryField(default=bytes)
    places = models.BinaryField(default=bytes)

    class Meta:
        db_table = "projects_searchword"
        verbose_name = _("Wort der Suche")
        verbose_name_plural = _("Wörter der Suche")
        indexes = [
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="projects_search_word_near"),
            GinIndex(fields=["parts"], name="finding_word_parts"),
        ]

    def __str__(self) -> str:
        return self.spelling


class SearchState(models.Model):
    """For which version of the catalogue the documents were built; one row."""

    version = models.BigIntegerField()
    # Which kinds of things were looked at, and how (`finding.search.searchable.recipe`).
    recipe = models.CharField(max_length=32, default="")
    # How long the last build took: a quick one may happen while somebody waits for an answer.
    milliseconds = models.PositiveIntegerField(default=0)
    # Another one with every build: what a process remembers of one holds for no other.
    build = models.UUIDField(default=uuid4)
    # When a text becomes another though nothing was changed: an event is over.
    changes_by_itself_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "projects_searchstate"
        verbose_name = _("Stand der Suche")
        verbose_name_plural = _("Stand der Suche")

    def __str__(self) -> str:
        return str(self.version)

    def stands(self, *, version: int, recipe: str, now: datetime) -> bool:
        """Whether the documents are what they would be if they were built now."""
        is_of_now = self.changes_by_itself_at is None or now < self.changes_by_itself_at
        return is_of_now and (self.version, self.recipe) == (version, recipe)


class Synonyms(models.Model):
    """A group of the thesaurus: words that mean the same to a person who searches; kept by the editors."""

    words = models.CharField(
        _("Wörter"),
        max_length=500,
        help_text=_(
            "Durch Kommas getrennt, zum Beispiel „Twin, Zwilling“. Wer eines davon sucht, findet alle. "
            "Auch mehrere Wörter sind möglich: „künstliche Intelligenz, KI“."
        ),
    )
    narrower = models.CharField(
        _("engere Wörter"),
        max_length=500,
        blank=True,
        help_text=_(
            "Durch Kommas getrennt: was eine Art davon ist. Wer „Rufbus“ sucht, findet unter „Bus“ "
            "auch anderes, aber erst nach dem Rufbus selbst."
        ),
    )

    class Meta:
        db_table = "projects_synonyms"
        verbose_name = _("Gruppe gleichbedeutender Wörter")
        verbose_name_plural = _("gleichbedeutende Wörter")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words


class MissedWord(models.Model):
    """A word that was searched and stands nowhere, counted by week. Nothing tells who searched it."""

    word = models.CharField(_("Wort"), max_length=40)
    week = models.DateField(_("Woche ab"))
    count = models.PositiveIntegerField(_("Suchen"), default=1)

    class Meta:
        verbose_name = _("Suche ohne Treffer")
        verbose_name_plural = _("Suchen ohne Treffer")
        ordering = ["-week", "-count", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["word", "week"],
                name="finding_missed_once_a_week",
                violation_error_message=_("Dieses Wort ist in dieser Woche schon gezählt."),
            ),
        ]

    def __str__(self) -> str:
        return self.word

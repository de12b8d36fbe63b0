"""Keeps the documents in step with the catalogue.

Nobody has to remember to call this: `up_to_date` compares the version of the catalogue, which triggers
raise, with the one the documents were built for. One statement per kind rewrites only what differs.
"""

import re
import time
from collections import Counter

from django.db import connection, transaction
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.html import strip_tags

from finding.models import CatalogueVersion, SearchDocument, SearchState, SearchWord
from finding.search.compounds import Lexicon, joined, left_out
from finding.search.searchable import Searchable, proper_names, recipe, registered
from finding.search.stems import stem, words_of
from finding.search.thesaurus import thesaurus

# As long as a build is this quick, whoever searches first after a change does it on the way.
QUICK_MILLISECONDS = 300

_LOCK = 7_301_973  # an arbitrary number that no other advisory lock of the portal has

# One statement per kind: what is wanted, what stands there too much, what is written because it differs.
_KEEP = """
WITH wanted AS MATERIALIZED ({wanted}), gone AS (
    DELETE FROM projects_searchdocument document WHERE kind = %(kind)s AND NOT EXISTS (
        SELECT FROM wanted WHERE wanted.object_id = document.object_id)
    RETURNING 1
), written AS (
    INSERT INTO projects_searchdocument (
        kind, object_id, title, name_text, lead_text, body_text, topic_text, quality, further_words)
    SELECT %(kind)s, object_id, left(title, 200), name_text, lead_text, body_text, topic_text, quality, ''
    FROM wanted
    ON CONFLICT (kind, object_id) DO UPDATE SET title = excluded.title,
        name_text = excluded.name_text, lead_text = excluded.lead_text,
        body_text = excluded.body_text, topic_text = excluded.topic_text, quality = excluded.quality
    WHERE (projects_searchdocument.title, projects_searchdocument.name_text,
            projects_searchdocument.lead_text, projects_searchdocument.body_text,
            projects_searchdocument.topic_text, projects_searchdocument.quality)
        IS DISTINCT FROM (excluded.title, excluded.name_text, excluded.lead_text, excluded.body_text,
            excluded.topic_text, excluded.quality)
    RETURNING id
)
SELECT (SELECT count(*) FROM gone), (SELECT array_agg(id) FROM written)
"""
_LEFT_OUT = re.compile(r"(?<!\w)-(\w+)")
_COUNTED_WORDS = "SELECT word, ndoc FROM ts_stat('SELECT vector FROM projects_searchdocument')"


def up_to_date() -> int:
    """Build what is missing if that is quick; returns the version for which the documents stand."""
    state = SearchState.objects.annotate(
        current=Subquery(CatalogueVersion.objects.values("number")[:1])
    ).first()
    if state is None:
        # Nothing was ever built, so there is no older answer to give meanwhile.
        return refresh(wait=True)
    is_behind = state.version != state.current or state.recipe != recipe()
    if is_behind and state.milliseconds <= QUICK_MILLISECONDS:
        return refresh() or state.version
    return state.version


def is_behind(state: SearchState | None) -> bool:
    """Whether anything public has changed since the documents were built, or how they are built."""
    return state is None or (state.version, state.recipe) != (CatalogueVersion.current(), recipe())


def refresh_if_behind() -> None:
    """Build what is missing, however long it takes; does nothing where nothing is."""
    if is_behind(SearchState.objects.first()):
        refresh()


def refresh(*, wait: bool = False) -> int:
    """Bring documents and words in step with the catalogue; returns the version they stand for.

    Idempotent. Of several at once one does the work; the others return 0, or with `wait` only when
    it is done.
    """
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [_LOCK])
        if cursor.fetchone()[0] is False:
            return 0
        version = CatalogueVersion.current()
        changed = False
        written: list[int] = []
        for kind in registered():
            gone, ids = _keep(cursor, kind)
            changed = changed or bool(gone or ids)
            written += ids
        if changed:
            lexicon = _renew_words(cursor)
            if _write_further_words(written, lexicon):
                _renew_words(cursor)
        milliseconds = int((time.perf_counter() - started) * 1000)
        # A build that found nothing to do says nothing about how long a real one takes.
        stands_for = {"version": version, "recipe": recipe()}
        timed = {"milliseconds": milliseconds}
        SearchState.objects.update_or_create(
            pk=1,
            defaults=stands_for | (timed if changed else {}),
            create_defaults=stands_for | timed,
        )
        return version


def _keep(cursor, kind: Searchable) -> tuple[int, list[int]]:
    """Write what differs and drop what is gone; returns how many went, and the ids of those written."""
    statement = _KEEP.replace("{wanted}", kind.wanted)
    cursor.execute(statement, {"kind": kind.name, "now": timezone.now(), **kind.parameters()})
    gone, written = cursor.fetchone()
    return gone, written or []


def _write_further_words(ids: list[int], lexicon: Lexicon) -> bool:
    """Add what these texts mean without writing it; returns whether there was anything of the kind."""
    changed = []
    with_hyphen = (
        Q(name_text__contains="-") | Q(lead_text__contains="-") | Q(body_text__contains="-")
    )
    with_hyphen |= Q(topic_text__contains="-")
    for document in SearchDocument.objects.filter(with_hyphen, pk__in=ids).defer("vector"):
        text = "\n".join(
            (document.name_text, document.lead_text, document.body_text, document.topic_text)
        )
        further = " ".join(sorted({*left_out(text, lexicon), *joined(text)}))
        if further != document.further_words:
            document.further_words = further
            changed.append(document)
    SearchDocument.objects.bulk_update(changed, ["further_words"], batch_size=500)
    return bool(changed)


def _renew_words(cursor) -> Lexicon:
    """Bring the vocabulary in step with the documents; returns it as the parts of compounds."""
    cursor.execute(_COUNTED_WORDS)
    counted = dict(cursor.fetchall())
    known = dict(SearchWord.objects.values_list("word", "documents"))
    SearchWord.objects.filter(word__in=known.keys() - counted.keys()).delete()
    written = dict(SearchWord.objects.values_list("word", "spelling"))
    spellings = _spellings() if counted.keys() - known.keys() else written
    lexicon = Lexicon(thesaurus().written | {word: spellings.get(word, word) for word in counted})
    names = proper_names()
    SearchWord.objects.bulk_create(
        [
            SearchWord(
                word=word,
                documents=count,
                stem=stem(word),
                spelling=spellings.get(word, word),
                # „Regensburg“ is not about rain.
                parts=[] if word in names else lexicon.parts(word),
            )
            for word, count in counted.items()
            if known.get(word) != count
        ],
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["documents"],
        batch_size=2000,
    )
    return lexicon


def _spellings() -> dict[str, str]:
    """Of every folded word the way it is written most often, or first."""
    found: dict[str, Counter[str]] = {}
    texts = SearchDocument.objects.values_list("name_text", "lead_text", "body_text", "topic_text")
    for document in texts.iterator(chunk_size=500):
        # The „-anpassung“ of „Klimaschutz & -anpassung“ is a noun.
        text = _LEFT_OUT.sub(lambda part: part[1].title(), strip_tags(" ".join(document)))
        for written in text.replace("/", " ").replace("-", " ").split():
            for folded in words_of(written):
                bare = written.strip(".,;:!?()„“”»«\"'…")
                found.setdefault(folded, Counter())[bare] += 1
    return {folded: spellings.most_common(1)[0][0] for folded, spellings in found.items()}

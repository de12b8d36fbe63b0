"""Keeps the documents in step with the catalogue.

Nobody has to remember to call this: `up_to_date` compares the version of the catalogue, which triggers
raise, with the one the documents were built for. One statement per kind rewrites only what differs.
"""

import re
import time
from collections import Counter
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.html import strip_tags

from finding.models import CatalogueVersion, SearchDocument, SearchState, SearchWord
from finding.search.compounds import Lexicon, joined, left_out
from finding.search.searchable import Searchable, proper_names, recipe, registered
from finding.search.stems import stem, words_of
from finding.search.thesaurus import thesaurus
from finding.versions import Versions

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
        kind, object_id, title, name_text, lead_text, search_words, body_text, topic_text, quality,
        further_words)
    SELECT %(kind)s, object_id, left(title, 200), name_text, lead_text, search_words, body_text,
        topic_text, quality, ''
    FROM wanted
    -- The words of a text are taken apart before the conflict is seen, so what stands is left out here.
    WHERE NOT EXISTS (
        SELECT FROM projects_searchdocument document
        WHERE document.kind = %(kind)s AND document.object_id = wanted.object_id
            AND (document.title, document.name_text, document.lead_text, document.search_words,
                document.body_text, document.topic_text, document.quality)
            IS NOT DISTINCT FROM (left(wanted.title, 200), wanted.name_text, wanted.lead_text,
                wanted.search_words, wanted.body_text, wanted.topic_text, wanted.quality))
    ON CONFLICT (kind, object_id) DO UPDATE SET title = excluded.title,
        name_text = excluded.name_text, lead_text = excluded.lead_text,
        search_words = excluded.search_words, body_text = excluded.body_text, topic_text = excluded.topic_text, quality = excluded.quality
    RETURNING id
)
SELECT (SELECT count(*) FROM gone), (SELECT array_agg(id) FROM written)
"""
_TEXTS = ("name_text", "lead_text", "search_words", "body_text", "topic_text")
_LEFT_OUT = re.compile(r"(?<!\w)-(\w+)")
# Of each word what `finding.search.index` reads: the ids of its texts; for each of them a byte, the field
# in which it stands first and counts most; and at which places.
_CHANGED_WORDS = """
WITH standing AS MATERIALIZED (
    SELECT lexeme AS word, count(*) FILTER (WHERE nth = 1) AS documents,
        string_agg(int4send(id), ''::bytea) FILTER (WHERE nth = 1) AS found_in,
        string_agg(set_byte('\\x00'::bytea, 0, ascii(weights[1]) - ascii('A')), ''::bytea)
            FILTER (WHERE nth = 1) AS best_fields,
        string_agg(int8send((id::bigint << 14) + place), ''::bytea) AS places
    FROM (SELECT id::int, vector FROM projects_searchdocument ORDER BY id) document, unnest(vector),
        unnest(positions) WITH ORDINALITY places (place, nth)
    GROUP BY lexeme
), gone AS (
    DELETE FROM projects_searchword WHERE word NOT IN (SELECT word FROM standing)
)
SELECT standing.* FROM standing LEFT JOIN projects_searchword known USING (word)
WHERE known.word IS NULL OR (known.found_in, known.best_fields, known.places)
    IS DISTINCT FROM (standing.found_in, standing.best_fields, standing.places)
"""


def up_to_date() -> UUID:
    """Build what is missing if that is quick; returns the build that stands."""
    state = SearchState.objects.annotate(
        current=Subquery(CatalogueVersion.objects.values("number")[:1])
    ).first()
    if state is None:
        # Nothing was ever built, so there is no older answer to give meanwhile.
        return refresh(wait=True)
    # Nothing was ever stored where there is no version yet.
    is_behind = not state.stands(version=state.current or 0, recipe=recipe(), now=timezone.now())
    if is_behind and state.milliseconds <= QUICK_MILLISECONDS:
        return refresh() or state.build
    return state.build


def next_change(_versions: Versions, now: datetime) -> datetime | None:
    """When time alone changes what is found (`finding.same_for_all.clock`)."""
    changes_at = SearchState.objects.values_list("changes_by_itself_at", flat=True).first()
    # What is past by now waits to be built, and building it is a change like others.
    return changes_at if changes_at and changes_at > now else None


def is_behind(state: SearchState | None) -> bool:
    """Whether anything public has changed since the documents were built, or how they are built."""
    if state is None:
        return True
    return not state.stands(version=CatalogueVersion.current(), recipe=recipe(), now=timezone.now())


def refresh_if_behind() -> None:
    """Build what is missing, however long it takes; does nothing where nothing is."""
    if is_behind(SearchState.objects.first()):
        refresh()


def refresh(*, wait: bool = False) -> UUID | None:
    """Bring documents and words in step with the catalogue; returns this build.

    Idempotent. Of several at once one does the work; the others return None, or with `wait` only when
    it is done.
    """
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [_LOCK])
        return None if cursor.fetchone()[0] is False else _build(cursor)


def _build(cursor) -> UUID:
    started = time.perf_counter()
    state = SearchState.objects.first() or SearchState(pk=1)
    if state.recipe != recipe():
        # Perhaps words are taken apart in another way now, so nothing that was is kept.
        SearchDocument.objects.all().delete()
        SearchWord.objects.all().delete()
    state.version, state.recipe = CatalogueVersion.current(), recipe()
    now = timezone.now()
    changed = state._state.adding
    written: list[int] = []
    for kind in registered():
        gone, ids = _keep(cursor, kind, now)
        changed = changed or bool(gone or ids)
        written += ids
    if changed:
        _renew_words(cursor, written)
        # A build that found nothing to do says nothing about how long a real one takes.
        state.milliseconds = int((time.perf_counter() - started) * 1000)
    state.changes_by_itself_at = _next_change(cursor, now)
    state.build = uuid4()
    state.save()
    return state.build


def _next_change(cursor, now: datetime) -> datetime | None:
    """When one of the texts will be another though nothing was changed."""
    moments = []
    for kind in registered():
        if kind.next_change:
            cursor.execute(kind.next_change, {"now": now})
            moments += [moment for (moment,) in cursor.fetchall() if moment]
    return min(moments, default=None)


def _keep(cursor, kind: Searchable, now: datetime) -> tuple[int, list[int]]:
    """Write what differs and drop what is gone; returns how many went, and the ids of those written."""
    statement = _KEEP.replace("{wanted}", kind.wanted)
    cursor.execute(statement, {"kind": kind.name, "now": now, **kind.parameters()})
    gone, written = cursor.fetchone()
    return gone, written or []


def _renew_words(cursor, written: list[int]) -> None:
    """Bring the vocabulary in step with the texts, of which these were written."""
    known = dict(SearchWord.objects.values_list("word", "spelling"))
    read = _spellings(written)
    spellings = read | known
    lexicon = Lexicon(thesaurus().written | spellings)
    only_joined = _write_further_words(written, lexicon) - spellings.keys()
    # All of it fits, so nothing is written to disk on the way.
    cursor.execute("SET LOCAL work_mem = '256MB'")
    cursor.execute(_CHANGED_WORDS)
    changed = cursor.fetchall()
    names = proper_names()
    of_changed = SearchWord.objects.filter(word__in=[word for word, *_places in changed])
    stored = dict(of_changed.values_list("word", "parts"))

    def parts_of(word: str) -> list[str]:
        # „Regensburg“ is not about rain; a text with „Streu-Salz“ says „Salz“ already, so „streusalz“ does not.
        if word in names or word in only_joined:
            return []
        return stored[word] if word in stored and word not in read else lexicon.parts(word)

    SearchWord.objects.bulk_create(
        [
            SearchWord(
                word=word,
                documents=documents,
                found_in=found_in,
                best_fields=best_fields,
                places=places,
                stem=stem(word),
                spelling=spellings.get(word, word),
                parts=parts_of(word),
            )
            for word, documents, found_in, best_fields, places in changed
        ],
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["documents", "found_in", "best_fields", "places", "parts"],
        batch_size=2000,
    )


def _write_further_words(ids: list[int], lexicon: Lexicon) -> set[str]:
    """Add what these texts mean without writing it; returns the words that they write with a hyphen."""
    changed, with_hyphens = [], set()
    with_hyphen = Q()
    for name in _TEXTS:
        with_hyphen |= Q(**{f"{name}__contains": "-"})
    for document in SearchDocument.objects.filter(with_hyphen, pk__in=ids).defer("vector"):
        text = "\n".join(getattr(document, name) for name in _TEXTS)
        words = set(joined(text))
        further = " ".join(sorted(words.union(left_out(text, lexicon))))
        with_hyphens |= words
        if further != document.further_words:
            document.further_words = further
            changed.append(document)
    SearchDocument.objects.bulk_update(changed, ["further_words"], batch_size=500)
    return with_hyphens


def _spellings(ids: list[int]) -> dict[str, str]:
    """Of every folded word of these texts the way it is written most often, or first."""
    found: dict[str, Counter[str]] = {}
    texts = SearchDocument.objects.filter(pk__in=ids).values_list(*_TEXTS)
    for document in texts.iterator(chunk_size=500):
        # The „-anpassung“ of „Klimaschutz & -anpassung“ is a noun.
        text = _LEFT_OUT.sub(lambda part: part[1].title(), strip_tags(" ".join(document)))
        for written in text.replace("/", " ").replace("-", " ").split():
            for folded in words_of(written):
                bare = written.strip(".,;:!?()„“”»«\"'…")
                found.setdefault(folded, Counter())[bare] += 1
    return {folded: spellings.most_common(1)[0][0] for folded, spellings in found.items()}

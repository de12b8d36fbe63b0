"""Switch each rule of the search off in turn, and see which judged queries suffer.

    python -m bench search_rules [--rule "kinds"]…

Prints, for every rule, what it does to recall@5 and precision@5 of the judged queries and of the fresh ones
(marked with a star), how many become worse without it and how many better, and the first that suffer. What
earns nothing can go.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import mean
from unittest.mock import patch

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

NAMED = 4
# A query is worse when one of its first five hits, or of those expected there, is.
NOTICEABLE = 0.15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rule", action="append", default=[], help="only those with this in its name"
    )
    options = parser.parse_args()
    django.setup()
    from bench.catalogue import fill  # noqa: PLC0415 - needs the settings
    from bench.database import temporary_database  # noqa: PLC0415 - needs the settings
    from tests.finding.fresh_queries import FreshJudges  # noqa: PLC0415 - the same queries as the tests
    from tests.finding.judging import Judges  # noqa: PLC0415 - the same queries as the tests

    with temporary_database():
        fill(1)
        judges, fresh = Judges(), FreshJudges()
        with_all = _figures(judges, fresh)
        _print("all rules", with_all, with_all)
        for name, rule in _rules().items():
            if options.rule and not any(part in name for part in options.rule):
                continue
            with rule:
                _print(f"without {name}", with_all, _figures(judges, fresh))


def _figures(judges, fresh) -> dict[str, tuple[float, float]]:
    """Of each query, the fresh ones with a star."""
    from tests.finding.fresh_queries import SETS  # noqa: PLC0415 - the same queries as the tests

    _forget()
    figures: dict[str, tuple[float, float]] = {
        f"{answer.fresh.query}*": (answer.recall, answer.precision)
        for name in SETS
        for answer in fresh.answers(name)
    }
    for answer in judges.answers():
        recall, precision = figures.get(answer.judged.query, (0.0, 0.0))
        figures[answer.judged.query] = (
            recall + answer.recall / 2,
            precision + answer.precision / 2,
        )
    return figures


def _print(name: str, before: dict, after: dict) -> None:
    change = {query: sum(after[query]) - sum(before[query]) for query in before}
    worse = sorted((query for query in change if change[query] < -NOTICEABLE), key=change.get)
    better = [query for query in change if change[query] > NOTICEABLE]
    unread = _unread()
    named = [query for query in worse if query not in unread][:NAMED]
    judged = [after[query] for query in after if not query.endswith("*")]
    fresh = [after[query] for query in after if query.endswith("*")]
    recall, precision, recall_fresh, precision_fresh = (
        mean(each) for group in (judged, fresh) for each in zip(*group, strict=True)
    )
    print(
        f"| {name} | {recall:.3f} | {precision:.3f} | {recall_fresh:.3f} | {precision_fresh:.3f} "
        f"| {len(worse)} | {len(better)} "
        f"| {', '.join(named)} |",
        flush=True,
    )


def _unread() -> set[str]:
    """Queries that nobody who changes the search has read, so they are not shown to anybody."""
    from tests.finding.fresh_queries import SETS, UNREAD  # noqa: PLC0415 - the same queries as the tests

    return {f"{one.query}*" for name in UNREAD for one in SETS[name]}


def _forget() -> None:
    from finding.search import finding, index, thesaurus, vocabulary  # noqa: PLC0415 - needs the settings

    finding._find.cache_clear()
    finding._depth.cache_clear()
    index.index_of.cache_clear()
    vocabulary.vocabulary_of.cache_clear()
    thesaurus.thesaurus_of.cache_clear()


@contextmanager
def _rebuilt(patched: AbstractContextManager) -> Iterator[None]:
    """Texts and words are made anew under the patch, and once more after it."""
    with patched:
        _build()
        yield
    _build()


@contextmanager
def _without_search_words() -> Iterator[None]:
    from projects.models import Project, Solution  # noqa: PLC0415 - needs the settings

    rows = [[*model.objects.all()] for model in (Project, Solution)]
    for model in (Project, Solution):
        model.objects.update(search_words=[])
    _build()
    yield
    for model, kept in zip((Project, Solution), rows, strict=True):
        model.objects.bulk_update(kept, ["search_words"])
    _build()


def _build() -> None:
    from finding.models import SearchState  # noqa: PLC0415 - the same
    from finding.search import refresh  # noqa: PLC0415 - the same

    # Without it nothing is known of how the texts were read, so all of them are read anew.
    SearchState.objects.all().delete()
    _forget()
    refresh(wait=True)


def _rules() -> dict[str, AbstractContextManager]:
    from finding.search import documents, finding, query, reading  # noqa: PLC0415 - needs the settings
    from finding.search.compounds import Lexicon  # noqa: PLC0415 - the same
    from finding.search.pieces import Closeness, Piece  # noqa: PLC0415 - the same
    from finding.search.thesaurus import Thesaurus  # noqa: PLC0415 - the same

    related, add = Thesaurus.related, Piece.add

    def without(field: str):
        return lambda self, term: related(self, term).__class__(
            **{**vars(related(self, term)), field: ()}
        )

    def anywhere(self, closeness, alternative, **_neighbours):
        add(self, closeness, alternative)

    def without_heads(self, closeness, alternative, **options):
        if closeness != Closeness.PART:
            add(self, closeness, alternative, **options)

    return {
        "search words of the editors": _without_search_words(),
        "compounds in their parts where nothing has them whole": patch.object(
            finding._Search, "in_parts", lambda _: None
        ),
        "left out parts („Küsten- und Meeresschutz“)": _rebuilt(
            patch.object(documents, "left_out", lambda *_: ())
        ),
        "joined spellings („Co-Working“)": _rebuilt(patch.object(documents, "joined", lambda _: ())),
        "parts of compounds in the texts": _rebuilt(patch.object(Lexicon, "parts", lambda *_: [])),
        "names that are no compounds („Regensburg“)": _rebuilt(
            patch.object(documents, "proper_names", frozenset)
        ),
        "rare compounds in their parts, too": patch.object(query, "_split", lambda *_: []),
        "compounds in their first part alone": patch.object(Piece, "add", without_heads),
        "wider fields where little is found": patch.object(finding, "ENOUGH", 0),
        "slips before taking apart": patch.object(query, "_SLIPS_BEFORE", 0),
        "words by their beginning („spazieren“)": patch.object(query, "_begins", lambda *_: False),
        "thesaurus: the same": patch.object(Thesaurus, "related", without("same")),
        "thesaurus: narrower": patch.object(Thesaurus, "related", without("narrower")),
        "thesaurus: broader": patch.object(Thesaurus, "related", without("broader")),
        "terms as neighbours": patch.object(Piece, "add", anywhere),
        "terms of several words": patch.object(query, "as_terms", lambda pieces, _known: pieces),
        "stop words": patch.object(query, "without_stop_words", lambda pieces: pieces),
        "weak words and verbs of questions": patch.object(query, "mark_weak", lambda *_: None),
        "misspelt words": patch.object(query, "_take_for_nearest", lambda *_, **_most: None),
        "most words where little has all": patch.object(
            finding._Search, "_with_most", lambda *_, **_without: {}
        ),
        "quality (documented, running, reused)": patch.object(finding, "_FULLER", 0),
        "fields (name, lead, text, subject)": patch.object(finding, "WORTH", (0.2,) * 4),
        "looking wider inside of filters": patch.object(finding, "_MOST_FARTHER", 0),
        "places in questions („in der Turnhalle“)": patch.object(reading, "_places_in", lambda _: set()),
        "parts without their joint („Museums-führung“)": patch.object(
            Lexicon, "words", Lexicon.pieces
        ),
        "leaving out stop words of the thesaurus („MIT“)": patch.object(
            query, "_meaningful", lambda words: words
        ),
        "last parts that add little („Tourismusförderung“)": patch.object(
            query, "is_general", lambda _: False
        ),
        "first parts that say nothing („Smart-Parking“)": patch.object(query, "FILLERS", ()),
        "general words beside others as weak („CO2 Monitoring“)": patch.object(
            reading, "_GENERAL", frozenset()
        ),
        "slips in one part of a compound": patch.object(
            query, "_with_slips_in_parts", lambda *_: ""
        ),
        "slips of words that only the thesaurus has": patch.object(
            query.Vocabulary, "one_slip_from", lambda *_: ""
        ),
        "a second slip in long compounds": patch.object(query, "_LONG_COMPOUND", 99),
        "words by their end („Lampen“)": patch.object(query, "_ends", lambda *_: False),
        "what is said in many words": patch.object(finding, "_AGAIN", 0),
        "words apart in any joint („Geo Daten Portal“)": patch.object(
            Thesaurus, "spelt", lambda self, words: tuple(words) if tuple(words) in self else None
        ),
        "kinds that the words name („App“)": patch.object(finding, "_OF_KIND", 0),
        "leaving out what is far": patch.object(finding, "_FAR", 0),
        "closeness": patch.object(finding, "_CLOSE", dict.fromkeys(finding._CLOSE, 1.0)),
    }  # fmt: skip


if __name__ == "__main__":
    main()

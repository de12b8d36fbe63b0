"""From what a person typed to the words that stand in the texts.

Each word that was typed becomes a set of words of the vocabulary: its other forms („Museen“), the
compounds it is part of („Plattform“ in „Datenplattform“), its synonyms, and if there is nothing of
all that, the words it was probably meant to be („zwiling“). One of each set must stand in a text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from finding.models import SearchWord, Synonyms
from finding.search.stems import stem, words_of

# What somebody types who knows what they want is shorter; the rest of a pasted text is not looked at.
MOST_CHARACTERS = 200
MOST_WORDS = 12
# More forms than these of one word do not find more, they only cost.
MOST_FORMS = 200
# Below this a „similar“ word is another word. Trigrams of pg_trgm, 0 to 1.
LEAST_SIMILARITY = 0.4

_PIECE = re.compile(r'(-?)(?:["„“]([^"„“”]*)["“”]|(\S+))')


@dataclass
class Piece:
    """One word, or several in quotation marks, and what they were translated into."""

    words: list[str]
    is_phrase: bool = False
    is_excluded: bool = False
    exact: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    # What we take a misspelt word for.
    meant: str = ""

    def expression(self, words: Iterable[str]) -> str:
        if self.is_phrase:
            return " <-> ".join(self.words)
        return " | ".join(sorted(words))


@dataclass
class Query:
    pieces: list[Piece]
    suggestion: str = ""

    @property
    def wanted(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.is_excluded]

    @property
    def is_empty(self) -> bool:
        return not self.wanted

    @property
    def finds_nothing(self) -> bool:
        return self.is_empty or any(not piece.forms for piece in self.wanted)

    @property
    def words(self) -> frozenset[str]:
        """The folded words that count as a hit, for highlighting."""
        return frozenset(word for piece in self.wanted for word in piece.forms)

    def tsquery(self, *, exact: bool = False) -> str:
        """The query in PostgreSQL's own syntax; every part of it is made of a–z and digits only.

        `exact` leaves out compounds: a text that names the very word should come first.
        """
        parts = [
            f"({piece.expression((piece.exact or piece.forms) if exact else piece.forms)})"
            for piece in self.wanted
        ]
        parts += [
            f"!({piece.expression(piece.exact or set(piece.words))})"
            for piece in self.pieces
            if piece.is_excluded
        ]
        return " & ".join(parts)


def understand(text: str, *, version: int | None = None) -> Query:
    """Translate what was typed. Never fails, whatever it is: nonsense is a query without words.

    With the `version` of the catalogue, the synonyms of that version are read once per process.
    """
    pieces = _pieces(text.replace("\0", " ")[:MOST_CHARACTERS])
    pieces = _without_stop_words(pieces)
    _find_forms(pieces, _synonyms() if version is None else _synonyms_of(version))
    unknown = [p for p in pieces if not (p.forms or p.is_phrase or p.is_excluded)]
    if unknown:
        _find_nearest(unknown)
    return Query(pieces, _suggestion(pieces))


def _pieces(text: str) -> list[Piece]:
    pieces = []
    for minus, phrase, word in _PIECE.findall(text):
        words = words_of(phrase or word)
        if phrase and len(words) > 1:
            pieces.append(Piece(words, is_phrase=True, is_excluded=bool(minus), forms=set(words)))
        else:
            # „Wiesenburg/Mark“ is two words to the reader and to the index.
            pieces += [Piece([single], is_excluded=bool(minus)) for single in words]
    return pieces[:MOST_WORDS]


def _without_stop_words(pieces: list[Piece]) -> list[Piece]:
    """Leave out „für“ and „und“, unless there is nothing else: „AUF“ is the name of a project."""
    with_meaning = [p for p in pieces if p.is_phrase or p.words[0] not in STOP_WORDS]
    return with_meaning or pieces


def _find_forms(pieces: list[Piece], groups: list[set[str]]) -> None:
    single = [piece for piece in pieces if not piece.is_phrase]
    if not single:
        return
    sought = {}
    for piece in single:
        for word in _with_synonyms(piece.words[0], groups):
            sought.setdefault(word, []).append(piece)
    rows = _vocabulary(sought)
    for word, pieces_of_word in sought.items():
        exact = [row for row, row_stem in rows if row_stem == stem(word)][:MOST_FORMS]
        part = _part(word)
        compounds = [row for row, row_stem in rows if _is_part_of(part, row_stem)]
        for piece in pieces_of_word:
            piece.exact.update(exact)
            piece.forms.update(exact, compounds[:MOST_FORMS])


def _part(word: str) -> str:
    """What to look for in compounds: the stem, or the word where too little would be left of it
    („Dat“ of „Daten“)."""
    short = stem(word)
    return short if len(short) > 3 or len(word) < 5 else word


def _vocabulary(words: Iterable[str]) -> list[tuple[str, str]]:
    """The words with one of these stems, or compounds of them, commonest first, with their stems."""
    condition = Q()
    for word in words:
        condition |= Q(stem=stem(word))
        part = _part(word)
        if len(part) >= 5:
            condition |= Q(stem__contains=part)
        elif len(part) == 4:
            condition |= Q(stem__startswith=part) | Q(stem__endswith=part)
        elif len(part) == 3:
            condition |= Q(stem__endswith=part)
    found = SearchWord.objects.filter(condition).order_by("-documents", "word")
    # Each word has its own share, so that a broad one („Stadt“) cannot push a rare one out.
    return list(found.values_list("word", "stem")[: MOST_FORMS * MOST_WORDS])


def _is_part_of(part: str, other: str) -> bool:
    """Whether one stem makes another's compound. Short ones only at its end („Stadtapp“) or, with
    four letters, its beginning: everywhere else they are chance („alle“ in „Halle“)."""
    if len(part) >= 5:
        return part in other
    if len(part) == 4:
        return other.startswith(part) or other.endswith(part)
    return len(part) == 3 and other.endswith(part)


@lru_cache(maxsize=2)
def _synonyms_of(version: int) -> list[set[str]]:
    return _synonyms()


def _synonyms() -> list[set[str]]:
    return [
        {word for word in map(_single, group.split(",")) if word}
        for group in Synonyms.objects.values_list("words", flat=True)
    ]


def _single(text: str) -> str:
    return "".join(words_of(text))


def _with_synonyms(word: str, groups: list[set[str]]) -> set[str]:
    known = {stem(word)}
    same = [group for group in groups if known & {stem(other) for other in group}]
    return {word}.union(*same)


def _find_nearest(unknown: list[Piece]) -> None:
    """Take each unknown word for the most similar ones of the vocabulary, if any is similar enough."""
    for piece in unknown[:4]:
        word = piece.words[0]
        if len(word) < 4:
            continue
        nearest = list(
            SearchWord.objects.filter(word__trigram_similar=word)
            .annotate(similarity=TrigramSimilarity("word", word))
            .filter(similarity__gte=LEAST_SIMILARITY)
            .order_by("-similarity", "-documents")
            .values_list("word", "spelling", "stem", "similarity")[:5]
        )
        if not nearest:
            continue
        best = nearest[0]
        close = [row for row in nearest if row[3] >= best[3] - 0.08]
        piece.meant = best[1]
        family = SearchWord.objects.filter(stem__in=[row[2] for row in close])
        piece.exact = set(family.values_list("word", flat=True))
        piece.forms = set(piece.exact)


def _suggestion(pieces: list[Piece]) -> str:
    if not any(piece.meant for piece in pieces):
        return ""
    # A word that nothing resembles would spoil the better spelling of the others.
    known = [piece for piece in pieces if piece.meant or piece.forms]
    return " ".join(piece.meant or " ".join(piece.words) for piece in known)


def _stop_words() -> frozenset[str]:
    # The words that carry no meaning in a search; own list, folded.
    return frozenset(
        [
            "aber",
            "als",
            "am",
            "an",
            "auch",
            "auf",
            "aus",
            "bei",
            "bis",
            "da",
            "das",
            "dass",
            "dem",
            "den",
            "der",
            "des",
            "die",
            "diese",
            "dieser",
            "dieses",
            "doch",
            "durch",
            "ein",
            "eine",
            "einem",
            "einen",
            "einer",
            "eines",
            "er",
            "es",
            "fuer",
            "gegen",
            "gibt",
            "haben",
            "hat",
            "ich",
            "ihr",
            "im",
            "in",
            "ist",
            "kann",
            "man",
            "mit",
            "nach",
            "nicht",
            "noch",
            "nur",
            "ob",
            "oder",
            "ohne",
            "sein",
            "sich",
            "sie",
            "sind",
            "so",
            "ueber",
            "um",
            "und",
            "uns",
            "unser",
            "unsere",
            "unter",
            "vom",
            "von",
            "vor",
            "was",
            "welche",
            "welcher",
            "welches",
            "wenn",
            "wer",
            "werden",
            "wie",
            "wir",
            "wird",
            "wo",
            "zu",
            "zum",
            "zur",
        ]
    )


STOP_WORDS = _stop_words()

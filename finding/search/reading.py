"""From what a person typed to its pieces: words, terms of the thesaurus, phrases, and what of them counts less."""

import re

from finding.search.pieces import Closeness, Piece
from finding.search.stems import stem, words_of
from finding.search.stop_words import GENERAL_HEADS, QUESTION_WORDS, STOP_WORDS, WEAK_WORDS
from finding.search.thesaurus import MOST_WORDS_OF_A_TERM, Thesaurus

# What somebody types who knows what they want is shorter; the rest of a pasted text is not looked at.
MOST_CHARACTERS = 200
MOST_WORDS = 12
_GENERAL = frozenset(map(stem, GENERAL_HEADS))
# What a place in a question begins with.
_WHERE = frozenset(["am", "an", "auf", "bei", "beim", "im", "in", "ins", "vom"])
_ARTICLES = frozenset(["das", "dem", "den", "der", "die"])
_ARTICLES |= {"ein", "eine", "einem", "einen", "einer"}
_ARTICLES |= {"unser", "unsere", "unserem", "unseren", "unserer"}
_PIECE = re.compile(r'(-?)(?:["„“]([^"„“”]*)["“”]|(\S+))')


def in_pieces(text: str) -> list[Piece]:
    """Words and phrases as typed, at most so many; a minus before one excludes it."""
    pieces = []
    for minus, phrase, word in _PIECE.findall(text):
        words = words_of(phrase or word)
        if phrase and len(words) > 1:
            kept = Piece(words, is_phrase=True, is_excluded=bool(minus))
            kept.add(Closeness.FORM, [[word] for word in words], are_neighbours=True)
            pieces.append(kept)
        elif len(words) > 1 and "/" not in word:
            # „Co-Working“ may stand there as „Coworking“, „CO₂-Ampel“ as „Ampel für CO₂“.
            pieces.append(Piece(words, is_hyphenated=True, is_excluded=bool(minus)))
        else:
            # „Wiesenburg/Mark“ is two words to the reader and to the index.
            pieces += [Piece([single], is_excluded=bool(minus)) for single in words]
    return pieces[:MOST_WORDS]


def as_terms(pieces: list[Piece], known: Thesaurus) -> list[Piece]:
    """Neighbours that are one term of the thesaurus become one piece, the longest first."""
    found: list[Piece] = []
    start = 0
    while start < len(pieces):
        for end in range(min(len(pieces), start + MOST_WORDS_OF_A_TERM), start + 1, -1):
            part = pieces[start:end]
            if any(piece.is_phrase or piece.is_excluded for piece in part):
                continue
            words = [word for piece in part for word in piece.words]
            if term := known.spelt(words):
                found.append(Piece([*term]))
                start = end
                break
        else:
            found.append(_as_known(pieces[start], known))
            start += 1
    return found


def _as_known(piece: Piece, known: Thesaurus) -> Piece:
    """„Daten-Plattform“ is „Datenplattform“, and „Dorfapp“ the „Dorf-App“."""
    term = None if piece.is_phrase else known.spelt(piece.words)
    if term is None or [*term] == piece.words:
        return piece
    is_hyphenated = piece.is_hyphenated and len(term) > 1
    return Piece([*term], is_excluded=piece.is_excluded, is_hyphenated=is_hyphenated)


def without_stop_words(pieces: list[Piece]) -> list[Piece]:
    """Leave out „für“ and „und“, unless there is nothing else: „AUF“ is the name of a project."""
    with_meaning = [p for p in pieces if p.is_phrase or not STOP_WORDS.issuperset(p.words)]
    return with_meaning or pieces


def mark_weak(pieces: list[Piece], text: str, known: Thesaurus) -> None:
    """„digital“ is in every text; in a question the verbs are, which unlike nouns begin small."""
    tokens = text.split()
    is_question = bool(tokens) and (
        text.rstrip().endswith("?") or not QUESTION_WORDS.isdisjoint(words_of(tokens[0]))
    )
    places = _places_in(tokens) if is_question else set()
    nouns = {word for token in tokens[1:] if token[:1].isupper() for word in words_of(token)}
    for piece in pieces:
        if not piece.is_phrase and len(piece.words) == 1:
            (word,) = piece.words
            is_small = is_question and nouns and word not in nouns
            is_verb = is_small and (word,) not in known
            # „CO2 Monitoring“ is about CO2, as „CO2-Monitoring“ is.
            adds_little = len(pieces) > 1 and is_general(word)
            # „Dorfladen 24“ is no 24 of anything.
            is_number = len(pieces) > 1 and word.isdigit()
            piece.is_weak = word in WEAK_WORDS or bool(is_verb) or adds_little or is_number
            piece.is_where = places.issuperset(piece.words)


def _places_in(tokens: list[str]) -> set[str]:
    """„Turnhalle“ of „Heizkosten in der Turnhalle sparen“: where, not what."""
    found: set[str] = set()
    is_open = False
    for token in tokens:
        (word,) = words_of(token)[:1] or ("",)
        if word in _WHERE:
            is_open = True
        elif token[:1].isupper() and is_open:
            found.update(words_of(token))
            is_open = False
        elif word not in _ARTICLES:
            is_open = False
    return found


def is_general(word: str) -> bool:
    """Whether it adds little to what it ends: the „Förderung“ of „Tourismusförderung“."""
    return stem(word) in _GENERAL

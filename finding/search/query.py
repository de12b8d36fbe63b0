"""From what a person typed to the words that stand in the texts.

Each word, or term of the thesaurus, becomes the words of the vocabulary that a text may say instead, by
how close they come: its own forms („Museen“), compounds that it is part of („Plattform“ in
„Datenplattform“), words that mean the same, kinds of it, what it is a kind of. If there is nothing of all
that, the words it was probably meant to be („zwiling“). One of them must stand in a text.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity

from finding.models import SearchWord
from finding.search.compounds import written_out
from finding.search.intents import is_quoted
from finding.search.pieces import Closeness, Piece, Query
from finding.search.reading import (
    MOST_CHARACTERS,
    as_terms,
    in_pieces,
    is_general,
    mark_weak,
    without_stop_words,
)
from finding.search.stems import doing_and_done, infinitives, words_of
from finding.search.stop_words import FILLERS, STOP_WORDS, WEAK_WORDS
from finding.search.thesaurus import Related, Term, Thesaurus, thesaurus_of
from finding.search.vocabulary import Vocabulary, vocabulary_of

# A compound that stands in fewer texts than these is looked for in its parts, too.
RARE = 10
# Below this a „similar“ word is another word. Trigrams of pg_trgm, 0 to 1.
LEAST_SIMILARITY = 0.4
# With so many letters the beginning of a word is no chance.
LONGEST_CHANCE = 7
# What stands in more texts than these says little alone: „Bürgersteige“ are not about „Bürger“.
SPECIFIC = 40
# A term of the thesaurus that finds so many texts is not taken for its first part.
_ENOUGH = 30
# What stands in more says little even with a head that adds nothing („Datenschutz“).
_WITH_GENERAL_HEAD = 120

# A part so long of a word that is written often is no chance: „Daten“, but not the „Form“ of „Plattform“.
_LONG_PART = 5
_LONG = 9
_SHORTEST_END = 6
# In a compound so long, a second slip is one too, before it is taken apart.
_LONG_COMPOUND = 14
# So many unknown compounds are looked at before they are taken apart: a query each.
_SLIPS_BEFORE = 2
_VERY_ENDING = re.compile(r"(?:en|er|e|n|s)$")


def understand(text: str, *, build: UUID) -> Query:
    """Translate what was typed. Never fails, whatever it is: nonsense is a query without words.

    What was read for the build of the documents, once per process, is used.
    """
    known, words = thesaurus_of(build), vocabulary_of(build)
    text, groups = _written_out(text.replace("\0", " ")[:MOST_CHARACTERS], words)
    pieces = in_pieces(text)
    pieces = as_terms(_with_infinitives(pieces, known, words), known)
    pieces = without_stop_words(pieces)
    mark_weak(pieces, text, known)
    _translate(pieces, known, words)
    unknown = [piece for piece in pieces if not (piece.forms or piece.is_excluded)]
    _take_for_nearest(unknown[:4], known, words)
    for group in groups:
        pieces = _with_either(pieces, group)
    return Query(pieces, _suggestion(pieces))


def _written_out(text: str, vocabulary: Vocabulary) -> tuple[str, list[tuple[str, ...]]]:
    """What is quoted is meant to the letter."""
    return (text, []) if is_quoted(text) else written_out(text, vocabulary.lexicon)


def _with_either(pieces: list[Piece], words: Sequence[str]) -> list[Piece]:
    """„Luft- und Wasserqualität“ is asked of texts about one of them; those about both come first."""
    found = [piece for piece in pieces if len(piece.words) == 1 and piece.words[0] in words]
    if len(found) < 2:
        return pieces
    first, *others = found
    for other in others:
        for closeness, alternatives in other.alternatives.items():
            first.alternatives.setdefault(closeness, []).extend(alternatives)
        first.documents += other.documents
        first.standing += other.standing
        first.is_weak = first.is_weak and other.is_weak
    return [piece for piece in pieces if piece not in others]


def _with_infinitives(pieces: list[Piece], known: Thesaurus, vocabulary: Vocabulary) -> list[Piece]:
    """„mitzureden“ and „mitgeredet“ are „mitreden“, „wirkt“ is „wirken“, where only that is known."""
    for piece in pieces:
        if len(piece.words) == 1 and not (piece.is_excluded or STOP_WORDS.issuperset(piece.words)):
            piece.words = [_as_infinitive(piece.words[0], known, vocabulary)]
    return pieces


def _as_infinitive(word: str, known: Thesaurus, vocabulary: Vocabulary) -> str:
    if (word,) in known:
        return word
    is_written = bool(vocabulary.forms(word))
    return next(
        (
            infinitive
            for infinitive in infinitives(word)
            if known.names(infinitive) or (not is_written and vocabulary.forms(infinitive))
        ),
        word,
    )


def _translate(
    pieces: list[Piece], known: Thesaurus, vocabulary: Vocabulary, *, as_typed: bool = True
) -> None:
    """Fill in what stands for each piece. What hardly stands anywhere is taken apart, too."""
    apart = [(piece, _split(piece, known, vocabulary)) for piece in pieces]
    for piece, split in apart:
        piece.head = (split[-1] if split else piece).words[-1]
        piece.parts = split
    everything = [*pieces, *(part for _piece, split in apart for part in split)]
    translated = [piece for piece in everything if not piece.is_phrase]
    _fill(translated, known, vocabulary)
    if as_typed:
        slips = [
            piece
            for piece, split in apart
            if split and (not piece.alternatives or _is_slip(piece, split, known, vocabulary))
        ]
        # „Strasenbeleuchtung“ is a slip, no light for „Strasen“.
        _take_for_nearest(slips[:_SLIPS_BEFORE], known, vocabulary, is_compound=True)
    for piece, split in apart:
        _add_parts(piece, split, known)


def _is_slip(piece: Piece, parts: list[Piece], known: Thesaurus, vocabulary: Vocabulary) -> bool:
    """Whether it looks like a compound only because „Energi“ of „Energimanagement“ is a stem."""
    if piece.stands_somewhere or tuple(piece.words) in known:
        return False
    return not all(vocabulary.is_written(part.words[-1]) for part in parts)


def _fill(translated: list[Piece], known: Thesaurus, vocabulary: Vocabulary) -> None:
    """Find what may stand for each."""
    for piece in translated:
        _own_words(piece, vocabulary)
        _related_words(piece, known.related(tuple(piece.words)), vocabulary)
        piece.documents = vocabulary.documents(piece.forms)
        piece.standing = vocabulary.documents(piece.single_forms(Closeness.FORM))


def _add_parts(piece: Piece, parts: list[Piece], known: Thesaurus) -> None:
    """„Glättesensoren“ stand in one text, but others have sensors that tell of „Glätte“.

    What stands there often as it was typed is not taken apart: „Plattform“ is no „Form“.
    """
    if len(parts) < 2 or piece.meant:
        return
    *heads, last = parts
    is_about_one = len(heads) == 1 and _add_what_it_is_about(piece, heads[0], last, known)
    if len(heads) > 1 and is_general(last.words[-1]):
        _add_what_they_are_about(piece, heads)
    if piece.documents >= RARE:
        # Inside of filters little may be left of it.
        if all(len(part.words[-1]) >= _LONG_PART for part in parts):
            piece.add(Closeness.BROADER, [part.single_forms(Closeness.COMPOUND) for part in parts])
        return
    if not is_about_one and all(head.standing <= SPECIFIC for head in heads):
        if not piece.stands_somewhere:
            # „Friedhofskataster“: what has to do with cemeteries is better than nothing, a register is not.
            piece.add(Closeness.PART, [head.single_forms(Closeness.NARROWER) for head in heads])
        elif all(tuple(head.words) in known for head in heads):
            piece.add(Closeness.PART, [head.single_forms(Closeness.FORM) for head in heads])
    if last.parts and last.standing <= SPECIFIC:
        # „Sitzungsraumbuchung“ is a „Raumbuchung“, whatever the room.
        piece.add(Closeness.PART, [last.single_forms(Closeness.SAME)])
    piece.add(Closeness.SAME, [part.single_forms(Closeness.COMPOUND) for part in parts])
    piece.add(Closeness.NARROWER, [part.single_forms(Closeness.NARROWER) for part in parts])
    if not piece.alternatives:
        # „Springbrunnen“ are „Brunnen“.
        piece.add(Closeness.BROADER, [last.single_forms(Closeness.COMPOUND)])
    piece.documents = piece.documents or min(part.documents for part in parts)


def _add_what_it_is_about(piece: Piece, first: Piece, last: Piece, known: Thesaurus) -> bool:
    """„Tourismusförderung“ is about tourism, „Smart-Parking“ about parking; whether it is about its first part."""
    adds_little = is_general(last.words[-1]) or last.is_weak
    is_about_first = adds_little and first.standing <= _WITH_GENERAL_HEAD
    if piece.standing < RARE:
        is_known = tuple(piece.words) in known
        if is_about_first and not (is_known and piece.documents >= _ENOUGH):
            closeness = Closeness.COMPOUND if is_known else Closeness.NARROWER
            piece.add(Closeness.NARROWER, [first.single_forms(closeness)])
        if first.words[0] in FILLERS:
            piece.add(Closeness.NARROWER, [last.single_forms(Closeness.NARROWER)])
    return is_about_first


def _add_what_they_are_about(piece: Piece, heads: list[Piece]) -> None:
    """„Ladenleerstandsliste“ is about „Ladenleerstand“, or at least about „Leerstand“."""
    piece.add(Closeness.NARROWER, [head.single_forms(Closeness.COMPOUND) for head in heads])
    if not piece.stands_somewhere:
        rarest = min(heads, key=lambda head: head.standing or SPECIFIC)
        piece.add(Closeness.PART, [rarest.single_forms(Closeness.SAME)])


def _own_words(piece: Piece, vocabulary: Vocabulary) -> None:
    if len(piece.words) == 1:
        for word in (piece.words[0], *doing_and_done(piece.words[0])):
            piece.add(Closeness.FORM, [vocabulary.forms(word)])
            piece.add(Closeness.COMPOUND, [vocabulary.compounds(word)])
        return
    forms = [vocabulary.forms(word) for word in piece.words]
    piece.add(Closeness.FORM, forms, are_neighbours=True)
    piece.add(Closeness.FORM, [vocabulary.forms("".join(piece.words))])
    # „E-Mobilität“ is not about every „e“ and mobility.
    is_joined = len(piece.words) == 2 and vocabulary.is_written("".join(piece.words))
    # „Smart Meter“ is not about everything „smart“ that is some „Meter“ long.
    says_little = piece.words[0] in FILLERS
    if not (is_joined or says_little) and all(len(word) > 1 for word in piece.words):
        both = [vocabulary.both(word) for word in piece.words]
        piece.add(Closeness.COMPOUND, both)


def _related_words(piece: Piece, of: Related, vocabulary: Vocabulary) -> None:
    compounds = {Closeness.SAME: Closeness.NARROWER, Closeness.NARROWER: Closeness.BROADER}
    for closeness, others in ((Closeness.SAME, of.same), (Closeness.NARROWER, of.narrower)):
        for term in others:
            _add_term(piece, closeness, term, vocabulary)
            if len(term) == 1:
                piece.add(compounds[closeness], [vocabulary.compounds(term[0])])
    for term in of.broader:
        _add_term(piece, Closeness.BROADER, term, vocabulary)


def _add_term(piece: Piece, closeness: Closeness, term: Term, vocabulary: Vocabulary) -> None:
    words = [vocabulary.forms(word) for word in term]
    if len(term) == 1:
        piece.add(closeness, [_meaningful(words[0])])
    else:
        piece.add(closeness, words, are_neighbours=True)
        piece.add(closeness, [vocabulary.forms("".join(term))])


def _meaningful(words: list[str]) -> set[str]:
    """The licence of the MIT is no „mit“."""
    return set(words) - STOP_WORDS


def _split(piece: Piece, known: Thesaurus, vocabulary: Vocabulary) -> list[Piece]:
    """A compound as its parts, for texts that say them apart („Kataster aller Bäume“)."""
    if piece.is_phrase or piece.is_excluded:
        return []
    if len(piece.words) == 1:
        parts = [Piece([part]) for part in _parts_of(piece.words[0], vocabulary)]
    elif piece.is_hyphenated:
        # „E-Bike-Verleih“ is „E-Bike“ and „Verleih“; „E-Mobilität“ is not about every „e“.
        parts = as_terms([Piece([word]) for word in piece.words], known)
    else:
        return []
    if any(len("".join(part.words)) == 1 for part in parts):
        return []
    for part in parts:
        part.is_weak = part.words[-1] in WEAK_WORDS
    # Of „Sitzungsraumbuchung“ the „Raumbuchung“ has parts of its own.
    for inner in vocabulary.lexicon.words(parts[-1].words[-1]) if parts else ():
        parts[-1].parts.append(Piece([inner]))
    return parts


def _parts_of(word: str, vocabulary: Vocabulary) -> Sequence[str]:
    """„Ehrenamtskartenverwaltung“ has three, as the „Ehrenamtskarten“ stand nowhere."""
    *heads, last = vocabulary.lexicon.words(word) or [""]
    if len(heads) == 1 and is_general(last) and not vocabulary.forms(heads[0]):
        heads = [*vocabulary.lexicon.words(heads[0])] or heads
    return [*heads, last] if heads else []


def _take_for_nearest(
    pieces: list[Piece],
    known: Thesaurus,
    vocabulary: Vocabulary,
    *,
    is_compound: bool = False,
) -> None:
    """Take unknown words for the most similar ones of the vocabulary, with all that those mean."""
    for piece in pieces:
        _find_nearest(piece, vocabulary, is_compound=is_compound)
    misspelt = [piece for piece in pieces if piece.meant]
    corrected = [Piece(words_of(piece.meant)) for piece in misspelt]
    _translate(corrected, known, vocabulary, as_typed=False)
    for piece, right in zip(misspelt, corrected, strict=True):
        for closeness, others in right.alternatives.items():
            piece.alternatives.setdefault(closeness, []).extend(others)
        piece.documents = max(piece.documents, right.documents)


def _find_nearest(piece: Piece, vocabulary: Vocabulary, *, is_compound: bool) -> None:
    """One query for a word that stands nowhere."""
    word = "".join(piece.words)
    if len(word) < 4 or piece.is_phrase:
        return
    if not is_compound and (_begins(piece, word, vocabulary) or _ends(piece, word, vocabulary)):
        return
    # „Leute“ are no „Laute“: with one letter, a short word is another.
    limit = len(word) // 6
    if is_compound:
        limit = min(limit, 1 + (len(word) >= _LONG_COMPOUND))
    if not limit:
        return
    rows = (
        SearchWord.objects.filter(word__trigram_similar=word)
        .annotate(similarity=TrigramSimilarity("word", word))
        .filter(similarity__gte=LEAST_SIMILARITY)
        .order_by("-similarity", "-documents")
        .values_list("word", "spelling", "stem", "similarity", "documents")[:8]
    )
    # „Tanzen“ is not „ganzen“: nobody mistypes how a short word begins.
    near = [row for row in rows if len(word) >= _LONG or row[0].startswith(word[0])]
    ranked = sorted((slips(word, row[0]), -row[3], -row[4], row) for row in near)
    likely = [one for one in ranked if one[0] <= limit]
    if not likely:
        # Words of the thesaurus stand in no text.
        right = vocabulary.one_slip_from(word)
        piece.meant = (
            vocabulary.spelling([right]) if right else _with_slips_in_parts(word, vocabulary)
        )
        return
    piece.meant = likely[0][3][1]
    # Forms of one word are equally near.
    family = {row[2] for slip, _likeness, _documents, row in likely if slip == likely[0][0]}
    piece.add(Closeness.FORM, [[word for one in family for word in vocabulary.of_stem(one)]])


def _with_slips_in_parts(word: str, vocabulary: Vocabulary) -> str:
    """„Fahradstellplatz“ as „Fahrradstellplatz“, though that stands nowhere either; or ""."""
    pieces = vocabulary.lexicon.pieces(word)
    right = [
        piece if vocabulary.lexicon.knows(piece) else vocabulary.one_slip_from(piece) or piece
        for piece in pieces
    ]
    return vocabulary.spelling(right) if right != [*pieces] else ""


def _begins(piece: Piece, word: str, vocabulary: Vocabulary) -> bool:
    """„Katastrophe“ where only „Katastrophenschutz“ stands, „spazieren“ where „Spaziergänge“ do."""
    beginning = _VERY_ENDING.sub("", word)
    if len(beginning) < LONGEST_CHANCE:
        return False
    piece.add(Closeness.COMPOUND, [vocabulary.beginning(beginning)])
    piece.documents = max(piece.documents, 1)
    return bool(piece.alternatives)


def _ends(piece: Piece, word: str, vocabulary: Vocabulary) -> bool:
    """„Lampen“ where only „Straßenlampen“ stand."""
    if len(word) < _SHORTEST_END:
        return False
    piece.add(Closeness.COMPOUND, [vocabulary.ending(word)])
    piece.documents = max(piece.documents, 1)
    return bool(piece.alternatives)


def slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour."""
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        before, last, above = last, [row], before
        for column, wanted in enumerate(other, 1):
            least = min(before[column] + 1, last[-1] + 1, before[column - 1] + (letter != wanted))
            is_swapped = (
                row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            )
            last.append(min(least, above[column - 2] + 1) if is_swapped else least)
    return last[-1]


def _suggestion(pieces: list[Piece]) -> str:
    if not any(piece.meant for piece in pieces):
        return ""
    # A word that nothing resembles would spoil the better spelling of the others.
    known = [piece for piece in pieces if piece.meant or piece.forms]
    return " ".join(piece.meant or " ".join(piece.words) for piece in known)

"""Compounds: what German writes in one word, and what its writers leave out.

„Baumkataster“ is about „Baum“ and „Kataster“; „Klimaschutz & -anpassung“ means „Klimaanpassung“ without
writing it. There is no dictionary: a part is a word that stands by itself in some text of the portal, in
the thesaurus, or in the short list below.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from finding.search.stems import stem, words_of
from finding.search.stop_words import STOP_WORDS

# Shorter words are parts of others by chance („alle“ in „Halle“, „gis“ in „Register“) …
SHORTEST_PART = 4
# … but for these, which do make compounds.
SHORT_PARTS = frozenset(
    [
        "abo",
        "akw",
        "amt",
        "app",
        "auto",
        "bad",
        "bahn",
        "bau",
        "berg",
        "bild",
        "bio",
        "boden",
        "bot",
        "bus",
        "co2",
        "dorf",
        "eis",
        "feld",
        "film",
        "gas",
        "geo",
        "hof",
        "holz",
        "iot",
        "kfz",
        "lkw",
        "luft",
        "moor",
        "muell",
        "netz",
        "nfc",
        "oel",
        "ort",
        "pkw",
        "quiz",
        "rad",
        "rat",
        "raum",
        "ruf",
        "see",
        "stau",
        "tag",
        "tal",
        "tier",
        "tor",
        "tuer",
        "uhr",
        "ufer",
        "wald",
        "wasser",
        "weg",
        "welt",
        "wind",
        "zaun",
        "zeit",
        "zoo",
    ]
)
# No noun, but the beginning of many words („unterstützen“, „überall“).
_PREFIXES = frozenset(
    [
        "aber",
        "ander",
        "anders",
        "auch",
        "dabei",
        "dadurch",
        "dagegen",
        "daher",
        "damit",
        "daran",
        "darauf",
        "daraus",
        "darin",
        "dazu",
        "eben",
        "einander",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "fort",
        "gegen",
        "gegenueber",
        "haben",
        "hier",
        "hinter",
        "immer",
        "jede",
        "jeder",
        "kein",
        "keine",
        "mehr",
        "nach",
        "neben",
        "nicht",
        "nieder",
        "noch",
        "oder",
        "ohne",
        "selbst",
        "sein",
        "sich",
        "sind",
        "ueber",
        "unter",
        "viel",
        "voll",
        "vorbei",
        "vorne",
        "wegen",
        "weiter",
        "wenn",
        "werden",
        "wieder",
        "wird",
        "zurueck",
        "zusammen",
        "zwar",
        "zwischen",
        "heit",
        "keit",
        "schaft",
        "lich",
        "ungen",
        "ieren",
        "ende",
        "enden",
        "erin",
        "ling",
        "liche",
        "lichen",
        "ische",
        "ischen",
        "isch",
        "ung",
        "igen",
        "innen",
    ]
)
# „-s-“ joins parts and belongs to neither („Beteiligungsplattform“).
_JOINT = "s"
_LONGEST = 60
# From so many letters on a word is no chance at one end of another.
_UNLIKELY = 5
# From so many on it is a word even if it stands nowhere by itself.
_LONG = 7
_CONNECTED = r"(?:\s*,\s*|\s+(?:und|oder|sowie|bzw\.|u\.|&|\+)\s+|\s*/\s*|\s*&\s*)"
# „Küsten- und Meeresschutz“, „Bau-, Umwelt- und Verkehrsamt“.
_TAIL_LEFT_OUT = re.compile(rf"(?P<heads>(?:\w{{3,}}-{_CONNECTED})+)(?P<whole>\w{{6,}})")
_HEAD = re.compile(r"\w+(?=-)")
# „Klimaschutz & -anpassung“.
_HEAD_LEFT_OUT = re.compile(rf"(?P<whole>\w{{6,}}){_CONNECTED}-(?P<tail>\w{{4,}})")
_HYPHENATED = re.compile(r"\w+(?:[-‐‑]\w+)+")


# What a word may end in and be no compound for all that („Vereinigung“, „anonymisiert“).
_SUFFIX = re.compile(
    r"s?(?:igung|igungen|amung|ungen|innen|fach|barten|isier|schaft|chaft|keit|heit|igkeit|lich|lisch|"
    r"isch|bar|sam|ier|erung|ern|end|haft|los|lose|wuerd|nis|tum|itaet|ion)"
)


# What verbs begin with.
_OF_VERBS = re.compile("ab|an|auf|aus|be|ein|ent|er|ge|mit|um|un|ver|vor|zer|zu")


class Lexicon:
    """The words that may be parts of compounds. Immutable but for what it has taken apart already."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words`: how each folded word is written; those too short or without meaning are left out."""
        usable = [
            word
            for word in words
            if (len(word) >= SHORTEST_PART or word in SHORT_PARTS)
            and not word.isdigit()
            and word not in STOP_WORDS
            and word not in _PREFIXES
        ]
        self._stems = frozenset(map(stem, usable))
        # What is written small is the rest of a verb („gest-alten“) where the head is no word.
        self._nouns = frozenset(stem(word) for word in usable if words[word][:1].isupper())
        self._taken_apart: dict[str, tuple[str, ...]] = {}

    def pieces(self, word: str) -> tuple[str, ...]:
        """The folded word in at least two pieces as it is written („meeres“, „schutz“), or ()."""
        if word not in self._taken_apart:
            if len(self._taken_apart) > 50_000:
                self._taken_apart.clear()
            found = self._split(word) if 6 <= len(word) <= _LONGEST else None
            self._taken_apart[word] = found if found and len(found) > 1 else ()
        return self._taken_apart[word]

    def words(self, word: str) -> list[str]:
        """Its pieces as words of their own: „Museumsführung“ is about „Museum“ and „Führung“."""
        return [
            piece.removesuffix(_JOINT) if stem(piece) not in self._stems else piece
            for piece in self.pieces(word)
        ]

    def parts(self, word: str) -> list[str]:
        """The stems of its parts, empty for a word that has none; also of parts of parts."""
        pieces = self.pieces(word)
        stems = {self._stem_of(piece) or _long(piece) for piece in pieces}
        for first, second in pairwise(pieces):
            stems.add(self._stem_of(first + second))
        return sorted(filter(None, stems - {stem(word)}))

    def knows(self, piece: str) -> bool:
        return bool(self._stem_of(piece))

    def _stem_of(self, piece: str) -> str:
        """The stem by which a piece is known, "" for what is no word."""
        if piece in _PREFIXES or piece in STOP_WORDS or not self._is_long_enough(piece):
            return ""
        short = stem(piece)
        if short in self._stems:
            return short
        bare = stem(piece.removesuffix(_JOINT))
        return bare if piece.endswith(_JOINT) and bare in self._stems else ""

    def _is_long_enough(self, piece: str) -> bool:
        bare = piece.removesuffix(_JOINT)
        return len(piece) >= SHORTEST_PART or piece in SHORT_PARTS or bare in SHORT_PARTS

    def _split(self, word: str) -> tuple[str, ...] | None:
        """In as few pieces as possible; None where some letters are no word.

        One end may be a word that stands nowhere by itself, if the other is too long for chance.
        """
        return (
            self._in_known_pieces(word)
            or self._with_unknown_head(word)
            or self._with_unknown_tail(word)
        )

    def _in_known_pieces(self, word: str) -> tuple[str, ...] | None:
        best: dict[int, tuple[str, ...]] = {len(word): ()}
        for start in range(len(word) - 3, -1, -1):
            for end in range(len(word), start + 2, -1):
                rest = best.get(end)
                if rest is None or (start, end) == (0, len(word)):
                    continue
                is_better = start not in best or len(rest) + 1 < len(best[start])
                if is_better and self._stem_of(word[start:end]):
                    best[start] = (word[start:end], *rest)
        return best.get(0)

    def _with_unknown_head(self, word: str) -> tuple[str, str] | None:
        is_of_verb = bool(_OF_VERBS.match(word))
        # „Quartiere“ are no „Tiere“.
        for start in range(_UNLIKELY, len(word) - _UNLIKELY + 1):
            tail = self._stem_of(word[start:])
            is_noun, is_long = tail in self._nouns, len(word) - start > _UNLIKELY
            # „Schutz“ may stand only as „schützen“; „gezielter“ has nothing to do with „Eltern“.
            if tail and ((is_long and is_noun) or ((is_long or is_noun) and not is_of_verb)):
                return word[:start], word[start:]
        return None

    def _with_unknown_tail(self, word: str) -> tuple[str, str] | None:
        for end in range(len(word) - _UNLIKELY, _UNLIKELY, -1):
            if self._stem_of(word[:end]) in self._nouns and not _SUFFIX.match(word[end:]):
                return word[:end], word[end:]
        return None


def _long(piece: str) -> str:
    """The stem of what stands nowhere by itself („Geschwindigkeit“), if it is too long for chance."""
    return stem(piece) if len(piece) >= _LONG and piece not in _PREFIXES else ""


def left_out(text: str, lexicon: Lexicon) -> Iterator[str]:
    """The words that a text means without writing them, folded."""
    for _match, _whole, meant in _left_out(text, lexicon):
        yield from meant


def written_out(text: str, lexicon: Lexicon) -> tuple[str, list[tuple[str, ...]]]:
    """The text with these words written („Luft- und Wasserqualität“), and which stand for each other."""
    groups: list[tuple[str, ...]] = []
    for match, whole, meant in _left_out(text, lexicon):
        groups.append((whole, *meant))
        text = text.replace(match, " ".join(groups[-1]))
    return text, groups


def _left_out(text: str, lexicon: Lexicon) -> Iterator[tuple[str, str, list[str]]]:
    """Each place where a part is left out: as it stands there, what is written whole, what is meant."""
    for match in _TAIL_LEFT_OUT.finditer(text):
        for whole in words_of(match["whole"]):
            if pieces := lexicon.pieces(whole):
                tail = "".join(pieces[1:])
                heads = words_of(" ".join(_HEAD.findall(match["heads"])))
                meant = [head + tail for head in heads]
                yield match[0], whole, meant
    for match in _HEAD_LEFT_OUT.finditer(text):
        for whole in words_of(match["whole"]):
            if pieces := lexicon.pieces(whole):
                meant = ["".join(pieces[:-1]) + tail for tail in words_of(match["tail"])]
                yield match[0], whole, meant


def joined(text: str) -> Iterator[str]:
    """„Co-Working“ as „coworking“; of more parts also each two neighbours."""
    for match in _HYPHENATED.finditer(text):
        words = words_of(match[0])
        if len(words) > 1:
            yield "".join(words)
        if len(words) > 2:
            yield from (first + second for first, second in pairwise(words))

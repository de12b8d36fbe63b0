"""What a question asks for besides its words: „in Bayern“, „Open Source“, „für kleine Gemeinden“.

A list turns it into its own filters, which can be seen and removed, instead of looking for the words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from finding.facets import Facet
from finding.search.stems import words_of


@dataclass(frozen=True, slots=True)
class Intent:
    """`words`, a regular expression on folded words with single spaces, mean these values of a facet."""

    words: str
    facet: str
    values: tuple[str, ...]
    # Means it only beside other words: „Wasser Berlin“, but „Berlin“ is looked for.
    beside_others: bool = False


@dataclass(frozen=True, slots=True)
class Intended:
    rest: str  # what is left to search for
    chosen: Mapping[str, tuple[str, ...]]  # facet → values


def read_intents(q: str, facets: Sequence[Facet], intents: Sequence[Intent]) -> Intended:
    """Never fails. What stands in quotation marks is only ever searched."""
    if not q or is_quoted(q):
        return Intended(q, {})
    tokens = q.split()
    folded = [" ".join(words_of(token)) for token in tokens]
    is_used = [False] * len(tokens)
    chosen: dict[str, list[str]] = {}
    known = {facet.name: facet.choices for facet in facets}
    for intent in intents:
        meant = [value for value in intent.values if value in known.get(intent.facet, ())]
        if not meant:
            continue
        for start, end in _places(intent.words, folded):
            if any(is_used[start:end]):
                continue
            if not intent.beside_others or _is_beside_others(intent, folded, is_used, start, end):
                is_used[start:end] = [True] * (end - start)
                values = chosen.setdefault(intent.facet, [])
                values += [value for value in meant if value not in values]
    rest = " ".join(token for token, used in zip(tokens, is_used, strict=True) if not used)
    return Intended(rest, {name: tuple(values) for name, values in chosen.items()})


def is_quoted(q: str) -> bool:
    """Whether some of it stands in quotation marks, so that nothing of it is meant otherwise."""
    return any(mark in q for mark in '"„“”')


def _is_beside_others(
    intent: Intent, folded: list[str], is_used: list[bool], start: int, end: int
) -> bool:
    """Whether these are just its words, and not all: „Wasser Berlin“, no „Brandenburg an der Havel“."""
    is_part_of_a_name = " ".join(folded[start:end]) != intent.words or folded[end : end + 1] in (
        ["an"],
        ["am"],
    )
    return not is_part_of_a_name and sum(is_used) + end - start < len(folded)


# „Wer hat Ladesäulen in der Nähe von Polch?“
_NEAR = re.compile(
    r"\s*\b(?:in der n(?:ä|ae)he(?: von)?|nahe(?: bei)?|rund um|in der umgebung von)\s+",
    re.IGNORECASE,
)


def without_nearness(q: str) -> str:
    """The words without „in der Nähe von“; the place itself stays among them."""
    return _NEAR.sub(" ", q).strip()


def place_in(q: str) -> str:
    """What is probably the name of a place: what follows „in der Nähe von“, or all of it."""
    return _NEAR.split(q)[-1].strip(" ?!.")


def _places(words: str, folded: list[str]) -> list[tuple[int, int]]:
    """From which token to which the words stand there."""
    text, ends = "", []
    for part in folded:
        text += f"{part} "
        ends.append(len(text))
    places = []
    for match in _compiled(words).finditer(text):
        start = sum(end <= match.start() for end in ends)
        # The match ends before the space that ends its last token.
        places.append((start, sum(end - 1 < match.end() for end in ends) + 1))
    return places


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?= )")

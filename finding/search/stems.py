"""Words as people type them, and what is left of a German word without its ending.

The words of a text are folded (`ground.names.fold`), so only a–z and digits remain.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ground.names import fold

_WORD = re.compile(r"[a-z0-9]+")
_UMLAUT = re.compile(r"ae|oe|ue")
_ENDING = re.compile(
    r"^(?:(.{6,}?)(?:enden|ende)|(.{5,}?)(?:erinnen|erin|innen|(?<=[eo]r)in|ungen|ung|ern|er)|(.{4,}?)(?:innen|(?<=[lnrsz]t)in)|(.{3,}?)(?:en|es|em|um|e|(?<=e[lr])n|(?<=[b-dfgk-pr-t])s)|(.{4,}a|.{3,}[oy])s)$"
)
# The plural in -er of short words. As a rule it would make „Burg“ of „Bürger“ and „Kell“ of „Keller“.
_SHORT_PLURALS = {
    plural: singular
    for singular, plural in {
        "bad": "bader", "bild": "bilder", "blatt": "blatter", "buch": "bucher", "dach": "dacher",
        "dorf": "dorfer", "feld": "felder", "geld": "gelder", "glas": "glaser", "grab": "graber", "gut": "guter",
        "haus": "hauser", "kind": "kinder", "land": "lander", "licht": "lichter", "loch": "locher",
        "rad": "rader", "schild": "schilder", "tal": "taler", "wald": "walder",
    }.items()
}  # fmt: skip
# „Schulungen“ are not for „Schulen“; „Aalen“ has no „AAL“, and „Polen“ no „Smart Pole“.
_AS_THEY_ARE = {
    "aalen": "aalen",
    "hagen": "hagen",
    "polen": "polen",
    "siegen": "siegen",
    "parken": "parken",
    "gruenden": "gruenden",
    "schulungen": "schulung",
}
# „Gründung“ has nothing to do with „Grund“, nor „parken“ with „Park“. „Gründen“ can one everything.
_FOUNDING = re.compile(r"^gruend(?:er|erin|erinnen|ern|ers|ende|enden|ung|ungen)$")


# What is apart from the rest of a verb in „um mitzureden“ and „mitgeredet“.
_APART = "ab an auf aus bei ein fern fest her hin los mit nach teil um vor weg weiter wieder zu zurueck zusammen"
_PREFIX = f"(?:{'|'.join(sorted(_APART.split(), key=len, reverse=True))})"
_WITH_ZU = re.compile(rf"^({_PREFIX})zu([a-z]{{2,}}n)$")
_PARTICIPLE = re.compile(rf"^({_PREFIX})?ge([a-z]{{2,}}?)(?:e?t|en)$")
_PERSON = re.compile(r"^([a-z]{3,}?)(?:e?t|e?st)$")
_WHILE = re.compile(r"^([a-z]{3,}?)ende[mnrs]?$")
# „Samm-lung“: what is left of shorter ones may be anything.
_SHORTEST_ROOT = 4


def infinitives(word: str) -> Iterator[str]:
    """What a form of a verb may come from, the likelier first; many are no words at all."""
    if found := _WITH_ZU.match(word):
        yield found[1] + found[2]
    if found := _PARTICIPLE.match(word):
        yield f"{found[1] or ''}{found[2]}en"
    if found := _WHILE.match(word) or _PERSON.match(word):
        yield f"{found[1]}en"


def doing_and_done(word: str) -> Iterator[str]:
    """The noun of „bewässern“ and „sammeln“, the verb of „Bewässerung“ and „Sammlung“.

    What ends in -en has one stem with its noun („messen“, „Messung“).
    """
    for doing, done in (("ern", "erung"), ("eln", "lung")):
        for ending, other in ((doing, done), (done, doing)):
            if word.endswith(ending) and len(word) >= _SHORTEST_ROOT + len(ending):
                yield word.removesuffix(ending) + other


def words_of(text: str) -> list[str]:
    """The words of a text, folded: „CO₂“ is „co2“, and NFD is the same as NFC."""
    return _WORD.findall(fold(unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What „Museum“ and „Museen“, „Stadt“ and „Städte“ have in common. Not a linguist's stem.

    Words of up to three letters stay as they are: their endings are most of them.
    """
    plain = _UMLAUT.sub(lambda match: match[0][0], word)
    if len(plain) <= 3:
        return plain
    if singular := _SHORT_PLURALS.get(plain) or _SHORT_PLURALS.get(plain.removesuffix("n")):
        return singular
    if word in _AS_THEY_ARE or word in _AS_THEY_ARE.values():
        return _AS_THEY_ARE.get(word, word)
    if _FOUNDING.match(word):
        return "gruend"
    if ending := _ENDING.match(plain):
        plain = next(filter(None, ending.groups()))
    # „Bus“ and „Busse“, „Ergebnis“ and „Ergebnisse“.
    return plain[:-1] if plain.endswith("ss") else plain

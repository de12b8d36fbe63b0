"""Words as people type them, and what is left of a German word without its ending.

The words of a text are folded (`projects.names.fold`), so only a–z and digits remain.
"""

import re

from projects.names import fold

_WORD = re.compile(r"[a-z0-9]+")
_ENDING = re.compile(r"^(.{3,}?)(?:innen|ungen|ung|ern|en|er|es|em|um|e|n|s)$")
_UMLAUT = re.compile(r"ae|oe|ue")


def words_of(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """What „Museum“ and „Museen“, „Stadt“ and „Städte“ have in common. Not a linguist's stem.

    Words of up to three letters stay as they are: their endings are most of them.
    """
    without_umlaut = _UMLAUT.sub(lambda match: match[0][0], word)
    if len(without_umlaut) <= 3:
        return without_umlaut
    ending = _ENDING.match(without_umlaut)
    return ending[1] if ending else without_umlaut

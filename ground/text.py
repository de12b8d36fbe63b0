"""Text as it is kept: what Word, PowerPoint and PDF put between the letters is gone, and „ü“ is one letter.

Control characters break calendars and XML for other readers; marks that turn the direction of reading
make „exe.pdf“ of „fdp.exe“; an „ü“ of two characters is not found by those who type one. Where this
happens is told in one place each: `smartcities.operations.typed_text` for what a browser sends,
`ground.stored_text` for every row of every table, the readers of files for what they read.
"""

import unicodedata
from typing import Any

# To readers of calendars, mails and scripts these end a line, like „\n“.
_OTHER_BREAKS = "\x0b\x0c\x85\u2028\u2029"
_BREAKS = "\t\r\n" + _OTHER_BREAKS


def _between(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


# What a database can hold of it. The joiners U+200C and U+200D stay: emoji and some scripts need them.
_STORABLE = _between(
    (0x01, 0x08),
    (0x0E, 0x1F),
    (0x7F, 0x84),
    (0x86, 0x9F),
    (0xAD, 0xAD),  # soft hyphen
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200B),
    (0x200E, 0x200F),  # direction of reading
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFF9, 0xFFFB),
    (0xFFFE, 0xFFFF),
)
DROPPED = _STORABLE + "\0" + _between((0xD800, 0xDFFF))

# Tables for `str.translate`: a text keeps its lines, a line has none.
IN_TEXT = str.maketrans(dict.fromkeys(DROPPED, "") | dict.fromkeys(_OTHER_BREAKS, "\n"))
IN_LINE = str.maketrans(dict.fromkeys(DROPPED, "") | dict.fromkeys(_BREAKS, " "))


def clean_text(text: str) -> str:
    """Without invisible characters, in NFC. Lines and tabs stay. Idempotent."""
    return unicodedata.normalize("NFC", text.translate(IN_TEXT))


def clean_line(text: str) -> str:
    """The same in one line: what ends a line becomes a space, and so do tabs. Idempotent."""
    return unicodedata.normalize("NFC", text.translate(IN_LINE))


def clean_tree(value: Any) -> Any:
    """A value as JSON has them, with every text in it clean."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_tree(one) for one in value]
    if isinstance(value, dict):
        return {clean_text(key): clean_tree(one) for key, one in value.items()}
    return value

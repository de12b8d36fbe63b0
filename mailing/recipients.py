"""Lists of people as they are pasted or saved: out of Outlook, Thunderbird, Excel or an own text.

    "Müller, Hans" <h.mueller@ulm.example>; Erika Muster <erika@gera.example>
    rathaus@kiel.example, post@bonn.example

or a table whose first line names its columns, `Vorname;Nachname;E-Mail`, with or without `sep=;` above.
Reading finds names and addresses and judges neither: what is no address stands there as one, so that it
can be told by its line.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from itertools import zip_longest
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ground.mailbox import mailbox_key, tidied
from ground.mailbox import read as read_address

# What people, Outlook and Thunderbird call the columns; only the address is needed.
_COLUMNS = {
    "name": "name",
    "vor- und nachname": "name",
    "anzeigename": "display",
    "vorname": "first",
    "nachname": "last",
    "familienname": "last",
    "e-mail": "email",
    "email": "email",
    "mail": "email",
    "e-mail-adresse": "email",
    "emailadresse": "email",
    "primäre e-mail-adresse": "email",
    "adresse": "email",
}
LABELS = {
    "name": gettext_lazy("Name"),
    "display": gettext_lazy("Anzeigename"),
    "first": gettext_lazy("Vorname"),
    "last": gettext_lazy("Nachname"),
    "email": gettext_lazy("E-Mail"),
}
_SEP = re.compile(r"sep=([;,\t])[ \t]*\n", re.IGNORECASE)
# „Müller, Hans“, as address books sort; a second comma, a bracket or a digit is something else.
_SORTED = re.compile(r"([^\W\d][^,()\d]*), ([^\W\d][^,()\d]*)")
# „Stadt Ulm, Bauamt“ is no person, and „Meier, GmbH“ neither. A person who is named like an office keeps
# their name as it was written.
_OFFICE = re.compile(
    r"\b(?:amt|büro|referat|team|gmbh|ag|e\.?v|smart|city"
    r"|\w*(?:stadt|gemeinde|markt|kreis|verband|werke|verwaltung|rathaus|\wamt|agentur|gesellschaft"
    r"|universität|hochschule|institut|ministerium|sekretariat|abteilung|bürgermeister|bürgermeisterin))\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"""
    (?P<quoted> "[^"\n]*" )
    | (?P<angle> <[^<>\n]*> )
    | (?P<separator> [,;\t\n] )
    | (?P<word> (?: [^\s,;"<>] | "(?![^"\n]*") | <(?![^<>\n]*>) | > )+ )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the list, with the line on which it begins, counted as editors and spreadsheets do."""

    line: int
    email: str
    name: str = ""
    # What the further columns of a table say.
    further: Mapping[str, str] = field(default_factory=dict)
    has_too_many_cells: bool = False

    @property
    def is_valid(self) -> bool:
        return is_address(self.email)


class Unreadable(Exception):
    """The list as a whole cannot be read, with a sentence and the line; 0 for all of it."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


def is_address(text: str) -> bool:
    try:
        read_address(text)
    except ValidationError:
        return False
    return True


def key(address: str) -> str:
    """The same for addresses that mean the same mailbox."""
    return mailbox_key(address)


def read(text: str, *, further: Mapping[str, str] | None = None) -> Iterator[Entry]:
    """What stands in a table, or in a text without one.

    `further` columns of a table come along by the name that their (lower case) heading has in it.
    Raises `Unreadable` while it is read.
    """
    text, delimiter = _prepared(text)
    columns = _heading(text, delimiter, further or {})
    return _table(text, delimiter, further or {}) if columns else pasted(text)


def is_table(text: str) -> bool:
    """Whether the first line names columns, the address among them."""
    return bool(_heading(*_prepared(text), {}))


def pasted(text: str) -> Iterator[Entry]:
    """Addresses with or without names, separated by commas, semicolons, tabs, spaces or lines."""
    text = _lines(text)
    before: list[_Token] = []
    tokens = list(_tokens(text))
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.kind == "angle":
            name_of, others = _name_before(before)
            yield from map(_no_address, others)
            yield _entry(name_of[0].line if name_of else token.line, token.text, _joined(name_of))
        elif token.kind == "word" and "@" in token.text and not _is_angle(following):
            # „Name<Tab>Adresse“ is what two columns of a spreadsheet become.
            of_cell = before if before and before[-1].text == "\t" else []
            name_of, others = _name_before(of_cell[:-1], across_cells=True)
            yield from map(_no_address, others if of_cell else _words(before))
            yield _entry(name_of[0].line if name_of else token.line, token.text, _joined(name_of))
        else:
            before.append(token)
            continue
        before = []
    yield from map(_no_address, _words(before))


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def _prepared(text: str) -> tuple[str, str]:
    """The text without what only spreadsheets need, and the delimiter that it names, or ""."""
    text = _lines(text)
    if named := _SEP.match(text):
        return text[named.end() - 1 :], named[1]
    return text, ""


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


# Pasted text


def _tokens(text: str) -> Iterator[_Token]:
    line, last = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", last, found.start())
        last = found.start()
        yield _Token(found.lastgroup or "", _content(found), line)


def _content(found: re.Match) -> str:
    text = found[0]
    match found.lastgroup:
        case "quoted":
            return " ".join(text[1:-1].split())
        case "angle":
            return text[1:-1].strip()
    return text


def _is_angle(token: _Token | None) -> bool:
    return token is not None and token.kind == "angle"


def _name_before(
    tokens: list[_Token], *, across_cells: bool = False
) -> tuple[list[_Token], list[_Token]]:
    """The tokens of the name that ends here, and the words before it that belong to nothing.

    „Müller, Hans“ is one name: it begins at the last semicolon, tab or line break.
    """
    tokens = list(tokens)
    while tokens and tokens[-1].text == "\n":  # folded between the name and its address
        tokens.pop()
    ends = {";", "\n"} if across_cells else {";", "\n", "\t"}
    begins = max((n + 1 for n, token in enumerate(tokens) if token.text in ends), default=0)
    name = tokens[begins:]
    while name and name[0].kind == "separator":
        name.pop(0)
    return name, _words(tokens[:begins])


def _words(tokens: list[_Token]) -> list[_Token]:
    return [token for token in tokens if token.kind != "separator"]


def _joined(tokens: list[_Token]) -> str:
    text = " ".join(token.text for token in tokens).replace(" ,", ",").replace("\t", " ")
    return " ".join(text.split())


def _entry(line: int, address: str, name: str) -> Entry:
    address = tidied(address.removeprefix("mailto:").strip("'"))
    name = name.strip("'").rstrip(", ")
    # Outlook names by their address those of whom it knows nothing else.
    return Entry(line, address, "" if key(name) == key(address) else _spoken(name))


def _spoken(name: str) -> str:
    """The name as one says it: „Hans Müller“ is greeted, „Müller, Hans“ is sorted."""
    found = _SORTED.fullmatch(name)
    if found is None or _OFFICE.search(name):
        return name
    last, first = found.groups()
    return f"{first} {last}" if len(first.split()) <= 3 and len(last.split()) <= 4 else name


def _no_address(token: _Token) -> Entry:
    return Entry(token.line, token.text)


# Tables


def _delimiter(text: str) -> str:
    first_line = text.lstrip().partition("\n")[0]
    return max(";,\t", key=first_line.count)


def _heading(text: str, delimiter: str, further: Mapping[str, str]) -> list[str]:
    """What the columns are; none if the first line does not name the one with the addresses."""
    first_line = text.lstrip("\n ").partition("\n")[0]
    try:
        cells = next(csv.reader([first_line], delimiter=delimiter or _delimiter(text)), [])
    except csv.Error:  # a line much too long for a heading
        return []
    known = _COLUMNS | dict(further)
    columns = [known.get(" ".join(cell.split()).lower(), "") for cell in cells]
    return columns if "email" in columns else []


def _table(text: str, delimiter: str, further: Mapping[str, str]) -> Iterator[Entry]:
    columns = _heading(text, delimiter, further)
    rows = _rows(csv.reader(StringIO(text), delimiter=delimiter or _delimiter(text)))
    line, _cells = next(rows)
    if doubled := {name for name in columns if name and columns.count(name) > 1}:
        names = ", ".join(sorted(str(LABELS.get(name, name)) for name in doubled))
        raise Unreadable(line, _("Eine Spalte kommt mehrmals vor: %s.") % names)
    for line, cells in rows:
        found = dict(zip(columns, cells, strict=False))
        email = found.get("email", "")
        in_cell = list(pasted(email)) if "<" in email else []
        mailbox = in_cell[0] if len(in_cell) == 1 else Entry(line, tidied(email))
        yield Entry(
            line,
            mailbox.email,
            _full_name(found) or mailbox.name,
            {name: found.get(name, "") for name in further.values()},
            has_too_many_cells=len(cells) > len(columns),
        )


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line on which they begin."""
    begins = 1
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(0, _("Die Datei ist keine lesbare CSV-Datei.")) from error


def _full_name(found: Mapping[str, str]) -> str:
    first, last, name = (found.get(column, "") for column in ("first", "last", "name"))
    if found.get("display"):
        return _spoken(found["display"])
    # „Name; Vorname“ is how German lists often call the two.
    return f"{first} {last or name}".strip() if first else _spoken(name or last)

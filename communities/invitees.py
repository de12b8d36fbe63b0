"""A list of people to invite, as a spreadsheet saves it (CSV). Reading it changes nothing."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Role
from ground.mailbox import mailbox_key
from ground.mailbox import read as read_address

MOST_BYTES = 1024 * 1024
MOST_PEOPLE = 500
# Nobody reads more of them before mending the file.
MOST_PROBLEMS = 50
LONGEST_NAME = 150

# What people call the columns; only the address is needed.
_COLUMNS = {
    "name": "name",
    "vor- und nachname": "name",
    "e-mail": "email",
    "email": "email",
    "mail": "email",
    "e-mail-adresse": "email",
    "emailadresse": "email",
    "adresse": "email",
    "rolle": "role",
}
# What stands where a byte is no letter.
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_LABELS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-Mail"),
    "role": gettext_lazy("Rolle"),
}
_ROLES = {
    **{role.value: role for role in Role},
    **{str(role.label).lower(): role for role in Role},
    "koordinator": Role.COORDINATION,
    "koordinatorin": Role.COORDINATION,
}


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite. A person without a name is greeted without one."""

    email: str
    name: str = ""
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, counted as the spreadsheet does; 0 for the file as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        if not self.line:
            return self.text
        return _("Zeile %(line)d: %(text)s") % {"line": self.line, "text": self.text}


@dataclass(slots=True)
class Preview:
    """What a file holds. Only one without problems should be used: half a list helps nobody."""

    invitees: list[Invitee] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return bool(self.invitees) and not self.problems


def read(data: bytes, *, role: Role = Role.MEMBER) -> Preview:
    """Read the columns Name, E-Mail and Rolle in any order, separated by semicolons, commas or tabs.

    `role` is for lines that name none. Never fails: whatever is wrong becomes a sentence.
    """
    preview = Preview()
    if len(data) > MOST_BYTES:
        return _unusable(preview, _("Die Datei ist größer als 1 MB."))
    text = _decoded(data)
    if not text.strip() or "\0" in text:
        return _unusable(preview, _("Die Datei ist leer oder keine CSV-Datei."))
    try:
        _read_rows(text, role, preview)
    except csv.Error:
        return _unusable(preview, _("Die Datei ist keine lesbare CSV-Datei."))
    if not preview.invitees and not preview.problems:
        return _unusable(preview, _("In der Datei steht niemand."))
    return preview


def _unusable(preview: Preview, text: str) -> Preview:
    preview.invitees.clear()
    preview.problems[:] = [Problem(0, text)]
    return preview


def _decoded(data: bytes) -> str:
    for encoding in (
        ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # What a German Excel saves as „CSV“ without further words; it can read any byte.
    return data.decode("cp1252", errors="replace")


def _read_rows(text: str, role: Role, preview: Preview) -> None:
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=first_line.count)
    rows = csv.reader(StringIO(text), delimiter=delimiter)
    numbered = _numbered(rows)
    line, header = next(numbered)
    columns = [_COLUMNS.get(cell.lower(), "") for cell in header]
    if "email" not in columns:
        preview.problems.append(
            Problem(
                line,
                _(
                    "Hier müssen die Namen der Spalten stehen: „Name“, „E-Mail“ und, wenn Sie "
                    "möchten, „Rolle“."
                ),
            )
        )
        return
    if doubled := {name for name in columns if name and columns.count(name) > 1}:
        names = ", ".join(sorted(str(_LABELS[name]) for name in doubled))
        text = _("Eine Spalte kommt mehrmals vor: %s.") % names
        preview.problems.append(Problem(line, text))
        return
    _read_people(numbered, columns, role, preview)


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line on which they begin."""
    begins = 1
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            yield begins, cells
        begins = rows.line_num + 1


def _read_people(
    numbered: Iterator[tuple[int, list[str]]], columns: list[str], role: Role, preview: Preview
) -> None:
    seen: dict[str, int] = {}
    for line, cells in numbered:
        if len(preview.invitees) >= MOST_PEOPLE:
            text = _("Mehr als %d Personen gehen nicht auf einmal.") % MOST_PEOPLE
            preview.problems.append(Problem(line, text))
            return
        if len(preview.problems) >= MOST_PROBLEMS:
            preview.problems.append(Problem(line, _("Ab hier wurde nicht mehr nachgesehen.")))
            return
        found = dict(zip(columns, cells, strict=False))
        texts = list(_complaints(found, seen))
        if len(cells) > len(columns):
            texts.append(_("Hier stehen mehr Angaben als Spalten."))
        preview.problems += [Problem(line, text) for text in texts]
        if not texts:
            email = read_address(found["email"])
            seen[mailbox_key(email)] = line
            chosen = _ROLES.get(found.get("role", "").lower(), role)
            preview.invitees.append(Invitee(email, found.get("name", ""), chosen))


def _complaints(found: dict[str, str], seen: dict[str, int]) -> Iterator[str]:
    email = found.get("email", "")
    if not email:
        yield _("Die E-Mail-Adresse fehlt.")
    elif not _is_address(email):
        yield _("„%s“ ist keine E-Mail-Adresse.") % email
    elif first := seen.get(mailbox_key(email)):
        yield _("Die Adresse steht schon in Zeile %d.") % first
    if _UNREADABLE in "".join(found.values()):
        yield _(
            "Manche Zeichen sind nicht lesbar. Bitte speichern Sie die Tabelle als „CSV UTF-8“."
        )
    if len(found.get("name", "")) > LONGEST_NAME:
        yield _("Der Name ist länger als %d Zeichen.") % LONGEST_NAME
    role = found.get("role", "")
    if role and role.lower() not in _ROLES:
        names = ", ".join(str(one.label) for one in Role)
        yield _("„%(role)s“ ist keine Rolle. Es gibt: %(names)s.") % {"role": role, "names": names}


def _is_address(text: str) -> bool:
    try:
        read_address(text)
    except ValidationError:
        return False
    return True

"""A list of people to invite, as a spreadsheet saves it (CSV) or as it is pasted. Reading changes nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from communities.models import Role
from mailing import recipients
from mailing.recipients import Entry

MOST_BYTES = 1024 * 1024
MOST_PEOPLE = 500
# No one reads more of them before mending the file.
MOST_PROBLEMS = 50
LONGEST_NAME = 150
_ANGLE = re.compile(r"<[^<>\s]+@[^<>\s]+>")

# What stands where a byte is no letter.
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_ROLES = {
    **{role.value: role for role in Role},
    **{str(role.label).lower(): role for role in Role},
    "koordinator": Role.COORDINATION,
    "koordinatorin": Role.COORDINATION,
}


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person to invite. A person without a name is greeted without one."""

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
    """What a file holds. Only one without problems should be used: half a list helps no one."""

    invitees: list[Invitee] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return bool(self.invitees) and not self.problems


def read(data: bytes | str, *, role: Role = Role.MEMBER) -> Preview:
    """Read a table with the columns Name, E-Mail and Rolle in any order, or addresses with their names.

    `role` is for those who have none there. Never fails: whatever is wrong becomes a sentence.
    """
    preview = Preview()
    if len(data) > MOST_BYTES:
        return _unusable(preview, _("Die Datei ist größer als 1 MB."))
    text = _decoded(data) if isinstance(data, bytes) else data
    if not text.strip("\ufeff \t\r\n") or "\0" in text:
        return _unusable(preview, _("Die Datei ist leer oder keine CSV-Datei."))
    try:
        _read_people(_entries(text), role, preview)
    except recipients.Unreadable as reason:
        if not reason.line:
            return _unusable(preview, reason.text)
        preview.problems.append(Problem(reason.line, reason.text))
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


def _entries(text: str) -> Iterator[Entry]:
    if recipients.is_table(text):
        return recipients.read(text, further={"rolle": "role"})
    if not _ANGLE.search(text) and not all(entry.is_valid for entry in recipients.pasted(text)):
        # A table whose columns have no names, or no list at all.
        raise recipients.Unreadable(
            _first_line(text),
            _(
                "Hier müssen die Namen der Spalten stehen: „Name“, „E-Mail“ und, wenn Sie "
                "möchten, „Rolle“."
            ),
        )
    return recipients.pasted(text)


def _first_line(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n") + 1


def _read_people(entries: Iterable[Entry], role: Role, preview: Preview) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        if len(preview.invitees) >= MOST_PEOPLE:
            text = _("Mehr als %d Personen gehen nicht auf einmal.") % MOST_PEOPLE
            preview.problems.append(Problem(entry.line, text))
            return
        if len(preview.problems) >= MOST_PROBLEMS:
            text = _("Ab hier wurde nicht mehr nachgesehen.")
            preview.problems.append(Problem(entry.line, text))
            return
        texts = list(_complaints(entry, seen))
        preview.problems += [Problem(entry.line, text) for text in texts]
        if not texts:
            seen[recipients.key(entry.email)] = entry.line
            chosen = _ROLES.get(entry.further.get("role", "").lower(), role)
            preview.invitees.append(Invitee(entry.email, entry.name, chosen))


def _complaints(entry: Entry, seen: dict[str, int]) -> Iterator[str]:
    role = entry.further.get("role", "")
    if not entry.email:
        yield _("Die E-Mail-Adresse fehlt.")
    elif not entry.is_valid:
        yield _("„%s“ ist keine E-Mail-Adresse.") % entry.email
    elif first := seen.get(recipients.key(entry.email)):
        yield _("Die Adresse steht schon in Zeile %d.") % first
    if _UNREADABLE in f"{entry.email}{entry.name}{role}":
        yield _(
            "Manche Zeichen sind nicht lesbar. Bitte speichern Sie die Tabelle als „CSV UTF-8“."
        )
    if len(entry.name) > LONGEST_NAME:
        yield _("Der Name ist länger als %d Zeichen.") % LONGEST_NAME
    if role and role.lower() not in _ROLES:
        names = ", ".join(str(one.label) for one in Role)
        yield _("„%(role)s“ ist keine Rolle. Es gibt: %(names)s.") % {"role": role, "names": names}
    if entry.has_too_many_cells:
        yield _("Hier stehen mehr Angaben als Spalten.")

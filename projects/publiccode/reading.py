"""What a `publiccode.yml` says that the portal can use, and nothing else of it.

People named in it (`maintenance.contacts`) are never read. The file comes from outside: it is read as
plain texts, lists and mappings, without tags, anchors and aliases, in bounded size and depth.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from ground.names import fold
from ground.text import clean_line, clean_text
from projects.models import Reuse, validate_licence

LARGEST = 100 * 1024
DEEPEST = 20
MOST_USERS = 500

_NO_YAML = "Die Datei ist kein gültiges YAML"
_MAIL = re.compile(r"\S+@\S+\.\S+")
_is_address = URLValidator(schemes=["https", "http"])
_LONGEST_USER = Reuse._meta.get_field("name").max_length


class FileError(ValueError):
    """Says in German why a file cannot be read."""


@dataclass(slots=True)
class Said:
    """Each "" or empty where the file does not say it, or says what the portal cannot take."""

    name: str = ""
    description: str = ""
    licence: str = ""
    repository: str = ""
    used_by: list[str] = field(default_factory=list)
    # What of these is not taken over, and why: sentences for people.
    left_out: list[str] = field(default_factory=list)

    def as_facts(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> Self:
        return cls(**facts)


def read(content: bytes) -> Said:
    """Raises `FileError`."""
    tree = _tree(_decoded(content))
    if not isinstance(tree, dict) or not _text(tree.get("publiccodeYmlVersion")):
        raise FileError("Das ist keine publiccode.yml: „publiccodeYmlVersion“ fehlt.")
    said = Said(name=_line(tree.get("name")))
    if _MAIL.search(said.name):
        said.name = ""
    said.description = _description(tree.get("description"), said)
    said.licence = _licence(tree.get("legal"), said)
    said.repository = _repository(tree.get("url"), said)
    said.used_by = _used_by(tree.get("usedBy"), said)
    return said


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise FileError(
            "Die Datei ist größer als 100 kB. Eine publiccode.yml hat nur wenige Kilobyte."
        )
    if not content.strip():
        raise FileError("Die Datei ist leer.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError("Die Datei ist kein Text in UTF-8. Bitte so speichern.") from None


def _tree(written: str) -> Any:
    """As texts, lists and mappings: nothing in the file can make anything else, or more of itself."""
    try:
        _refuse_what_grows(yaml.parse(written, yaml.BaseLoader))
        return yaml.load(written, yaml.BaseLoader)  # noqa: S506 - knows texts, lists and mappings only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", in Zeile {mark.line + 1} stimmt etwas nicht" if mark else ""
        raise FileError(f"{_NO_YAML}{where}.") from None
    except yaml.YAMLError:
        raise FileError(f"{_NO_YAML}.") from None


def _refuse_what_grows(events: Iterable[yaml.Event]) -> None:
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 1
            raise FileError(
                f"In Zeile {line} steht ein Verweis (Anker oder Alias). Bitte die Werte ausschreiben."
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise FileError("Die Datei ist zu tief verschachtelt für eine publiccode.yml.")


def _text(value: Any) -> str:
    return clean_text(value).strip() if isinstance(value, str) else ""


def _line(value: Any) -> str:
    return " ".join(clean_line(value).split()) if isinstance(value, str) else ""


def _description(value: Any, said: Said) -> str:
    if not isinstance(value, dict):
        return ""
    german = next((value[key] for key in value if re.fullmatch(r"de([-_]\w+)?", key.lower())), None)
    if not isinstance(german, dict):
        said.left_out.append("Eine deutsche Beschreibung enthält die Datei nicht.")
        return ""
    text = _text(german.get("longDescription")) or _text(german.get("shortDescription"))
    lines = text.split("\n")
    kept = [line for line in lines if not _MAIL.search(line)]
    if len(kept) < len(lines):
        said.left_out.append("Zeilen der Beschreibung mit einer E-Mail-Adresse bleiben weg.")
    return "\n".join(kept).strip()


def _licence(legal: Any, said: Said) -> str:
    licence = _line(legal.get("license")) if isinstance(legal, dict) else ""
    if not licence:
        return ""
    try:
        validate_licence(licence)
    except ValidationError as error:
        said.left_out.append(f"Lizenz „{licence[:60]}“: {' '.join(error.messages)}")
        return ""
    return licence


def _repository(value: Any, said: Said) -> str:
    address = _line(value)
    if not address:
        return ""
    try:
        _is_address(address)
    except ValidationError:
        said.left_out.append(f"Quellcode: „{address[:60]}“ ist keine Internetadresse.")
        return ""
    return address


def _used_by(value: Any, said: Said) -> list[str]:
    found = {}
    for one in value if isinstance(value, list) else []:
        name = _line(one)
        if _MAIL.search(name) or len(name) > _LONGEST_USER:
            said.left_out.append(
                "Ein Eintrag unter „usedBy“ ist kein Name einer Stelle und bleibt weg."
            )
        elif name:
            found.setdefault(fold(name), name)
    if len(found) > MOST_USERS:
        raise FileError(f"Unter „usedBy“ stehen mehr als {MOST_USERS} Namen.")
    return list(found.values())

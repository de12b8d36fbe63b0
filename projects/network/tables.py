"""How things of the data files become rows: what a table is, so that later apps can add theirs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import Q

from ground.text import clean_tree


@dataclass(frozen=True)
class Thing:
    """One thing of the files, a municipality or an event, say.

    `facts` are its own fields as JSON has them; `members` are its rows in other tables, by what tells
    them apart. Things of a higher `level` refer to some of a lower one in the same table, and follow
    after them.
    """

    key: str
    label: str
    facts: dict[str, Any]
    members: dict[str, dict[str, dict[str, Any]]]
    level: Any = 0


@dataclass(frozen=True)
class Members:
    """Rows of another table that belong to a thing.

    `owner` is their foreign key to the thing, `key` the column that tells them apart: a foreign key
    to something of the kind `refers_to`, or a text. `references` are those of the other `fields` that
    name another thing, with its kind; it may be one that is not there (yet), and then stays empty.
    `copied` are columns that such a row takes from its owner.
    """

    label: str
    model: type[models.Model]
    owner: str
    key: str
    refers_to: str = ""
    fields: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    among: Q = field(default_factory=Q)

    def rows(self) -> models.QuerySet:
        return self.model._default_manager.filter(self.among)


@dataclass(frozen=True)
class File:
    """Where the things of a table stand, and how they are written there again.

    `rows` makes the rows of the file from all things; `key` is that of a row which was never loaded, and
    `among` says which of such can stand in the file. `within` is the part of the file that holds the rows.
    They keep the order of the file unless they come in one of their own (`in_order`). What follows
    from a published list is kept as it is (`is_given`); only new rows are added.
    """

    name: str
    rows: Callable[[list[Thing]], list[dict[str, Any]]]
    key: Callable[[Any], str] = lambda row: row.slug
    among: Q = field(default_factory=Q)
    within: str = ""
    tell_apart: str = "slug"
    in_order: bool = False
    is_given: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """One kind of things: the model they go into, and how they are read from the folder.

    `references` are the facts that name another thing, with its kind; a thing goes with what it refers
    to, unless that is `optional`. `signs` are the columns by which a row is recognised that was not loaded from the files.
    """

    kind: str
    label: str
    model: type[models.Model]
    read: Callable[[Path], list[Thing]]
    signs: tuple[tuple[str, ...], ...]
    references: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Members] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    # The column by which things of this kind are also found that no file names, where there is one.
    known_by: str = ""
    file: File | None = None


def read_json(path: Path) -> Any:
    """Its texts as the table will hold them, or each load would find them changed by editors."""
    return clean_tree(json.loads(path.read_text(encoding="utf-8")))


def members_of(thing: Thing, name: str, key: str = "") -> list[Any]:
    """The rows of one kind as a file lists them: their keys, or their facts with the key by that name."""
    if not key:
        return list(thing.members[name])
    return [
        {key: one} | {field: value for field, value in facts.items() if field != "position"}
        for one, facts in thing.members[name].items()
    ]


def plain(**members: str) -> Callable[[list[Thing]], list[dict[str, Any]]]:
    """Rows of a file that hold the facts, and their members by what these call their key."""
    return lambda things: [
        {name: value for name, value in thing.facts.items() if name != "position"}
        | {name: members_of(thing, name, key) for name, key in members.items()}
        for thing in things
    ]

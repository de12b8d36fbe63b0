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


def read_json(path: Path) -> Any:
    """Its texts as the table will hold them, or each load would find them changed by editors."""
    return clean_tree(json.loads(path.read_text(encoding="utf-8")))

"""The way back: what the catalogue says now, written into its data files.

A file keeps its order, its spelling and what stands there already where nobody changed it, so that the
difference shows just what editors did. What no snapshot holds (contacts, the editors' notes) stays as
it is in the file where the database does not know it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Q

from projects.models import LoadedFacts
from projects.network.loading import DATA, as_json
from projects.network.tables import File, Members, Table, Thing, read_json

_NOT_IN_SNAPSHOTS = (
    "contact_name",
    "contact_email",
    "contact_url",
    "contact_source",
    "editors_note",
)

Row = dict[str, Any]


def write_files(folder: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Bring the files in `folder` to what the database says; returns how many things each table has."""
    keys: dict[str, dict[int, str]] = {}
    counts = {}
    for table in tables:
        things = [*_things(table, keys, {thing.key: thing for thing in table.read(folder)})]
        counts[table.kind] = len(things)
        _write(folder / table.file.name, table.file, things)
    return counts


def _things(
    table: Table, keys: dict[str, dict[int, str]], old: Mapping[str, Thing]
) -> Iterator[Thing]:
    """In the order of the file, then what is new; what no row is known of stays as it stands there."""
    records = LoadedFacts.objects.filter(kind=table.kind)
    loaded = dict(records.values_list("row_id", "key"))
    found = table.model._default_manager.order_by("pk")
    if table.file.among:
        found = found.filter(Q(pk__in=loaded) | table.file.among).distinct()
    rows = {row.pk: row for row in found}
    known = {pk: loaded.get(pk) or table.file.key(row) for pk, row in rows.items()}
    keys[table.kind] = dict(known)
    if table.known_by:
        others = table.model._default_manager.exclude(**{table.known_by: None}).values_list(
            "pk", table.known_by
        )
        keys[table.kind] = dict(others) | known
    names = tuple(dict.fromkeys(name for thing in table.read(DATA) for name in thing.facts))
    members = {name: _members(one, rows, keys) for name, one in table.members.items()}
    by_key = {key: pk for pk, key in known.items()}
    removed = set(loaded.values()) - by_key.keys()
    for key, thing in old.items():
        if table.file.is_given or (key not in by_key and key not in removed):
            yield thing
        elif key in by_key:
            yield _thing(table, rows[by_key[key]], key, names, keys, members, thing)
    for key, pk in by_key.items():
        if key not in old:
            yield _thing(table, rows[pk], key, names, keys, members, None)


def _thing(
    table: Table,
    row: Any,
    key: str,
    names: Iterable[str],
    keys: Mapping[str, Mapping[int, str]],
    members: Mapping[str, Mapping[int, dict[str, Row]]],
    old: Thing | None,
) -> Thing:
    facts = {}
    for name in names:
        if target := table.references.get(name):
            facts[name] = keys[target].get(getattr(row, f"{name}_id"))
        else:
            facts[name] = as_json(getattr(row, name))
    if old:
        facts |= {
            name: old.facts[name]
            for name in _NOT_IN_SNAPSHOTS
            if name in facts and not facts[name] and old.facts.get(name)
        }
    now = {name: found.get(row.pk, {}) for name, found in members.items()}
    if old:
        now = {
            name: _named(table.members[name], one, old.members.get(name, {}), keys)
            for name, one in now.items()
        }
    return Thing(key, str(row), facts, now)


def _named(
    members: Members,
    now: Mapping[str, Row],
    old: Mapping[str, Row],
    keys: Mapping[str, Mapping[int, str]],
) -> dict[str, Row]:
    """What the file names and the database does not hold, a Kommune of a list not loaded yet, stays named."""
    there = {target: set(keys[target].values()) for target in members.references.values()}
    in_order = list(now)
    if "position" not in members.fields:  # these have no order but that of the file
        in_order.sort(key=lambda key: list(old).index(key) if key in old else len(old))
    return {
        key: now[key]
        | {
            name: old[key][name]
            for name, target in members.references.items()
            if key in old and now[key][name] is None and old[key][name] not in there[target]
        }
        for key in in_order
    }


def _members(
    members: Members, owners: Mapping[int, Any], keys: Mapping[str, Mapping[int, str]]
) -> dict[int, dict[str, Row]]:
    found: dict[int, dict[str, Row]] = {}
    rows = members.rows().filter(**{f"{members.owner}__in": list(owners)})
    order = ("position", "pk") if "position" in members.fields else ("pk",)
    for row in rows.order_by(*order):
        key = getattr(row, f"{members.key}_id" if members.refers_to else members.key)
        if members.refers_to:
            key = keys[members.refers_to].get(key)
        if key is None:
            continue
        facts = {}
        for name in members.fields:
            if target := members.references.get(name):
                facts[name] = keys[target].get(getattr(row, f"{name}_id"))
            else:
                facts[name] = as_json(getattr(row, name))
        found.setdefault(getattr(row, f"{members.owner}_id"), {})[key] = facts
    return found


def _write(path: Path, file: File, things: list[Thing]) -> None:
    content = read_json(path)
    before = content[file.within] if file.within else content
    rows = tidied(file.rows(things), before, (file.tell_apart,))
    if not file.in_order:
        order = {row[file.tell_apart]: number for number, row in enumerate(before)}
        rows.sort(key=lambda row: order.get(row[file.tell_apart], len(order)))
    content = content | {file.within: rows} if file.within else rows
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def tidied(
    rows: list[Any], before: list[Any], names: Sequence[str], like: list[Any] | None = None
) -> list[Any]:
    """The same rows in the spelling of those before: order of names, what is left out, how a number is written.

    What all rows `like` these have is said by new ones, too.
    """
    if not all(isinstance(row, dict) for row in (*rows, *before)):
        return before if ", ".join(before) == ", ".join(rows) else rows
    like = before if like is None else like
    always = set.intersection(*map(set, like)) if like else set()
    old = {_told_apart(row, names): row for row in before}
    return [_tidy(row, old.get(_told_apart(row, names), {}), always, like) for row in rows]


def _told_apart(row: Row, names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name)), None)


# By what the rows inside a row are told apart.
_INSIDE = ("slug", "purpose", "text", "url", "name", "municipality")


def _tidy(row: Row, old: Row, always: set[str], like: list[Row]) -> Row:
    tidy = {}
    for name in (*(one for one in old if one in row), *(one for one in row if one not in old)):
        value = row[name]
        if isinstance(value, list):
            inner = [one for other in like for one in other.get(name, [])]
            value = tidied(value, old.get(name, []), _INSIDE, inner)
        if name in old:
            tidy[name] = old[name] if old[name] == value else value
        elif name in always or not _is_default(name, value):
            tidy[name] = value
    return tidy


def _is_default(name: str, value: Any) -> bool:
    """What a row need not say."""
    return value in ("", None, []) or (name == "is_certain" and value is True) or value is False

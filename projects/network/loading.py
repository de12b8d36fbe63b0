"""Bring the rows to what the files say, wherever nobody has changed them since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q

from projects.models import LoadedFacts
from projects.network.catalogue import CATALOGUE
from projects.network.merging import MemberMerge, merge, merge_members
from projects.network.tables import Members, Table, Thing

DATA = Path(__file__).resolve().parent.parent / "data"
# Any number that no other advisory lock of the portal uses.
_LOCK = 20191120


@dataclass
class KindReport:
    """What became of the things of one kind. `kept` and the lists name them for people."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    deleted_by_editors: list[str] = field(default_factory=list)
    no_longer_in_files: list[str] = field(default_factory=list)


@transaction.atomic
def load(
    folder: Path = DATA, *, restore: bool = False, tables: Sequence[Table] = CATALOGUE
) -> dict[str, KindReport]:
    """Load the data files, all or nothing; loading the same files again writes nothing.

    A table may only refer to those before it, and to itself. The reports are by the tables' kinds.

    What editors changed, added or removed stays so, field by field. A row that an editor deleted
    stays deleted unless `restore` is given. A thing that the files no longer name stays in the table.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    loading = _Loading(restore, tables)
    return {table.kind: loading.load(table, table.read(folder)) for table in tables}


@dataclass
class _Work:
    """One thing on its way into its row, which may be new."""

    thing: Thing
    row: models.Model
    record: LoadedFacts | None
    write: dict[str, Any] = field(default_factory=dict)
    members: dict[str, MemberMerge] = field(default_factory=dict)
    loaded: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.is_new = self.row.pk is None


class _Loading:
    def __init__(self, restore: bool, tables: Sequence[Table]) -> None:
        self.restore = restore
        self.known_by = {
            table.kind: (table.model, table.known_by) for table in tables if table.known_by
        }
        self.rows: dict[tuple[str, str], models.Model] = {}
        self.keys: dict[tuple[str, int], str] = {}

    def load(self, table: Table, things: list[Thing]) -> KindReport:
        report = KindReport()
        self._look_up(table, things)
        things = [self._without_lost(table, thing) for thing in things]
        records = {record.key: record for record in LoadedFacts.objects.filter(kind=table.kind)}
        present = _Present(table, things, records.values(), self.rows)
        work = []
        for thing in things:
            record = records.pop(thing.key, None)
            row = present.find(thing, record)
            if self._stays_deleted(table, thing, row, record):
                report.deleted_by_editors.append(thing.label)
            else:
                work.append(_Work(thing, row or table.model(), record))
        report.no_longer_in_files = sorted(records)
        # A Verband refers to its Kreis, a Gemeinde to both: each level when the one above is stored.
        for _, level in groupby(work, key=lambda one: one.thing.level):
            self._bring_up_to_date(table, self._reachable(table, list(level), report), report)
        return report

    def _look_up(self, table: Table, things: list[Thing]) -> None:
        """Find the rows that members refer to and no file names: of a municipality by its key, say."""
        for name, members in table.members.items():
            for field_name, kind in members.references.items():
                if kind not in self.known_by:
                    continue
                model, column = self.known_by[kind]
                wanted = {
                    facts[field_name]
                    for thing in things
                    for facts in thing.members.get(name, {}).values()
                    if facts[field_name]
                }
                missing = [key for key in wanted if (kind, key) not in self.rows]
                for row in model._default_manager.filter(**{f"{column}__in": missing}):
                    key = getattr(row, column)
                    self.rows[kind, key] = row
                    self.keys.setdefault((kind, row.pk), key)

    def _without_lost(self, table: Table, thing: Thing) -> Thing:
        lost = {
            name
            for name in table.optional
            if (table.references[name], thing.facts[name]) not in self.rows
        }
        return replace(thing, facts=thing.facts | dict.fromkeys(lost)) if lost else thing

    def _stays_deleted(
        self, table: Table, thing: Thing, row: models.Model | None, record: LoadedFacts | None
    ) -> bool:
        """Whether an editor deleted it, or what it belongs to."""
        if self._is_orphan(table, thing, but_not=table.kind):
            return True
        return row is None and record is not None and not self.restore

    def _reachable(self, table: Table, work: list[_Work], report: KindReport) -> list[_Work]:
        """Without those whose upper thing in the same table is not there."""
        lost = [one for one in work if self._is_orphan(table, one.thing)]
        report.deleted_by_editors += [one.thing.label for one in lost]
        return [one for one in work if one not in lost]

    def _is_orphan(self, table: Table, thing: Thing, but_not: str = "") -> bool:
        return any(
            thing.facts.get(name) and (target, thing.facts[name]) not in self.rows
            for name, target in table.references.items()
            if target != but_not
        )

    def _bring_up_to_date(self, table: Table, work: list[_Work], report: KindReport) -> None:
        new = [one for one in work if one.is_new]
        known = [one for one in work if not one.is_new]
        for one in known:
            self._register(table, one)
        members = _MemberRows(table, [one.row for one in known], self)
        for one in work:
            self._merge(table, one, members)
            self._count(one, report)
            for name, value in one.write.items():
                setattr(one.row, *self._column(table, name, value))
        table.model._default_manager.bulk_create([one.row for one in new])
        for one in new:
            self._register(table, one)
        for one in known:
            if one.write:
                one.row.save(update_fields=[*one.write, *_stamps(one.row)])
        members.write([(one.row, one.members) for one in work])
        self._remember(table, work)

    def _merge(self, table: Table, one: _Work, members: "_MemberRows") -> None:
        before = one.record.facts if one.record and not one.is_new else {}
        if one.is_new:
            one.write = one.loaded = dict(one.thing.facts)
        elif _knows_newer_list(one):
            one.loaded = dict(before)
            return
        else:
            merged = merge(before, self._facts(table, one.row, one.thing.facts), one.thing.facts)
            one.write, one.loaded = merged.write, merged.loaded
            one.kept = [_label(one.row, name) for name in merged.kept]
        for name, new in one.thing.members.items():
            reachable = members.reachable(name, new)
            merged_members = merge_members(
                before.get(name, {}), members.now(name, one.row), reachable
            )
            if "is_lead" in table.members[name].fields:
                _leave_other_lead(merged_members, members.now(name, one.row))
            one.members[name] = merged_members
            one.loaded = one.loaded | {name: merged_members.loaded}
            if merged_members.has_kept:
                one.kept.append(table.members[name].label)

    def _count(self, one: _Work, report: KindReport) -> None:
        if one.is_new:
            report.created += 1
        elif one.write or any(members.writes for members in one.members.values()):
            report.updated += 1
        else:
            report.unchanged += 1
        if one.kept:
            report.kept.append(f"{one.thing.label}: {', '.join(one.kept)}")

    def _remember(self, table: Table, work: list[_Work]) -> None:
        """Store what was loaded, where that is news."""
        changed = [
            LoadedFacts(kind=table.kind, key=one.thing.key, row_id=one.row.pk, facts=one.loaded)
            for one in work
            if one.record is None
            or (one.record.row_id, one.record.facts) != (one.row.pk, one.loaded)
        ]
        if changed:
            LoadedFacts.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["kind", "key"],
                update_fields=["row_id", "facts"],
            )

    def _register(self, table: Table, one: _Work) -> None:
        self.rows[table.kind, one.thing.key] = one.row
        self.keys[table.kind, one.row.pk] = one.thing.key

    def _facts(self, table: Table, row: models.Model, names: Iterable[str]) -> dict[str, Any]:
        """The row as the files would write it."""
        facts = {}
        for name in names:
            if target := table.references.get(name):
                key = getattr(row, f"{name}_id")
                facts[name] = self.keys.get((target, key), f"#{key}") if key else None
            else:
                facts[name] = as_json(getattr(row, name))
        return facts

    def _column(self, table: Table, name: str, value: Any) -> tuple[str, Any]:
        if target := table.references.get(name):
            return name, self.rows[target, value] if value else None
        column = table.model._meta.get_field(name)
        if value is not None and isinstance(column, models.DateTimeField):
            return name, datetime.fromisoformat(value)
        if value is not None and isinstance(column, models.DateField):
            return name, date.fromisoformat(value)
        return name, value


class _Present:
    """The rows that may be things of the files, locked until the load is done."""

    def __init__(
        self,
        table: Table,
        things: list[Thing],
        records: Iterable[LoadedFacts],
        loaded: Mapping[tuple[str, str], models.Model],
    ) -> None:
        self.table = table
        self.loaded = loaded
        candidates = Q(pk__in=[record.row_id for record in records])
        for *_, name in table.signs:
            values = [thing.facts[name] for thing in things if thing.facts[name]]
            candidates |= Q(**{f"{name}__in": values})
        rows = table.model._default_manager.filter(candidates).order_by("pk")
        self.by_pk = {row.pk: row for row in rows.select_for_update(no_key=True)}
        self.by_sign = {
            (sign, *(getattr(row, row._meta.get_field(name).attname) for name in sign)): row
            for row in self.by_pk.values()
            for sign in table.signs
        }

    def find(self, thing: Thing, record: LoadedFacts | None) -> models.Model | None:
        """The row loaded before, whatever it is called now; else one that is evidently the thing."""
        if record and (row := self.by_pk.get(record.row_id)):
            return row
        for sign in self.table.signs:
            values = [self._value(name, thing.facts[name]) for name in sign]
            if all(values) and (row := self.by_sign.get((sign, *values))):
                return row
        return None

    def _value(self, name: str, value: Any) -> Any:
        if target := self.table.references.get(name):
            row = self.loaded.get((target, value))
            return row and row.pk
        return value


class _MemberRows:
    """The rows in other tables that belong to things: participations, themes, sources."""

    def __init__(self, table: Table, rows: list[models.Model], loading: _Loading) -> None:
        self.members = table.members
        self.loading = loading
        self.found: dict[tuple[str, int], dict[str, models.Model]] = defaultdict(dict)
        if not rows:
            return
        for name, members in self.members.items():
            owned = members.rows().filter(**{f"{members.owner}__in": rows})
            for row in owned:
                owner = getattr(row, f"{members.owner}_id")
                self.found[name, owner][self._key(members, row)] = row

    def _key(self, members: Members, row: models.Model) -> str:
        if not members.refers_to:
            return getattr(row, members.key)
        pk = getattr(row, f"{members.key}_id")
        return self.loading.keys.get((members.refers_to, pk), f"#{pk}")

    def now(self, name: str, owner: models.Model) -> dict[str, dict[str, Any]]:
        members = self.members[name]
        return {
            key: {one: self._value(members, row, one) for one in members.fields}
            for key, row in self.found[name, owner.pk].items()
        }

    def _value(self, members: Members, row: models.Model, name: str) -> Any:
        if target := members.references.get(name):
            pk = getattr(row, f"{name}_id")
            return self.loading.keys.get((target, pk), f"#{pk}") if pk else None
        return as_json(getattr(row, name))

    def reachable(self, name: str, new: dict[str, Any]) -> dict[str, Any]:
        """Without what an editor deleted as a whole, say a theme; nor does anything refer to that."""
        members = self.members[name]
        kind = members.refers_to
        return {
            key: facts
            | {
                one: facts[one] if (target, facts[one]) in self.loading.rows else None
                for one, target in members.references.items()
            }
            for key, facts in new.items()
            if not kind or (kind, key) in self.loading.rows
        }

    def write(self, work: Iterable[tuple[models.Model, dict[str, MemberMerge]]]) -> None:
        added: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        for owner, merges in work:
            for name, merged in merges.items():
                rows = self.found[name, owner.pk]
                for key in merged.remove:
                    rows[key].delete()
                # Whoever gives the lead away goes first: only one may have it.
                for key, fields in sorted(
                    merged.change.items(), key=lambda item: item[1].get("is_lead", False)
                ):
                    columns = self._columns(self.members[name], fields)
                    for field_name, value in columns.items():
                        setattr(rows[key], field_name, value)
                    rows[key].save(update_fields=list(columns))
                for key, facts in merged.add.items():
                    row = self._new(self.members[name], owner, key, facts)
                    added[type(row)].append(row)
        for model, rows in added.items():
            model._default_manager.bulk_create(rows)

    def _new(self, members: Members, owner: models.Model, key: str, facts: Any) -> models.Model:
        target = self.loading.rows[members.refers_to, key] if members.refers_to else key
        columns = self._columns(members, facts)
        columns |= {name: getattr(owner, name) for name in members.copied}
        return members.model(**{members.owner: owner, members.key: target}, **columns)

    def _columns(self, members: Members, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.loading.rows[members.references[name], value]
            if value and name in members.references
            else value
            for name, value in facts.items()
        }


def _leave_other_lead(merged: MemberMerge, now: dict[str, dict[str, Any]]) -> None:
    """If people gave the lead to somebody else, the files do not give it to a second one."""
    leading = {
        key
        for key, facts in now.items()
        if key not in merged.remove and merged.change.get(key, {}).get("is_lead", facts["is_lead"])
    }
    gaining = {key for key, facts in merged.change.items() if facts.get("is_lead")}
    adding = {key for key, facts in merged.add.items() if facts["is_lead"]}
    if len(leading | adding) < 2:
        return
    merged.has_kept = True
    for key in gaining:
        del merged.change[key]["is_lead"]
        merged.change = {key: fields for key, fields in merged.change.items() if fields}
        merged.loaded[key] = {**merged.loaded[key], "is_lead": False}
    for key in adding:
        merged.add[key] = merged.loaded[key] = {**merged.add[key], "is_lead": False}


def _knows_newer_list(one: _Work) -> bool:
    """A municipality of an official list newer than the files' is better known than here."""
    listed_on = getattr(one.row, "listed_on", None)
    in_file = one.thing.facts.get("listed_on")
    return bool(listed_on and in_file and listed_on > date.fromisoformat(in_file))


def _label(row: models.Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _stamps(row: models.Model) -> Iterator[str]:
    if any(column.name == "updated_at" for column in row._meta.fields):
        yield "updated_at"


def as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value

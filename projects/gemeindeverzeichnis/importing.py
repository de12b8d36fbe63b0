"""Bring the table of municipalities to the state of an official list, all or nothing.

Who is who: the same Regionalschlüssel, else the same AGS (a Gemeinde that changed its Verband keeps
it), else the same level, Land and name if that is unambiguous on both sides (a Gemeinde whose Kreis was
merged). Whoever the list no longer names has ended: kept with its end date and, where known, its
successor, as long as there is one or anything refers to it; otherwise removed.

The official list decides on everything but the name as people say it: a name that an editor improved
stays until the official name changes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from ground.names import fold
from projects.gemeindeverzeichnis.directory import Directory, Entry
from projects.gemeindeverzeichnis.naming import Level
from projects.models import Municipality

_BATCH = 2000
# More than this share (and number) of known municipalities never vanished within one edition.
_VANISHING_SHARE, _VANISHING_NUMBER = 0.05, 50
_LEVELS = [Level.KREIS, Level.VERBAND, Level.GEMEINDE]
_DATES = {"listed_on", "population_on"}
_WRITTEN = [
    "ars",
    "ags",
    "level",
    "designation",
    "name",
    "official_name",
    "land",
    "kreis",
    "verband",
    "postcode",
    "population",
    "population_on",
    "latitude",
    "longitude",
    "listed_on",
    "ended_on",
    "successor",
]


class ImportRefused(Exception):
    """The list is readable, but importing it would do harm. The message is a German sentence."""


@dataclass
class Report:
    """What an import did (or, dry, would do), in the words of the list."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    # Of the unchanged: those that got the day of the new list, and nothing else.
    redated: int = 0
    # Those whose known figure stayed, because the list does not say the day of its own.
    kept_figures: int = 0
    renamed: list[str] = field(default_factory=list)
    rekeyed: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.redated or self.ended or self.removed)


def import_directory(
    directory: Directory,
    *,
    successors: Mapping[str, str] | None = None,
    dry_run: bool = False,
    force: bool = False,
    progress: Callable[[str], None] = lambda message: None,
) -> Report:
    """Write what differs, in one transaction; a second import of the same list writes nothing.

    `successors` maps keys (AGS or ARS) of ended municipalities to those they were merged into.
    `force` accepts a list older than the present one, or one that ends very many municipalities.
    Other imports and editors wait meanwhile; pages, and rows that refer to municipalities, do not.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE projects_municipality IN SHARE ROW EXCLUSIVE MODE")
        report = _Import(directory, force, progress).run(successors or {})
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Import:
    def __init__(self, directory: Directory, force: bool, progress: Callable[[str], None]) -> None:
        self.directory = directory
        self.force = force
        self.progress = progress
        self.report = Report()
        self.rows = list(Municipality.objects.order_by("pk"))
        self.row_of: dict[str, Municipality] = {}  # by the Regionalschlüssel in the list

    def run(self, successors: Mapping[str, str]) -> Report:
        self._refuse_older_list()
        self._recognise()
        vanished = self._vanished()
        self._refuse_many(vanished)
        self._release_changed_keys()
        for level in _LEVELS:
            self._write(level)
        self._end(vanished)
        self._set_successors(successors)
        self._remove_unneeded(vanished)
        return self.report

    def _refuse_older_list(self) -> None:
        latest = max((row.listed_on for row in self.rows if row.listed_on), default=date.min)
        if self.directory.listed_on < latest and not self.force:
            raise ImportRefused(
                f"Das Verzeichnis vom {self.directory.listed_on:%d.%m.%Y} ist älter als das schon "
                f"eingelesene vom {latest:%d.%m.%Y}. Mit --force wird es trotzdem eingelesen."
            )

    def _recognise(self) -> None:
        self._match(lambda row: row.ars, lambda entry: entry.ars)
        self._match(
            lambda row: row.ags and (row.level, row.ags), lambda entry: (entry.level, entry.ags)
        )
        self._match(
            lambda row: None if row.ended_on else (row.level, row.land, fold(row.name)),
            lambda entry: (entry.level, entry.land, fold(entry.name)),
        )
        self.progress(f"Erkannt: {len(self.row_of)} von {len(self.directory.entries)} Einträgen")

    def _match(
        self, key_of_row: Callable[[Municipality], object], key_of_entry: Callable[[Entry], object]
    ) -> None:
        """Pair rows and entries that are left and have the same key, if only they have it."""
        taken = {row.pk for row in self.row_of.values()}
        rows = _unambiguous((key_of_row(row), row) for row in self.rows if row.pk not in taken)
        entries = _unambiguous(
            (key_of_entry(entry), entry)
            for entry in self.directory.entries
            if entry.ars not in self.row_of
        )
        for key in rows.keys() & entries.keys():
            self.row_of[entries[key].ars] = rows[key]

    def _vanished(self) -> list[Municipality]:
        """Those that an earlier list named and this one does not."""
        kept = {row.pk for row in self.row_of.values()}
        return [
            row for row in self.rows if row.pk not in kept and row.listed_on and not row.ended_on
        ]

    def _refuse_many(self, vanished: list[Municipality]) -> None:
        known = sum(1 for row in self.rows if row.listed_on and not row.ended_on)
        limit = max(_VANISHING_NUMBER, known * _VANISHING_SHARE)
        if len(vanished) > limit and not self.force:
            raise ImportRefused(
                f"{len(vanished)} von {known} Kommunen stehen nicht mehr in dieser Liste, zum "
                f"Beispiel {', '.join(row.official_name for row in vanished[:5])}. Das sieht nach "
                "einer unvollständigen Datei aus. Mit --force wird sie trotzdem eingelesen."
            )

    def _release_changed_keys(self) -> None:
        """Let go of keys first, because one municipality may get the key of another."""
        changed = [
            row.pk
            for entry in self.directory.entries
            if (row := self.row_of.get(entry.ars)) and (row.ars, row.ags) != (entry.ars, entry.ags)
        ]
        if changed:
            Municipality.objects.filter(pk__in=changed).update(ars=None, ags=None)

    def _write(self, level: str) -> None:
        new, differing = [], []
        for entry in self.directory.entries:
            if entry.level != level:
                continue
            if row := self.row_of.get(entry.ars):
                if self._take_over(row, entry):
                    differing.append(row)
            else:
                row = self.row_of[entry.ars] = Municipality()
                self._take_over(row, entry)
                new.append(row)
                self.report.new[level] += 1
        for start in range(0, len(new), _BATCH):
            Municipality.objects.bulk_create(new[start : start + _BATCH])
            self.progress(f"Angelegt: {min(start + _BATCH, len(new))} von {len(new)} ({level})")
        for start in range(0, len(differing), _BATCH):
            Municipality.objects.bulk_create(
                differing[start : start + _BATCH],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=_WRITTEN,
            )
            self.progress(
                f"Geändert: {min(start + _BATCH, len(differing))} von {len(differing)} ({level})"
            )

    def _take_over(self, row: Municipality, entry: Entry) -> bool:
        """Make the row say what the entry says; False if it did already."""
        facts = self._facts(row, entry)
        differing = {name for name, value in facts.items() if getattr(row, name) != value}
        if row.pk and differing - _DATES:
            self.report.changed[entry.level] += 1
            self._note_change(row, entry, facts)
        elif row.pk:
            self.report.unchanged[entry.level] += 1
            self.report.redated += bool(differing)
        for name in differing:
            setattr(row, name, facts[name])
        return bool(differing)

    def _note_change(self, row: Municipality, entry: Entry, facts: Mapping[str, object]) -> None:
        new_name = facts.get("official_name", row.official_name)
        if row.official_name != new_name:
            self.report.renamed.append(f"{row.official_name} → {new_name}")
        if row.ars != entry.ars:
            self.report.rekeyed.append(f"{entry.official_name}: {row.ars or 'ohne'} → {entry.ars}")
        if row.ended_on:
            self.report.returned.append(entry.official_name)

    def _facts(self, row: Municipality, entry: Entry) -> dict[str, object]:
        facts: dict[str, object] = {
            "ars": entry.ars,
            "ags": entry.ags,
            "level": entry.level,
            "designation": entry.designation,
            "official_name": entry.official_name,
            "land": entry.land,
            "kreis_id": self.row_of[entry.kreis_ars].pk if entry.kreis_ars else None,
            "verband_id": self.row_of[entry.verband_ars].pk if entry.verband_ars else None,
            "listed_on": self.directory.listed_on,
            "ended_on": None,
            "successor_id": None,
        }
        if entry.cut_name and _begins_with(row.official_name, entry.cut_name):
            del facts["official_name"]
        elif row.official_name != entry.official_name:
            facts["name"] = entry.name
        if entry.postcode:
            facts["postcode"] = entry.postcode
        facts |= self._figure(row, entry)
        if self.directory.has_coordinates:
            facts |= {"latitude": entry.latitude, "longitude": entry.longitude}
        return facts

    def _figure(self, row: Municipality, entry: Entry) -> dict[str, object]:
        """A figure of unknown day does not take the place of one whose day is known."""
        day = self.directory.population_on
        if entry.population is None or (day is None and row.population == entry.population):
            return {}
        if day is None and row.population is not None and row.population_on:
            self.report.kept_figures += 1
            return {}
        return {"population": entry.population, "population_on": day}

    def _end(self, vanished: Iterable[Municipality]) -> None:
        for row in vanished:
            row.ended_on = self.directory.listed_on
            self.report.ended.append(row.official_name)
        keys = [row.pk for row in vanished]
        if keys:
            Municipality.objects.filter(pk__in=keys).update(ended_on=self.directory.listed_on)

    def _set_successors(self, successors: Mapping[str, str]) -> None:
        ended = {key: row for row in self.rows if row.ended_on for key in (row.ars, row.ags) if key}
        present = {key: row for row in self.row_of.values() for key in (row.ars, row.ags) if key}
        for old, new in successors.items():
            if new not in present:
                raise ImportRefused(f"Die Nachfolgerin {new} von {old} steht nicht in der Liste.")
            row = ended.get(old)
            if row and row.successor_id != present[new].pk:
                row.successor_id = present[new].pk
                # What was merged into this one earlier is now found there, too.
                into_it = Q(pk=row.pk) | Q(successor=row)
                Municipality.objects.filter(into_it).update(successor_id=row.successor_id)

    def _remove_unneeded(self, vanished: list[Municipality]) -> None:
        """From the Gemeinden upwards, because they refer to their Verband and Kreis."""
        for level in reversed(_LEVELS):
            candidates = {
                row.pk: row for row in vanished if row.level == level and not row.successor_id
            }
            needed = _referred_to(candidates.keys())
            unneeded = candidates.keys() - needed
            if not unneeded:
                continue
            Municipality.objects.filter(pk__in=unneeded).delete()
            for pk in sorted(unneeded):
                self.report.ended.remove(candidates[pk].official_name)
                self.report.removed.append(candidates[pk].official_name)


def _begins_with(name: str, beginning: str) -> bool:
    """Whether the list could have cut the one from the other, however it sets its spaces."""
    name, beginning = (fold(text).replace(" ", "") for text in (name, beginning))
    return name.startswith(beginning)


def _unambiguous(pairs: Iterable[tuple[object, object]]) -> dict:
    """The pairs whose key is not empty and occurs once."""
    found: dict = {}
    twice = set()
    for key, value in pairs:
        if key in found:
            twice.add(key)
        elif key:
            found[key] = value
    return {key: value for key, value in found.items() if key not in twice}


def _referred_to(keys: Iterable[int]) -> set[int]:
    """Which of them any row of any app refers to, found without knowing the apps."""
    keys = list(keys)
    found: set[int] = set()
    for relation in Municipality._meta.related_objects:
        if keys and not relation.many_to_many:
            column = relation.field.attname
            referring = relation.related_model._base_manager.filter(**{f"{column}__in": keys})
            found.update(referring.values_list(column, flat=True))
    return found

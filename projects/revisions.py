"""The versions of a sheet: kept with every change in the administration, compared, and put back."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils.formats import localize
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ground.refusals import NotPossible, Overtaken
from ground.retention import RetentionRule, delete_many
from projects.mail import owners
from projects.models import Revision, RevisionKind, Solution

# As long as the history of the administration.
KEPT_FOR = timedelta(days=730)
LONGEST = 1000
NOTHING = "–"
# Where it is and how it is sorted is no part of what a sheet says.
_NOT_IN_IT = {"id", "project", "slug", "sort_name", "position", "created_at", "updated_at"}
# The rows of a sheet, by their related names.
ROWS = ("costs", "lessons", "reuses", "blocks", "documents", "phases", "sources")

Sheet = dict[str, Any]
Change = tuple[str, str, str]


def sheet_of(solution_pk: int) -> Sheet:
    """As it is stored now, with nothing but what JSON knows."""
    solution = Solution.objects.get(pk=solution_pk)
    sheet = {
        "fields": {one.name: one.value_from_object(solution) for one in _fields()},
        "many": {
            one.name: [[row.pk, str(row)] for row in getattr(solution, one.name).order_by("pk")]
            for one in Solution._meta.many_to_many
        },
        "rows": {
            name: [
                {one.attname: getattr(row, one.attname) for one in _columns(row._meta.model, name)}
                for row in _own_rows(solution, name).order_by("pk")
            ]
            for name in ROWS
        },
    }
    return json.loads(json.dumps(sheet, cls=DjangoJSONEncoder))


def state_of(sheet: Sheet) -> str:
    """The same for the same sheet; tells whether it has changed meanwhile."""
    return sha256(json.dumps(sheet, sort_keys=True).encode()).hexdigest()


def keep(
    solution: Solution,
    before: Sheet | None,
    by: AbstractBaseUser,
    now: datetime,
    *,
    by_project: bool,
) -> Revision | None:
    """Note what a change has made of a sheet, in the transaction of the change. None if nothing."""
    after = sheet_of(solution.pk)
    if before == after:
        return None
    latest = solution.revisions.first()
    if before is not None and (latest is None or latest.sheet != before):
        Revision.objects.create(
            solution=solution, kind=RevisionKind.FOUND, at=now, sheet=before, changes=[]
        )
    return Revision.objects.create(
        solution=solution,
        kind=RevisionKind.CHANGED,
        at=now,
        by=by,
        is_by_project=by_project,
        sheet=after,
        changes=list(differences(before, after)),
    )


def before(revision: Revision) -> Revision | None:
    return revision.solution.revisions.filter(pk__lt=revision.pk).first()


def restore(wanted: Revision, *, seen: str, by: AbstractBaseUser, now: datetime) -> Revision:
    """Make the sheet what it was, whoever changed it since, and tell who edits the project.

    `seen` is the state that was asked about.
    """
    with transaction.atomic():
        solution = Solution.objects.select_for_update(no_key=True).get(pk=wanted.solution_id)
        there = sheet_of(solution.pk)
        if state_of(there) != seen or there == wanted.sheet:
            raise Overtaken
        _put_back(solution, wanted.sheet)
        now_there = sheet_of(solution.pk)
        restored = Revision.objects.create(
            solution=solution,
            kind=RevisionKind.RESTORED,
            at=now,
            by=by,
            sheet=now_there,
            changes=list(differences(there, now_there)),
        )
        owners.tell_restored(restored, by=by, now=now)
    return restored


def forget_old(*, now: datetime) -> int:
    return RULE.apply(now=now)


def _old(now: datetime) -> QuerySet[Revision]:
    return Revision.objects.filter(at__lt=now - KEPT_FOR)


RULE = RetentionRule(
    "revisions",
    gettext_lazy("Frühere Fassungen von Steckbriefen: 730 Tage, dann gelöscht."),
    frozenset({"projects.Revision.sheet", "projects.Revision.changes"}),
    _old,
    delete_many,
)


# What two versions differ in ------------------------------------------------------------------------


def differences(before: Sheet | None, after: Sheet) -> Iterator[Change]:
    """Field by field in words, in the order of the form."""
    before = before or {"fields": {}, "many": {}, "rows": {}}
    for one in _fields():
        old = before["fields"].get(one.name, _empty(one))
        new = after["fields"].get(one.name, _empty(one))
        if old != new:
            yield _label(one), _shown(one, old), _shown(one, new)
    for one in Solution._meta.many_to_many:
        old, new = before["many"].get(one.name, []), after["many"].get(one.name, [])
        if old != new:
            yield _label(one), _names(old), _names(new)
    for name in ROWS:
        yield from _row_differences(name, before["rows"].get(name, []), after["rows"].get(name, []))


def _row_differences(name: str, before: list[Sheet], after: list[Sheet]) -> Iterator[Change]:
    model = _model(name)
    columns = [one for one in _columns(model, name) if not one.primary_key]
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    for pk in sorted(old.keys() | new.keys()):
        row = _title(model, columns, new.get(pk) or old[pk])
        if pk not in new:
            yield row, _told(columns, old[pk]), NOTHING
        elif pk not in old:
            yield row, NOTHING, _told(columns, new[pk])
        else:
            for one in columns:
                was, now = old[pk].get(one.attname), new[pk].get(one.attname)
                if was != now:
                    yield f"{row} – {_label(one)}", _shown(one, was), _shown(one, now)


def _title(model: type[Model], columns: list[Field], row: Sheet) -> str:
    made = model(**{one.attname: one.to_python(row.get(one.attname)) for one in columns})
    return f"{capfirst(model._meta.verbose_name)}: {Truncator(str(made)).chars(80)}"


def _told(columns: list[Field], row: Sheet) -> str:
    said = (
        f"{_label(one)}: {_shown(one, row.get(one.attname))}"
        for one in columns
        if one.name != "position" and row.get(one.attname) not in (None, "", [])
    )
    return "; ".join(said) or NOTHING


def _label(one: Field) -> str:
    return capfirst(str(one.verbose_name))


def _empty(one: Field) -> Any:
    return [] if one.get_internal_type() == "ArrayField" else one.get_default()


def _shown(one: Field, value: Any) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(one, ForeignKey):
        row = one.related_model._base_manager.filter(pk=value).first()
        return str(row) if row else _("gelöscht")
    if isinstance(value, list):
        labels = dict(getattr(one, "base_field", one).flatchoices or ())
        return ", ".join(str(labels.get(part, part)) for part in value)
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(one, models.DecimalField):
        return str(localize(Decimal(value)))
    if isinstance(one, models.DateField):
        return str(localize(date.fromisoformat(value)))
    return Truncator(str(value)).chars(LONGEST)


def _names(rows: list[list[Any]]) -> str:
    return ", ".join(sorted(name for _pk, name in rows)) or NOTHING


# Putting one back -----------------------------------------------------------------------------------


def _put_back(solution: Solution, sheet: Sheet) -> None:
    try:
        with transaction.atomic():
            _put_fields(solution, sheet["fields"])
            for one in Solution._meta.many_to_many:
                wanted = [pk for pk, _name in sheet["many"].get(one.name, [])]
                getattr(solution, one.name).set(
                    one.related_model._base_manager.filter(pk__in=wanted)
                )
            for name in ROWS:
                _put_rows(solution, name, sheet["rows"].get(name, []))
    except ValidationError as refusal:
        raise NotPossible(" ".join(refusal.messages)) from refusal
    except IntegrityError as error:
        text = _("Diese Fassung passt nicht mehr zu dem, was inzwischen eingetragen ist.")
        raise NotPossible(text) from error


def _put_fields(solution: Solution, values: Sheet) -> None:
    known = [one for one in _fields() if one.name in values]
    for one in known:
        setattr(solution, one.attname, _stored(one, values[one.name]))
    solution.validate_constraints()
    solution.save(update_fields=[*(one.name for one in known), "updated_at"])


def _put_rows(solution: Solution, name: str, wanted: list[Sheet]) -> None:
    rows, all_rows = _own_rows(solution, name), getattr(solution, name)
    model, back_to = _model(name), Solution._meta.get_field(name).field
    rows.exclude(pk__in=[row["id"] for row in wanted]).delete()
    others = set(all_rows.values_list("pk", flat=True)) - set(rows.values_list("pk", flat=True))
    for values in (row for row in wanted if row["id"] not in others):
        columns = [one for one in _columns(model, name) if one.attname in values]
        facts = {one.attname: _stored(one, values[one.attname]) for one in columns}
        row = model(**facts, **{back_to.attname: solution.pk})
        if any(one.name == "project" and not one.null for one in model._meta.concrete_fields):
            row.project_id = solution.project_id
        # A row that was deleted comes back with its number, so that later versions still know it.
        row.save(force_insert=not rows.filter(pk=row.pk).exists())


def _own_rows(solution: Solution, name: str) -> models.QuerySet:
    """The rows that the sheet itself says. What a municipality has stated is its own to change."""
    rows = getattr(solution, name).all()
    return rows.filter(statement=None) if name == "reuses" else rows


def _stored(one: Field, value: Any) -> Any:
    """What is written for a value of JSON; what a reference led to may be gone."""
    if isinstance(one, ForeignKey):
        is_there = value is not None and one.related_model._base_manager.filter(pk=value).exists()
        return value if is_there else None
    return one.to_python(value)


def _fields() -> list[Field]:
    return [
        one
        for one in Solution._meta.concrete_fields
        if one.name not in _NOT_IN_IT and not one.generated
    ]  # fmt: skip


def _model(name: str) -> type[Model]:
    return Solution._meta.get_field(name).related_model


def _columns(model: type[Model], name: str) -> list[Field]:
    """Without the way back to the solution, and without its project, where a row names that, too."""
    back_to = Solution._meta.get_field(name).field
    return [
        one
        for one in model._meta.concrete_fields
        if one != back_to and not one.generated and not (one.name == "project" and not one.null)
    ]

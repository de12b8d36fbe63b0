"""Everything that carries a mark of doubt, wherever it is edited: one list for those who look after it.

Nothing is named here. A model says by its fields that a row is doubtful: `is_certain` (or one that ends
so) is no, `check_note` says something, `unsure` names facts; what else is doubtful it says itself in
`doubts`, and what becomes so with the days its app says with `with_time`. Where a row is edited, the
administration knows: in a form of its own, or as a row of another.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Count, Model, Q, QuerySet, Window
from django.forms.models import _get_foreign_key
from django.urls import reverse
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _

from office import way_back

_with_time: dict[type[Model], tuple[str, Callable[[date], Q], str]] = {}


def with_time(model: type[Model], label: str, condition: Callable[[date], Q], field: str) -> None:
    """Rows of a model become doubtful by themselves; `field` says when they were last looked over."""
    _with_time[model] = (label, condition, f"id_{field}")


@dataclass(frozen=True)
class Place:
    """Where rows of a model are edited: in their own form, or in that of their `owner`."""

    model: type[Model]
    admin: ModelAdmin
    # The way from a row to its owner; "" where it has a form of its own.
    owner: str = ""

    def url(self, row: Model, spot: str, kind: str) -> str:
        """The form, opened at the spot. A fold opens for what is in it."""
        opts = self.admin.opts
        key = getattr(row, f"{self.owner}_id") if self.owner else row.pk
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[key])
        return f"{address}?{way_back.to(way_back.DOUBTS, kind)}#{spot}"

    def spots(self, rows: list[Any]) -> dict[Any, str]:
        """By key, where each row stands among those of its owner. One query."""
        prefix = self.model._meta.get_field(self.owner).remote_field.get_accessor_name()
        owners = {getattr(row, f"{self.owner}_id") for row in rows}
        # In the order of the form.
        beside = self.model._default_manager.filter(**{f"{self.owner}__in": owners})
        keys: dict[Any, list[Any]] = defaultdict(list)
        for owner, key in beside.values_list(self.owner, "pk"):
            keys[owner].append(key)
        return {key: f"{prefix}-{at}" for of in keys.values() for at, key in enumerate(of)}


@dataclass(frozen=True)
class Doubt:
    """One kind of mark at the rows of one place."""

    place: Place
    name: str
    label: Any
    condition: Q
    # Where in a form of its own it is looked after.
    spot: str
    # What the mark says in words, if it does.
    note: str = ""

    @property
    def key(self) -> str:
        parts = (self.place.model._meta.model_name, self.place.owner, slugify(self.name))
        return "-".join(filter(None, parts))

    @property
    def title(self) -> str:
        kind = capfirst(str(self.place.model._meta.verbose_name_plural))
        if self.place.owner:
            owner = self.place.model._meta.get_field(self.place.owner).verbose_name
            kind = f"{kind} ({owner})"
        return f"{kind}: {self.label}"

    def rows(self) -> QuerySet[Any]:
        rows = self.place.model._base_manager.filter(self.condition)
        if self.place.owner:
            rows = rows.filter(**{f"{self.place.owner}__isnull": False})
            rows = rows.select_related(self.place.owner).order_by(self.place.owner, "pk")
        return rows if self.place.owner else rows.order_by("pk")

    def shown(self, rows: list[Any], *, of_one_kind: bool) -> "Iterator[Shown]":
        spots = self.place.spots(rows) if self.place.owner and rows else {}
        kind = self.key if of_one_kind else way_back.ALL
        for row in rows:
            owner = getattr(row, self.place.owner) if self.place.owner else None
            yield Shown(
                str(row),
                "" if owner is None else str(owner),
                str(getattr(row, self.note)) if self.note else "",
                self.place.url(row, spots.get(row.pk, self.spot), kind),
            )


@dataclass(frozen=True)
class Shown:
    text: str
    owner: str
    note: str
    url: str


@dataclass(frozen=True)
class Part:
    """Some of the rows with one kind of mark, and how many there are."""

    doubt: Doubt
    number: int
    rows: list[Shown]


def doubts_for(site: AdminSite, user: AbstractBaseUser, today: date) -> list[Doubt]:
    """Every kind of mark at what this person looks after as a whole."""
    found = [
        doubt
        for place in _places(site)
        if place.admin.tends_all(user)
        for doubt in _doubts(place, today)
    ]  # fmt: skip
    return sorted(found, key=lambda doubt: doubt.title)


def count(doubts: list[Doubt]) -> int:
    """One query, however many kinds there are."""
    if not doubts:
        return 0
    first, *others = (one.rows().order_by().values_list("pk") for one in doubts)
    return first.union(*others, all=True).count() if others else first.count()


def part(doubt: Doubt, start: int, stop: int, *, of_one_kind: bool = False) -> Part:
    """Two queries at most."""
    rows = list(doubt.rows().annotate(of=Window(Count("pk")))[start:stop])
    shown = list(doubt.shown(rows, of_one_kind=of_one_kind))
    return Part(doubt, rows[0].of if rows else 0, shown)


def marks(model: type[Model], today: date) -> Iterator[tuple[str, Any, Q, str, str]]:
    """The kinds of mark that rows of a model can carry.

    Each with name, label, which carry it, where in their form it is looked after, and where it says why.
    """
    fields = {one.name: one for one in model._meta.concrete_fields}
    for name, one in fields.items():
        if isinstance(one, models.BooleanField) and name.endswith("is_certain"):
            note = name.replace("is_certain", "note")
            why = note if note in fields else ""
            yield name, _("nicht gesichert"), Q(**{name: False}), f"id_{name}", why
    if "check_note" in fields:
        yield "check_note", _("zu prüfen"), ~Q(check_note=""), "id_check_note", "check_note"
    if "unsure" in fields:
        yield "unsure", _("Angaben zu prüfen"), Q(unsure__len__gt=0), "id_unsure", "note"
    for label, condition, spot in getattr(model, "doubts", ()):
        yield str(label), label, condition, spot, ""
    if model in _with_time:
        label, condition_on, spot = _with_time[model]
        yield str(label), label, condition_on(today), spot, ""


def _doubts(place: Place, today: date) -> Iterator[Doubt]:
    for name, label, condition, spot, note in marks(place.model, today):
        yield Doubt(place, name, label, condition, spot, note)


def _places(site: AdminSite) -> Iterator[Place]:
    for model, model_admin in site._registry.items():
        if not hasattr(model_admin, "tends_all"):
            continue
        yield Place(model, model_admin)
        for inline in model_admin.inlines:
            # As Django finds the way from the row to the form that it is edited in.
            key = _get_foreign_key(model, inline.model, fk_name=inline.fk_name)
            yield Place(inline.model, model_admin, key.name)

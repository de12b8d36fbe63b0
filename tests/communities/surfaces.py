"""Every way in which the administration could show or change a row: taken from the admin itself.

A new ModelAdmin, page, step, action, filter or relation is walked without anybody naming it here. Only
what an address needs beyond keys is said here, and an address of another kind fails.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, reverse

from events import attendance
from events.models import Event, Invitation, Registration
from tests.communities.planted import WORD, World

ORDINARY = ("changelist", "add", "history", "delete", "change")


@dataclass(frozen=True)
class Surface:
    """One request. `of_row`: its address names a row of others, so there is nothing to be had."""

    label: str
    url: str
    data: dict[str, Any] | None = None
    of_row: bool = False
    # Whether it is only another view of the page before it that has no such note: where that is
    # refused, there is nothing to look at in another way.
    is_variant: bool = False
    # Surfaces of one kind are served by the same lines; "" where no other is of the label's kind.
    kind: str = ""

    def ask(self, client: Any) -> Any:
        return client.get(self.url) if self.data is None else client.post(self.url, self.data)


def admins(labels: Iterable[str] | None = None) -> Iterator[tuple[type[Model], ModelAdmin]]:
    for model, model_admin in admin.site._registry.items():
        if labels is None or model._meta.app_label in labels:
            yield model, model_admin


def pages(foreign: World, labels: Iterable[str] | None = None) -> Iterator[Surface]:
    """Pages of lists and of forms to add: they are there, but without rows of others."""
    yield Surface("start page", reverse("admin:index"))
    for model, model_admin in admins(labels):
        name = model._meta.label
        rows = foreign.rows.get(model, [])
        listed = _address(model, "changelist")
        yield Surface(f"{name} section", reverse("admin:app_list", args=[model._meta.app_label]))
        yield Surface(f"{name} list", listed)
        yield _variant(f"{name} search", f"{listed}?q={WORD}")
        yield _variant(f"{name} all", f"{listed}?all=")
        yield _variant(f"{name} popup list", f"{listed}?_popup=1&_to_field=id")
        yield _variant(f"{name} order", f"{listed}?o=-1.2")
        for query in sorted(_queries(model, rows, foreign)):
            yield _variant(f"{name} filter {_without_keys(query)}", f"{listed}?{query}")
        add = _address(model, "add")
        yield Surface(f"{name} add", add)
        yield _variant(f"{name} popup add", f"{add}?_popup=1&_to_field=id")
        yield _variant(f"{name} add with foreign keys", f"{add}?{_keys(model, foreign)}")
        for pattern in _own_pages(model_admin):
            if not _converters(pattern):
                yield Surface(str(pattern.name), reverse(f"admin:{pattern.name}"))
    yield from _autocompletes(labels)


def _variant(label: str, url: str) -> Surface:
    return Surface(label, url, is_variant=True)


def walked(surfaces: Iterable[Surface], client: Any) -> Iterator[tuple[Surface, Any]]:
    """Each surface with its answer, without the variants of what was refused."""
    refused = False
    for surface in surfaces:
        if surface.is_variant and refused:
            continue
        answer = surface.ask(client)
        # A form is answered by a redirect also where it was taken.
        refused = answer.status_code == 403 if surface.data else answer.status_code != 200
        yield surface, answer


def one_of_each(surfaces: Iterable[Surface]) -> Iterator[Surface]:
    """Of each kind the first, without variants of lists: enough for those who may not come in at all."""
    seen = set()
    for surface in surfaces:
        kind = surface.kind or surface.label
        if kind not in seen and (surface.of_row or not surface.is_variant):
            seen.add(kind)
            yield surface


def each_label(surfaces: Iterable[Surface]) -> Iterator[Surface]:
    """Of several rows with the same label the first."""
    seen = set()
    for surface in surfaces:
        if surface.label not in seen:
            seen.add(surface.label)
            yield surface


def rows(foreign: World, labels: Iterable[str] | None = None) -> Iterator[Surface]:
    """Pages of rows of others: not there."""
    for model, model_admin in admins(labels):
        for row in foreign.rows.get(model, []):
            for what in ("history", "delete", "change"):
                url = _address(model, what, row.pk)
                yield Surface(f"{model._meta.label} {what}", url, of_row=True)
            popup = f"{url}?_popup=1&_to_field=id"
            label = f"{model._meta.label} popup change"
            yield Surface(label, popup, of_row=True, is_variant=True)
            kind = ContentType.objects.get_for_model(model).pk
            url = reverse("admin:view_on_site", args=[kind, row.pk])
            yield Surface(f"{model._meta.label} view on site", url, of_row=True)
            for label, address in _pages_of(model_admin, row, foreign):
                yield Surface(label, address, of_row=True)


def own_pages(mine: World, labels: Iterable[str]) -> Iterator[Surface]:
    """The pages of rows of one's own, which are there."""
    for surface in each_label(rows(mine, labels)):
        yield replace(surface, of_row=False)


def forms(foreign: World, labels: Iterable[str] | None = None) -> Iterator[Surface]:
    """The same addresses with what a form or button would send: nothing happens."""
    for model, model_admin in admins(labels):
        for row in foreign.rows.get(model, []):
            sent = everything(row, foreign)
            label = model._meta.label
            yield Surface(f"POST {label} change", _address(model, "change", row.pk), sent, True)
            url = _address(model, "delete", row.pk)
            yield Surface(f"POST {label} delete", url, {"post": "yes"}, True)
            for name, address in _pages_of(model_admin, row, foreign):
                yield Surface(f"POST {name}", address, sent, True)
        yield from _actions(model, model_admin, foreign)


def _actions(model: type[Model], model_admin: ModelAdmin, foreign: World) -> Iterator[Surface]:
    rows = foreign.rows.get(model, [])
    keys = [row.pk for row in rows]
    together = [one.slug for one in getattr(model_admin, "together", ())]
    answers = {
        "seen": [f"{row.pk}:{getattr(row, 'version', 1)}" for row in rows],
        "reason": "Verändert",
        "role": "gast",
        "to": foreign.group.pk,
        "how": "statt",
    }
    for action in ("delete_selected", *model_admin.actions, *together):
        # The most that can be done by it comes first. Who is refused that is refused the list.
        for across in ("1", "0"):
            for confirmed in ({"confirmed": "1", "post": "yes", **answers}, {}):
                is_most = across == "1" and bool(confirmed)
                sent = {"action": action, "select_across": across, ACTION_CHECKBOX_NAME: keys}
                label = f"POST {model._meta.label} {action} {'all' if across == '1' else 'some'}"
                label += " confirmed" if confirmed else ""
                kind = f"POST {model._meta.label} {action}"
                url, data = _address(model, "changelist"), sent | confirmed
                yield Surface(label, url, data, kind=kind, is_variant=not is_most)


def everything(row: Model, foreign: World) -> dict[str, Any]:
    """What any of the forms of a row might want to be sent."""
    fields = {
        field.name: value
        for field in row._meta.concrete_fields
        if (value := field.value_from_object(row)) not in (None, "", [])
        and isinstance(value, str | int)
    }
    member = foreign.of(type(foreign.rows[_model("communities.Membership")][0]), state="aktiv")
    return fields | {
        "version": getattr(row, "version", 1),
        "sequence": getattr(row, "sequence", 0),
        "seen": "-",
        "reason": "Verändert",
        "name": "Verändert",
        "title": "Verändert",
        "subject": "Verändert",
        "text": "Verändert",
        "note": "Verändert",
        "addresses": "jemand@kommune.example",
        "role": "gast",
        "to": member.pk,
        "into": foreign.group.pk,
        "stay_as": "mitglied",
        "token": str(uuid.uuid4()),
        "senden": "1",
        "da": "1",
        "attended": "1",
    }


# What an address needs beyond the key of its row ---------------------------------------------------


def step_slugs(model_admin: ModelAdmin) -> list[str]:
    return [step.slug for step in model_admin.steps]


def _pages_of(model_admin: ModelAdmin, row: Model, world: World) -> Iterator[tuple[str, str]]:
    """The pages that an admin has for a row beside Django's own."""
    for pattern in _own_pages(model_admin):
        match _converters(pattern):
            case ():
                continue
            case ("pk",):
                choices = [[row.pk]]
            case ("pk", "slug"):
                choices = [[row.pk, slug] for slug in step_slugs(model_admin)]
            case ("pk", "invitation_pk"):
                invitations = Invitation.objects.filter(event=row)
                choices = [[row.pk, invitation.pk] for invitation in invitations]
            case ("code",) if isinstance(row, Registration):
                choices = [[attendance.code_of(row)]]
            case others:
                message = f"{pattern.name}: say here how {others} of its address are filled"
                raise AssertionError(message)
        for arguments in choices:
            step = f" {arguments[-1]}" if "slug" in _converters(pattern) else ""
            yield f"{pattern.name}{step}", reverse(f"admin:{pattern.name}", args=arguments)


def _own_pages(model_admin: ModelAdmin) -> list[URLPattern]:
    opts = model_admin.opts
    ordinary = {f"{opts.app_label}_{opts.model_name}_{what}" for what in ORDINARY}
    return [one for one in model_admin.get_urls() if one.name and one.name not in ordinary]


def _converters(pattern: URLPattern) -> tuple[str, ...]:
    return tuple(pattern.pattern.converters)


# Query strings -------------------------------------------------------------------------------------

# Filters that read a key from the address themselves.
KEYED = ("gruppe", "veranstaltung")


def _queries(model: type[Model], rows: list[Any], foreign: World) -> Iterator[str]:
    """Filters as links would set them, and as somebody could type them: by keys, days and texts."""
    yield from (f"pk__in={','.join(str(row.pk) for row in rows)}", "e=1")
    for name in KEYED:
        for row in (foreign.community, foreign.group, *foreign.rows[Event]):
            yield f"{name}={row.pk}"
    for field in model._meta.get_fields():
        if field.is_relation:
            for row in foreign.rows.get(field.related_model, []):
                yield f"{field.name}__id__exact={row.pk}"
        elif field.get_internal_type() in ("DateTimeField", "DateField"):
            yield f"{field.name}__year=2026"
        elif field.choices:
            values = {field.value_from_object(row) for row in rows}
            yield from (f"{field.name}__exact={value}" for value in values)
        elif field.get_internal_type() in ("CharField", "TextField"):
            yield f"{field.name}__icontains={WORD}"


def _without_keys(query: str) -> str:
    return re.sub(r"=.*", "", query)


def _keys(model: type[Model], foreign: World) -> str:
    """A form to add that shall begin with rows of others."""
    relations = [
        field for field in model._meta.get_fields() if field.is_relation and field.concrete
    ]
    return "&".join(
        f"{field.name}={foreign.rows[field.related_model][0].pk}"
        for field in relations
        if field.related_model in foreign.rows
    )


def _autocompletes(labels: Iterable[str] | None) -> Iterator[Surface]:
    """Every relation to something that the administration has, whether a form offers it or not."""
    wanted = {model for model, _admin in admins(labels)}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model in wanted):
                continue
            source = (
                f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                f"&field_name={field.name}"
            )
            url = f"{reverse('admin:autocomplete')}?{source}"
            kind = f"autocomplete {field.related_model._meta.label}"
            yield Surface(f"autocomplete {model._meta.label}.{field.name}", url, kind=kind)
            # What is searched for, only the target decides.
            yield _variant(f"{kind} search", f"{url}&term={WORD}")


def _address(model: type[Model], what: str, *keys: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=keys)


def _model(label: str) -> type[Model]:
    return apps.get_model(label)

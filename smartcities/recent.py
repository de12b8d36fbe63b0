"""What somebody last worked on in the administration, as far as it is still theirs."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import Model
from django.http import HttpRequest

MOST = 10
# Saving the same row again and again fills the history, not the list.
LOOKED_AT = 100


def recent_of(request: HttpRequest, site: AdminSite) -> list[LogEntry]:
    """The latest entries first. Rows that have been deleted, moved or given away name nobody here.

    One query, and one more for each kind of row among them.
    """
    entries = LogEntry.objects.filter(user=request.user).exclude(action_flag=DELETION)
    latest = _each_once(entries.select_related("content_type")[:LOOKED_AT])
    keys = defaultdict(set)
    for entry in latest:
        keys[_model(entry)].add(entry.object_id)
    seen = {model: _seen(request, site, model, wanted) for model, wanted in keys.items()}
    return [entry for entry in latest if entry.object_id in seen[_model(entry)]]


def _each_once(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """The latest entry of each row."""
    rows: dict[tuple[int, str], LogEntry] = {}
    for entry in entries:
        rows.setdefault((entry.content_type_id, entry.object_id), entry)
    return list(rows.values())[:MOST]


def _model(entry: LogEntry) -> type[Model] | None:
    return entry.content_type and entry.content_type.model_class()


def _seen(
    request: HttpRequest, site: AdminSite, model: type[Model] | None, keys: set[Any]
) -> set[str]:
    model_admin = site._registry.get(model)
    if model_admin is None or not model_admin.has_view_permission(request):
        return set()
    rows = model_admin.get_queryset(request).filter(pk__in=keys)
    return {str(pk) for pk in rows.values_list("pk", flat=True)}

"""Everything that goes by itself after its time, from all apps, as one list."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings

from finding.search import missed
from ground.retention import RetentionRule
from projects import revisions
from projects.table import uploads
from smartcities.accessibility import barriers

# Of one table each, and kept beside what fills it.
SINGLE = (
    ("projects", uploads.RULE),
    ("projects", revisions.RULE),
    ("finding", missed.RULE),
    ("smartcities", barriers.RULE),
)


def rules() -> Iterator[tuple[str, RetentionRule]]:
    """Each rule with the German name of its app, in the order of the apps."""
    for config in apps.get_app_configs():
        label = config.label
        is_ours = (settings.BASE_DIR / label).is_dir()
        if is_ours and find_spec(f"{config.name}.retention"):
            # `ground.retention` only says what a rule is.
            for rule in getattr(import_module(f"{config.name}.retention"), "RULES", ()):
                yield str(config.verbose_name), rule
        for app, rule in SINGLE:
            if app == label:
                yield str(config.verbose_name), rule


def preview(now: datetime) -> list[tuple[str, str, int]]:
    """App, rule in words, and how many rows it would take now; nothing is changed. One query per rule."""
    return [(app, str(rule.text), rule.overdue(now).count()) for app, rule in rules()]

"""Places on a page that apps above fill, so that the page knows none of them.

A page names the place with `{% slot "projects.portrait" %}`. An app above says in its `AppConfig.ready`
which of its templates stand there; they see what the page sees, and render nothing where they have
nothing to say.
"""

from collections.abc import Callable, Mapping
from typing import Any

# What a template needs besides, worked out of what the page sees.
Facts = Callable[[Mapping[str, Any]], dict[str, Any]]

_templates: dict[str, dict[str, Facts]] = {}


def _nothing_besides(_page: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def fill(slot: str, template: str, facts: Facts = _nothing_besides) -> None:
    """Have this template stand there, after those that do already; once more changes nothing."""
    _templates.setdefault(slot, {}).setdefault(template, facts)


def templates_in(slot: str) -> tuple[tuple[str, Facts], ...]:
    """What stands there; nothing where no app above has anything to add."""
    return tuple(_templates.get(slot, {}).items())

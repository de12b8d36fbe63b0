"""Places on a page that apps above fill, so that the page knows none of them.

A page names the place with `{% slot "projects.portrait" %}`. An app above says in its `AppConfig.ready`
which of its templates stand there; they see what the page sees, and render nothing where they have
nothing to say.
"""

_templates: dict[str, list[str]] = {}


def fill(slot: str, template: str) -> None:
    """Have this template stand there, after those that do already; once more changes nothing."""
    templates = _templates.setdefault(slot, [])
    if template not in templates:
        templates.append(template)


def templates_in(slot: str) -> tuple[str, ...]:
    """What stands there; nothing where no app above has anything to add."""
    return tuple(_templates.get(slot, ()))

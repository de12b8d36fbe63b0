"""The parts of a long form of the administration, to jump to."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.admin.helpers import AdminForm
from django.utils.text import capfirst

# With fewer, people see them all the same.
FEWEST = 4


class Part(NamedTuple):
    title: str
    anchor: str


def parts(adminform: AdminForm, inlines: Iterable[Any]) -> list[Part]:
    """Those with a heading, in the order of the page; none of a form that needs no list."""
    found = [
        # As Django's templates number them.
        Part(str(fieldset.name), f"fieldset-0-{number}-heading")
        for number, fieldset in enumerate(adminform)
        if fieldset.name
    ]
    for inline in inlines:
        options = inline.opts
        one = inline.formset.max_num == 1
        name = options.verbose_name if one else options.verbose_name_plural
        found.append(Part(str(capfirst(name)), f"{inline.formset.prefix}-heading"))
    return found if len(found) >= FEWEST else []

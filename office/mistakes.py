"""What a form of the administration does not accept, with the place of each in a form of many parts."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib.admin.helpers import AdminForm
from django.forms import BaseForm
from django.utils.text import capfirst

from ground.form_words import leading_over


class Mistake(NamedTuple):
    """What is said of a form as a whole, or of a field that nobody sees, leads nowhere and names none."""

    what: str
    said: str
    anchor: str

    @property
    def leads_over(self) -> str:
        return leading_over(self.what)


def mistakes(adminform: AdminForm, inlines: Iterable[Any]) -> list[Mistake]:
    """In the order of the fields. What is said of the form as a whole has no place and is left out."""
    found = list(_of_form(adminform.form, ""))
    for inline in inlines:
        formset = inline.formset
        named = str(capfirst(inline.opts.verbose_name_plural))
        for said in formset.non_form_errors():
            found.append(Mistake(named, str(said), f"{formset.prefix}-group"))
        for number, form in enumerate(formset.forms, start=1):
            where = f"{named} {number}"
            for said in form.non_field_errors():
                found.append(Mistake(where, str(said), f"{formset.prefix}-{number - 1}"))
            found += _of_form(form, f"{where}, ")
    return found


def mistakes_of(forms: Iterable[BaseForm]) -> list[Mistake]:
    """Of forms that stand on a page of their own: all that is said of them."""
    found = []
    for form in forms:
        found += [Mistake("", str(said), "") for said in form.non_field_errors()]
        found += _of_form(form, "")
    return found


def _of_form(form: BaseForm, within: str) -> Iterator[Mistake]:
    for field in form:
        for said in field.errors:
            # Several inputs have no id of their own together, or one around them.
            anchor = "" if field.is_hidden else field.id_for_label or field.auto_id
            yield Mistake(f"{within}{field.label}", str(said), anchor)

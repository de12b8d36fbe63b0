"""What the crispy template pack `kern` asks of a form field.

The pack renders Django's own widgets; these tags only decide which of KERN's shapes a field takes,
give the inputs KERN's classes, and say where a link in the error summary has to lead.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ground.form_words import leading_over

register = template.Library()

INPUT = "kern-form-input__input"
SELECT = "kern-form-input__select"


class Part(NamedTuple):
    """One of several inputs that make up a field, such as the time beside the date."""

    html: SafeString
    label: str
    id: str
    is_select: bool


class OptionGroup(NamedTuple):
    label: str
    options: list[Part]


@register.filter
def shape(field: BoundField) -> str:
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one, too
        return "options"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "parts"
    if isinstance(widget, forms.ClearableFileInput):
        return "file"
    if isinstance(widget, forms.SelectMultiple):
        return "select_multiple"
    if isinstance(widget, forms.Select):
        return "select"
    return "input"


@register.simple_tag
def kern_widget(field: BoundField, css: str = INPUT, **attrs: Any) -> SafeString:
    """The field's widget with KERN's class, plus the class the form gave it."""
    widget_attrs = field.field.widget.attrs
    if field.errors:
        css = f"{css} {css}--error"
        widget_attrs.pop("autofocus", None)  # the focus belongs to the error summary
    attrs["class"] = f"{css} {widget_attrs.get('class', '')}".strip()
    return field.as_widget(attrs=attrs)


@register.simple_tag
def kern_options(field: BoundField) -> list[OptionGroup]:
    """Radio buttons or checkboxes; those without a group of their own come under the label ""."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id} if field.auto_id else {})
    attrs.pop("aria-invalid", None)  # the fieldset's description says so once, not every option
    css = f"kern-form-check__{widget.input_type}"
    if field.errors:
        css = f"{css} {css}--error"
    groups = []
    for label, options, _index in widget.optgroups(
        field.html_name, widget.format_value(field.value()), attrs
    ):
        parts = [_part(widget, option, option["label"], css, field) for option in options]
        if groups and not label and not groups[-1].label:
            groups[-1].options.extend(parts)
        else:
            groups.append(OptionGroup(label or "", parts))
    return groups


@register.simple_tag
def kern_parts(field: BoundField) -> list[Part]:
    return list(_parts(field))


def _parts(field: BoundField) -> Iterator[Part]:
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id} if field.auto_id else {})
    context = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    for part in context["subwidgets"]:
        is_select = part["template_name"].endswith("/select.html")
        if is_select:
            # A list without an empty first entry always has a value; HTML forbids to require it.
            part["attrs"].pop("required", None)
        css = SELECT if is_select else INPUT
        if field.errors:
            css = f"{css} {css}--error"
        yield _part(widget, part, _part_label(part, field), css, field, is_select=is_select)


def _part(
    widget: forms.Widget,
    data: dict[str, Any],
    label: str,
    css: str,
    field: BoundField,
    *,
    is_select: bool = False,
) -> Part:
    data["attrs"]["class"] = f"{css} {data['attrs'].get('class', '')}".strip()
    html = BoundWidget(widget, data, field.form.renderer).tag()
    return Part(html, label, data["attrs"].get("id", ""), is_select)


def _part_label(part: dict[str, Any], field: BoundField) -> str:
    spoken = part["attrs"].get("aria-label")
    if spoken:
        return spoken
    by_name = {"_day": _("Tag"), "_month": _("Monat"), "_year": _("Jahr")}
    by_template = {"date.html": _("Datum"), "time.html": _("Uhrzeit")}
    for ending, label in by_name.items():
        if part["name"].endswith(ending):
            return label
    for ending, label in by_template.items():
        if part["template_name"].endswith(f"/{ending}"):
            return label
    return field.label


@register.simple_tag
def kern_file(field: BoundField) -> dict[str, Any]:
    """The file that is there already, the box that removes it, and the bare file input."""
    widget = field.field.widget
    css = f"{INPUT} {INPUT}--error" if field.errors else INPUT
    attrs = field.build_widget_attrs({"id": field.auto_id} if field.auto_id else {})
    data = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    bare = {**data, "value": None, "template_name": "django/forms/widgets/input.html"}
    return {**data, "input": _part(widget, bare, field.label, css, field).html}


@register.filter
def focus_id(field: BoundField) -> str:
    """The id of the first input of this field: where the error summary leads."""
    kind = shape(field)
    if kind == "options":
        options = [option.id for group in kern_options(field) for option in group.options]
        return options[0] if options else field.auto_id
    if kind == "parts":
        return next(_parts(field)).id
    return field.id_for_label or field.auto_id


@register.filter
def addressed(field: BoundField) -> str:
    """What leads over to an error away from its field: „Ihr Name:“, „1. Person, Name:“, „Wo stehen Sie?“."""
    # Of several rows alike, the form says whose it is.
    whose = getattr(field.field, "whose", "")
    label = f"{whose}, {field.label}" if whose else str(field.label)
    return leading_over(label)


@register.filter
def button_class(button: Any) -> str:
    """KERN's classes for a crispy button: primary for submit unless the form says otherwise."""
    wanted = [css for css in button.field_classes.split() if not css.startswith("btn")]
    if not any(css.startswith("kern-btn--") for css in wanted):
        wanted.insert(0, f"kern-btn--{'primary' if button.input_type == 'submit' else 'secondary'}")
    return " ".join(["kern-btn", *wanted])

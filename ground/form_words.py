"""What every form says where nothing was entered, or too much: in the words of the portal, not of Django."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

# By the kind of field; a form may say more about its own.
REQUIRED = {
    forms.Field: _("Bitte füllen Sie dieses Feld aus."),
    forms.ChoiceField: _("Bitte wählen Sie etwas aus."),
    forms.FileField: _("Bitte wählen Sie eine Datei aus."),
    forms.BooleanField: _("Bitte kreuzen Sie dieses Feld an."),
}
# Browsers cut nothing off (`ground.form_renderer`), so people read this: in every form, of every model.
TOO_LONG = _(
    "Das sind %(show_value)d Zeichen, möglich sind höchstens %(limit_value)d. Bitte kürzen Sie."
)


def leading_over(label: str) -> str:
    """A label before what is said about its field elsewhere: „Ihr Name:“, „Wo stehen Sie?“."""
    return label if label.endswith(("?", ":", ".", "!")) else f"{label}:"


def speak() -> None:
    """Also for the forms of Django's administration and of other packages, which know no form of ours."""
    for field, sentence in REQUIRED.items():
        # Of its own alone: those of the classes above are read as well.
        own = vars(field).get("default_error_messages", {})
        field.default_error_messages = {**own, "required": sentence}
    MaxLengthValidator.message = TOO_LONG

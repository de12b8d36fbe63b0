"""Where nothing was entered every form says so in the words of the portal."""

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import resolve, reverse

FILL, CHOOSE = "Bitte füllen Sie dieses Feld aus.", "Bitte wählen Sie etwas aus."


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (forms.CharField(), FILL),
        (forms.EmailField(), FILL),
        (forms.IntegerField(), FILL),
        (forms.SplitDateTimeField(), FILL),
        (forms.ChoiceField(choices=[("a", "A")]), CHOOSE),
        (forms.TypedChoiceField(choices=[("a", "A")]), CHOOSE),
        (forms.MultipleChoiceField(choices=[("a", "A")]), CHOOSE),
        (forms.ModelChoiceField(Group.objects.none()), CHOOSE),
        (forms.ModelMultipleChoiceField(Group.objects.none()), CHOOSE),
        (forms.FileField(), "Bitte wählen Sie eine Datei aus."),
        (forms.ImageField(), "Bitte wählen Sie eine Datei aus."),
        (forms.BooleanField(), "Bitte kreuzen Sie dieses Feld an."),
        (forms.CharField(error_messages={"required": "Wie heißen Sie?"}), "Wie heißen Sie?"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, forms.Field) else "",
)
def test_each_kind_of_field_says_what_is_to_be_done(field, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(None)

    assert refused.value.messages == [sentence]


@pytest.mark.django_db
def test_the_forms_of_other_packages_speak_like_ours(client):
    for name in ("account_signup", "account_login", "account_reset_password"):
        html = client.post(reverse(name), {"next": ""}).text
        assert FILL in html
        assert "zwingend erforderlich" not in html


def test_no_form_was_made_before_the_words_were_there():
    resolve("/")  # loads every view, and with them their forms
    # Django's own have hidden fields.
    beside = ("tests", "django")
    made = [form for form in _below(forms.BaseForm) if form.__module__.split(".")[0] not in beside]

    assert len(made) > 80
    assert [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in made
        for name, field in getattr(form, "base_fields", {}).items()
        if "erforderlich" in str(field.error_messages.get("required", ""))
    ] == []


def _below(kind: type) -> set[type]:
    return {kind, *(one for below in kind.__subclasses__() for one in _below(below))}

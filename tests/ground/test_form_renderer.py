"""What is too long is said, never cut off by the browser without a word."""

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.every_form import forms_of_the_portal


def bounded_fields():
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in forms_of_the_portal()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and field.max_length
    }


def test_no_input_of_any_form_makes_the_browser_cut_text_off():
    fields = bounded_fields()
    assert len(fields) > 60
    cut = [name for name, field in fields.items() if "maxlength" in html(field)]
    assert cut == []


def html(field) -> str:
    form = forms.Form()
    form.fields["one"] = field
    return str(form["one"])


def test_every_text_that_is_too_long_is_told_with_both_numbers():
    silent = []
    for name, field in bounded_fields().items():
        if type(field) is not forms.CharField:
            continue  # a date or an address of that length is refused for what it is
        with pytest.raises(ValidationError) as refused:
            field.clean("x" * (field.max_length + 47))
        told = (
            f"Das sind {field.max_length + 47} Zeichen, möglich sind höchstens {field.max_length}."
        )
        if f"{told} Bitte kürzen Sie." not in refused.value.messages:
            silent.append((name, refused.value.messages))
    assert silent == []


@pytest.mark.django_db
def test_what_is_too_long_comes_back_whole(client):
    text = "Wir planen. " * 200 + "Letztes Wort"
    page = client.post(reverse("asking:office"), {"text": text, "phone": "0" * 60}).content.decode()

    assert "Das sind 2412 Zeichen, möglich sind höchstens 2000. Bitte kürzen Sie." in page
    assert "Das sind 60 Zeichen, möglich sind höchstens 40. Bitte kürzen Sie." in page
    assert "Letztes Wort</textarea>" in page
    assert 'value="' + "0" * 60 in page


def test_nor_do_the_fields_of_the_administration(admin_client):
    user = get_user_model().objects.get()
    page = admin_client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()

    assert 'name="name"' in page
    assert "maxlength" not in page

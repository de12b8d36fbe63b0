"""The plugin that fails a test in which a form asks for what its page calls voluntary."""

import pytest
from django import forms

from consulting.forms.wizard import NO_TIME_FITS, TimeForm
from mailing.models import Email
from tests.voluntary import AskedForAllTheSame


class Planted(forms.Form):
    name = forms.CharField(required=False)
    is_sure = forms.BooleanField(required=False)

    def clean(self):
        for name, value in list(self.cleaned_data.items()):
            if not value:
                self.add_error(name, "Bitte angeben.")


def test_what_is_called_voluntary_and_asked_for_fails_the_test_that_meets_it():
    with pytest.raises(AskedForAllTheSame, match=r"Planted\.name"):
        Planted({"name": "", "is_sure": "on"}).is_valid()


def test_what_is_missed_in_an_error_of_several_fields_fails_it_too():
    class Planted(forms.Form):
        name = forms.CharField(required=False)

        def clean(self):
            raise forms.ValidationError({"name": "Bitte angeben."})

    with pytest.raises(AskedForAllTheSame, match=r"Planted\.name"):
        Planted({}).is_valid()


def test_what_a_model_misses_fails_it_too(monkeypatch):
    class PlantedForm(forms.ModelForm):
        class Meta:
            model = Email
            fields = ("unsubscribe_url",)

    def clean(_email):
        raise forms.ValidationError({"unsubscribe_url": "Bitte angeben."})

    monkeypatch.setattr(Email, "clean", clean)

    with pytest.raises(AskedForAllTheSame, match=r"PlantedForm\.unsubscribe_url"):
        PlantedForm({}).is_valid()


def test_what_has_no_such_word_beside_it_may_be_asked_for():
    class Marked(Planted):
        name = forms.CharField(required=False)
        name.one_of_several = True

    assert list(Marked({}).errors) == ["name", "is_sure"]


def test_wishes_are_needed_where_no_time_fits():
    form = TimeForm({"slot": NO_TIME_FITS, "wishes": ""}, slots=[])

    assert form.errors == {"wishes": ["Bitte schreiben Sie, wann es Ihnen passt."]}

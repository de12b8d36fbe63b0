from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressFormField
from subscribing.actions import GUARD


class SubscribeForm(forms.Form):
    email = AddressFormField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Dorthin schicken wir einen Link, mit dem Sie das Abonnement bestätigen."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Bitte geben Sie Ihre E-Mail-Adresse an."),
            "invalid": _("Bitte geben Sie eine E-Mail-Adresse wie name@gemeinde.de an."),
        },
    )
    # What gives programs away: a field that no one sees, and a signed moment.
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    homepage = forms.CharField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        GUARD.refuse_programs(cleaned, now=self.now)
        return cleaned

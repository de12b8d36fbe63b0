"""What somebody may say with a link from an e-mail, and what members decide for themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import MailWish

IS_VISIBLE = {
    "label": _("Andere Mitglieder dürfen meinen Namen sehen und wen ich vertrete"),
    "help_text": _(
        "Ihre E-Mail-Adresse sieht nur die Koordination. Sie können das jederzeit ändern."
    ),
}


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
    )
    organisation = forms.CharField(
        label=_("Ihre Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    is_visible = forms.BooleanField(required=False, **IS_VISIBLE)


class PreferencesForm(forms.Form):
    mail_wish = forms.ChoiceField(
        label=_("Rundmails der Gruppe"), choices=MailWish.choices, widget=forms.RadioSelect
    )
    is_visible = forms.BooleanField(required=False, **IS_VISIBLE)

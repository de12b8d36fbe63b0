"""What a person may say with a link from an e-mail, and what members decide for themselves."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import MailWish, Membership

IS_VISIBLE = {
    "label": _("Andere Mitglieder dürfen meinen Namen sehen und wen ich vertrete"),
    "help_text": _(
        "Ihre E-Mail-Adresse sehen nur die Koordination und die Geschäftsstelle. Sie können das jederzeit ändern."
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
    # What the page has shown: a link in an e-mail may have ended the mails since, and saving the
    # other choice must not bring them back.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, membership: Membership) -> Self:
        chosen = {"mail_wish": membership.mail_wish, "is_visible": membership.is_visible}
        seen = f"{membership.mail_wish} {membership.is_visible}"
        return cls(prefix=str(membership.pk), initial=chosen | {"seen": seen})

    def changes(self) -> dict[str, Any]:
        """What was chosen otherwise than the page had it; all of it, if no one knows what that was."""
        wish, _space, visible = self.cleaned_data["seen"].partition(" ")
        shown = {"mail_wish": wish, "is_visible": visible == "True"} if visible else {}
        chosen = {name: self.cleaned_data[name] for name in ("mail_wish", "is_visible")}
        return {name: value for name, value in chosen.items() if shown.get(name) != value}

"""allauth's forms in the portal's words: Sie instead of du, labels instead of placeholders."""

from typing import Any
from uuid import uuid4

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.new_account import holder, mailbox_is_taken, only_address
from ground.mailbox import AddressFormField, mailbox_key

EMAIL = _("E-Mail-Adresse")
PASSWORD = _("Passwort")
NEW_PASSWORD = _("Neues Passwort")
ONCE_MORE = _("Passwort noch einmal")
ONE_TIME_CODE = _("Code")
PASSWORD_RULES = _(
    "Mindestens 10 Zeichen, nicht nur Ziffern. Ein Satz aus mehreren Wörtern ist sicher und leicht "
    "zu merken."
)


class PlainLabels:
    """Gives fields the labels and helps of this class and takes placeholders away."""

    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.EmailField):
                field = self.fields[name] = AddressFormField(
                    required=field.required, widget=field.widget
                )
            field.widget.attrs.pop("placeholder", None)
            if field.widget.attrs.get("autocomplete") == "one-time-code":
                # Of an app and of recovery alike: a telephone shows its digits at once.
                field.widget.attrs["inputmode"] = "numeric"
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")


class SamePasswordTwice(PlainLabels):
    def add_error(self, field: str | None, error: Any) -> None:
        if field == "password2" and not isinstance(error, ValidationError):
            error = _("Bitte geben Sie zweimal dasselbe Passwort ein.")
        super().add_error(field, error)


class LoginForm(PlainLabels, account_forms.LoginForm):
    labels = {"login": EMAIL, "password": PASSWORD, "remember": _("Angemeldet bleiben")}
    helps = {"remember": _("Nur auf einem Gerät, das niemand sonst benutzt.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Passkeys appear in the browser's list of saved accounts.
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class SignupForm(SamePasswordTwice, account_forms.SignupForm):
    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )
    labels = {"email": EMAIL, "password1": PASSWORD, "password2": ONCE_MORE}
    helps = {
        "name": _("Vor- und Nachname. So sprechen wir Sie an."),
        "email": _("Am besten die dienstliche. Sie bekommen dorthin einen Link zum Bestätigen."),
        "password1": PASSWORD_RULES,
    }
    field_order = ["name", "email", "password1", "password2"]

    def validate_unique_email(self, value: str) -> str:
        # Not allauth's: eva+1@ has the account of eva@, and an address to which another account wants
        # to change keeps its owner from nothing.
        self.account_already_exists = holder(value) is not None
        return value

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            self._rehearse(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError as error:
            if not mailbox_is_taken(error):
                raise
        # Another browser has signed up with this mailbox at the same moment.
        self.account_already_exists = True
        return super().try_save(request)

    def _rehearse(self, request: HttpRequest) -> None:
        """All the work of a new account, undone: how long it takes must not tell who has one."""
        typed = self.cleaned_data
        self.account_already_exists = False
        self.cleaned_data = typed | {"email": f"{uuid4().hex}@example.invalid"}
        try:
            with transaction.atomic():
                self.save(request)
                transaction.set_rollback(True)
        finally:
            self.account_already_exists, self.cleaned_data = True, typed

    def save(self, request: HttpRequest) -> User:
        user = super().save(request)
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        return user


class AddEmailForm(PlainLabels, account_forms.AddEmailForm):
    labels = {"email": _("Neue E-Mail-Adresse")}


class ChangePasswordForm(SamePasswordTwice, account_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Bisheriges Passwort"),
        "password1": NEW_PASSWORD,
        "password2": _("Neues Passwort noch einmal"),
    }
    helps = {"password1": PASSWORD_RULES}


class SetPasswordForm(SamePasswordTwice, account_forms.SetPasswordForm):
    labels = {"password1": PASSWORD, "password2": ONCE_MORE}
    helps = {"password1": PASSWORD_RULES}


class ResetPasswordForm(PlainLabels, account_forms.ResetPasswordForm):
    labels = {"email": EMAIL}

    def clean_email(self) -> str:
        """Not allauth's, which opens an account to anyone whose address stands in it unconfirmed."""
        typed = get_adapter().clean_email(self.cleaned_data["email"].lower())
        user = holder(typed)
        self.users = [user] if user and user.is_active else []
        # What opens an account goes to the address that the account has, however it was typed here.
        self.address = user.email if self.users else typed
        # allauth counts by what is returned: the same for all spellings, known or not.
        return mailbox_key(typed)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        self.cleaned_data["email"] = self.address
        return super().save(request, **kwargs)


class ResetPasswordKeyForm(SamePasswordTwice, account_forms.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD, "password2": _("Neues Passwort noch einmal")}
    helps = {"password1": PASSWORD_RULES}

    def save(self) -> None:
        super().save()
        # The link came from the mailbox: a second e-mail to it would prove nothing more.
        if address := only_address(self.user):
            get_adapter().confirm_email(context.request, address)


class ReauthenticateForm(PlainLabels, account_forms.ReauthenticateForm):
    labels = {"password": PASSWORD}


class AuthenticateForm(PlainLabels, mfa_forms.AuthenticateForm):
    labels = {"code": ONE_TIME_CODE}


class MFAReauthenticateForm(PlainLabels, mfa_forms.ReauthenticateForm):
    labels = {"code": ONE_TIME_CODE}
    helps = {"code": _("Aus Ihrer Authentisierungs-App, oder ein Wiederherstellungscode.")}


class ActivateTOTPForm(PlainLabels, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Code aus der App")}
    helps = {"code": _("Sechs Ziffern, die alle 30 Sekunden wechseln.")}


class AddWebAuthnForm(PlainLabels, webauthn_forms.AddWebAuthnForm):
    labels = {"name": _("Name"), "passwordless": _("Damit auch ohne Passwort anmelden (Passkey)")}
    helps = {
        "name": _("Damit Sie mehrere auseinanderhalten, zum Beispiel „Diensttelefon“."),
        "passwordless": _("Das Gerät prüft dann Fingerabdruck, Gesicht oder PIN."),
    }


class EditWebAuthnForm(PlainLabels, webauthn_forms.EditWebAuthnForm):
    labels = {"name": _("Name")}


class ConfirmAddressForm(forms.Form):
    password = forms.CharField(
        label=PASSWORD,
        help_text=_("Das Passwort des Kontos, für das diese Adresse angegeben wurde."),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("Dieses Passwort stimmt nicht. Bestätigt ist noch nichts."))
        return password


class NameForm(forms.ModelForm):
    """What people may change about themselves without being asked who they are."""

    class Meta:
        model = User
        fields = ("name",)
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}
        help_texts = {"name": _("Vor- und Nachname. So sprechen wir Sie an.")}

"""What allauth says when something is wrong, in the portal's words."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

ACCOUNT_ERRORS = {
    "account_inactive": _("Dieses Konto ist stillgelegt."),
    "duplicate_email": _("Diese Adresse gehört schon zu Ihrem Konto."),
    "email_password_mismatch": _("E-Mail-Adresse oder Passwort stimmen nicht."),
    "email_taken": _("Mit dieser E-Mail-Adresse gibt es schon ein Konto."),
    "enter_current_password": _("Das bisherige Passwort stimmt nicht."),
    "incorrect_code": _("Dieser Code stimmt nicht."),
    "incorrect_password": _("Dieses Passwort stimmt nicht."),
    "invalid_login": _("Diese Anmeldung war nicht möglich."),
    "invalid_or_expired_key": _("Dieser Link gilt nicht mehr."),
    "invalid_password_reset": _("Dieser Link gilt nicht mehr."),
    "rate_limited": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
    "same_as_current": _("Das ist dieselbe Angabe wie bisher."),
    "too_many_login_attempts": _(
        "Zu viele Anmeldeversuche. Bitte warten Sie einige Minuten und versuchen Sie es dann noch "
        "einmal."
    ),
    "unknown_email": _("Zu dieser Adresse gibt es kein Konto."),
    "unverified_primary_email": _("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse."),
}

SECOND_FACTOR_ERRORS = {
    "add_email_blocked": _(
        "Solange ein zweiter Faktor eingerichtet ist, lässt sich die Adresse nicht ändern."
    ),
    "cannot_delete_authenticator": _("Dieser zweite Faktor lässt sich nicht abschalten."),
    "cannot_generate_recovery_codes": _(
        "Codes gibt es erst, wenn ein zweiter Faktor eingerichtet ist."
    ),
    "incorrect_code": _("Dieser Code stimmt nicht."),
    "unverified_email": _("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse."),
}


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | SECOND_FACTOR_ERRORS

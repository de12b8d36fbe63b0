from events.forms.registration import ChangeForm, RegistrationForm

__all__ = ["ChangeForm", "RegistrationForm"]

from communities.forms.answering import AcceptForm, PreferencesForm
from communities.forms.joining import JoinForm

__all__ = ["AcceptForm", "JoinForm", "PreferencesForm"]

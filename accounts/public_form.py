"""What all forms have in common that anyone may send: programs are stopped, refusals become errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from accounts.guard import Guard
from ground.refusals import NotPossible, Overtaken


class WatchedForm(forms.Form):
    """With what gives programs away: a field that no one sees, and a signed moment.

    Pages show both by including "accounts/watched.html".
    """

    guard: ClassVar[Guard]
    now: datetime

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    homepage = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.guard.refuse_programs(cleaned, now=self.now)
        return cleaned

    @property
    def fresh_stamp(self) -> str:
        return self.guard.stamp(now=self.now, again=self.is_bound)


@contextmanager
def refusals_in(form: forms.Form, *, field: str | None = None) -> Iterator[None]:
    """What is refused within becomes an error of the form or a field, in words for who has sent it."""
    try:
        yield
    except NotPossible as refusal:
        form.add_error(field, str(refusal))
    except Overtaken:
        form.add_error(None, _("Das hat sich gerade überschnitten. Bitte noch einmal absenden."))

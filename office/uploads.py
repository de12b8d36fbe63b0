"""Chosen files on a page that comes back: no browser sends one a second time by itself."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _


def ask_again(shown: Iterable[forms.BaseForm]) -> None:
    """Say at every file that was sent along with these forms that it has to be chosen again.

    At one that is wrong something else is said already: another file is wanted.
    """
    for form in shown:
        if not form.is_bound:
            continue
        for name, one in form.fields.items():
            sent = form[name].data if isinstance(one, forms.FileField) else None
            if isinstance(sent, UploadedFile) and name not in form.errors:
                text = _(
                    "Die Datei „%s“ ist noch nicht gespeichert. Bitte wählen Sie sie noch einmal aus."
                )
                form.add_error(name, text % sent.name)


class AsksForFilesAgain:
    """For a form that is a page of its own."""

    def full_clean(self: Any) -> None:
        super().full_clean()
        if self._errors:
            ask_again([self])

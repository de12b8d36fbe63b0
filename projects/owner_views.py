"""The page on which owners say that their sheets still hold: behind the link in the e-mail, or signed in."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.link_pages import LinkPages
from ground.refusals import DONE_ALREADY
from projects import owner_links
from projects.actions import owning
from projects.freshness import sheets_due
from projects.models import OwnerAsk
from projects.owner_links import Purpose

ALL = "alle"


class StillTrueForm(forms.Form):
    """Which of the entries that the page has shown still hold: one, or all of them."""

    stimmt = forms.CharField()

    def __init__(self, data: Any, asked: OwnerAsk, now: datetime) -> None:
        super().__init__(data)
        self.sheets = sheets_due(asked.user, timezone.localdate(now))

    @property
    def marks(self) -> list[str]:
        one = self.cleaned_data["stimmt"]
        return self.data.getlist("gezeigt") if one == ALL else [one]


_pages = LinkPages(
    open_token=owner_links.open_token,
    template="projects/owners/link_{}.html",
    context=lambda asked: {"asked": asked},
    after=lambda asked, _now: owner_links.path_for(asked),
)


@_pages.page(Purpose.STILL_TRUE, StillTrueForm)
def still_true(asked: OwnerAsk, form: StillTrueForm, now: datetime) -> tuple[OwnerAsk, str]:
    done = owning.say_still_true(asked, form.marks, now=now)
    if not done:
        return asked, DONE_ALREADY
    if len(done) == 1:
        return asked, _("Danke. Bei „%s“ steht jetzt, dass es heute geprüft wurde.") % done[0].row
    sentence = _("Danke. Bei %d Einträgen steht jetzt, dass sie heute geprüft wurden.")
    return asked, sentence % len(done)

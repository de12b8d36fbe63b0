"""The forms with which people ask, report a fault, say whether an answer helped, and answer by a link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.public_form import WatchedForm
from asking.actions.asking import GUARD, Asked
from asking.models import Helped
from ground.mailbox import AddressFormField
from mailing.greeting import greeted_and
from projects.models import Project, Solution, Theme
from projects.municipality_form import MunicipalityPicker


class AskForm(WatchedForm, MunicipalityPicker):
    """To a project where one is named, else to the office, which needs to know less."""

    guard = GUARD

    situation = forms.CharField(
        label=_("Wie ist Ihre Lage?"),
        help_text=_("Was Sie vorhaben und wo Sie stehen. Zwei, drei Sätze genügen."),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Bitte beschreiben Sie kurz Ihre Lage.")},
    )
    text = forms.CharField(
        label=_("Was möchten Sie wissen?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Bitte schreiben Sie, was Sie wissen möchten.")},
    )
    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
    )
    email = AddressFormField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Dorthin schicken wir einen Link zum Bestätigen und später die Antwort."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Bitte geben Sie Ihre E-Mail-Adresse an.")},
    )
    phone = forms.CharField(
        label=_("Ihre Telefonnummer"),
        help_text=_("Wenn man Sie auch anrufen darf."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    may_publish = forms.BooleanField(
        label=_("Frage und Antwort dürfen ohne meinen Namen auf der Seite stehen"),
        help_text=_(
            "Hilft anderen mit derselben Frage. Beides wird vorher, wo nötig, gekürzt und geglättet."
        ),
        required=False,
    )
    may_name = forms.BooleanField(
        label=_("Dabei darf der Name unserer Kommune stehen"), required=False
    )

    # Also the order of the list of errors.
    field_order = ("situation", "text", "q", "municipality", "name", "email", "phone")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        project: Project | None = None,
        solution: Solution | None = None,
        theme: Theme | None = None,
        text: str = "",
        now: datetime,
    ) -> None:
        super().__init__(data, initial={"text": text})
        self.project, self.solution, self.theme, self.now = project, solution, theme, now
        if project is None:
            for name in ("situation", "may_publish", "may_name"):
                del self.fields[name]
            self.fields["q"].one_of_several = False
            self.fields["text"].label = _("Was möchten Sie uns fragen oder sagen?")
            self.fields["text"].help_text = _("Nennen Sie gern die Seite, um die es geht.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("q"):
            cleaned["chosen"] = self.chosen_municipality()
        elif self.project and "q" not in self.errors:
            self.add_error("q", _("Bitte suchen Sie Ihre Kommune."))
        if cleaned.get("may_name"):
            cleaned["may_publish"] = True
        return cleaned

    def asked(self) -> Asked:
        cleaned = self.cleaned_data
        chosen = cleaned.get("chosen")
        names = ("situation", "text", "name", "email", "phone", "may_publish", "may_name")
        return Asked(
            project=self.project,
            solution=self.solution,
            theme=self.theme,
            municipality=chosen,
            written="" if chosen else self.as_written,
            **{name: cleaned[name] for name in names if name in cleaned},
        )


class ReportForm(WatchedForm):
    guard = GUARD

    page = forms.CharField(
        label=_("Auf welcher Seite?"),
        help_text=_("Die Adresse der Seite oder ihre Überschrift."),
        max_length=300,
        required=False,
    )
    text = forms.CharField(
        label=_("Was stimmt nicht?"),
        help_text=_("Was steht dort, und was müsste dort stehen? Nennen Sie gern Ihre Quelle."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Bitte schreiben Sie, was nicht stimmt.")},
    )
    email = AddressFormField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Nur wenn Sie eine Antwort möchten."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    field_order = ("page", "text", "email")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, page: str = "", now: datetime
    ) -> None:
        super().__init__(data, initial={"page": page})
        self.now = now

    @property
    def reported(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("page", "text", "email")}


class RateForm(forms.Form):
    helped = forms.ChoiceField(
        label=_("Hat Ihnen die Antwort geholfen?"),
        choices=Helped.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie eine der Antworten.")},
    )
    text = forms.CharField(
        label=_("Was hat geholfen, was fehlt noch?"),
        help_text=_("Liest, wer geantwortet hat, und unsere Geschäftsstelle."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Ihre Antwort"),
        help_text=greeted_and(
            _("Geht per E-Mail an die fragende Kommune. Ihre Adresse steht nicht darin.")
        ),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Bitte schreiben Sie Ihre Antwort auf.")},
    )

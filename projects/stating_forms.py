"""The forms with which a municipality states that it reuses a solution, and changes that later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.public_form import WatchedForm
from ground.mailbox import AddressFormField
from projects.actions.stating import GUARD, Stated
from projects.models import ReuseStatement, Solution, StatementState
from projects.municipality_form import MunicipalityPicker
from projects.partial_dates import PartialDateFormField

USES, WANTS = "nutzt", "plant"
FACTS = ("kind", "how", "since", "contract_until", "cost_text", "learned")


class FactsForm(forms.Form):
    """What is stated, whoever states it."""

    kind = forms.ChoiceField(
        label=_("Was trifft zu?"),
        choices=[(USES, _("Wir nutzen das auch")), (WANTS, _("Wir wollen das nutzen"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, was zutrifft.")},
    )
    how = forms.CharField(
        label=_("Wie nutzen Sie die Lösung, oder was haben Sie vor?"),
        help_text=_(
            "Zum Beispiel: in welchem Amt, für wen, was Sie angepasst haben. Nötig, wenn Sie die Lösung "
            "schon nutzen."
        ),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # `clean` asks for it from those who use the solution.
    how.one_of_several = True
    since = PartialDateFormField(
        label=_("Seit wann, oder ab wann?"),
        help_text=_("Jahr, Monat oder Tag: 2025, 9/2025 oder 18.9.2025."),
    )
    contract_until = PartialDateFormField(
        label=_("Bis wann läuft Ihr Vertrag?"),
        help_text=_("Hilft anderen, die mit Ihnen gemeinsam beschaffen möchten."),
    )
    cost_text = forms.CharField(
        label=_("Was hat es Sie gekostet?"),
        help_text=_("Einmalig und im Jahr, so genau, wie Sie es sagen möchten."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    learned = forms.CharField(
        label=_("Was haben Sie gelernt?"),
        help_text=_("Was Sie einer anderen Kommune raten würden."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == USES and not cleaned.get("how") and "how" not in self.errors:
            self.add_error("how", _("Bitte sagen Sie, wie Sie die Lösung nutzen."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Under the names of the model."""
        cleaned = self.cleaned_data
        facts = {name: cleaned[name] for name in ReuseStatement.FACTS if name != "is_planned"}
        return facts | {"is_planned": cleaned["kind"] == WANTS}


class StatingForm(WatchedForm, FactsForm, MunicipalityPicker):
    guard = GUARD

    email = AddressFormField(
        label=_("Dienstliche E-Mail-Adresse"),
        help_text=_(
            "Dorthin schicken wir einen Link, mit dem Sie die Angabe bestätigen und später ändern oder "
            "zurückziehen. Die Adresse wird nicht veröffentlicht, auch das Projekt sieht sie nicht."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Bitte geben Sie Ihre dienstliche E-Mail-Adresse an.")},
    )

    # Also the order of the list of errors.
    field_order = ("kind", "q", "municipality", *FACTS[1:], "email")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        solution: Solution,
        kind: str = "",
        now: datetime,
    ) -> None:
        super().__init__(data, initial={"kind": kind})
        self.solution, self.now = solution, now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("q"):
            cleaned["chosen"] = self.chosen_municipality()
        elif "q" not in self.errors:
            self.add_error("q", _("Bitte suchen Sie Ihre Kommune."))
        return cleaned

    def stated(self) -> Stated:
        chosen = self.cleaned_data["chosen"]
        return Stated(
            solution=self.solution,
            municipality=chosen,
            written="" if chosen else self.as_written,
            email=self.cleaned_data["email"],
            facts=self.facts,
        )


class ChangingForm(FactsForm):
    """The same again, filled in. Whoever was asked something answers here."""

    answer = forms.CharField(
        label=_("Ihre Antwort an das Projekt"),
        help_text=_("Wird nicht veröffentlicht."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Bitte beantworten Sie die Rückfrage des Projekts.")},
    )
    # What the page has shown: of two who change it at once the second is told.
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("answer", *FACTS)

    def __init__(self, data: Mapping[str, Any] | None, statement: ReuseStatement) -> None:
        known = statement.facts | {"kind": WANTS if statement.is_planned else USES}
        super().__init__(data, initial=known | {"version": statement.version})
        if statement.state != StatementState.QUESTIONED:
            del self.fields["answer"]

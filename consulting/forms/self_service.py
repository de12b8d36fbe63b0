"""What a person may say with a link from an e-mail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consulting.availability import free_slots
from consulting.forms.times import distinct, page_of
from consulting.models import ConsultationRequest, Rating, Slot


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Grund"),
        help_text=_("Er hilft uns, das Angebot zu verbessern."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MoveForm(forms.Form):
    slot = forms.ChoiceField(
        label=_("Neuer Termin"),
        help_text=_("Alle Zeiten gelten für Deutschland (Ortszeit Berlin)."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Bitte wählen Sie einen Termin."),
            "invalid_choice": _(
                "Dieser Termin ist leider nicht mehr frei. Bitte wählen Sie einen anderen."
            ),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        consultation: ConsultationRequest,
        now: datetime,
        page: str = "1",
    ) -> None:
        super().__init__(data)
        free = free_slots(now=now, themes=list(consultation.themes.all()))
        self._free = {str(slot.pk): slot for slot in free}
        chosen = self._free.get(str((data or {}).get("slot", "")))
        self.page, times = page_of(distinct(free), number=page, chosen=chosen)
        self.fields["slot"].choices = times

    def clean_slot(self) -> Slot:
        return self._free[self.cleaned_data["slot"]]


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Passt Ihnen der Vorschlag?"),
        choices=[("ja", _("Ja, ich nehme den Termin an")), ("nein", _("Nein, er passt nicht"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie eine Antwort.")},
    )
    wishes = forms.CharField(
        label=_("Wann passt es Ihnen?"),
        help_text=_("Nur, wenn der Vorschlag nicht passt."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RateForm(forms.Form):
    rating = forms.ChoiceField(
        label=_("Hat die Beratung geholfen?"),
        choices=Rating.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie eine Antwort.")},
    )
    comment = forms.CharField(
        label=_("Was möchten Sie uns noch sagen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WriteForm(forms.Form):
    text = forms.CharField(
        label=_("Ihre Antwort"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Bitte schreiben Sie etwas.")},
    )

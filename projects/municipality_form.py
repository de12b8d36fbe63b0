"""The part of a form in which somebody says which Kommune they are from."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from projects.models import Municipality
from projects.municipality_picker import distinguished, is_number, offered, spellings

# The answer that none of the hits is meant: no list has every Zweckverband, and nobody is turned away by it.
AS_WRITTEN = "wie-geschrieben"
NO_SUCH_NUMBER = _("Zu dieser Nummer finden wir keine Kommune. Bitte geben Sie den Namen an.")


class AnswerField(forms.CharField):
    """One of the hits; the likeliest is chosen to begin with, though nothing counts but what is sent."""

    # Whether what was sent answers these very hits, not those of a word before.
    is_answered = False

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if data and self.is_answered else initial


class MunicipalityPicker(forms.Form):
    """Finds a Kommune in the official list, with the type-ahead (`picked`) or by asking back.

    Without the type-ahead, the name or key of exactly one Kommune is taken at once, unless people also call
    others so for short („Weiden“). Otherwise the first POST is answered by a question (`question`): which of
    the hits is meant, or whether to take the name as it was written, which nobody is offered for a number.
    That is no error, but not valid either. Pages show all of it by including "projects/municipality_question.html".
    """

    q = forms.CharField(
        label=_("Ihre Kommune"),
        help_text=_(
            "Name der Gemeinde, der Stadt, des Kreises oder des Verbands, Postleitzahl oder "
            "Gemeindeschlüssel (AGS)."
        ),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    picked = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    hits_for = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    municipality = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        # Either the official list or another way to say it: calling the field voluntary would mislead.
        self.fields["q"].one_of_several = True
        data = data or {}
        self.hits: list[Municipality] = []
        self.is_cut = False
        # Whether the answers are shown, and whether they still wait for the person's.
        self.shows_answers = self.asks = False
        # What the answers on the page belong to: another word means another search.
        self.searched = str(data.get("q", "")).strip()[:100]
        by_script = _stored(str(data.get("picked", "")))
        self._by_script = by_script if by_script and by_script.name == self.searched else None
        if self.searched and self._by_script is None and self.shows_hits(data):
            self._show(self.searched)
            self.fields["municipality"].is_answered = data.get("hits_for") == self.searched

    def shows_hits(self, data: Mapping[str, Any]) -> bool:
        return True

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asks

    @property
    def question(self) -> str:
        """What to say above the answers."""
        if not self.hits:
            return _(
                "Dazu haben wir in der amtlichen Liste keine Kommune gefunden. Bitte prüfen Sie die "
                "Schreibweise. Stimmt sie, senden Sie einfach noch einmal ab: Wir übernehmen den "
                "Namen so."
            )
        if self._likeliest() is not None:
            return _("Meinen Sie diese Kommune? Dann senden Sie einfach noch einmal ab.")
        asked = [_("Dazu haben wir mehrere Kommunen gefunden. Welche meinen Sie?")]
        if self.is_cut:
            asked.append(_("Das sind nicht alle."))
        if is_number(self.searched):
            asked.append(_("Fehlt Ihre, geben Sie statt der Nummer den Namen an."))
        elif self.is_cut:
            asked.append(_("Fehlt Ihre, schreiben Sie den Kreis dahinter."))
        return " ".join(map(str, asked))

    @property
    def offers_as_written(self) -> bool:
        """Whether the answers hold the one that none of the hits is meant."""
        return self.shows_answers and not is_number(self.searched)

    @property
    def as_written(self) -> str:
        """The Kommune in people's own words, where they say that the list lacks it."""
        return self.searched if self._answer() == AS_WRITTEN else ""

    def chosen_municipality(self) -> Municipality | None:
        """In `clean`: the one that was meant; None where it is `as_written`, asked, or wrong."""
        if self._by_script is not None:
            return self._by_script
        answer = self._answer()
        for hit in self.hits:
            if str(hit.pk) == answer:
                return hit
        if not self.hits and is_number(self.searched):
            self.add_error("q", NO_SUCH_NUMBER)
            return None
        if not answer and (called_so := self._called_so()) and not self._is_short_for_others():
            return called_so
        if answer != AS_WRITTEN:
            self._ask()
        return None

    def _answer(self) -> str:
        """What was answered to just this search."""
        is_known = self.shows_answers and self.cleaned_data.get("hits_for") == self.searched
        answer = self.cleaned_data.get("municipality", "") if is_known else ""
        return "" if answer == AS_WRITTEN and is_number(self.searched) else answer

    def _ask(self) -> None:
        self.asks = True
        if self.cleaned_data.get("hits_for") == self.searched:
            self.add_error("municipality", _("Bitte wählen Sie aus, welche Kommune Sie meinen."))

    def _show(self, q: str) -> None:
        self.hits, self.is_cut = offered(q)
        by_number = is_number(q)
        if by_number and not self.hits:
            return
        self.shows_answers = True
        likeliest = self._likeliest()
        none = _("Keine davon: „%s“ so übernehmen") if self.hits else _("„%s“ so übernehmen")
        self.fields["municipality"] = AnswerField(
            label=_("Gefundene Kommunen") if self.hits else _("Ihre Kommune, wie Sie sie nennen"),
            required=False,
            max_length=20,
            initial=str(likeliest.pk) if likeliest else "" if self.hits else AS_WRITTEN,
            widget=forms.RadioSelect(
                choices=[
                    *((str(hit.pk), described(hit)) for hit in self.hits),
                    *(() if by_number else [(AS_WRITTEN, none % q)]),
                ]
            ),
        )
        self.fields["municipality"].one_of_several = True

    def _likeliest(self) -> Municipality | None:
        """The only one that is called just so, or the only one that is found."""
        return self._called_so() or (self.hits[0] if len(self.hits) == 1 else None)

    def _called_so(self) -> Municipality | None:
        """The only one with just this name or key; the key of a Kreis may also be a postcode of others."""
        names = {*spellings(self.searched)}
        exact = [hit for hit in self.hits if {hit.sort_name, hit.ags, hit.ars} & names]
        is_postcode = any(hit.postcode in names for hit in self.hits)
        return exact[0] if len(exact) == 1 and not is_postcode else None

    def _is_short_for_others(self) -> bool:
        """Who says „Weiden“ may mean Weiden in der Oberpfalz, though a village is called just so."""
        begins = re.compile(rf"(?:{'|'.join(map(re.escape, spellings(self.searched)))})\b")
        return sum(bool(begins.match(hit.sort_name)) for hit in self.hits) > 1


def described(municipality: Municipality) -> str:
    """Enough to tell it from others of its name."""
    text = f"{municipality.name} – {distinguished(municipality)}"
    if municipality.population:
        text += f", {intcomma(municipality.population)} Einwohner"
    return text


def _stored(pk: str | None) -> Municipality | None:
    if not pk or not pk.isascii() or not pk.isdigit() or len(pk) > 9:
        return None
    return Municipality.objects.selectable().select_related("kreis").filter(pk=int(pk)).first()

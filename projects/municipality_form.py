"""The part of a form in which somebody says which Kommune they are from."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from projects.models import Municipality
from projects.municipality_picker import distinguished, find_municipalities

HITS = 20


class MunicipalityPicker(forms.Form):
    """Finds a Kommune in the official list, with the type-ahead (`picked`) or by a list of hits.

    Without scripts the first POST shows the hits to choose from. The page has to hand back what they
    belong to: `<input type="hidden" name="hits_for" value="{{ form.searched }}">`.
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
    # The list is of one day, and no list has every Zweckverband: nobody is turned away by it.
    not_listed = forms.BooleanField(
        label=_(
            "Unsere Kommune steht nicht in der Liste. Übernehmen Sie sie so, wie ich sie geschrieben "
            "habe."
        ),
        required=False,
    )

    not_found = _(
        "Dazu haben wir keine Kommune gefunden. Bitte prüfen Sie den Namen. Steht sie nicht in der "
        "Liste, schreiben Sie sie mit ihrem Land („Musterdorf, Hessen“) und kreuzen darunter an, dass "
        "wir sie so übernehmen."
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        # Either the official list or another way to say it: calling the field voluntary would mislead.
        self.fields["q"].one_of_several = True
        data = data or {}
        self.hits: list[Municipality] = []
        # What the list of hits on the page belongs to: another word means another search.
        self.searched = str(data.get("q", "")).strip()[:100]
        by_script = _stored(str(data.get("picked", "")))
        self._by_script = by_script if by_script and by_script.name == self.searched else None
        if self.searched and self._by_script is None and self.shows_hits(data):
            self._show(self.searched)

    def shows_hits(self, data: Mapping[str, Any]) -> bool:
        return True

    @property
    def offers_as_written(self) -> bool:
        """Whether to ask if the Kommune is missing in the list: something was looked for in vain."""
        return bool(self.searched) and self._by_script is None

    @property
    def as_written(self) -> str:
        """The Kommune in people's own words, where they say that the list lacks it."""
        if not self.cleaned_data.get("not_listed") or self._by_script is not None:
            return ""
        return self.cleaned_data.get("q", "")

    def chosen_municipality(self) -> Municipality | None:
        """In `clean`: the one that was meant; None where it is `as_written` or, with an error, not clear."""
        q = self.cleaned_data["q"]
        if self._by_script is not None:
            return self._by_script
        if self.as_written:
            return None
        known = q == self.cleaned_data.get("hits_for")
        chosen = self.cleaned_data.get("municipality") if known else ""
        for hit in self.hits:
            if str(hit.pk) == chosen:
                return hit
        if not self.hits:
            self.add_error("q", self.not_found)
        else:
            self.add_error("municipality", _("Bitte wählen Sie aus, welche Kommune Sie meinen."))
        return None

    def _show(self, q: str) -> None:
        self.hits = find_municipalities(q, limit=HITS)
        if self.hits:
            self.fields["municipality"] = forms.CharField(
                label=_("Gefundene Kommunen"),
                required=False,
                max_length=20,
                widget=forms.RadioSelect(
                    choices=[(str(hit.pk), described(hit)) for hit in self.hits]
                ),
            )
            self.fields["municipality"].one_of_several = True


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

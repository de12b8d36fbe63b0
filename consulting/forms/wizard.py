"""The parts of a request. Each form checks one part, and can be built from what a draft holds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.public_form import WatchedForm
from consulting.actions.booking import GUARD
from consulting.forms.times import distinct, page_of
from consulting.models import BuildingBlock, Slot, Stage
from events.models import Event
from ground.land import Land
from ground.mailbox import AddressFormField
from ground.names import fold
from projects.funding import Funding, funding_of
from projects.models import Municipality, Project, Solution, Theme
from projects.municipality_form import MunicipalityPicker
from projects.municipality_picker import spellings

NO_TIME_FITS = "keiner"


class MunicipalityForm(MunicipalityPicker):
    """A Kommune of the official list, or one that is missing there by name and Land."""

    land = forms.ChoiceField(
        label=_("Land"),
        help_text=_("Nur, wenn Ihre Kommune nicht dabei ist."),
        choices=[("", _("Bitte wählen")), *Land.choices],
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        # Only who is not in the list has to say it.
        self.fields["land"].one_of_several = True
        if not self.hits:
            self.fields["land"].help_text = ""
        self.funding: Funding | None = None

    @property
    def question(self) -> str:
        if self.hits:
            return super().question
        return f"{super().question} {_('Wählen Sie bitte noch das Land.')}"

    @property
    def is_funded(self) -> bool:
        """Whether the Kommune has another way to be advised; the page says which."""
        return self.funding is not None and not self.funding.may_request

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_funded

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = self._chosen() if "q" in cleaned else None
        if chosen is not None:
            self.funding = funding_of(chosen)
        elif self.as_written:
            self._take_as_written()
        cleaned["chosen"] = chosen
        return cleaned

    def _chosen(self) -> Municipality | None:
        if not self.cleaned_data["q"]:
            self.add_error("q", _("Bitte suchen Sie Ihre Kommune."))
            return None
        return self.chosen_municipality()

    def _take_as_written(self) -> None:
        """„Musterdorf, Hessen“ says the Land by itself."""
        name, _comma, place = self.as_written.rpartition(",")
        land = next((land for land in Land if fold(land.label) == fold(place).strip()), "")
        self.cleaned_data["name"] = name.strip() if name and land else self.as_written
        self.cleaned_data["land"] = self.cleaned_data.get("land") or land
        if self.cleaned_data["land"]:
            self.funding = _funding_of_name(self.cleaned_data["name"], self.cleaned_data["land"])
        elif "land" not in self.errors:
            self.add_error("land", _("Bitte wählen Sie das Land."))


def municipality_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request that say which Kommune it comes from, of a valid `MunicipalityForm`."""
    chosen = cleaned["chosen"]
    if chosen is not None:
        return {"municipality": chosen, "land": chosen.land}
    return {"municipality_name": cleaned["name"], "land": cleaned["land"]}


def _funding_of_name(name: str, land: str) -> Funding | None:
    """Of the Kommune that is called just so there, where it is only one; what people typed by hand."""
    same = Municipality.objects.selectable().filter(sort_name__in=spellings(name), land=land)
    found = list(same.select_related("kreis")[:2])
    return funding_of(found[0]) if len(found) == 1 else None


class WishForm(forms.Form):
    building_blocks = forms.MultipleChoiceField(
        label=_("Was möchten Sie nutzen?"),
        help_text=_(
            "Mehreres ist möglich. Für die Initialberatung wählen Sie gleich einen Termin. Für "
            "Themenwerkstatt und Peer Learning merken wir Ihr Interesse vor."
        ),
        choices=BuildingBlock.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens einen Baustein.")},
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("Um welche Themen geht es?"),
        help_text=_("Danach richtet sich, wer Sie berät. Sie können auch nichts ankreuzen."),
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    stage = forms.ChoiceField(
        label=_("Wo stehen Sie?"),
        choices=Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, wo Sie stehen.")},
    )
    question = forms.CharField(
        label=_("Ihr Anliegen"),
        help_text=_("Ein paar Sätze genügen: Was haben Sie vor, wobei brauchen Sie Rat?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Bitte beschreiben Sie kurz Ihr Anliegen.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        solution: Solution | None = None,
        project: Project | None = None,
        theme: Theme | None = None,
        question: str = "",
        block: BuildingBlock = BuildingBlock.INITIAL,
    ) -> None:
        super().__init__(data, initial={"question": question, "building_blocks": [block]})
        self.fields["themes"].is_searchable = True
        if theme is not None:
            self.fields["themes"].initial = [theme.pk]
        named = {"loesung": solution, "projekt": project}
        self.subjects = {word: row for word, row in named.items() if row is not None}
        if self.subjects:
            self.fields["about"] = forms.MultipleChoiceField(
                label=_("Worum es auch geht"),
                choices=[(word, row.name) for word, row in self.subjects.items()],
                initial=list(self.subjects),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        about = cleaned.get("about", ())
        cleaned["solution"] = self.subjects.get("loesung") if "loesung" in about else None
        cleaned["project"] = self.subjects.get("projekt") if "projekt" in about else None
        return cleaned


class TimeForm(forms.Form):
    slot = forms.ChoiceField(
        label=_("Freie Termine"),
        help_text=_("Alle Zeiten gelten für Deutschland (Ortszeit Berlin)."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Bitte wählen Sie einen Termin, oder „Kein Termin passt“."),
            "invalid_choice": _(
                "Dieser Termin ist leider nicht mehr frei. Bitte wählen Sie einen anderen."
            ),
        },
    )
    wishes = forms.CharField(
        label=_("Ihre Terminwünsche"),
        help_text=_("Nur, wenn kein Termin passt: Wann und wie wäre es Ihnen recht?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # `clean` asks for them where no time fits.
    wishes.one_of_several = True

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        slots: list[Slot],
        event: Event | None = None,
        page: str = "1",
    ) -> None:
        super().__init__(data)
        self.event = event
        self.by_pk = {str(slot.pk): slot for slot in slots}
        chosen = self.by_pk.get(str((data or {}).get("slot", "")))
        self.page, times = page_of(distinct(slots), number=page, chosen=chosen)
        none_fits = (NO_TIME_FITS, _("Kein Termin passt. Die Geschäftsstelle meldet sich bei mir."))
        self.fields["slot"].choices = [
            *times,
            (_("Anderer Termin"), [none_fits]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("slot") == NO_TIME_FITS and cleaned.get("wishes") == "":
            self.add_error("wishes", _("Bitte schreiben Sie, wann es Ihnen passt."))
        cleaned["chosen"] = self.by_pk.get(cleaned.get("slot", ""))
        return cleaned


class ContactForm(forms.Form):
    contact_name = forms.CharField(
        label=_("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
    )
    contact_role = forms.CharField(
        label=_("Ihre Funktion"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Bitte geben Sie Ihre Funktion an.")},
    )
    email = AddressFormField(
        label=_("Dienstliche E-Mail-Adresse"),
        help_text=_("Dorthin schicken wir die Bestätigung und alle Links zu Ihrer Anfrage."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Bitte geben Sie Ihre dienstliche E-Mail-Adresse an."),
        },
    )
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    access_needs = forms.CharField(
        label=_("Was sollen wir für Sie vorbereiten?"),
        help_text=_(
            "Zum Beispiel Gebärdensprache, Schriftdolmetschen oder einen Raum ohne Stufen. Diese "
            "Angabe bewahren wir getrennt von Ihrer Anfrage auf. Nur wer den Termin vorbereitet, "
            "sieht sie; sieben Tage nach dem Termin wird sie gelöscht."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LaterForm(forms.Form):
    email = AddressFormField(
        label=_("E-Mail-Adresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Bitte geben Sie an, wohin wir den Link schicken sollen."),
        },
    )


ONE_DAY = timedelta(days=1)


class SendForm(WatchedForm):
    """The review. `since` is when the person began: they have looked at all of it already."""

    guard = GUARD
    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, now: datetime, since: datetime
    ) -> None:
        super().__init__(data)
        self.now, self.since = now, since

    @property
    def fresh_stamp(self) -> str:
        return self.guard.stamp(now=max(self.since, self.now - ONE_DAY), again=self.is_bound)

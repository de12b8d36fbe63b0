"""The form to ask for membership. Whom a person represents is one of three, found in the catalogue."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.public_form import WatchedForm, refusals_in
from communities.actions import Application
from communities.actions.joining import GUARD, require_open
from communities.forms.answering import IS_VISIBLE
from communities.models import Community
from ground.mailbox import AddressFormField
from projects.models import Project
from projects.municipality_form import MunicipalityPicker

PROJECT, MUNICIPALITY, ORGANISATION = "projekt", "kommune", "organisation"


class JoinForm(WatchedForm, MunicipalityPicker):
    """`user` is a person signed in whose address is confirmed; they need not type it."""

    guard = GUARD

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
    )
    email = AddressFormField(
        label=_("Dienstliche E-Mail-Adresse"),
        help_text=_(
            "Dorthin schicken wir einen Link, mit dem Sie die Anfrage bestätigen. Ein Konto brauchen "
            "Sie nicht."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Bitte geben Sie Ihre dienstliche E-Mail-Adresse an.")},
    )
    represents = forms.ChoiceField(
        label=_("Wen vertreten Sie?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, wen Sie vertreten.")},
    )
    project = forms.ModelChoiceField(
        label=_("Ihr Modellprojekt"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("Bitte wählen"),
    )
    organisation = forms.CharField(
        label=_("Ihre Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    message = forms.CharField(
        label=_("Ihre Nachricht an die Koordination"),
        help_text=_("Zum Beispiel: Woran arbeiten Sie, und was möchten Sie einbringen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_visible = forms.BooleanField(required=False, **IS_VISIBLE)

    # Also the order of the list of errors.
    field_order = (
        "name",
        "email",
        "represents",
        "project",
        "q",
        "municipality",
        "organisation",
        "message",
        "is_visible",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        community: Community,
        user: User | None = None,
        now: datetime,
    ) -> None:
        super().__init__(data, initial={"name": user.name if user else ""})
        self.community, self.user, self.now = community, user, now
        if user is not None:
            del self.fields["email"]
        self.fields["project"].queryset = Project.objects.public().order_by("sort_name")
        self.fields["represents"].choices = list(_choices(community))
        if not community.open_to_non_funded:
            del self.fields["organisation"]
        # Which of them is needed, `represents` says.
        for name in ("project", "organisation"):
            if name in self.fields:
                self.fields[name].one_of_several = True

    def shows_hits(self, data: Mapping[str, Any]) -> bool:
        return data.get("represents") == MUNICIPALITY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        match cleaned.get("represents"):
            case "projekt":
                self._need("project", _("Bitte wählen Sie Ihr Modellprojekt aus."))
            case "kommune" if cleaned.get("q"):
                cleaned["chosen"] = self.chosen_municipality()
                self._refuse_outsiders()
            case "kommune":
                self._need("q", _("Bitte suchen Sie Ihre Kommune."))
            case "organisation":
                self._need("organisation", _("Bitte geben Sie Ihre Organisation an."))
        return cleaned

    def _need(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _refuse_outsiders(self) -> None:
        """Beside the Kommune, where it can be mended; the action decides again."""
        if self.errors or self.asks:
            return
        with refusals_in(self, field="q"):
            require_open(self.community, self.application())

    def application(self) -> Application:
        """What was filled in; only what belongs to the one whom the person represents."""
        cleaned = self.cleaned_data
        who = cleaned["represents"]
        in_words = {ORGANISATION: cleaned.get("organisation", ""), MUNICIPALITY: self.as_written}
        return Application(
            community=self.community,
            name=cleaned["name"],
            email=self.user.email if self.user else cleaned["email"],
            project=cleaned["project"] if who == PROJECT else None,
            municipality=cleaned["chosen"] if who == MUNICIPALITY else None,
            organisation=in_words.get(who, ""),
            message=cleaned["message"],
            is_visible=cleaned["is_visible"],
        )


def _choices(community: Community) -> Iterator[tuple[str, Any]]:
    yield PROJECT, _("ein Modellprojekt")
    yield MUNICIPALITY, _("eine Kommune")
    if community.open_to_non_funded:
        yield ORGANISATION, _("eine andere Organisation")

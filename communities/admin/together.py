"""What coordinators decide about several members at once; the actions are those of a single one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communities import actions
from communities.admin.group_choice import name_groups
from communities.models import Community, Membership, MembershipState, Role
from communities.scope import looked_after_by, looks_after_all
from office.together import Together, TogetherForm

STAYS = "zusaetzlich"


def reason_field(help_text: Any, *, required: bool = True) -> forms.CharField:
    """Why somebody is not in, or not any more, in words that they get."""
    return forms.CharField(
        label=_("Begründung"),
        required=required,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=help_text,
    )


class DeclineForm(TogetherForm):
    reason = reason_field(_("Jede Person bekommt sie per E-Mail, alle dieselbe."))


class DecideForm(TogetherForm):
    """Most come in, some do not: only the exceptions are marked."""

    shows_rows = True

    declined = forms.TypedMultipleChoiceField(
        label=_("Nicht aufnehmen"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kreuzen Sie an, wen Sie ablehnen. Alle anderen werden aufgenommen."),
        error_messages={
            "invalid_choice": _(
                "Eine angekreuzte Anfrage ist nicht mehr offen. Bitte sehen Sie noch einmal nach."
            )
        },
    )
    reason = forms.CharField(
        label=_("Begründung der Ablehnungen"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Nur, wenn Sie jemanden ablehnen. Diese Menschen bekommen sie per E-Mail."),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["declined"].choices = [(row.pk, _asking(row)) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("declined") and not cleaned.get("reason"):
            self.add_error("reason", _("Bitte begründen Sie die Ablehnung."))
        return cleaned


def _asking(row: Membership) -> SafeString:
    """Who asks, and with which words."""
    said = [row.name or row.email, row.represents, row.community.full_name]
    person = ", ".join(one for one in said if one)
    if not row.message:
        return format_html("{}", person)
    return format_html('{}<br><span class="quiet">„{}“</span>', person, row.message)


def _decide(row: Membership, form: forms.Form, by: Any, now: datetime) -> Membership:
    if row.pk in form.cleaned_data["declined"]:
        return actions.decline(row, reason=form.cleaned_data["reason"], by=by, now=now)
    return actions.approve(row, by=by, now=now)


def change_role(row: Membership, form: forms.Form, by: Any, now: datetime) -> Membership:
    """Of one membership; for one and for several alike."""
    role = Role(form.cleaned_data["role"])
    return actions.change_role(row, role, by=by, now=now, by_editor=looks_after_all(by))


class RoleForm(TogetherForm):
    role = forms.ChoiceField(
        label=_("Rolle"),
        choices=[(role.value, role.label) for role in Role if role != Role.COORDINATION],
        widget=forms.RadioSelect,
        help_text=_("Die Koordination vergeben Sie einzeln, auf der Seite der Person."),
    )


class GroupForm(TogetherForm):
    """Into groups that one looks after; what is sent back is held against the same."""

    to = forms.ModelChoiceField(Community.objects.none(), label=_("Wohin?"), empty_label=None)
    how = forms.ChoiceField(
        label=_("Und die bisherige Gruppe?"),
        choices=[
            (STAYS, _("Dort bleiben sie auch")),
            ("statt", _("Dort gehören sie danach nicht mehr dazu")),
        ],
        initial=STAYS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["to"].queryset = looked_after_by(self.by).active()
        name_groups(self.fields["to"])


def _in(*states: MembershipState) -> Callable[[Membership], bool]:
    return lambda row: row.state in states and row.community.is_active


def _waits(row: Membership) -> bool:
    return row.state == MembershipState.REQUESTED and row.email_confirmed_at is not None


def _told(one: str, many: str) -> Callable[[int], str]:
    return lambda number: ngettext(one, many, number) % number


TOGETHER = (
    Together(
        "entscheiden",
        _("Aufnehmen, einzelne ablehnen"),
        _("Wer aufgenommen ist, wird Mitglied. Jede Person bekommt eine E-Mail."),
        _told("%d Anfrage ist entschieden.", "%d Anfragen sind entschieden."),
        _waits,
        _decide,
        DecideForm,
    ),
    Together(
        "aufnehmen",
        _("Aufnehmen"),
        _("Diese Menschen werden Mitglied, und jede Person bekommt eine E-Mail."),
        _told("%d Person ist aufgenommen.", "%d Personen sind aufgenommen."),
        _waits,
        lambda row, form, by, now: actions.approve(row, by=by, now=now),
    ),
    Together(
        "ablehnen",
        _("Ablehnen"),
        _("Jede Person bekommt Ihre Begründung per E-Mail und kann später noch einmal anfragen."),
        _told("%d Anfrage ist abgelehnt.", "%d Anfragen sind abgelehnt."),
        _waits,
        lambda row, form, by, now: actions.decline(
            row, reason=form.cleaned_data["reason"], by=by, now=now
        ),
        DeclineForm,
    ),
    Together(
        "rolle",
        _("Rolle ändern"),
        _("Wessen Rolle sich ändert, bekommt eine E-Mail. Rechte wechseln sofort."),
        _told("%d Rolle ist geändert.", "%d Rollen sind geändert."),
        _in(MembershipState.ACTIVE),
        change_role,
        RoleForm,
    ),
    Together(
        "uebernehmen",
        _("In eine andere Gruppe der Gemeinschaft übernehmen"),
        _(
            "Diese Menschen gehören sofort dazu, bekommen eine E-Mail und können die Gruppe mit deren "
            "Link wieder verlassen. Die Koordination bekommt dort niemand."
        ),
        _told("%d Person ist übernommen.", "%d Personen sind übernommen."),
        _in(MembershipState.ACTIVE),
        lambda row, form, by, now: actions.bring(
            row,
            to=form.cleaned_data["to"],
            stays=form.cleaned_data["how"] == STAYS,
            by=by,
            now=now,
        ),
        GroupForm,
    ),
    Together(
        "erneut-einladen",
        _("Einladung noch einmal senden"),
        _("Jede Person bekommt eine neue Einladung; der Link aus der alten gilt nicht mehr."),
        _told("%d Einladung ist unterwegs.", "%d Einladungen sind unterwegs."),
        _in(MembershipState.INVITED),
        lambda row, form, by, now: actions.invite_once_more(row, by=by, now=now),
    ),
)

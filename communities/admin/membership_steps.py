"""What the coordination does with one member: the steps on its page, and what each asks."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from communities import actions
from communities.admin.together import change_role, reason_field
from communities.models import LIVE, Membership, MembershipState, Role
from communities.scope import looks_after_all
from ground.mailbox import AddressFormField
from office.steps import Step, StepForm


class ReasonForm(StepForm):
    reason = reason_field(_("Die Person bekommt sie per E-Mail."))


class OptionalReasonForm(StepForm):
    reason = reason_field(
        _("Wenn Sie eine angeben, bekommt die Person sie per E-Mail."), required=False
    )


class RoleForm(StepForm):
    role = forms.ChoiceField(label=_("Rolle"), choices=Role, widget=forms.RadioSelect)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["role"].initial = self.row.role
        self.fields["role"].help_text = _(
            "Die Koordination verwaltet diese Gruppe hier in der Verwaltung und braucht dafür ein "
            "Konto. Hat die Person noch keines, bekommt sie eines und den Weg dorthin per E-Mail."
        )


class CorrectForm(StepForm):
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    email = AddressFormField(label=_("E-Mail-Adresse"))

    def initial_of(self, row: Membership) -> dict[str, Any]:
        return {"name": row.name, "email": row.email}


class HandOverForm(StepForm):
    to = forms.ModelChoiceField(Membership.objects.none(), label=_("An wen?"), empty_label=None)
    stay_as = forms.ChoiceField(
        label=_("Die bisherige Koordination bleibt als"),
        choices=[(role.value, role.label) for role in Role if role != Role.COORDINATION],
        widget=forms.RadioSelect,
        initial=Role.MEMBER,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        others = Membership.objects.active().filter(community=self.row.community_id)
        others = others.exclude(pk=self.row.pk).order_by(Lower("name"))
        self.fields["to"].queryset = others
        if not others.exists():
            self.fields["to"].help_text = _(
                "In dieser Gruppe ist sonst noch niemand Mitglied. Bitte laden Sie zuerst jemanden ein."
            )


def _in(*states: MembershipState) -> Any:
    return lambda row, by, now: row.state in states and row.community.is_active


def _waits(row: Membership, by: AbstractBaseUser, now: datetime) -> bool:
    return Membership.objects.waiting().filter(pk=row.pk).exists()


def _can_hand_over(row: Membership, by: AbstractBaseUser, now: datetime) -> bool:
    return row.role == Role.COORDINATION and _in(MembershipState.ACTIVE)(row, by, now)


STEPS = (
    Step(
        "aufnehmen",
        _("Aufnehmen"),
        _("Die Person wird Mitglied und bekommt eine E-Mail."),
        _("Die Person ist aufgenommen und bekommt eine E-Mail."),
        _waits,
        lambda row, form, by, now: actions.approve(row, by=by, now=now),
    ),
    Step(
        "ablehnen",
        _("Ablehnen"),
        _("Die Person bekommt Ihre Begründung per E-Mail und kann später noch einmal anfragen."),
        _("Die Anfrage ist abgelehnt, die Person bekommt eine E-Mail."),
        _waits,
        lambda row, form, by, now: actions.decline(
            row, reason=form.cleaned_data["reason"], by=by, now=now
        ),
        ReasonForm,
    ),
    Step(
        "rolle",
        _("Rolle ändern"),
        _("Die Person bekommt eine E-Mail über ihre neue Rolle. Rechte wechseln sofort."),
        _("Die Rolle ist geändert."),
        _in(MembershipState.ACTIVE),
        change_role,
        RoleForm,
    ),
    Step(
        "berichtigen",
        _("Name oder Adresse berichtigen"),
        _(
            "Eine E-Mail geht an die Adresse, die Sie hier eintragen. Links aus früheren E-Mails gelten "
            "danach nicht mehr. Geht sie an ein anderes Postfach, ist sie eine Einladung: Mitglied wird die "
            "Person erst, wenn sie dort zusagt."
        ),
        _("Berichtigt. Die E-Mail ist unterwegs."),
        _in(*LIVE),
        lambda row, form, by, now: actions.correct(
            row,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            by=by,
            now=now,
        ),
        CorrectForm,
    ),
    Step(
        "erneut-einladen",
        _("Einladung noch einmal senden"),
        _("Die Person bekommt eine neue Einladung; der Link aus der alten gilt nicht mehr."),
        _("Die Einladung ist unterwegs."),
        _in(MembershipState.INVITED),
        lambda row, form, by, now: actions.invite_once_more(row, by=by, now=now),
    ),
    Step(
        "uebergeben",
        _("Koordination übergeben"),
        _("Beide bekommen eine E-Mail. Es gibt keinen Moment ohne Koordination."),
        _("Die Koordination ist übergeben."),
        _can_hand_over,
        lambda row, form, by, now: actions.hand_over(
            row,
            form.cleaned_data["to"],
            by=by,
            now=now,
            stay_as=Role(form.cleaned_data["stay_as"]),
        ),
        HandOverForm,
    ),
    Step(
        "entfernen",
        _("Aus der Gruppe nehmen"),
        _("Die Mitgliedschaft oder Einladung endet, die Person bekommt eine E-Mail."),
        _("Die Mitgliedschaft ist beendet."),
        _in(MembershipState.ACTIVE, MembershipState.INVITED),
        lambda row, form, by, now: actions.remove(
            row,
            by=by,
            now=now,
            reason=form.cleaned_data["reason"],
            by_editor=looks_after_all(by),
        ),
        OptionalReasonForm,
    ),
)

"""Members of a group: requests to answer, roles, invitations one by one or from a spreadsheet."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities import actions, invitees
from communities.admin.group_choice import name_groups
from communities.admin.scope import OwnGroupFilter, OwnGroupsAdmin, WithGroupSteps, groups_to_choose
from communities.admin.together import TOGETHER, change_role
from communities.invitees import Invitee
from communities.mail import nudges
from communities.models import LIVE, Membership, MembershipState, Role
from communities.scope import looks_after_all
from ground.mailbox import AddressFormField, Mailbox, mailbox_key
from ground.refusals import NotPossible
from ground.spreadsheet import csv_response
from office import uploads
from office.pages import office_page
from office.steps import Step, StepForm
from office.together import WithTogether


class ReasonForm(StepForm):
    reason = forms.CharField(
        label=_("Begründung"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Die Person bekommt sie per E-Mail."),
    )


class OptionalReasonForm(ReasonForm):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["reason"].required = False
        self.fields["reason"].help_text = _(
            "Wenn Sie eine angeben, bekommt die Person sie per E-Mail."
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

_LIST_SALT = "communities.admin.invitees"


class InviteForm(forms.Form):
    """One person, or a list from a spreadsheet."""

    community = forms.ModelChoiceField(None, label=_("Gruppe"), empty_label=None)
    role = forms.ChoiceField(
        label=_("Rolle"), choices=Role, initial=Role.MEMBER, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    email = AddressFormField(label=_("E-Mail-Adresse"), max_length=254, required=False)
    people = forms.CharField(
        label=_("oder mehrere Personen"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_(
            "Zum Beispiel aus Outlook oder Thunderbird kopiert: Erika Muster &lt;erika@kommune.example&gt;; "
            "Namen dürfen fehlen. Getrennt durch Kommas, Semikolons oder Zeilen. Sie sehen erst eine "
            "Vorschau."
        ),
    )
    file = forms.FileField(
        label=_("oder eine Tabelle (CSV)"),
        required=False,
        help_text=_(
            "Aus Excel oder LibreOffice mit „Speichern unter“ als CSV. In der ersten Zeile stehen "
            "die Namen der Spalten: Name (oder Vorname und Nachname), E-Mail und, wenn Sie mögen, "
            "Rolle. Sie sehen erst eine Vorschau, bevor Einladungen hinausgehen."
        ),
    )

    sentence = forms.CharField(
        label=_("Ein persönlicher Satz"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht so in jeder Einladung, mit Ihrem Namen davor."),
    )

    def __init__(self, request: HttpRequest, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"community": request.GET.get("gruppe")})
        self.fields["community"].queryset = groups_to_choose(request)
        name_groups(self.fields["community"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [name for name in ("email", "people", "file") if cleaned.get(name)]
        if len(given) != 1 and not self.errors:
            self.add_error(
                "email",
                _(
                    "Bitte entweder eine E-Mail-Adresse oder eine Tabelle angeben, oder mehrere "
                    "Personen im Feld darunter."
                ),
            )
        elif given == ["people"] and not self.errors:
            self._read_people(cleaned)
        return cleaned

    def _read_people(self, cleaned: dict[str, Any]) -> None:
        # What was pasted stays in its field to be mended there; a file is kept.
        preview = invitees.read(cleaned["people"], role=Role(cleaned["role"]))
        if preview.problems:
            self.add_error("people", [str(problem) for problem in preview.problems])
        cleaned["preview"] = preview


@admin.register(Membership)
class MembershipAdmin(WithTogether, WithGroupSteps, OwnGroupsAdmin):
    steps = STEPS
    together = TOGETHER
    # A day's requests on one page, so that they are chosen with one tick.
    list_per_page = 100
    list_display = ("person", "group", "role", "state", "waits", "represents_shown")
    list_display_links = ("person",)
    list_select_related = ("community__parent", "user", "project", "municipality")
    list_filter = ("state", "role", OwnGroupFilter)
    ordering = ("name", "pk")
    search_fields = ("name",)
    search_help_text = _("Name, E-Mail-Adresse oder Organisation.")
    actions = ("export",)
    history_without_values = ("name", "email", "organisation", "message", "reason")
    readonly_fields = (
        "email",
        "group",
        "role",
        "state",
        "represents_shown",
        "visible_shown",
        "mail_wish",
        "message",
        "reason",
        "requested_at",
        "history_shown",
    )
    change_list_template = "admin/communities/membership_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        # A request whose address no one has confirmed may be anybody's joke.
        rows = super().get_queryset(request).filter(anonymised_at=None)
        return rows.exclude(state=MembershipState.REQUESTED, email_confirmed_at=None)

    def matching(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(email__icontains=word) | Q(organisation__icontains=word)

    def describe(self, row: Membership) -> str:
        """Enough to decide about a person in a list of many."""
        said = [row.name or row.email, row.represents, row.community.full_name]
        return f"{', '.join(one for one in said if one)} ({row.get_state_display()})"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are invited, they say yes themselves

    @admin.display(description=_("Name"), ordering="name")
    def person(self, membership: Membership) -> str:
        return membership.name or membership.email

    @admin.display(description=_("Gruppe"), ordering="community__sort_name")
    def group(self, membership: Membership) -> str:
        return membership.community.full_name

    def get_fieldsets(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        person = ("name", "email", "group", "role", "state", "represents_shown")
        sets: list[Any] = [(None, {"fields": person})]
        if obj is not None and obj.requested_at is not None:
            request_fields = ("requested_at", "message", *(("reason",) if obj.reason else ()))
            sets.append((_("Anfrage"), {"fields": request_fields}))
        wishes = ("visible_shown", "mail_wish")
        sets.append((_("Was die Person selbst entscheidet"), {"fields": wishes}))
        sets.append((_("Verlauf"), {"fields": ("history_shown",)}))
        return sets

    @admin.display(description=_("Andere Mitglieder sehen den Namen"))
    def visible_shown(self, membership: Membership) -> str:
        return _t("ja") if membership.is_visible else _t("nein")

    @admin.display(description=_("vertritt"))
    def represents_shown(self, membership: Membership) -> str:
        return membership.represents

    @admin.display(description=_("wartet"))
    def waits(self, membership: Membership) -> str:
        if membership.state != MembershipState.REQUESTED or membership.requested_at is None:
            return ""
        day = date_format(timezone.localtime(membership.requested_at), "j. F Y")
        if nudges.is_overdue(membership, now=timezone.now()):
            return _t("seit %(day)s – überfällig") % {"day": day}
        return _t("seit %(day)s") % {"day": day}

    @admin.display(description=_("Schritte"))
    def history_shown(self, membership: Membership) -> SafeString:
        entries = membership.history.select_related("by")
        return format_html_join(
            "",
            "<div>{}, {}{}</div>",
            (
                (
                    date_format(timezone.localtime(entry.at), "j. F Y, H:i"),
                    entry.get_kind_display(),
                    f" ({entry.by})" if entry.by else "",
                )
                for entry in entries
            ),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("einladen/", view(self.invite_view), name="communities_invite"),
            *super().get_urls(),
        ]

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks; POST invites one, or shows what a list would do, or invites that list."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)
        if request.method == "POST" and "list" in request.POST:
            return self._invite_list(request)
        uploads.bring_back(request)
        posted = request.method == "POST"
        form = InviteForm(
            request, request.POST if posted else None, request.FILES if posted else None
        )
        if posted and form.is_valid():
            cleaned = form.cleaned_data
            role = Role(cleaned["role"])
            if "preview" in cleaned:
                return self._ask_invite(request, form, cleaned["preview"])
            if cleaned["file"]:
                preview = invitees.read(cleaned["file"].read(), role=role)
                return self._ask_invite(request, form, preview)
            person = Invitee(cleaned["email"], cleaned["name"], role)
            return self._invite(request, cleaned["community"], [person], cleaned["sentence"])
        uploads.keep(request, [form])
        return self._ask_invite(request, form)

    def _invite_list(self, request: HttpRequest) -> HttpResponse:
        try:
            # A page from before an upgrade has no sentence yet.
            pk, people, *said = signing.loads(request.POST["list"], salt=_LIST_SALT, max_age=3600)
        except signing.BadSignature:
            text = _t("Die Vorschau ist abgelaufen. Bitte laden Sie die Tabelle noch einmal hoch.")
            self.message_user(request, text, messages.WARNING)
            return redirect("admin:communities_invite")
        group = groups_to_choose(request).filter(pk=pk).first()
        if group is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        people = [Invitee(email, name, Role(role)) for email, name, role in people]
        return self._invite(request, group, people, said[0] if said else "")

    def _invite(
        self, request: HttpRequest, group: Any, people: list[Invitee], sentence: str
    ) -> HttpResponse:
        now = timezone.now()
        try:
            outcome = actions.invite(group, people, by=request.user, now=now, sentence=sentence)
        except NotPossible as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return redirect("admin:communities_invite")
        for found, level, one, many in (
            (
                outcome.invited,
                messages.SUCCESS,
                _t("%d Einladung ist unterwegs."),
                _t("%d Einladungen sind unterwegs."),
            ),
            (
                outcome.approved,
                messages.SUCCESS,
                _t("%d Person hatte selbst angefragt und ist jetzt Mitglied."),
                _t("%d Personen hatten selbst angefragt und sind jetzt Mitglied."),
            ),
            (
                outcome.members,
                messages.INFO,
                _t("%d Person ist schon Mitglied und bekommt nichts."),
                _t("%d Personen sind schon Mitglied und bekommen nichts."),
            ),
            (
                outcome.not_answered,
                messages.INFO,
                _t("%d Person ist seit Kurzem eingeladen und bekommt nichts."),
                _t("%d Personen sind seit Kurzem eingeladen und bekommen nichts."),
            ),
        ):
            number = len(found)
            if number:
                self.message_user(request, (one if number == 1 else many) % number, level)
        return redirect(reverse("admin:communities_membership_changelist"))

    def _ask_invite(
        self, request: HttpRequest, form: InviteForm, preview: Any = None
    ) -> HttpResponse:
        people = [] if preview is None else preview.invitees
        group = None if preview is None else form.cleaned_data["community"]
        sentence = "" if preview is None else form.cleaned_data["sentence"]
        members = _members_among(group, people)
        signed = signing.dumps(
            [
                group and group.pk,
                [(one.email, one.name, str(one.role)) for one in people],
                sentence,
            ],
            salt=_LIST_SALT,
            compress=True,
        )
        return office_page(
            self,
            request,
            "admin/communities/invite.html",
            _t("Menschen einladen"),
            {
                "form": form,
                "preview": preview,
                "people": people,
                "members": members,
                "number": len(people) - len(members),
                "sentence": sentence,
                "group": group,
                "signed": signed,
            },
            media=form.media,
        )

    @admin.action(description=_("Als Tabelle herunterladen (CSV)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse:
        columns = [
            _t("Name"),
            _t("E-Mail"),
            _t("Gruppe"),
            _t("Rolle"),
            _t("Stand"),
            _t("vertritt"),
        ]
        rows = [
            [
                row.name,
                row.email,
                row.community.full_name,
                row.get_role_display(),
                row.get_state_display(),
                row.represents,
            ]
            for row in queryset.select_related("community__parent", "project", "municipality")
        ]
        return csv_response("mitglieder.csv", columns, rows)


def _members_among(group: Any, people: list[Invitee]) -> list[Invitee]:
    """Those who are in already, by one question to the database."""
    if not people:
        return []
    rows = Membership.objects.active().filter(community=group).alias(mailbox=Mailbox("email"))
    keys = {mailbox_key(one.email) for one in people}
    found = set(rows.filter(mailbox__in=keys).values_list(Mailbox("email"), flat=True))
    return [one for one in people if mailbox_key(one.email) in found]

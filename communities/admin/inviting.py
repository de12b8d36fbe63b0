"""Inviting people to a group: one, or a list from a mail program or a spreadsheet with a preview first."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities import actions, invitees
from communities.admin.group_choice import name_groups
from communities.admin.scope import groups_to_choose
from communities.invitees import Invitee
from communities.models import Membership, Role
from ground.mailbox import AddressFormField, Mailbox, mailbox_key
from ground.refusals import NotPossible
from office import uploads
from office.pages import office_page

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


class WithInviting(admin.ModelAdmin):
    """The page that invites, beside the list of members."""

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


def _members_among(group: Any, people: list[Invitee]) -> list[Invitee]:
    """Those who are in already, by one question to the database."""
    if not people:
        return []
    rows = Membership.objects.active().filter(community=group).alias(mailbox=Mailbox("email"))
    keys = {mailbox_key(one.email) for one in people}
    found = set(rows.filter(mailbox__in=keys).values_list(Mailbox("email"), flat=True))
    return [one for one in people if mailbox_key(one.email) in found]

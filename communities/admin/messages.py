"""Mails to the members of a group: written, looked at, tested, confirmed; then a log."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.messages import WARNING
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communities.admin.group_choice import name_groups
from communities.admin.scope import (
    OwnGroupFilter,
    OwnGroupsAdmin,
    OwnInline,
    ShowsFileName,
    WithGroupSteps,
)
from communities.mail import from_coordinators
from communities.models import GroupMessage, MessageFile, MessageState, Role
from mailing.greeting import greeted_and
from office import way_back
from office.steps import SeenForm, Step
from office.widgets import Checkboxes, NativeDateTime

# In the address of a group's form that was opened to enter where answers go.
FROM_MESSAGE = "rundmail"


def _sending(pk: str) -> str:
    if not pk.isdecimal():
        return ""
    return reverse("admin:communities_groupmessage_step", args=[pk, "senden"])


way_back.register(FROM_MESSAGE, _("Zurück zur Rundmail"), _sending)


class SendForm(SeenForm):
    shows = "admin/communities/_message.html"

    def seen_besides(self) -> list[Any]:
        return list(self.row.files.values_list())

    send_at = forms.DateTimeField(
        label=_("Erst später senden"),
        required=False,
        widget=NativeDateTime,
        help_text=_("Leer: gleich. Uhrzeit in Deutschland."),
    )

    def clean_send_at(self) -> datetime | None:
        send_at = self.cleaned_data["send_at"]
        if send_at is not None and send_at <= self.now:
            raise forms.ValidationError(_t("Dieser Zeitpunkt liegt in der Vergangenheit."))
        return send_at

    @cached_property
    def count(self) -> from_coordinators.Count:
        return from_coordinators.count(self.row)

    def button(self) -> str | None:
        number = self.count.total
        if not number:
            return None
        return ngettext("An %d Person senden", "An %d Menschen senden", number) % number

    def preview(self) -> dict[str, Any]:
        """What the page shows before anything goes out."""
        count = self.count
        return {
            "count": count,
            "mail": from_coordinators.as_received(self.row),
            "contact_url": reverse(
                "admin:communities_community_change",
                args=[self.row.community_id],
                query={FROM_MESSAGE: self.row.pk},
            ),
            "by_role": [(Role(role).label, number) for role, number in count.by_role.items()],
        }


def _drafts(row: GroupMessage) -> QuerySet[GroupMessage]:
    return GroupMessage.objects.filter(pk=row.pk, state=MessageState.DRAFT)


def _is_draft(row: GroupMessage, by: AbstractBaseUser, now: datetime) -> bool:
    return row.state == MessageState.DRAFT


STEPS = (
    Step(
        "testen",
        _("Testmail an mich"),
        _("Sie bekommen die Rundmail zur Probe an die Adresse Ihres Kontos, sonst niemand."),
        _("Die Testmail ist unterwegs."),
        _is_draft,
        lambda row, form, by, now: from_coordinators.send_test(row, to=by.email, now=now),
    ),
    Step(
        "senden",
        _("Ansehen und senden"),
        _("Jede Person bekommt eine eigene E-Mail. Niemand sieht die Adressen der anderen."),
        _("Die Rundmail ist auf dem Weg."),
        _is_draft,
        lambda row, form, by, now: from_coordinators.confirm(
            row, send_at=form.cleaned_data["send_at"], now=now
        ),
        SendForm,
    ),
    Step(
        "zuruecknehmen",
        _("Doch nicht senden"),
        _("Die Rundmail wird wieder zum Entwurf, solange sie noch nicht hinausgegangen ist."),
        _("Die Rundmail ist wieder ein Entwurf."),
        lambda row, by, now: row.state == MessageState.SCHEDULED,
        lambda row, form, by, now: from_coordinators.take_back(row),
    ),
)


class MessageForm(forms.ModelForm):
    class Meta:
        help_texts = {"text": greeted_and(_("Nur Text. Leerzeilen trennen Absätze."))}

    roles = forms.MultipleChoiceField(
        label=_("An wen"),
        choices=Role,
        widget=Checkboxes(_("An wen")),
        error_messages={"required": _("Bitte mindestens eine Rolle auswählen.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "community" in self.fields:
            name_groups(self.fields["community"])
        if not self.instance.pk and "roles" in self.fields:
            self.fields["roles"].initial = [Role.MEMBER, Role.COORDINATION, Role.SUPPORT]


class FileInline(ShowsFileName, OwnInline, admin.StackedInline):
    model = MessageFile
    extra = 1
    fields = ("title", "file")

    def has_change_permission(self, request: HttpRequest, obj: GroupMessage | None = None) -> bool:
        return obj is None or obj.state == MessageState.DRAFT

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(GroupMessage)
class GroupMessageAdmin(WithGroupSteps, OwnGroupsAdmin):
    steps = STEPS
    form = MessageForm
    inlines = (FileInline,)
    list_display = ("subject", "group", "state", "when", "how_many")
    list_select_related = ("community__parent",)
    list_filter = ("state", OwnGroupFilter)
    ordering = ("-created_at", "-pk")
    search_fields = ("subject",)
    search_help_text = _("Betreff oder Text.")
    readonly_fields = ("state", "when", "how_many", "group", "roles_shown")
    fieldsets = (
        (
            None,
            {
                "fields": ("community", "with_topic_groups", "roles"),
                "description": _(
                    "Schreiben und speichern Sie zuerst, dabei wird noch nichts gesendet. Danach können "
                    "Sie sich eine Testmail schicken, sehen, wie viele Menschen die Rundmail bekommen, "
                    "und sie gleich oder später senden."
                ),
            },
        ),
        (
            _("Nachricht"),
            {
                "fields": ("subject", "text"),
                "description": _(
                    "Dateien hängen Sie unten an. In der E-Mail steht ein Link, den die Mitglieder mit "
                    "ihrem Konto öffnen."
                ),
            },
        ),
    )
    # What has been confirmed tells what became of it.
    log_fieldsets = (
        (_("Versand"), {"fields": ("state", "when", "how_many")}),
        (_("Nachricht"), {"fields": ("group", "roles_shown", "subject", "text")}),
    )

    def matching(self, word: str) -> Q:
        return Q(subject__icontains=word) | Q(text__icontains=word)

    def get_fieldsets(self, request: HttpRequest, obj: GroupMessage | None = None) -> Any:
        is_draft = obj is None or obj.state == MessageState.DRAFT
        return self.fieldsets if is_draft else self.log_fieldsets

    def has_change_permission(self, request: HttpRequest, obj: GroupMessage | None = None) -> bool:
        """What has been confirmed is not changed any more; its page stays to be read."""
        if obj is not None and obj.state != MessageState.DRAFT:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: GroupMessage | None = None) -> bool:
        return (
            obj is not None
            and obj.state == MessageState.DRAFT
            and self.has_change_permission(request, obj)
        )

    def save_model(self, request: HttpRequest, obj: GroupMessage, form: Any, change: bool) -> None:
        if not change:
            obj.written_by = request.user
        elif not _drafts(obj).select_for_update().exists():
            text = _t("Die Rundmail wurde inzwischen bestätigt. Es wurde nichts geändert.")
            self.message_user(request, text, WARNING)
            return
        super().save_model(request, obj, form, change)

    @admin.display(description=_("Gruppe"), ordering="community__sort_name")
    def group(self, message: GroupMessage) -> str:
        return message.community.full_name

    @admin.display(description=_("an wen"))
    def roles_shown(self, message: GroupMessage) -> str:
        roles = ", ".join(str(Role(role).label) for role in message.roles)
        if message.with_topic_groups:
            return _t("%s, auch in den Themengruppen") % roles
        return roles

    @admin.display(description=_("gesendet am"), ordering="sent_at")
    def when(self, message: GroupMessage) -> str:
        moment = message.sent_at or message.send_at
        if moment is None:
            return ""
        text = date_format(timezone.localtime(moment), "j. F Y, H:i")
        return text if message.sent_at else _t("geplant für %s") % text

    @admin.display(description=_("Empfänger"))
    def how_many(self, message: GroupMessage) -> str:
        return str(sum(message.recipients.values()) or "")

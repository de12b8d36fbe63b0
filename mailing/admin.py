import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mailing import outbox
from mailing.models import Email, EmailKind
from office.base import GuardedAdmin, OnlyRead
from office.pages import office_page

_LINK = re.compile(r"(https?://[^/\s]+/)[^\s<>]+")


def without_links(text: str) -> str:
    """The text of an e-mail with its links cut after the host: many act for the one they were sent to."""
    return _LINK.sub(r"\1…", text)


class StateFilter(admin.SimpleListFilter):
    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("wartet", _("wartet")),
            ("haengt", _("hängt")),
            ("abgelehnt", _("abgelehnt")),
            ("verpasst", _("verpasst")),
            ("gesendet", _("gesendet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Email]) -> QuerySet[Email]:
        now = timezone.now()
        chosen = {
            "wartet": lambda: queryset.waiting(now),
            "haengt": lambda: queryset.stuck(now),
            "abgelehnt": queryset.refused,
            "verpasst": lambda: queryset.missed(now),
            "gesendet": queryset.sent,
        }
        return chosen.get(self.value(), lambda: queryset)()


@admin.register(Email)
class EmailAdmin(OnlyRead, GuardedAdmin):
    """What became of the portal's e-mails. None is written or changed here.

    The preview is the text: it says the same as the HTML, and foreign HTML has no place in a page of
    the administration.
    """

    list_display = ("shown_subject", "to", "state", "since", "attempts", "key")
    list_filter = (StateFilter, "kind")
    # A person calls because an e-mail has not come. Exact, so that no one goes fishing.
    search_fields = ("=to", "key__startswith")
    search_help_text = _("Vollständige E-Mail-Adresse oder Anfang des Schlüssels")
    list_per_page = 50
    show_full_result_count = False
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Email]:
        # The list needs neither texts nor attachments, and they are most of a row.
        queryset = super().get_queryset(request)
        return queryset.defer("html", "attachments", "unsubscribe_url")

    def get_fields(self, request: HttpRequest, obj: Email | None = None) -> list[str]:
        return [
            "key", "kind", "to", "reply_to", "shown_subject", "shown_text", "attachment_names",
            "state", "created_at", "due_at", "expires_at", "attempts", "last_error", "sent_at",
            "refused_at", "missed_at", "purged_at",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Email | None = None) -> list[str]:
        return self.get_fields(request, obj)

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mailing.send_again_email")

    @admin.display(description=_("Betreff"), ordering="subject")
    def shown_subject(self, email: Email) -> str:
        return _t("(nicht einsehbar)") if email.kind == EmailKind.ACCESS else email.subject

    @admin.display(description=_("Text"))
    def shown_text(self, email: Email) -> str:
        if email.kind == EmailKind.ACCESS:
            return _t(
                "Diese E-Mail öffnet ein Konto. Ihr Text ist deshalb nicht einsehbar und wird gelöscht, "
                "sobald sie gesendet, abgelehnt oder verpasst ist."
            )
        return without_links(email.text)

    @admin.display(description=_("Anhänge"))
    def attachment_names(self, email: Email) -> str:
        return ", ".join(attachment["name"] for attachment in email.attachments)

    @admin.display(description=_("Stand"))
    def state(self, email: Email) -> str:
        return email.state(timezone.now())

    @admin.display(description=_("seit"))
    def since(self, email: Email) -> datetime:
        return email.sent_at or email.refused_at or email.missed_at or email.due_at

    @admin.action(description=_("Erneut senden"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Email]) -> HttpResponse | None:
        token = request.POST.get("token")
        if not token:
            return self._ask(request, queryset)
        sent = outbox.send_again(queryset, token=token, now=timezone.now())
        for email in sent:
            self.log_change(request, email, _t("Erneut gesendet."))
        left = queryset.count() - len(sent)
        if sent:
            text = ngettext(
                "%d E-Mail geht erneut hinaus.", "%d E-Mails gehen erneut hinaus.", len(sent)
            )
            self.message_user(request, text % len(sent), messages.SUCCESS)
        if left:
            text = ngettext(
                "%d E-Mail kann nicht erneut gesendet werden: Ihr Inhalt ist gelöscht oder ihre Zeit vorbei.",
                "%d E-Mails können nicht erneut gesendet werden: Ihr Inhalt ist gelöscht oder ihre "
                "Zeit vorbei.",
                left,
            )
            self.message_user(request, text % left, messages.WARNING)
        return None

    def _ask(self, request: HttpRequest, queryset: QuerySet[Email]) -> HttpResponse:
        context = {
            "emails": [(email, self.shown_subject(email)) for email in queryset],
            "now": timezone.now(),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            # One confirmation, one e-mail, however often the button is pressed.
            "token": uuid4().hex,
        }
        template = "admin/mailing/send_again.html"
        return office_page(self, request, template, _t("Erneut senden"), context)

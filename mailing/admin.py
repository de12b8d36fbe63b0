import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ground.refusals import Overtaken
from mailing import outbox
from mailing.delivery import MOST_ATTEMPTS
from mailing.models import IN_TROUBLE, OVERDUE, Email, EmailKind, sendable_again, waiting
from office.base import GuardedAdmin, OnlyRead
from office.pages import office_page
from office.steps import Step, StepForm, WithSteps

# What the page that asks has been about.
SENT, UNSENT = "sent", "unsent"
# So many of what was told since are named.
NAMED = 5

_LINK = re.compile(r"(https?://[^/\s]+/)[^\s<>]+")


def without_links(text: str) -> str:
    """The text of an e-mail with its links cut after the host: many act for the one they were sent to."""
    return _LINK.sub(r"\1…", text)


def subject_of(email: Email) -> str:
    return _t("(nicht einsehbar)") if email.kind == EmailKind.ACCESS else email.subject


def what_it_means(email: Email, now: datetime) -> str:
    """For those who read the words of a mail server once a year: how it stands, and what helps."""
    is_over = email.expires_at is not None and email.expires_at <= now
    if email.sent_at and is_over:
        return _t(
            "Der Mailserver hat sie angenommen. Was sie sagt, gilt inzwischen nicht mehr: Sie geht nicht noch "
            "einmal hinaus."
        )
    if email.sent_at:
        return _t(
            "Der Mailserver hat sie angenommen. Ist sie nicht da, liegt sie vielleicht im Spam der Person."
        )
    if is_over:
        return _t("Was sie sagt, ist vorbei. Sie geht nicht mehr hinaus, es ist nichts zu tun.")
    if email.refused_at and not email.text:
        return _t(
            "Abgelehnt, und ihr Text ist gelöscht: Sie geht nicht noch einmal hinaus. Gilt die Adresse nicht mehr: "
            "Berichtigen Sie sie dort, wo sie eingetragen ist."
        )
    if email.refused_at and email.attempts >= MOST_ATTEMPTS:
        return _t(
            "Etwa fünf Tage lang nicht angenommen und dann aufgegeben. Ist der Grund behoben, hilft „Erneut "
            "senden“. Gilt die Adresse nicht mehr: Berichtigen Sie sie dort, wo sie eingetragen ist."
        )
    if email.refused_at:
        return _t(
            "Endgültig abgelehnt, meist weil es die Adresse nicht gibt: Berichtigen Sie sie dort, wo sie "
            "eingetragen ist. „Erneut senden“ geht an die alte und hilft erst, wenn der Grund behoben ist."
        )
    if email.missed_at:
        return _t("Was sie sagt, ist vorbei. Sie geht nicht mehr hinaus, es ist nichts zu tun.")
    if email.last_error.startswith(IN_TROUBLE):
        return _t(
            "Der Mailserver nimmt zurzeit von uns gar nichts an. Klären Sie mit ihm, warum. Sobald er wieder "
            "annimmt, gehen alle von selbst."
        )
    if email.last_error[:1].isdigit():
        return _t(
            "Noch nicht angenommen, zum Beispiel weil das Postfach voll ist. Das Portal versucht es etwa fünf "
            "Tage lang von selbst wieder, das nächste Mal am %s Uhr."
        ) % date_format(timezone.localtime(email.due_at), "j. F, H:i")
    if email.last_error:
        return _t(
            "Der Versuch ist gescheitert, meist weil der Mailserver nicht zu erreichen ist. Prüfen Sie ihn und "
            "EMAIL_URL. Das Portal versucht es von selbst wieder."
        )
    if email.due_at < now - OVERDUE:
        return _t(
            "Niemand hat versucht, sie zu senden. Läuft der Worker? Starten Sie ihn neu, dann geht sie."
        )
    return _t("Sie geht von selbst hinaus, wenn ihre Zeit kommt.")


def _named(emails: list[Email]) -> dict[str, Any]:
    """Of the last ones the subject, when it went or will go, and whether it has gone; and how many came before."""
    shown = [
        (subject_of(email), email.sent_at or email.due_at, email.sent_at is not None)
        for email in emails[-NAMED:]
    ]
    return {"shown": shown, "more": len(emails) - len(shown)}


class SendAgainForm(StepForm):
    """One page, one e-mail, however often its button is pressed, and whoever sends it meanwhile."""

    shows = "admin/mailing/_before_again.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._hand_out("token", forms.CharField, uuid4().hex)
        self._hand_out("asked_of", forms.CharField, SENT if self.row.sent_at else UNSENT)

    def question(self) -> str:
        if not self.row.sent_at:
            return ""
        return _t(
            "Der Mailserver hat diese E-Mail schon angenommen. Noch einmal senden? Wer sie bekommen hat, "
            "bekommt sie zweimal."
        )

    def told_since(self) -> dict[str, Any]:
        return _named(outbox.told_since([self.row])[self.row.pk])


def _send_again(email: Email, form: SendAgainForm, _by: Any, now: datetime) -> None:
    is_unsent = form.cleaned_data["asked_of"] == UNSENT
    one = Email.objects.filter(pk=email.pk, sent_at__isnull=is_unsent)
    if not outbox.send_again(one, token=form.cleaned_data["token"], now=now):
        raise Overtaken(email)


SEND_AGAIN = Step(
    "erneut-senden",
    _("Erneut senden"),
    _("Diese E-Mail noch einmal senden? Sie geht an dieselbe Adresse."),
    _("Die E-Mail geht erneut hinaus."),
    # What only waits for its time goes by itself.
    lambda email, _by, now: (
        Email.objects.filter(sendable_again(now), pk=email.pk).exclude(waiting(now)).exists()
    ),
    _send_again,
    SendAgainForm,
    allowed=lambda by: by.has_perm("mailing.send_again_email"),
)


class StateFilter(admin.SimpleListFilter):
    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("wartet", _("wartet")),
            ("haengt", _("hängt")),
            ("abgelehnt", _("abgelehnt")),
            ("seit-gestern-abgelehnt", _("seit gestern abgelehnt")),
            ("verpasst", _("verpasst")),
            ("gesendet", _("gesendet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Email]) -> QuerySet[Email]:
        now = timezone.now()
        chosen = {
            "wartet": lambda: queryset.waiting(now),
            "haengt": lambda: queryset.stuck(now),
            "abgelehnt": queryset.refused,
            "seit-gestern-abgelehnt": lambda: queryset.refused_since_yesterday(now),
            "verpasst": lambda: queryset.missed(now),
            "gesendet": queryset.sent,
        }
        return chosen.get(self.value(), lambda: queryset)()


@admin.register(Email)
class EmailAdmin(OnlyRead, WithSteps, GuardedAdmin):
    """What became of the portal's e-mails. None is written or changed here.

    The preview is the text: it says the same as the HTML, and foreign HTML has no place in a page of
    the administration.
    """

    list_display = ("shown_subject", "to", "state", "since", "words", "key")
    list_filter = (StateFilter, "kind")
    # A person calls because an e-mail has not come. Exact, so that no one goes fishing.
    search_fields = ("=to", "key__startswith")
    search_help_text = _("Vollständige E-Mail-Adresse oder Anfang des Schlüssels")
    list_per_page = 50
    show_full_result_count = False
    actions = ("send_again",)
    steps = (SEND_AGAIN,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Email]:
        # The list needs neither texts nor attachments, and they are most of a row.
        queryset = super().get_queryset(request)
        return queryset.defer("html", "attachments", "unsubscribe_url")

    def get_fields(self, request: HttpRequest, obj: Email | None = None) -> list[str]:
        return [
            "state", "meaning", "last_error", "key", "kind", "to", "reply_to", "shown_subject",
            "shown_text", "attachment_names", "created_at", "due_at", "expires_at", "attempts",
            "sent_at", "refused_at", "missed_at", "purged_at",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Email | None = None) -> list[str]:
        return self.get_fields(request, obj)

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mailing.send_again_email")

    def name_of(self, row: Email) -> str:
        return self.shown_subject(row)

    def facts_of(self, row: Email) -> str:
        return _t("an %s") % row.to

    @admin.display(description=_("Betreff"), ordering="subject")
    def shown_subject(self, email: Email) -> str:
        return subject_of(email)

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

    @admin.display(description=_("Was das heißt"))
    def meaning(self, email: Email) -> str:
        return what_it_means(email, timezone.now())

    @admin.display(description=_("Worte des Mailservers"))
    def words(self, email: Email) -> str:
        return Truncator(email.last_error).chars(100)

    @admin.display(description=_("seit"))
    def since(self, email: Email) -> datetime:
        return email.sent_at or email.refused_at or email.missed_at or email.due_at

    @admin.action(description=SEND_AGAIN.title, permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Email]) -> HttpResponse | None:
        token = request.POST.get("token")
        if not token:
            return self._ask_for_all(request, queryset)
        # Counted before: what has a new start is none of those that hang any more.
        chosen = queryset.count()
        sent = outbox.send_again(queryset, token=token, now=timezone.now())
        for email in sent:
            self.log_change(request, email, str(SEND_AGAIN.title))
        left = chosen - len(sent)
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

    def _ask_for_all(self, request: HttpRequest, queryset: QuerySet[Email]) -> HttpResponse:
        emails = list(queryset)
        since = outbox.told_since(emails)
        context = {
            "emails": [(email, subject_of(email), _named(since[email.pk])) for email in emails],
            "now": timezone.now(),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            # One confirmation, one e-mail, however often the button is pressed.
            "token": uuid4().hex,
        }
        template = "admin/mailing/send_again.html"
        return office_page(self, request, template, SEND_AGAIN.title, context)

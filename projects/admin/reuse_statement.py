"""What municipalities state of reuse: projects say something to it, the office decides."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from mailing.greeting import greeted_and
from office.base import OnlyRead
from office.steps import Step, StepForm, WithSteps
from projects.actions import judging
from projects.admin.own import OwnProjectsAdmin, own_projects
from projects.editing import edited_by
from projects.models import CHANGEABLE, UNDECIDED, ReuseStatement, StatementState
from projects.wording import partial_date


class TextForm(StepForm):
    text = forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 4}))
    label: Any = ""
    help_text: Any = ""
    required = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["text"]
        field.label, field.help_text, field.required = self.label, self.help_text, self.required


class AgreeForm(TextForm):
    label = _("Ergänzung")
    help_text = _(
        "Freiwillig. Wird mit der Angabe öffentlich, zum Beispiel: was seither dazugekommen ist."
    )
    required = False


class QuestionForm(TextForm):
    label = _("Ihre Rückfrage")
    help_text = greeted_and(_("Die Kommune bekommt sie per E-Mail. Sie wird nicht veröffentlicht."))


class ObjectForm(TextForm):
    label = _("Was nicht stimmt")
    help_text = _("Das liest die Redaktion, die dann entscheidet.")


class RefuseForm(TextForm):
    label = _("Begründung")
    help_text = _("Die Kommune und das Projekt bekommen sie per E-Mail.")


def _is_editor(row: ReuseStatement, by: AbstractBaseUser, _now: datetime) -> bool:
    is_ours = row.state == StatementState.WITH_PROJECT
    return is_ours and edited_by(by).filter(pk=row.project_id).exists()


def _is_office(by: AbstractBaseUser) -> bool:
    return by.has_perm("projects.change_reusestatement")


def _waits_for_office(row: ReuseStatement, _by: AbstractBaseUser, _now: datetime) -> bool:
    return row.state == StatementState.AT_OFFICE


STEPS = (
    Step(
        "stimmt",
        _("Stimmt, mit Ergänzung"),
        _("Sie sagen, dass die Angabe stimmt. Danach entscheidet die Redaktion."),
        _("Danke. Jetzt entscheidet die Redaktion."),
        _is_editor,
        lambda row, form, by, now: judging.agree(row, text=form.cleaned_data["text"], now=now),
        AgreeForm,
    ),
    Step(
        "rueckfrage",
        _("Nachfragen"),
        _("Die Kommune hat zehn Werktage für ihre Antwort. Danach sind Sie noch einmal dran."),
        _("Die Rückfrage ist unterwegs."),
        _is_editor,
        lambda row, form, by, now: judging.question(row, text=form.cleaned_data["text"], now=now),
        QuestionForm,
    ),
    Step(
        "widersprechen",
        _("Widersprechen"),
        _("Sie sagen, dass die Angabe nicht stimmt. Danach entscheidet die Redaktion."),
        _("Ihr Widerspruch liegt der Redaktion vor."),
        _is_editor,
        lambda row, form, by, now: judging.object_to(row, text=form.cleaned_data["text"], now=now),
        ObjectForm,
    ),
    Step(
        "veroeffentlichen",
        _("Veröffentlichen"),
        _(
            "Die Angabe steht dann auf der Seite der Lösung, mit dem Tag, an dem die Kommune sie "
            "bestätigt hat. Die Kommune und das Projekt bekommen eine E-Mail."
        ),
        _("Die Angabe ist veröffentlicht."),
        _waits_for_office,
        lambda row, form, by, now: judging.publish(row, now=now),
        allowed=_is_office,
    ),
    Step(
        "ablehnen",
        _("Ablehnen"),
        _(
            "Die Angabe wird nicht veröffentlicht. Ist es eine Änderung, bleibt öffentlich, was "
            "vorher dort stand."
        ),
        _("Die Angabe ist abgelehnt, die Kommune bekommt eine E-Mail."),
        _waits_for_office,
        lambda row, form, by, now: judging.refuse(row, reason=form.cleaned_data["text"], now=now),
        RefuseForm,
        allowed=_is_office,
    ),
)


@admin.register(ReuseStatement)
class ReuseStatementAdmin(OnlyRead, WithSteps, OwnProjectsAdmin):
    """Nobody writes here: a municipality speaks for itself. All that can be done are the steps."""

    steps = STEPS
    list_display = ("name_shown", "solution", "kind_shown", "state", "waits")
    list_display_links = ("name_shown",)
    list_select_related = ("solution__project", "municipality")
    list_filter = ("state", "is_planned")
    ordering = ("respond_by", "pk")
    search_fields = ("written",)
    search_help_text = _("Name der Kommune, der Lösung oder des Modellprojekts.")
    # The way from a row to its project is two steps long.
    to_project = "project_id"
    read_again = (
        "kind_shown", "how", "since_shown", "until_shown", "cost_text", "learned", "question", "answer",
        "project_says", "project_text",
    )  # fmt: skip
    _stated = (
        "solution", "project_shown", "name_shown", "kind_shown", "how", "since_shown", "until_shown",
        "cost_text", "learned",
    )  # fmt: skip
    _said = ("state", "waits", "question", "answer", "project_says", "project_text", "reason")
    _of_office = ("email", "stated_at", "confirmed_at", "asked_at", "public_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReuseStatement]:
        # A statement whose address no one has confirmed may be anybody's joke.
        rows = ReuseStatement.objects.confirmed().with_everything()
        if request.user.has_perm("projects.view_reusestatement"):
            return rows
        return rows.filter(solution__project__in=own_projects(request), state__in=CHANGEABLE)

    def matching(self, word: str) -> Q:
        return (
            Q(municipality__sort_name__contains=fold(word))
            | Q(written__icontains=word)
            | Q(solution__sort_name__contains=fold(word))
            | Q(solution__project__sort_name__contains=fold(word))
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets: list[Any] = [
            (_("Angabe der Kommune"), {"fields": self._stated}),
            (_("Was dazu gesagt wurde"), {"fields": self._said}),
        ]
        if request.user.has_perm("projects.view_reusestatement"):
            sets.append((_("Nur für die Redaktion"), {"fields": self._of_office}))
        return sets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self._stated, *self._said, *self._of_office)

    @admin.display(description=_("Kommune"), ordering="municipality__sort_name")
    def name_shown(self, statement: ReuseStatement) -> str:
        return statement.name

    @admin.display(description=_("Modellprojekt"))
    def project_shown(self, statement: ReuseStatement) -> str:
        return str(statement.solution.project)

    @admin.display(description=_("Angabe"), ordering="is_planned")
    def kind_shown(self, statement: ReuseStatement) -> str:
        return _t("möchte nutzen") if statement.is_planned else _t("nutzt")

    @admin.display(description=_("seit"))
    def since_shown(self, statement: ReuseStatement) -> str:
        return partial_date(statement.since) or "–"

    @admin.display(description=_("Vertrag bis"))
    def until_shown(self, statement: ReuseStatement) -> str:
        return partial_date(statement.contract_until) or "–"

    @admin.display(description=_("wartet"), ordering="respond_by")
    def waits(self, statement: ReuseStatement) -> str:
        if statement.state not in (*UNDECIDED, StatementState.UNCONFIRMED):
            return "–"
        if statement.respond_by is None:
            since = date_format(timezone.localtime(statement.changed_at), "j. F Y")
            return _t("seit %(day)s") % {"day": since}
        return _t("bis %(day)s") % {"day": date_format(statement.respond_by, "j. F Y")}

    @admin.display(description=_("öffentlich"))
    def public_shown(self, statement: ReuseStatement) -> SafeString | str:
        if not statement.is_public:
            return _t("nein")
        address = statement.solution.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, _t("ja, auf der Seite der Lösung"))

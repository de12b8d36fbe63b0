"""Questions and reported faults: everybody finds those that are theirs to answer."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
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

from asking import scope
from asking.actions import answering
from asking.models import AnsweredBy, Kind, PublicAnswer, Question
from communities.admin.group_choice import name_groups
from communities.models import Community, Membership
from communities.scope import coordinates_something
from consulting.models import Stage
from ground.land import Land
from ground.names import fold
from mailing.greeting import greeted_and
from office.base import OnlyRead
from office.steps import Step, StepForm, WithSteps
from office.widgets import NativeDate
from projects.admin.base import CatalogueAdmin
from projects.admin.own import OwnProjectsAdmin, own_projects


class AnswerForm(StepForm):
    """An answer, or where no address was given a note of what was done."""

    text = forms.CharField(
        label=_("Ihre Antwort"),
        help_text=greeted_and(
            _(
                "Geht per E-Mail an die Person, die gefragt hat, soweit sie eine Adresse genannt hat. "
                "Ihre eigene Adresse steht nicht darin."
            )
        ),
        max_length=8000,
        widget=forms.Textarea({"rows": 8}),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if not self.row.email:
            self.fields["text"].label = _("Was geschehen ist")
            self.fields["text"].help_text = _("Zum Beispiel: „Ist berichtigt.“ Das bleibt intern.")

    def question(self) -> str:
        return (
            ""
            if self.row.email
            else _t("Es wurde keine Adresse genannt: Es geht keine E-Mail hinaus.")
        )

    def done(self) -> str:
        return "" if self.row.email else _t("Das ist vermerkt und damit erledigt.")

    def button(self) -> str:
        return "" if self.row.email else _t("Als erledigt vermerken")


class CallForm(StepForm):
    on = forms.DateField(label=_("Angerufen am"), widget=NativeDate)

    def initial_of(self, row: Question) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class GroupForm(StepForm):
    group = forms.ModelChoiceField(
        label=_("Gemeinschaft oder Themengruppe"), queryset=Community.objects.none()
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Whom it would reach: who has no coordination could not answer.
        coordinated = Membership.objects.coordinating().values("community")
        self.fields["group"].queryset = Community.objects.filter(pk__in=coordinated)
        name_groups(self.fields["group"])


class ReuserForm(StepForm):
    statement = forms.ChoiceField(
        label=_("Kommune, die es nutzt"),
        help_text=_("Nur wer die Nachnutzung bestätigt hat und noch zu erreichen ist."),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.found = {str(one.pk): one for one in answering.reusers_for(self.row)}
        self.fields["statement"].choices = [(pk, str(one)) for pk, one in self.found.items()]

    @property
    def chosen(self) -> Any:
        return self.found[self.cleaned_data["statement"]]


class RequestForm(StepForm):
    land = forms.ChoiceField(label=_("Land"), choices=[("", _("Bitte wählen")), *Land.choices])
    stage = forms.ChoiceField(
        label=_("Wo die Kommune steht"),
        choices=[("", _("Bitte wählen")), *Stage.choices],
        help_text=_("Nach dem, was sie über ihre Lage schreibt."),
    )

    def initial_of(self, row: Question) -> dict[str, Any]:
        return {"land": row.municipality.land if row.municipality else ""}


class PublishForm(StepForm):
    text = forms.CharField(
        label=_("Frage"),
        help_text=_("Kürzen und glätten Sie, und nehmen Sie Namen heraus."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    answer = forms.CharField(
        label=_("Antwort"), max_length=8000, widget=forms.Textarea({"rows": 8})
    )

    def initial_of(self, row: Question) -> dict[str, Any]:
        return {"text": row.text, "answer": row.answer}


def _may_answer(row: Question, by: AbstractBaseUser, _now: datetime) -> bool:
    return scope.answers_as(row, by) is not None


def _may_call(row: Question, by: AbstractBaseUser, now: datetime) -> bool:
    return bool(row.phone) and _may_answer(row, by, now)


def _may_publish(row: Question, by: AbstractBaseUser, _now: datetime) -> bool:
    return answering.can_be_published(row) and _tends(row, by)


def _may_take_down(row: Question, by: AbstractBaseUser, _now: datetime) -> bool:
    return row.is_public and _tends(row, by)


def _tends(row: Question, by: AbstractBaseUser) -> bool:
    """Whose sheet it is, or the office's."""
    own = Question.objects.filter(scope.of_projects(by), pk=row.pk)
    return scope.is_office(by) or own.exists()


def _can_be_handed_on(row: Question, _by: AbstractBaseUser, _now: datetime) -> bool:
    return row.is_open and row.kind != Kind.FAULT


def _has_reusers(row: Question, _by: AbstractBaseUser, _now: datetime) -> bool:
    return row.is_open and row.kind == Kind.PEER and bool(answering.reusers_for(row))


def _as(row: Question, by: AbstractBaseUser) -> AnsweredBy:
    # The page before has asked the same; what it is worth now is up to the version.
    return scope.answers_as(row, by) or AnsweredBy.OFFICE


STEPS = (
    Step(
        "antworten",
        _("Antworten"),
        _("Die Person, die gefragt hat, bekommt Ihre Antwort per E-Mail und sagt, ob sie hilft."),
        _("Die Antwort ist gespeichert und unterwegs."),
        _may_answer,
        lambda row, form, by, now: answering.answer(
            row, text=form.cleaned_data["text"], by=_as(row, by), now=now
        ),
        AnswerForm,
    ),
    Step(
        "angerufen",
        _("Angerufen"),
        _("Sie haben die Person angerufen. Damit ist die Frage beantwortet."),
        _("Der Anruf ist vermerkt."),
        _may_call,
        lambda row, form, by, now: answering.note_call(
            row, on=form.cleaned_data["on"], by=_as(row, by), now=now
        ),
        CallForm,
    ),
    Step(
        "gemeinschaft",
        _("An eine Gemeinschaft geben"),
        _("Ihre Koordination bekommt eine E-Mail und hat zehn Werktage für die Antwort."),
        _("Die Frage liegt jetzt bei der Gemeinschaft."),
        _can_be_handed_on,
        lambda row, form, by, now: answering.hand_to_group(
            row, form.cleaned_data["group"], now=now
        ),
        GroupForm,
        allowed=scope.is_office,
    ),
    Step(
        "nachnutzende",
        _("Eine Kommune fragen, die es nutzt"),
        _(
            "Sie bekommt eine E-Mail mit Lage, Frage und Kommune und antwortet über einen Link, "
            "ohne Konto. Namen, Telefon und Adresse der fragenden Person bekommt sie nicht."
        ),
        _("Die Frage liegt jetzt bei dieser Kommune."),
        _has_reusers,
        lambda row, form, by, now: answering.hand_to_reuser(row, form.chosen, now=now),
        ReuserForm,
        allowed=scope.is_office,
    ),
    Step(
        "start-smart",
        _("Als Anfrage an Start Smart"),
        _("Alles Gesagte wird übernommen. Die Person bekommt die Vorgangsnummer per E-Mail."),
        _("Die Frage ist jetzt eine Anfrage bei Start Smart."),
        _can_be_handed_on,
        lambda row, form, by, now: answering.make_request(
            row, land=form.cleaned_data["land"], stage=form.cleaned_data["stage"], now=now
        ),
        RequestForm,
        allowed=scope.is_office,
    ),
    Step(
        "veroeffentlichen",
        _("Veröffentlichen"),
        _(
            "Frage und Antwort stehen dann ohne Namen auf der Seite. Die Person hat dem zugestimmt "
            "und bekommt eine E-Mail."
        ),
        _("Frage und Antwort sind veröffentlicht."),
        _may_publish,
        lambda row, form, by, now: answering.publish(
            row, text=form.cleaned_data["text"], answer=form.cleaned_data["answer"], now=now
        ),
        PublishForm,
    ),
    Step(
        "zuruecknehmen",
        _("Von der Seite nehmen"),
        _("Frage und Antwort stehen dann nicht mehr auf der Seite."),
        _("Frage und Antwort stehen nicht mehr auf der Seite."),
        _may_take_down,
        lambda row, form, by, now: answering.take_down(row, now=now),
    ),
)


class WaitingFilter(admin.SimpleListFilter):
    title = _("Worauf sie warten")
    parameter_name = "warten"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("auf-mich", _("auf meine Antwort")), ("ueberfaellig", _("überfällig"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        match self.value():
            case "auf-mich":
                return queryset.filter(pk__in=scope.waiting_for(request.user).values("pk"))
            case "ueberfaellig":
                return queryset.filter(due_on__lt=timezone.localdate())
        return queryset


@admin.register(Question)
class QuestionAdmin(OnlyRead, WithSteps, CatalogueAdmin):
    """Nobody writes here what others have asked. All that can be done are the steps."""

    steps = STEPS
    list_display = ("about_shown", "kind", "sender_shown", "state", "due", "helped")
    list_display_links = ("about_shown",)
    list_filter = (WaitingFilter, "kind", "state", "helped")
    ordering = ("due_on", "pk")
    search_fields = ("text",)
    search_help_text = _("Wörter aus der Frage, Name der Kommune, der Lösung oder des Projekts.")
    _asked = ("kind", "about_shown", "situation", "text", "sender_shown", "name", "phone")
    _done = (
        "state", "due", "asked_at", "group", "reuser_shown", "answer", "called_on", "answered_by",
        "answered_at", "helped", "helped_text", "may_publish", "may_name", "public_shown",
    )  # fmt: skip
    _of_office = ("email",)
    _reported = ("kind", "page_shown", "text")
    _settled = ("state", "due", "asked_at", "answer", "answered_by", "answered_at")
    read_again = ("kind", "about_shown", "situation", "text", "sender_shown", "answer")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return scope.seen_by(request.user).with_everything()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._works_here(request)

    def has_view_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        if not self._works_here(request):
            return False
        return obj is None or scope.seen_by(request.user).filter(pk=obj.pk).exists()

    def _works_here(self, request: HttpRequest) -> bool:
        # Asked for each entry of the menu, answered once.
        if not hasattr(request, "answers_questions"):
            request.answers_questions = (
                scope.sees_all(request.user)
                or bool(own_projects(request))
                or coordinates_something(request.user)
            )
        return request.answers_questions

    def matching(self, word: str) -> Q:
        return (
            Q(text__icontains=word)
            | Q(municipality__sort_name__contains=fold(word))
            | Q(written__icontains=word)
            | Q(solution__sort_name__contains=fold(word))
            | Q(project__sort_name__contains=fold(word))
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        is_fault = obj is not None and obj.kind == Kind.FAULT
        sets: list[Any] = [
            (
                _("Meldung") if is_fault else _("Frage"),
                {"fields": self._reported if is_fault else self._asked},
            ),
            (_("Was daraus wurde"), {"fields": self._settled if is_fault else self._done}),
        ]
        if scope.sees_all(request.user):
            sets.append((_("Nur für die Geschäftsstelle"), {"fields": self._of_office}))
        return sets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self._asked, *self._reported, *self._done, *self._of_office)

    @admin.display(description=_("Worum es geht"))
    def about_shown(self, question: Question) -> str:
        return question.page or question.about if question.kind == Kind.FAULT else question.about

    @admin.display(description=_("Seite"))
    def page_shown(self, question: Question) -> SafeString | str:
        """What visitors typed is a link only where it leads to this portal."""
        path = question.page.removeprefix(settings.SITE_URL)
        if not path.startswith("/") or path.startswith(("//", "/\\")):
            return question.page or "–"
        return format_html('<a href="{}">{}</a>', path, question.page)

    @admin.display(description=_("Kommune"), ordering="municipality__sort_name")
    def sender_shown(self, question: Question) -> str:
        return question.sender

    @admin.display(description=_("Kommune, die es nutzt"))
    def reuser_shown(self, question: Question) -> str:
        return question.reuse_statement.name if question.reuse_statement else "–"

    @admin.display(description=_("Antwort bis"), ordering="due_on")
    def due(self, question: Question) -> SafeString | str:
        if question.due_on is None:
            return ""
        day = date_format(question.due_on, "j. F Y")
        if not question.is_overdue(timezone.localdate()):
            return day
        return format_html('<span class="due overdue">{} – {}</span>', day, _t("überfällig"))

    @admin.display(description=_("öffentlich"))
    def public_shown(self, question: Question) -> SafeString | str:
        if not question.is_public:
            return _t("nein")
        return format_html('<a href="{}#fragen">{}</a>', question.page_url, _t("ja, auf der Seite"))


@admin.register(PublicAnswer)
class PublicAnswerAdmin(OwnProjectsAdmin):
    """Its words can be mended, also when the question behind it is long deleted."""

    list_display = ("text", "subject", "published_on")
    list_select_related = ("project", "solution")
    ordering = ("-published_on", "-pk")
    fields = ("subject", "text", "answer", "asked_by", "answered_by", "published_on")
    readonly_fields = ("subject", "asked_by", "answered_by", "published_on")
    search_fields = ("text",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublicAnswer]:
        return super().get_queryset(request).select_related("project", "solution")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # they come by „Veröffentlichen“

    def matching(self, word: str) -> Q:
        return Q(text__icontains=word) | Q(answer__icontains=word)

    @admin.display(description=_("Worum es geht"))
    def subject(self, row: PublicAnswer) -> str:
        return (row.solution or row.project).name

"""What the office fills in before something is done with a request."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from consulting import obstacles
from consulting.actions import SlotTaken
from consulting.availability import by_day, free_slots
from consulting.mail import consultations
from consulting.models import Advisor, ConsultationRequest, Mode, Note, Slot
from consulting.scope import colleagues
from mailing.greeting import GREETED
from office.steps import StepForm
from office.widgets import Checkboxes, NativeDateTime
from projects.models import Project, Solution

SHOWN_TIMES = 60
OWN_TIME = "eigene"
GONE = _(
    "Diese Zeit ist nicht mehr frei. Es wurde nichts geändert; die Liste zeigt, was jetzt frei ist."
)


class AssignForm(forms.Form):
    also_from_others = forms.BooleanField(
        label=_("Auch die, für die schon jemand anderes zuständig ist"), required=False
    )


class ExportForm(forms.Form):
    with_contacts = forms.BooleanField(
        label=_("Mit Namen, Kontakt und Anliegen"),
        required=False,
        help_text=_(
            "Nur, wenn Sie es brauchen. Im Portal werden diese Angaben nach ihrer Frist gelöscht, "
            "in Ihrer Datei nicht: Bitte löschen Sie sie, sobald Sie fertig sind."
        ),
    )


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class ReasonForm(StepForm):
    reason = forms.CharField(
        label=_("Grund"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Der Text steht so in der E-Mail an die Kommune."),
    )


class CallOffForm(StepForm):
    reason = forms.CharField(
        label=_("Ein Satz dazu"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Freiwillig. Er steht so in der E-Mail. Bitte schreiben Sie nichts über die Gesundheit von "
            "Kolleginnen und Kollegen."
        ),
    )


class HandOverForm(StepForm):
    to = forms.ModelChoiceField(get_user_model().objects.none(), label=_("Künftig zuständig"))
    note = forms.CharField(
        label=_("Interne Notiz dazu"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Freiwillig. Sie steht bei der Anfrage, nicht in der E-Mail."),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        others = colleagues().exclude(pk=self.row.responsible_id)
        self.fields["to"].queryset = others
        # Who was responsible when the page was made: another one means that somebody was quicker.
        self._hand_out("was", forms.CharField, str(self.row.responsible_id or "-"))

    def done(self) -> str:
        to = self.cleaned_data["to"]
        if to == self.by:
            return _t("Sie sind jetzt für diese Anfrage zuständig.")
        return _t("%s ist jetzt zuständig und bekommt eine E-Mail.") % to

    def take_back(self) -> None:
        super().take_back()
        was = self.cleaned_data["was"]
        self.row.responsible_id = int(was) if was.isascii() and was.isdigit() else None


class WriteForm(StepForm):
    text = forms.CharField(
        label=_("Nachricht"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=GREETED,
    )
    shows = "admin/consulting/_written.html"


class SendOutcomeForm(StepForm):
    """Shows what goes out; the version that it hands out makes sure that this is what does."""

    shows = "admin/consulting/_outcome.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.solutions, self.projects = consultations.recommended(self.row)
        shown = {*self.solutions, *self.projects}
        named = [*self.row.recommended_solutions.all(), *self.row.recommended_projects.all()]
        self.left_out = [one for one in named if one not in shown]


class Names(forms.Widget):
    """Lines to write names into, with the browser's own suggestions: needs no script."""

    template_name = "admin/consulting/names.html"
    use_fieldset = True
    empty_lines = 3

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lines = [*(value or []), *[""] * self.empty_lines]
        return context | {"lines": lines, "suggestions": self.suggestions()}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [line.strip() for line in data.getlist(name) if line.strip()]

    def id_for_label(self, id_: str) -> str:
        return ""  # the lines have labels of their own


class ByNameField(forms.Field):
    """Several objects, each told by its name. `label_of` says which it is, and tells all apart."""

    widget = Names

    def __init__(
        self, queryset: QuerySet[Any], *, label_of: Callable[[Any], str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.queryset = queryset
        self.label_of = label_of
        self.widget.suggestions = lambda: [label_of(row) for row in self.queryset.all()]

    def to_python(self, lines: list[str]) -> list[Any]:
        if not lines:
            return []
        known = {self.label_of(row).casefold(): row for row in self.queryset.all()}
        unknown = [line for line in lines if line.casefold() not in known]
        if unknown:
            raise ValidationError(
                _t("Das gibt es im Portal nicht: %s. Bitte wählen Sie einen der Vorschläge.")
                % ", ".join(f"„{line}“" for line in unknown)
            )
        return [known[line.casefold()] for line in lines]


def _with_project(solution: Solution) -> str:
    return f"{solution.name} ({solution.project.name})"


class OutcomeForm(StepForm):
    outcome = forms.CharField(
        label=_("Ergebnis"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    solutions = ByNameField(
        Solution.objects.select_related("project").order_by("sort_name", "pk"),
        label_of=_with_project,
        label=_("Empfohlene Lösungen"),
        help_text=_("Tippen Sie ein paar Buchstaben und wählen Sie aus den Vorschlägen."),
        required=False,
    )
    projects = ByNameField(
        Project.objects.order_by("sort_name", "pk"),
        label_of=str,
        label=_("Empfohlene Modellprojekte"),
        required=False,
    )

    def initial_of(self, row: ConsultationRequest) -> dict[str, Any]:
        solutions = row.recommended_solutions.select_related("project")
        return {
            "outcome": row.outcome,
            "solutions": [_with_project(solution) for solution in solutions],
            "projects": [str(project) for project in row.recommended_projects.all()],
        }


class TimeForm(StepForm):
    """One of the free times, or another one that the office has agreed on."""

    slot = forms.ChoiceField(
        label=_("Termin"), widget=forms.RadioSelect, error_messages={"invalid_choice": GONE}
    )
    advisor = forms.ModelChoiceField(
        Advisor.objects.active(), label=_("Beraterin oder Berater"), required=False
    )
    starts_at = forms.DateTimeField(label=_("Beginn"), widget=NativeDateTime, required=False)
    minutes = forms.IntegerField(
        label=_("Dauer in Minuten"), min_value=10, max_value=480, initial=45, required=False
    )
    mode = forms.ChoiceField(label=_("Art"), choices=Mode.choices, required=False)
    place = forms.CharField(
        label=_("Ort"), max_length=300, required=False, help_text=_("Nur für „vor Ort“.")
    )
    # What speaks against the time; each is ticked by a person who wants it all the same.
    anyway = forms.Field(
        label=_("Trotzdem"), required=False, widget=Checkboxes(_("Trotzdem, obwohl …"))
    )
    shows = "admin/consulting/_wishes.html"
    own_fields = ("advisor", "starts_at", "minutes", "mode", "place")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        themes = list(self.row.themes.all())
        self._offer(free_slots(now=self.now, themes=themes, limit=SHOWN_TIMES))

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        own = [self[name] for name in self.own_fields]
        asked = [("", [self["anyway"]])] if self.fields["anyway"].widget.choices else []
        return [*asked, ("", [self["slot"]]), (_t("Eine andere Zeit"), own)]

    def _offer(self, slots: Iterable[Slot]) -> None:
        days = time_choices(slots)
        other = (OWN_TIME, _t("Eine andere Zeit, wie unten angegeben"))
        self.fields["slot"].choices = [*days, other]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("slot") == OWN_TIME:
            self._clean_own_time(cleaned)
            if not self.errors:
                self._warn(self._unsaved())
        return cleaned

    def _warn(self, slot: Slot) -> None:
        """Refuse what the advisor has something at already; ask once more about all else.

        What is on offer, the person who asks could take as well, so nobody is asked about that.
        """
        if other := obstacles.in_the_way(slot, but=self.row, now=self.now):
            text = _t("Diese Zeit ist nicht mehr frei: %(name)s hat schon einen Termin, %(time)s.")
            said = {"name": slot.advisor, "time": f"{other.day_in_full}, {other.clock}"}
            self.add_error("starts_at", text % said)
            return
        found = obstacles.against(slot, land=self.row.land)
        if set(found) <= set(self.cleaned_data["anyway"] or ()):
            return
        self.fields["anyway"].widget.choices = [(one, one) for one in found]
        self.add_error(
            "anyway", _t("Bitte wählen Sie eine andere Zeit, oder kreuzen Sie es hier an.")
        )

    def _clean_own_time(self, cleaned: dict[str, Any]) -> None:
        for name in ("advisor", "starts_at", "minutes", "mode"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _t("Bitte angeben."))
        if self.errors:
            return
        if cleaned["starts_at"] <= self.now:
            self.add_error("starts_at", _t("Diese Zeit ist schon vorbei."))
            return
        try:
            self._unsaved().full_clean(validate_unique=False, validate_constraints=False)
            self._unsaved().validate_constraints(exclude={"advisor"})
        except ValidationError as error:
            self.add_error(None, error.messages)

    def _unsaved(self) -> Slot:
        data = self.cleaned_data
        return Slot(
            advisor=data["advisor"],
            starts_at=data["starts_at"],
            ends_at=data["starts_at"] + timedelta(minutes=data["minutes"]),
            mode=data["mode"],
            place=data["place"],
            is_offered=False,
        )

    def chosen(self) -> Slot:
        """The slot to take. One of one's own is stored here, so call it inside the transaction."""
        if self.cleaned_data["slot"] != OWN_TIME:
            return self._offered(self.cleaned_data["slot"])
        own = self._unsaved()
        key = {name: getattr(own, name) for name in ("advisor", "starts_at", "ends_at", "mode")}
        slot, _created = Slot.objects.get_or_create(
            **key, defaults={"place": own.place, "is_offered": False}
        )
        # One that was published for the same time keeps its own place; this date is here.
        slot.place = own.place
        return slot

    def _offered(self, pk: str) -> Slot:
        slot = Slot.objects.select_related("advisor").filter(pk=pk).first()
        if slot is None:  # its series was changed since the form was checked
            raise SlotTaken([])
        return slot

    def refuse(self, refusal: SlotTaken) -> None:
        """After the transaction was undone: say so, and offer what is free now."""
        themes = list(self.row.themes.all())
        self._offer(
            free_slots(now=timezone.now(), themes=themes, limit=SHOWN_TIMES) or refusal.next_times
        )
        self.add_error("slot", GONE)


def time_choices(slots: Iterable[Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Times under their days, each with the advisor who takes it."""
    return [
        (day.slots[0].day_in_full, [(str(slot.pk), _spoken(slot)) for slot in day.slots])
        for day in by_day(slots)
    ]


def _spoken(slot: Slot) -> str:
    return f"{slot.in_full}, {slot.advisor}"

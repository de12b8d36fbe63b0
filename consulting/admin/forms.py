"""What the office fills in before something is done with a request."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from consulting.actions import SlotTaken
from consulting.availability import by_day, free_slots
from consulting.models import Advisor, ConsultationRequest, Mode, Note, Slot
from office.steps import StepForm
from office.widgets import NativeDateTime
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
    shows = "admin/consulting/_wishes.html"
    own_fields = ("advisor", "starts_at", "minutes", "mode", "place")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        themes = list(self.row.themes.all())
        self._offer(free_slots(now=self.now, themes=themes, limit=SHOWN_TIMES))

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        own = [self[name] for name in self.own_fields]
        return [("", [self["slot"]]), (_t("Eine andere Zeit"), own)]

    def _offer(self, slots: Iterable[Slot]) -> None:
        days = [
            (day.slots[0].day_in_full, [(str(slot.pk), _spoken(slot)) for slot in day.slots])
            for day in by_day(slots)
        ]
        other = (OWN_TIME, _t("Eine andere Zeit, wie unten angegeben"))
        self.fields["slot"].choices = [*days, other]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("slot") == OWN_TIME:
            self._clean_own_time(cleaned)
        return cleaned

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


def _spoken(slot: Slot) -> str:
    return f"{slot.in_full}, {slot.advisor}"

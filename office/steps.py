"""Pages that ask first, then act: what can be done with a row, one button and one page for each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.refusals import NotPossible, Overtaken
from office.pages import office_page
from office.saving import StaysOpen


class StepForm(forms.Form):
    """Asks for nothing but a yes, and knows which state of the row its page was about.

    Where the row has a column `version_field`, which every change raises, the page hands it back, so
    that the action can refuse what was decided about an older state.
    """

    version_field = "version"
    # A template with what is to be read before saying yes.
    shows = ""

    def __init__(self, row: Any, by: AbstractBaseUser, now: datetime, data: Any = None) -> None:
        self.row, self.by, self.now = row, by, now
        super().__init__(data, initial=self.initial_of(row))
        if hasattr(row, self.version_field):
            self._hand_out(self.version_field, forms.IntegerField, getattr(row, self.version_field))

    def initial_of(self, row: Any) -> dict[str, Any]:
        return {}

    def question(self) -> str:
        """What the page says and asks, where the step's words are not true of this row."""
        return ""

    def done(self) -> str:
        """What is said afterwards, where the step's words are not true of this row."""
        return ""

    def button(self) -> str | None:
        """What stands on the button, where the step's title is too little; None where there is nothing to press."""
        return ""

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields to fill in under their headings, "" for those that need none."""
        return [("", self.visible_fields())]

    def refuse(self, refusal: NotPossible) -> None:
        """Say why it was not done; the page comes back with it."""
        self.add_error(None, str(refusal))

    def take_back(self) -> None:
        """Make the row what the page was about, not what it has become: the action compares."""
        if self.version_field in self.cleaned_data:
            setattr(self.row, self.version_field, self.cleaned_data[self.version_field])

    def _hand_out(self, name: str, field: type[forms.Field], value: Any) -> None:
        again = _("Bitte rufen Sie diese Seite noch einmal auf.")
        self.fields[name] = field(widget=forms.HiddenInput, error_messages={"required": again})
        self.initial[name] = value

    def _post_clean(self) -> None:
        # Hidden fields are not seen, so what is wrong with one is told for the whole form.
        for field in self.hidden_fields():
            for error in self.errors.pop(field.name, []):
                self.add_error(None, error)


class SeenForm(StepForm):
    """For what goes out as it stands: the yes counts for the words that the page has shown."""

    changed = _("Der Text wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal.")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._hand_out("seen", forms.CharField, self._fingerprint())

    def seen_besides(self) -> list[Any]:
        """What else the page has shown, of other rows."""
        return []

    def clean_seen(self) -> str:
        now = self._fingerprint()
        if self.cleaned_data["seen"] != now:
            # The page comes back with the words as they are now, and asks about those.
            self.data = self.data.copy()
            self.data["seen"] = now
            raise forms.ValidationError(self.changed)
        return now

    def _fingerprint(self) -> str:
        values = [getattr(self.row, field.attname) for field in self.row._meta.concrete_fields]
        return sha256(repr(values + self.seen_besides()).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: str
    question: str
    # What is said afterwards.
    done: str
    # Decides about the button and about asking. Between this and doing it the row may change, so
    # the action decides again.
    possible: Callable[[Any, AbstractBaseUser, datetime], bool]
    # Gets row, form, user and clock. `Overtaken` means that it came too late, `NotPossible` stands
    # in the form.
    run: Callable[[Any, Any, AbstractBaseUser, datetime], object]
    form: type[StepForm] = StepForm
    # Who may do it at all; the others are refused.
    allowed: Callable[[AbstractBaseUser], bool] = lambda by: True
    # `run` returns a new row, whose page comes next.
    makes_new: bool = False


class WithSteps(StaysOpen):
    """For an admin whose rows have `steps`: their buttons, and the page of each.

    `get_queryset` says which rows there are for a person, `allowed` and `possible` of a step what they
    may do. GET only asks, POST does it once; anyone who comes too late is told, and nothing has changed.
    """

    steps: tuple[Step, ...] = ()
    # What is written is then shown to people, sent or approved, on the same page.
    offers_another = False
    # Where those go who have nothing to do in this list any more.
    home = "admin:index"
    # What of the row the page of each step shows once more, by the names that the form shows.
    read_again: tuple[str, ...] = ()
    change_form_template = "office/change_form.html"

    class Media:
        css: ClassVar = {"all": ["css/office.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [*self.step_urls(), *super().get_urls()]

    def step_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        return [path("<int:pk>/<slug:slug>/weiter/", view, name=self._route("step"))]

    def step_buttons(self, request: HttpRequest, row: Any) -> list[tuple[Step, str]]:
        """The steps that are possible now, each with the address of its page."""
        now = timezone.now()
        return [
            (step, reverse(f"admin:{self._route('step')}", args=[row.pk, step.slug]))
            for step in self.steps
            if step.allowed(request.user) and step.possible(row, request.user, now)
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra = {} if row is None else {"steps": self.step_buttons(request, row)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """Ask, then do it: GET shows what is about to happen, POST carries it out once."""
        row, now = self.own_object(request, pk), timezone.now()
        step = next((step for step in self.steps if step.slug == slug), None)
        if step is None:
            raise Http404
        if not step.allowed(request.user):
            raise PermissionDenied
        if not step.possible(row, request.user, now):
            return self._too_late(request, row, step)
        form = step.form(row, request.user, now, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            answer = self._carry_out(request, step, form)
            if answer is not None:
                return answer
        return self._ask(request, step, form)

    def _carry_out(
        self, request: HttpRequest, step: Step, form: StepForm
    ) -> HttpResponseRedirect | None:
        form.take_back()
        try:
            result = step.run(form.row, form, form.by, form.now)
        except Overtaken:
            return self._too_late(request, form.row, step)
        except NotPossible as refusal:
            form.refuse(refusal)
            return None
        row = result if step.makes_new else form.row
        self.note_step(request, row, step)
        self.message_user(request, form.done() or step.done, messages.SUCCESS)
        return self.after_step(request, row)

    def _too_late(self, request: HttpRequest, row: Any, step: Step) -> HttpResponseRedirect:
        self.message_user(request, self.too_late(row, step), messages.WARNING)
        return self.after_step(request, row)

    def _ask(self, request: HttpRequest, step: Step, form: StepForm) -> HttpResponse:
        row, button = form.row, form.button()
        return office_page(
            self,
            request,
            "office/step.html",
            step.title,
            {
                "row": row,
                "row_url": self._address(row),
                "name": self.name_of(row),
                "facts": self.facts_of(row),
                "read_again": self._read_again(row),
                "trail": self.trail_to(row),
                "step": step,
                "form": form,
                "button": step.title if button == "" else button,
            },
            media=form.media,
        )

    # What an admin says in its own words ---------------------------------------------------------

    def name_of(self, row: Any) -> str:
        return str(row)

    def facts_of(self, row: Any) -> str:
        """What else the page says of the row, behind its name."""
        return ""

    def _read_again(self, row: Any) -> list[tuple[str, Any]]:
        """Label and value of each that says something."""
        told = []
        for name in self.read_again:
            field, _attribute, value = lookup_field(name, row, self)
            if field is not None:
                value = display_for_field(value, field, "")
            if value not in (None, "", "–"):
                told.append((label_for_field(name, self.model, self), value))
        return told

    def trail_to(self, row: Any) -> list[tuple[str, str]]:
        """The pages above the one that asks, as label and address."""
        rows = reverse(f"admin:{self._route('changelist')}")
        return [
            (capfirst(self.opts.verbose_name_plural), rows),
            (self.name_of(row), self._address(row)),
        ]

    def too_late(self, row: Any, step: Step) -> str:
        return _t(
            "Das geht beim jetzigen Stand nicht, vielleicht war jemand schneller. Es wurde nichts "
            "geändert."
        )

    def note_step(self, request: HttpRequest, row: Any, step: Step) -> None:
        """Write it into the row's history."""
        note = self.log_addition if step.makes_new else self.log_change
        note(request, row, str(step.title))

    def after_step(self, request: HttpRequest, row: Any) -> HttpResponseRedirect:
        """The row's page, or the list if the row is none of one's own any more."""
        if not self.has_view_permission(request):
            return redirect(self.home)
        if self.get_queryset(request).filter(pk=row.pk).exists():
            return redirect(self._address(row))
        return redirect(f"admin:{self._route('changelist')}")

    def _address(self, row: Any) -> str:
        return reverse(f"admin:{self._route('change')}", args=[row.pk])

    def _route(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

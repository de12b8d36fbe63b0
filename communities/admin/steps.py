"""What can be done with a row: one button, one page that asks, one action each."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.refusals import NotPossible, Overtaken
from office.saving import StaysOpen


class StepForm(forms.Form):
    """Asks for nothing but a yes. `version` is what the page was about."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, row: Any, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data, initial={"version": getattr(row, "version", None)})
        self.row, self.request = row, request

    def button(self) -> str:
        """What stands on the button, where the step's title is too little."""
        return ""


class SeenForm(StepForm):
    """For what goes out as it stands: knows what somebody has read before they say yes to it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.initial["seen"] = _fingerprint(self.row)

    def clean_seen(self) -> str:
        now = _fingerprint(self.row)
        if self.cleaned_data["seen"] not in ("", now):
            # The page comes back with the words as they are now, and asks about those.
            self.data = self.data.copy()
            self.data["seen"] = now
            raise forms.ValidationError(
                _t("Der Text wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal.")
            )
        return now

    def _post_clean(self) -> None:
        # Nobody sees a hidden field, so what is wrong with it is told for the whole form.
        for error in self.errors.pop("seen", []):
            self.add_error(None, error)


def _fingerprint(row: Any) -> str:
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return sha256(repr(values).encode()).hexdigest()[:24]


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


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: str
    question: str
    # What is said afterwards.
    done: str
    # Decides about the button, and whether somebody may; whether it still is possible when it is
    # done, the action says.
    possible: Callable[[Any, HttpRequest], bool]
    # Gets row, form and request; raises what the actions raise.
    run: Callable[[Any, Any, HttpRequest], object]
    form: type[StepForm] = StepForm


class WithSteps(StaysOpen):
    """For an admin of own groups: its rows have the `steps` as buttons and pages."""

    steps: tuple[Step, ...] = ()
    change_form_template = "admin/communities/change_form.html"

    def ways(self, row: Any, request: HttpRequest) -> list[tuple[str, str]]:
        """Where one goes from this row, as label and address; buttons that change nothing."""
        return []

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        return [
            path("<int:pk>/<slug:slug>/weiter/", view, name=self._name("step")),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if row is not None:
            extra["steps"] = [
                (step.title, reverse(f"admin:{self._name('step')}", args=[row.pk, step.slug]))
                for step in self.steps
                if step.possible(row, request)
            ]
            extra["ways"] = self.ways(row, request)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """Ask, then do it: GET shows what is about to happen, POST carries it out once."""
        row = self.own_object(request, pk)
        step = next((step for step in self.steps if step.slug == slug), None)
        if step is None:
            raise Http404
        if not step.possible(row, request):
            return self._too_late(request, row)
        form = step.form(row, request, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            if form.cleaned_data.get("version") is not None:
                # What the page was about, not what the row has become: the action compares.
                row.version = form.cleaned_data["version"]
            try:
                step.run(row, form, request)
            except NotPossible as reason:
                form.add_error(None, str(reason))
            except Overtaken:
                return self._too_late(request, row)
            else:
                self.log_change(request, row, str(step.title))
                self.message_user(request, step.done, messages.SUCCESS)
                return self._page(request, row)
        return self._ask(request, row, step, form)

    def _too_late(self, request: HttpRequest, row: Any) -> HttpResponseRedirect:
        text = _t(
            "Das geht beim jetzigen Stand nicht (mehr), vielleicht war jemand schneller. Es wurde "
            "nichts geändert."
        )
        self.message_user(request, text, messages.WARNING)
        return self._page(request, row)

    def _ask(self, request: HttpRequest, row: Any, step: Step, form: StepForm) -> HttpResponse:
        return TemplateResponse(
            request,
            "admin/communities/step.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "media": self.media + form.media,
                "title": step.title,
                "row": row,
                "row_url": reverse(f"admin:{self._name('change')}", args=[row.pk]),
                "step": step,
                "form": form,
                "now": timezone.now(),
            },
        )

    def _page(self, request: HttpRequest, row: Any) -> HttpResponseRedirect:
        """The row's page, or the list if the row is none of one's own any more.

        Whoever has just given away the last they looked after finds their groups in their account.
        """
        if not self.has_view_permission(request):
            return redirect("my_groups")
        if self.get_queryset(request).filter(pk=row.pk).exists():
            return redirect(reverse(f"admin:{self._name('change')}", args=[row.pk]))
        return redirect(reverse(f"admin:{self._name('changelist')}"))

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

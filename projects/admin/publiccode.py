"""A `publiccode.yml` at a solution in the administration: choose it, look at what it would change, do it."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.refusals import NotPossible, Overtaken
from office.history import LONGEST_VALUE, NOTHING
from office.pages import office_page
from office.widgets import Checkboxes
from projects import revisions
from projects.models import Solution
from projects.publiccode import reading
from projects.publiccode.reading import Said
from projects.publiccode.taking import Proposal, fingerprint, proposals, take_over
from projects.table import uploads


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("publiccode.yml"),
        help_text=_("Höchstens 100 kB."),
        allow_empty_file=True,  # told in our words
        widget=forms.ClearableFileInput(attrs={"accept": ".yml,.yaml"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.said = reading.read(file.read(reading.LARGEST + 1))
        except reading.FileError as error:
            raise ValidationError(str(error)) from None
        return file


class ChoiceForm(forms.Form):
    """Which of the proposals are taken over. Ticked is what the portal does not know yet."""

    taken = forms.MultipleChoiceField(
        label=_("Übernehmen"),
        widget=Checkboxes(_("Was übernommen wird")),
        error_messages={"required": _("Bitte wählen Sie, was übernommen werden soll.")},
    )

    def __init__(self, found: list[Proposal], data: Any = None) -> None:
        super().__init__(data)
        self.fields["taken"].choices = [(one.key, _label(one)) for one in found]
        self.initial["taken"] = [one.key for one in found if one.fills_a_gap]


def _label(one: Proposal) -> str:
    if one.fills_a_gap:
        return format_html("<span>{}: <ins>{}</ins></span>", one.heading, one.new)
    was = "<span>{}: <del>{}</del> → <ins>{}</ins></span>"
    return format_html(was, one.heading, one.old, one.new)


class WithPubliccode:
    """For the admin of the solutions: those who may change one may fill it from its file."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "projects_solution_publiccode"
        return [
            path("<int:pk>/publiccode/", view(self.publiccode_view), name=name),
            path("<int:pk>/publiccode/pruefen/", view(self.said_view), name=f"{name}_check"),
            *super().get_urls(),
        ]

    def _to_change(self, request: HttpRequest, pk: int) -> Solution:
        solution = self.own_object(request, pk)
        if not self.has_change_permission(request, solution):
            raise PermissionDenied
        return solution

    def publiccode_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        solution = self._to_change(request, pk)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*sent)
        if request.method == "POST" and form.is_valid():
            # The file itself names people; only what is used of it is kept.
            facts = {"solution": solution.pk, "said": form.said.as_facts()}
            uploads.keep(
                request.session,
                "publiccode.yml",
                json.dumps(facts).encode(),
                now=timezone.now(),
                of=uploads.PUBLICCODE,
            )
            return redirect("admin:projects_solution_publiccode_check", solution.pk)
        return self._publiccode_page(request, solution, form=form)

    def said_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what the file would change, POST changes what was chosen of it."""
        solution = self._to_change(request, pk)
        with transaction.atomic():
            said = self._kept(request, solution, lock=request.method == "POST")
            if said is None:
                return self._nothing_waits(request, solution)
            if request.method == "POST":
                return self._take_over(request, solution, said)
        return self._look(request, solution, said)

    def _kept(self, request: HttpRequest, solution: Solution, *, lock: bool) -> Said | None:
        kept = uploads.kept(request.session, now=timezone.now(), lock=lock, of=uploads.PUBLICCODE)
        facts = json.loads(bytes(kept.content)) if kept else {}
        if facts.get("solution") != solution.pk:
            return None
        return Said.of_facts(facts["said"])

    def _take_over(self, request: HttpRequest, solution: Solution, said: Said) -> HttpResponse:
        form = ChoiceForm(proposals(solution, said), request.POST)
        if not form.is_valid():
            return self._look(request, solution, said, form)
        seen = request.POST.get("seen", "")
        Solution.objects.select_for_update(of=["self"], no_key=True).get(pk=solution.pk)
        before = revisions.sheet_of(solution.pk)
        try:
            done = take_over(solution, said, form.cleaned_data["taken"], seen=seen)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self._look(request, solution, said, form)
        except Overtaken:
            self.message_user(
                request,
                _t(
                    "Es wurde nichts übernommen: Die Lösung wurde inzwischen geändert. Bitte sehen Sie es "
                    "noch einmal durch."
                ),
                messages.WARNING,
            )
            return self._look(request, solution, said)
        uploads.drop(request.session, of=uploads.PUBLICCODE)
        self.log_change(request, solution, [_message(done)])
        self.keep_revision(request, solution, before)
        text = _t("Aus der publiccode.yml übernommen: %d Angaben.") % len(done)
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:projects_solution_change", solution.pk)

    def _look(
        self, request: HttpRequest, solution: Solution, said: Said, form: ChoiceForm | None = None
    ) -> HttpResponse:
        found = proposals(solution, said)
        return self._publiccode_page(
            request,
            solution,
            found=found,
            form=form or ChoiceForm(found),
            left_out=said.left_out,
            seen=fingerprint(found),
            is_check=True,
        )

    def _nothing_waits(self, request: HttpRequest, solution: Solution) -> HttpResponseRedirect:
        self.message_user(
            request,
            _t(
                "Hier wartet keine publiccode.yml. Sie ist schon übernommen oder nach einem Tag gelöscht "
                "worden."
            ),
            messages.WARNING,
        )
        return redirect("admin:projects_solution_publiccode", solution.pk)

    def _publiccode_page(
        self, request: HttpRequest, solution: Solution, **context: Any
    ) -> TemplateResponse:
        template, title = "publiccode.html", _t("Aus publiccode.yml ergänzen")
        context["solution"] = solution
        return office_page(self, request, f"admin/projects/solution/{template}", title, context)


def _message(done: list[Proposal]) -> dict[str, Any]:
    values = [[one.heading, _short(one.old), _short(one.new)] for one in done]
    return {"changed": {"fields": [one.heading for one in done], "values": values}}


def _short(value: str) -> str:
    return Truncator(value).chars(LONGEST_VALUE) or NOTHING

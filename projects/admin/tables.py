"""The table of solutions in the administration: download, choose a file, look at what it would do, do it."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from ground.downloads import download
from office.history import LONGEST_VALUE, NOTHING
from office.pages import office_page
from projects.models import Solution, UploadedTable
from projects.table import exporting, importing, reading, uploads
from projects.table.columns import COLUMNS, guessed
from projects.table.importing import CHANGED, NEW, SAME, WRONG
from projects.table.rows import ROWS

_SHOWN_LINES = 300


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Tabelle"),
        help_text=_("XLSX oder CSV, höchstens 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > reading.LARGEST:
            raise ValidationError(_t("Die Datei ist größer als 10 MB."))
        try:
            self.content = file.read()
            reading.read(self.content)
        except reading.FileError as error:
            raise ValidationError(str(error)) from None
        return file


class MappingForm(forms.Form):
    """For each column of the file what it holds. Guessed from the headings, open to change."""

    empties = forms.BooleanField(
        label=_("Leere Zellen leeren die Angabe im Portal"),
        required=False,
        help_text=_("Ohne Haken bleibt stehen, was da ist."),
    )

    def __init__(self, table: reading.Table, data: Any = None) -> None:
        super().__init__(data)
        choices = [("", _("nicht übernehmen")), *((one.field, one.heading) for one in COLUMNS)]
        self.columns = [f"column_{position}" for position in range(len(table.headings))]
        for position, (name, heading, guess) in enumerate(
            zip(self.columns, table.headings, guessed(table.headings), strict=True), start=1
        ):
            label = _("Spalte %(letter)s: %(heading)s") % {
                "letter": get_column_letter(position),
                "heading": Truncator(heading or "ohne Überschrift").chars(60),
            }
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=guess
            )

    def chosen(self) -> dict[str, Any]:
        """What is assigned: sent, or else guessed."""
        if self.is_bound:
            self.is_valid()
            mapping = [self.cleaned_data.get(name, "") for name in self.columns]
            return {"mapping": mapping, "empties": self.cleaned_data["empties"]}
        return {"mapping": [self.fields[name].initial for name in self.columns], "empties": False}


class WithTable:
    """For the admin of the solutions. The office alone takes tables in and out."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("tabelle/", view(self.table_view), name="projects_solution_table"),
            path("tabelle/pruefen/", view(self.check_view), name="projects_solution_table_check"),
            path(
                "tabelle/loesungen.xlsx",
                view(self.download_view),
                name="projects_solution_table_download",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"has_table": self._may_use_table(request)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def _may_use_table(self, request: HttpRequest) -> bool:
        return all(
            request.user.has_perm(f"projects.{what}_solution") for what in ("view", "add", "change")
        )

    def _for_the_office(self, request: HttpRequest) -> None:
        if not self._may_use_table(request):
            raise PermissionDenied

    def download_view(self, request: HttpRequest) -> HttpResponse:
        self._for_the_office(request)
        rows = Solution.objects.order_by("project__sort_name", "sort_name", "pk")
        book = exporting.workbook(rows)
        return download(book, name="loesungen.xlsx", content_type=exporting.XLSX)

    def table_view(self, request: HttpRequest) -> HttpResponse:
        self._for_the_office(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*sent)
        if request.method == "POST" and form.is_valid():
            name = form.cleaned_data["file"].name
            uploads.keep(request.session, name, form.content, now=timezone.now())
            return redirect("admin:projects_solution_table_check")
        waiting = uploads.kept(request.session, now=timezone.now())
        return self._page(request, "table.html", form=form, waiting=waiting, rows=ROWS)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """GET shows what the file would do with this assignment, POST does just that."""
        self._for_the_office(request)
        if request.method == "POST":
            return self._take_in(request)
        upload = uploads.kept(request.session, now=timezone.now())
        return self._gone(request) if upload is None else self._check(request, upload, request.GET)

    def _check(self, request: HttpRequest, upload: UploadedTable, data: Any) -> HttpResponse:
        table = reading.read(bytes(upload.content))
        form = MappingForm(table, data or None)
        chosen = form.chosen()
        report = None
        try:
            report = importing.trial(table, chosen["mapping"], empties=chosen["empties"])
        except importing.MappingError as error:
            form.is_valid()
            mistake = str(error)
        else:
            mistake = ""
        return self._page(
            request,
            "table_check.html",
            form=form,
            upload=upload,
            mistake=mistake,
            hidden=_sent_again(form, chosen),
            **({} if report is None else _told(report)),
        )

    def _take_in(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            upload = uploads.kept(request.session, now=timezone.now(), lock=True)
            if upload is None:
                return self._gone(request)
            table = reading.read(bytes(upload.content))
            chosen = MappingForm(table, request.POST).chosen()
            try:
                report = importing.take_in(
                    table,
                    chosen["mapping"],
                    empties=chosen["empties"],
                    seen=request.POST.get("seen", ""),
                    then=lambda done: _note(request, done),
                )
            except importing.MappingError:
                return self._check(request, upload, request.POST)
            if report is not None and report.is_possible:
                uploads.drop(request.session)
                return self._done(request, report)
        self.message_user(
            request,
            _t(
                "Es wurde nichts eingelesen: Inzwischen würde etwas anderes geschehen als das, was hier "
                "stand. Bitte sehen Sie es noch einmal durch."
            ),
            messages.WARNING,
        )
        return self._check(request, upload, request.POST)

    def _done(self, request: HttpRequest, report: importing.Report) -> HttpResponseRedirect:
        done = _t("Eingelesen: %(new)d neu, %(changed)d geändert, %(same)d unverändert.")
        counts = {
            "new": len(report.of(NEW)),
            "changed": len(report.of(CHANGED)),
            "same": len(report.of(SAME)),
        }
        self.message_user(request, done % counts, messages.SUCCESS)
        return redirect("admin:projects_solution_changelist")

    def _gone(self, request: HttpRequest) -> HttpResponseRedirect:
        self.message_user(
            request,
            _t(
                "Hier wartet keine Tabelle. Sie ist schon eingelesen oder nach einem Tag gelöscht worden."
            ),
            messages.WARNING,
        )
        return redirect("admin:projects_solution_table")

    def _page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        title = _t("Lösungen als Tabelle")
        return office_page(self, request, f"admin/projects/solution/{template}", title, context)


def _sent_again(form: MappingForm, chosen: dict[str, Any]) -> list[tuple[str, str]]:
    hidden = list(zip(form.columns, chosen["mapping"], strict=True))
    return [*hidden, ("empties", "on")] if chosen["empties"] else hidden


def _told(report: importing.Report) -> dict[str, Any]:
    counts = [(kind, len(report.of(kind))) for kind in (NEW, CHANGED, SAME, WRONG)]
    lines = [line for line in report.lines if line.kind != SAME]
    # What is wrong has to be read, the rest is a sample where it is much.
    lines.sort(key=lambda line: (line.kind != WRONG, line.number))
    return {
        "report": report,
        "counts": counts,
        "lines": lines[:_SHOWN_LINES],
        "left_out": max(0, len(lines) - _SHOWN_LINES),
    }


def _note(request: HttpRequest, report: importing.Report) -> None:
    """Into the history of each row, like a change in its form."""
    kind = ContentType.objects.get_for_model(Solution)
    LogEntry.objects.bulk_create(
        LogEntry(
            user=request.user,
            content_type=kind,
            object_id=str(line.row.pk),
            object_repr=line.row.name[:200],
            action_flag=ADDITION if line.is_new else CHANGE,
            change_message=json.dumps([_message(line)]),
        )
        for line in [*report.of(NEW), *report.of(CHANGED)]
    )


def _message(line: importing.Line) -> dict[str, Any]:
    if line.is_new:
        return {"added": {}}
    values = [[one.heading, _short(one.old), _short(one.new)] for one in line.changes]
    return {"changed": {"fields": [one.heading for one in line.changes], "values": values}}


def _short(value: str) -> str:
    return Truncator(value).chars(LONGEST_VALUE) or NOTHING

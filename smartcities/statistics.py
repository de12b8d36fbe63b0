"""The page „Statistik“ of the administration: for the office, as tables, pictures and a file."""

from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ground.spreadsheet import csv_response
from projects.statistics import HIDDEN, Period, Row, Source, Table, View, sources_for, table_of

FIRST_YEAR, LAST_YEAR = 2000, 2099
# Of the picture, in its own units.
LABELS, WIDTH, BAR, GAP = 220, 640, 20, 8


class MonthField(forms.DateField):
    """The browser's own choice of a month; where it has none, one types „2026-03“."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "JJJJ-MM"})

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m"], required=False, **options)

    def clean(self, value: Any) -> date | None:
        month = super().clean(value)
        if month and not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise forms.ValidationError(_("Bitte einen Monat zwischen 2000 und 2099 wählen."))
        return month


class PeriodForm(forms.Form):
    """Whole months only: of periods that differ by a day the difference would be single people."""

    von = MonthField(label=_("Von Monat"))
    bis = MonthField(label=_("Bis Monat"))
    sicht = forms.ChoiceField(label=_("Gegliedert nach"), choices=View.choices, required=False)

    def __init__(self, data: Any, today: date) -> None:
        self._today = today
        super().__init__({**self._usual(), **{key: data[key] for key in data if data[key]}})

    def _usual(self) -> dict[str, Any]:
        last = self._today.replace(day=1)
        first = last.replace(year=last.year - 1)
        return {"von": f"{_next(first):%Y-%m}", "bis": f"{last:%Y-%m}", "sicht": View.LAND.value}

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("von"), self.cleaned_data.get("bis")
        if first and last and first > last:
            self.add_error("bis", _t("Der letzte Monat liegt vor dem ersten."))
        return self.cleaned_data

    @property
    def period(self) -> Period:
        last = self.cleaned_data["bis"]
        return Period(self.cleaned_data["von"], _next(last) - timedelta(days=1))


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


class Bar(NamedTuple):
    label: str
    y: int
    width: int
    value: str
    text_x: int


class Picture(NamedTuple):
    height: int
    bars: list[Bar]


@require_safe
def statistics_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    sources = sources_for(request.user)
    if not sources:
        raise PermissionDenied
    chosen = request.GET.get("zahlen", "")
    shown = [source for source in sources if source.key == chosen] or sources
    form = PeriodForm(request.GET, timezone.localdate())
    tables = []
    if form.is_valid():
        view = View(form.cleaned_data["sicht"])
        tables = [table_of(source, view, form.period) for source in shown]
        if request.GET.get("als") == "csv":
            return as_csv(tables, view, form.period)
    query = request.GET.copy()
    query["als"] = "csv"
    context = {
        **site.each_context(request),
        "title": _t("Statistik"),
        "form": form,
        "sources": sources,
        "chosen": chosen if len(shown) == 1 else "",
        "tables": [(table, headings(table.source), picture(table)) for table in tables],
        "view": View(form.cleaned_data["sicht"]).label if tables else "",
        "hidden": HIDDEN,
        "csv": query.urlencode(),
    }
    return TemplateResponse(request, "admin/statistics.html", context)


def headings(source: Source) -> list[str]:
    return [
        str(label)
        for label in (
            source.total,
            *source.parts.values(),
            *source.medians.values(),
            *source.shares.values(),
        )
    ]


def picture(table: Table) -> Picture:
    """A bar for each row; what is hidden has none, so that nobody can measure it."""
    most = max((row.total for row in table.rows if row.total), default=0)
    bars = []
    for position, row in enumerate(table.rows):
        width = round((WIDTH - LABELS - 60) * row.total / most) if row.total else 0
        y = position * (BAR + GAP)
        value = str(HIDDEN) if row.total is None else str(row.total)
        bars.append(Bar(row.label, y, width, value, LABELS + width + 6))
    return Picture(max(len(bars) * (BAR + GAP), 1), bars)


def as_csv(tables: list[Table], view: View, period: Period) -> HttpResponse:
    """One line for each number, so that a spreadsheet can put them together as it likes."""
    header = [_t("Bereich"), _t("von"), _t("bis"), str(view.label), _t("Kennzahl"), _t("Wert")]
    lines = [
        [str(table.source.title), period.first, period.last, row.label, name, value]
        for table in tables
        for row in [*table.rows, table.all._replace(label=_t("alle"))]
        for name, value in zip(headings(table.source), _values(table, row), strict=True)
    ]
    return csv_response(f"statistik-{period.first:%Y-%m}-{period.last:%Y-%m}.csv", header, lines)


def _values(table: Table, row: Row) -> list[Any]:
    numbers = [str(HIDDEN) if number is None else number for number in (row.total, *row.parts)]
    return [*numbers, *("" if one is None else one for one in chain(row.medians, row.shares))]

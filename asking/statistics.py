"""What the office counts of questions, without persons."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from asking.models import Helped, Kind, Question, State
from projects.models import Theme
from projects.statistics import Case, Period, Source, days, register

_PARTS = {
    State.ANSWERED: "answered",
    State.TO_ADVICE: "to_advice",
    State.WITHDRAWN: "withdrawn",
}


def cases(period: Period) -> Iterator[Case]:
    """Those that were asked within the period and confirmed, in one query and one for the themes."""
    rows = (
        Question.objects.confirmed()
        .exclude(kind=Kind.FAULT)
        .filter(period.has("asked_at"))
        .select_related("municipality", "theme")
        .prefetch_related("solution__themes")
        .order_by("pk")
    )
    for row in rows:
        yield Case.of(
            row.municipality,
            _PARTS.get(State(row.state), "open"),
            _themes(row),
            measured=dict(_days_until_answer(row)),
            answered={"helped": row.helped == Helped.YES} if row.helped else {},
        )


def _themes(row: Question) -> Iterable[Theme]:
    if row.theme:
        return [row.theme]
    return row.solution.themes.all() if row.solution else []


def _days_until_answer(row: Question) -> Iterator[tuple[str, float]]:
    if row.answered_at and row.confirmed_at:
        yield "answer", days(row.confirmed_at, row.answered_at)


register(
    Source(
        "fragen",
        _("Fragen"),
        "asking.change_question",
        total=_("Fragen"),
        parts={
            "answered": _("beantwortet"),
            "to_advice": _("an Start Smart gegeben"),
            "withdrawn": _("zurückgezogen"),
            "open": _("offen"),
        },
        cases=cases,
        medians={"answer": _("Antwort nach Tagen (Median)")},
        shares={"helped": _("„hilft uns weiter“ in %")},
        note=_("Nach dem Tag der Frage. Gezählt wird, was bestätigt ist, ohne gemeldete Fehler."),
    )
)

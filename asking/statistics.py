"""What the office counts of questions, without persons."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from asking.models import Helped, Kind, Question, State
from projects.statistics import Case, Period, Source, register

DAY = 24 * 60 * 60

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
        .filter(asked_at__date__gte=period.first, asked_at__date__lte=period.last)
        .select_related("municipality", "theme")
        .prefetch_related("solution__themes")
        .order_by("pk")
    )
    for row in rows:
        kommune = row.municipality
        yield Case(
            _PARTS.get(State(row.state), "open"),
            land=kommune.land if kommune else "",
            population=kommune.population if kommune else None,
            themes=_themes(row),
            measured=dict(_days_until_answer(row)),
            answered={"helped": row.helped == Helped.YES} if row.helped else {},
        )


def _themes(row: Question) -> list[str]:
    if row.theme:
        return [row.theme.name]
    return [theme.name for theme in row.solution.themes.all()] if row.solution else []


def _days_until_answer(row: Question) -> Iterator[tuple[str, float]]:
    if row.answered_at and row.confirmed_at:
        yield "answer", (row.answered_at - row.confirmed_at).total_seconds() / DAY


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

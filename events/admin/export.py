"""Participants as a table."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t

from events.models import EventQuestion, Registration
from ground.spreadsheet import csv_response


def registrations_as_csv(
    registrations: QuerySet[Registration], *, with_needs: bool
) -> HttpResponse:
    """Only for hosts, and what a person needs to take part only where they ask for it."""
    columns = {
        _t("Veranstaltung"): lambda row: row.event.title,
        _t("Nummer"): lambda row: row.reference,
        _t("Name"): lambda row: row.name,
        _t("E-Mail-Adresse"): lambda row: row.email,
        _t("Kommune oder Organisation"): lambda row: row.represents,
        _t("Land"): lambda row: row.municipality.land if row.municipality else "",
        _t("Teilnahme"): lambda row: row.get_mode_display(),
        _t("wirkt mit"): lambda row: _yes(row.contributes),
        _t("Stand"): lambda row: row.get_state_display(),
        _t("bestätigt"): lambda row: _yes(row.confirmed_at),
        _t("Programmpunkte"): lambda row: ", ".join(item.title for item in row.sessions.all()),
        _t("Verpflegung"): lambda row: row.catering_note,
        _t("anwesend"): lambda row: _yes(row.attended_at),
        _t("angemeldet am"): lambda row: timezone.localdate(row.created_at),
    }
    found = registrations.select_related("event", "municipality").prefetch_related(
        "sessions", "answers"
    )
    columns |= _own_questions(registrations)
    if with_needs:
        found = found.select_related("needs")
        columns |= {
            _t("Bedarf für die Teilnahme"): lambda row: _needs(row),
        }
    rows = [[value(row) for value in columns.values()] for row in found]
    return csv_response("teilnehmende.csv", columns, rows)


def _own_questions(
    registrations: QuerySet[Registration],
) -> dict[str, Callable[[Registration], str]]:
    """A column for each question of these events; the same words are one, whoever asks them."""
    events = registrations.order_by().values("event")
    asked: dict[str, set[int]] = {}
    for question in EventQuestion.objects.filter(event__in=events):
        asked.setdefault(question.text, set()).add(question.pk)
    return {_t("Frage: %s") % text: _answer_to(pks) for text, pks in asked.items()}


def _answer_to(questions: set[int]) -> Callable[[Registration], str]:
    return lambda row: ", ".join(
        one.text for one in row.answers.all() if one.question_id in questions
    )


def _yes(moment: object) -> str:
    return _t("ja") if moment else _t("nein")


def _needs(row: Registration) -> str:
    needs = getattr(row, "needs", None)
    return "" if needs is None else needs.in_full

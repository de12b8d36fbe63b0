"""Requests as a table. Who needs what to take part is never in it."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t

from consulting.models import ConsultationRequest
from ground.spreadsheet import csv_response


def requests_as_csv(
    requests: QuerySet[ConsultationRequest], *, with_contacts: bool
) -> HttpResponse:
    columns = {
        _t("Vorgangsnummer"): lambda row: row.reference,
        _t("Kommune"): lambda row: row.municipality_label,
        _t("Land"): lambda row: row.land,
        _t("Stand"): lambda row: row.get_state_display(),
        _t("Bausteine"): lambda row: ", ".join(row.building_block_labels),
        _t("Themen"): lambda row: ", ".join(row.theme_labels),
        _t("Wo sie steht"): lambda row: row.get_stage_display(),
        _t("eingegangen am"): lambda row: timezone.localdate(row.submitted_at),
        _t("zu beantworten bis"): lambda row: row.due_on,
        _t("Termin"): _appointment,
        _t("zuständig"): lambda row: str(row.responsible or ""),
    }
    if with_contacts:
        columns |= {
            _t("Name"): lambda row: row.contact_name,
            _t("Funktion"): lambda row: row.contact_role,
            _t("E-Mail-Adresse"): lambda row: row.email,
            _t("Telefon"): lambda row: row.phone,
            _t("Anliegen"): lambda row: row.question,
        }
    found = requests.prefetch_related("themes").select_related("municipality", "responsible")
    rows = [[value(row) for value in columns.values()] for row in found]
    return csv_response("beratungsanfragen.csv", columns, rows)


def _appointment(row: ConsultationRequest) -> str:
    appointment = row.current_appointment()
    return appointment.in_full if appointment else ""

from consulting.models.advisor import Advisor
from consulting.models.appointment import Appointment
from consulting.models.draft import Draft
from consulting.models.history import HistoryEntry, HistoryKind, Note
from consulting.models.request import (
    CLOSED,
    RUNNING,
    AccessNeeds,
    BuildingBlock,
    ConsultationRequest,
    Rating,
    Stage,
    State,
)
from consulting.models.slot import Mode, SeriesBreak, Slot, SlotSeries, Weekday

__all__ = [
    "CLOSED",
    "RUNNING",
    "AccessNeeds",
    "Advisor",
    "Appointment",
    "BuildingBlock",
    "ConsultationRequest",
    "Draft",
    "HistoryEntry",
    "HistoryKind",
    "Mode",
    "Note",
    "Rating",
    "SeriesBreak",
    "Slot",
    "SlotSeries",
    "Stage",
    "State",
    "Weekday",
]

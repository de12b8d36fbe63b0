from consulting.models.advisor import Absence, Advisor, AdvisorFeed
from consulting.models.appointment import Appointment
from consulting.models.draft import Draft
from consulting.models.history import HistoryEntry, HistoryKind, Note
from consulting.models.message import Message
from consulting.models.request import (
    CLOSED,
    RATEABLE,
    RUNNING,
    AccessNeeds,
    BuildingBlock,
    ConsultationRequest,
    Rating,
    Source,
    Stage,
    State,
)
from consulting.models.slot import Mode, SeriesBreak, Slot, SlotSeries, Weekday

__all__ = [
    "CLOSED",
    "RATEABLE",
    "RUNNING",
    "Absence",
    "AccessNeeds",
    "Advisor",
    "AdvisorFeed",
    "Appointment",
    "BuildingBlock",
    "ConsultationRequest",
    "Draft",
    "HistoryEntry",
    "HistoryKind",
    "Message",
    "Mode",
    "Note",
    "Rating",
    "SeriesBreak",
    "Slot",
    "SlotSeries",
    "Source",
    "Stage",
    "State",
    "Weekday",
]

from events.models.event import (
    Audience,
    Event,
    EventKind,
    EventSource,
    EventState,
    Format,
    Precision,
)
from events.models.feed import PersonalFeed
from events.models.material import Document, DocumentPhase, Visibility
from events.models.message import EventMessage, Invitation, InvitationState, OptOut
from events.models.minutes import (
    RELEASED,
    Minutes,
    MinutesDecision,
    MinutesFile,
    MinutesItem,
    MinutesState,
    MinutesTask,
)
from events.models.programme import AgendaItem, Offer, Seats, better
from events.models.question import (
    MOST_QUESTIONS,
    EventAnswer,
    EventQuestion,
    QuestionKind,
)
from events.models.registration import (
    LIVE,
    SEATED,
    Mode,
    Need,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    SessionChoice,
)
from events.models.reminder import Anchor, ReminderRule, To

__all__ = [
    "LIVE",
    "MOST_QUESTIONS",
    "RELEASED",
    "SEATED",
    "AgendaItem",
    "Anchor",
    "Audience",
    "Document",
    "DocumentPhase",
    "Event",
    "EventAnswer",
    "EventKind",
    "EventMessage",
    "EventQuestion",
    "EventSource",
    "EventState",
    "Format",
    "Invitation",
    "InvitationState",
    "Minutes",
    "MinutesDecision",
    "MinutesFile",
    "MinutesItem",
    "MinutesState",
    "MinutesTask",
    "Mode",
    "Need",
    "Offer",
    "OptOut",
    "ParticipantNeeds",
    "PersonalFeed",
    "Precision",
    "QuestionKind",
    "Registration",
    "RegistrationState",
    "ReminderRule",
    "Seats",
    "SessionChoice",
    "To",
    "Visibility",
    "better",
]

"""Everything that changes something in Start Smart. Each function is one transaction.

They take the clock (`now`), change by compare-and-swap on the version that the caller has read,
store the e-mails with the fact, and return the request as it is afterwards. Locks are taken in one
order: advisor, request, appointment.
"""

from consulting.actions.booking import (
    accept,
    cancel,
    confirm,
    rate,
    refuse,
    reschedule,
    submit,
)
from consulting.actions.drafts import change_draft, send_draft_link, take_draft
from consulting.actions.offer import (
    Preview,
    Published,
    preview_series,
    publish_series,
    recurrence_of,
    withdraw,
    withdraw_series,
)
from consulting.actions.office import (
    add_note,
    assign,
    decline,
    hand_back,
    mark_held,
    mark_no_show,
    propose,
    record_outcome,
    schedule,
)
from consulting.actions.times import HoldExpired, SlotTaken, release_expired

__all__ = [
    "HoldExpired",
    "Preview",
    "Published",
    "SlotTaken",
    "accept",
    "add_note",
    "assign",
    "cancel",
    "change_draft",
    "confirm",
    "decline",
    "hand_back",
    "mark_held",
    "mark_no_show",
    "preview_series",
    "propose",
    "publish_series",
    "rate",
    "record_outcome",
    "recurrence_of",
    "refuse",
    "release_expired",
    "reschedule",
    "schedule",
    "send_draft_link",
    "submit",
    "take_draft",
    "withdraw",
    "withdraw_series",
]

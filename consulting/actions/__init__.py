"""Everything that changes something in Start Smart. Each function is one transaction.

They take the clock (`now`), change by compare-and-swap on the version that the caller has read,
store the e-mails with the fact, and return the request as it is afterwards. Locks are taken in one
order: advisor, request, appointment.
"""

from consulting.actions.booking import (
    accept,
    cancel,
    choose_time,
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
    give_room,
    preview_series,
    publish_series,
    recurrence_of,
    withdraw,
    withdraw_series,
)
from consulting.actions.office import (
    add_note,
    assign,
    call_off,
    decline,
    hand_back,
    hand_over,
    mark_held,
    mark_no_show,
    propose,
    record_outcome,
    reopen,
    schedule,
    send_outcome,
)
from consulting.actions.times import HoldExpired, SlotTaken, release_expired
from consulting.actions.writing import answer, mark_read, write

__all__ = [
    "HoldExpired",
    "Preview",
    "Published",
    "SlotTaken",
    "accept",
    "add_note",
    "answer",
    "assign",
    "call_off",
    "cancel",
    "change_draft",
    "choose_time",
    "confirm",
    "decline",
    "give_room",
    "hand_back",
    "hand_over",
    "mark_held",
    "mark_no_show",
    "mark_read",
    "preview_series",
    "propose",
    "publish_series",
    "rate",
    "record_outcome",
    "recurrence_of",
    "refuse",
    "release_expired",
    "reopen",
    "reschedule",
    "schedule",
    "send_draft_link",
    "send_outcome",
    "submit",
    "take_draft",
    "withdraw",
    "withdraw_series",
    "write",
]

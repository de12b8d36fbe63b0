"""Everything that changes something about events and registrations. Each function is one transaction.

They take the clock (`now`), change by compare-and-swap on the version that the caller has read, store
the e-mails with the fact, and return what they changed as it is afterwards. What hosts do with an event
is in `events.actions.publishing`.
"""

from events.actions.advancing import HOLD, held_until
from events.actions.changing import cancel, change, switch_mode
from events.actions.conflicts import Closed, Full, Possible, SessionFull, TooLate
from events.actions.registering import (
    MOST_PEOPLE,
    Details,
    Person,
    Registered,
    confirm,
    may_come,
    owns,
    register,
)
from events.actions.waiting import (
    accept,
    move_up,
    place_in_line,
    raise_capacity,
    release_expired,
)

__all__ = [
    "HOLD",
    "MOST_PEOPLE",
    "Closed",
    "Details",
    "Full",
    "Person",
    "Possible",
    "Registered",
    "SessionFull",
    "TooLate",
    "accept",
    "cancel",
    "change",
    "confirm",
    "held_until",
    "may_come",
    "move_up",
    "owns",
    "place_in_line",
    "raise_capacity",
    "register",
    "release_expired",
    "switch_mode",
]

"""Everything that changes who is in a group, and the tree of groups. Each function is one transaction.

They take the clock (`now`) and who acts (`by`, None for a link in an e-mail), change by
compare-and-swap on the version that the caller has read, write it into the history, store the
e-mails with the fact, and return the membership as it is afterwards. Whether `by` may do it is the
caller's business: `communities.scope`. Locks are taken in one order: groups by their keys, memberships.

`by_editor=True` is for the editors of the whole portal only: it lets a group end without a coordinator.
"""

from communities.actions.bringing import bring, correct, invite_once_more
from communities.actions.changing import is_last_coordinator
from communities.actions.inviting import Invited, accept, invite, refuse
from communities.actions.joining import (
    Application,
    approve,
    confirm,
    decline,
    request_membership,
    withdraw,
)
from communities.actions.leaving import change_role, hand_over, leave, remove, set_preferences
from communities.actions.refusals import LastCoordinator
from communities.actions.tree import archive, merge, move_topic_group, reactivate

__all__ = [
    "Application",
    "Invited",
    "LastCoordinator",
    "accept",
    "approve",
    "archive",
    "bring",
    "change_role",
    "confirm",
    "correct",
    "decline",
    "hand_over",
    "invite",
    "invite_once_more",
    "is_last_coordinator",
    "leave",
    "merge",
    "move_topic_group",
    "reactivate",
    "refuse",
    "remove",
    "request_membership",
    "set_preferences",
    "withdraw",
]

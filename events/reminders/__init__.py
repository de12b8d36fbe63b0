"""Reminders before an event and thanks after it: rules, planning, and taking them back."""

from events.mail.to_hosts import coordinators
from events.reminders.planning import plan
from events.reminders.withdrawing import withdraw_all, withdraw_of

__all__ = ["coordinators", "plan", "withdraw_all", "withdraw_of"]

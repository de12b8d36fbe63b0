"""The tools of those who host events. Django's autodiscovery imports this package."""

from events.admin.events import EventAdmin
from events.admin.registrations import RegistrationAdmin

__all__ = ["EventAdmin", "RegistrationAdmin"]

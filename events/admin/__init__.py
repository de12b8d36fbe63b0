"""The tools of those who host events. Django's autodiscovery imports this package."""

from events.admin.events import EventAdmin
from events.admin.minutes import MinutesAdmin
from events.admin.registrations import RegistrationAdmin

__all__ = ["EventAdmin", "MinutesAdmin", "RegistrationAdmin"]

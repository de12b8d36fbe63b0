"""The office of Start Smart. Django's autodiscovery imports this package."""

from consulting.admin.advisors import AdvisorAdmin
from consulting.admin.requests import RequestAdmin
from consulting.admin.series import SeriesAdmin
from consulting.admin.slots import SlotAdmin

__all__ = ["AdvisorAdmin", "RequestAdmin", "SeriesAdmin", "SlotAdmin"]

"""The office of Start Smart. Django's autodiscovery imports this package."""

from consulting.admin.requests import RequestAdmin

__all__ = ["RequestAdmin"]

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """What every page needs without asking the database: who runs the portal, and where."""
    return {"operator": settings.OPERATOR, "site_url": settings.SITE_URL}

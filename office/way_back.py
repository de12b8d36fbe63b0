"""From a form back to the list of doubts that it was opened from, also after it was saved."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

# In the address of the form: which kind of mark the list showed.
_NAME = "zu-pruefen"
ALL = "alle"


def to(kind: str) -> str:
    """For the address of a form in the list."""
    return urlencode({_NAME: kind})


def carried_on(request: HttpRequest) -> str:
    """For the address of the same form once more; "" if it was not opened from the list."""
    kind = request.GET.get(_NAME)
    return to(kind) if kind else ""


def list_before(request: HttpRequest) -> str:
    """The address of the list; "" if the form was not opened from it."""
    kind = request.GET.get(_NAME)
    if not kind:
        return ""
    return reverse("admin:doubts", query=None if kind == ALL else {"art": kind})

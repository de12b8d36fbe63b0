"""From a form back to the page that it was opened from, also after it was saved."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the address of the form: which kind of mark the list of doubts showed.
DOUBTS = "zu-pruefen"
ALL = "alle"


class Way(NamedTuple):
    label: str | Promise
    address: str


_ways: dict[str, tuple[str | Promise, Callable[[str], str]]] = {}


def register(name: str, label: str | Promise, address_of: Callable[[str], str]) -> None:
    """Have forms with `name` in their address lead back; `address_of` its value, "" for a wrong one."""
    _ways[name] = label, address_of


def to(name: str, value: object) -> str:
    """For the address of a form that leads back."""
    return urlencode({name: value})


def carried_on(request: HttpRequest) -> str:
    """For the address of the same form once more; "" if it leads back to nothing."""
    return urlencode({name: request.GET[name] for name in _ways if request.GET.get(name)})


def before(request: HttpRequest) -> list[Way]:
    """Where the form leads back to."""
    found = [
        Way(label, address_of(request.GET[name]))
        for name, (label, address_of) in _ways.items()
        if request.GET.get(name)
    ]
    return [way for way in found if way.address]


register(
    DOUBTS,
    _("Zurück zu „Zu prüfen“"),
    lambda kind: reverse("admin:doubts", query=None if kind == ALL else {"art": kind}),
)

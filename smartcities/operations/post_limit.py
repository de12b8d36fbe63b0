"""A ceiling for everything that can be sent, so that no form can be forgotten.

High enough for a whole administration behind one address, low enough to keep a flood from the database.
Forms that send e-mails or take places have tighter limits of their own.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.guard import network_key, tally
from ground.client_address import client_address

MINUTE = 60


class PostLimit:
    """At most `POSTS_A_MINUTE` from one network, or of one person who is signed in; 0 is no limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and settings.POSTS_A_MINUTE and _is_too_many(request):
            response = render(request, "429.html", status=429)
            response["Retry-After"] = str(MINUTE)
            return response
        return self.get_response(request)


def _is_too_many(request: HttpRequest) -> bool:
    sent = tally(f"posts:{_sender(request)}", every=timedelta(seconds=MINUTE), now=timezone.now())
    return sent > settings.POSTS_A_MINUTE


def _sender(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    address = client_address(request)
    try:
        return network_key(address, now=timezone.now())
    except ValueError:  # some proxies write a port or a word
        return address

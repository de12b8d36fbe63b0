"""A session that ended while somebody wrote loses nothing, nor does a form whose token is no longer good.

Who sends a form and is signed in no more gets a page that carries what was typed, and a link to sign in
in another window. Back on the page, the form goes on with the same words. Nothing is stored on the server:
the page carries it, signed together with a cookie of this browser, so no other page can send it for
somebody. Files cannot travel along, and what opens doors is never carried.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core import signing
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ground.private import keep_nowhere
from office.freshness import HELD

FIELD = "held"
COOKIE = "held-text"
KEPT = timedelta(days=1)
_SALT = "accounts.held"
_REDIRECT = 302
_NO_WORDS = ("csrfmiddlewaretoken", HELD)
# Of a second factor, of recovery, of a passkey: as good as a password.
_OPEN_DOORS = ("code", "credential")
# Too much, torn off on the way, or no form at all.
_UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)


class HeldText:
    """Instead of the redirect to the page for signing in, which would drop what was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method == "POST" and _leads_to_sign_in(request, answer) and _has_words(request):
            return _hold(request)
        return answer


def _leads_to_sign_in(request: HttpRequest, answer: HttpResponse) -> bool:
    """Only where the way leads back to this very page afterwards."""
    if answer.status_code != _REDIRECT or request.user.is_authenticated:
        return False
    target = urlsplit(answer["Location"])
    back = parse_qs(target.query).get("next")
    doors = (reverse("account_login"), reverse("admin:login"))
    return target.path in doors and back == [request.get_full_path()]


def _has_words(request: HttpRequest) -> bool:
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    return not _is_secret(request.POST) and any(request.POST[name].strip() for name in names)


def _is_secret(typed: QueryDict) -> bool:
    return any("password" in name or name in _OPEN_DOORS for name in typed)


def _hold(request: HttpRequest) -> HttpResponse:
    browser = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(24)
    content = [browser, request.get_full_path(), _words(request.POST), bool(request.FILES)]
    held = signing.dumps(content, salt=_SALT, compress=True)
    answer = _page(request, held, has_files=bool(request.FILES))
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=KEPT,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
    return answer


def _words(typed: QueryDict) -> list[tuple[str, list[str]]]:
    return [(name, values) for name, values in typed.lists() if name not in _NO_WORDS]


def _page(request: HttpRequest, held: str, **context: Any) -> HttpResponse:
    return _shown(request, "account/held.html", {"held": held, **context}, status=403)


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    answer = render(request, template, context, status=status)
    keep_nowhere(answer)
    return answer


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What was typed into a form of ours whose token is no longer good, ready to be sent once more.

    Going back is no way out: our forms are stored nowhere, so some browsers (Firefox) ask for them anew and
    show them empty. What another website has sent is never shown, let alone sent; of what opens doors only
    the way back to its form.
    """
    context = _once_more(request) if _comes_from_here(request) else {}
    return _shown(request, "403_csrf.html", context, status=403)


def _once_more(request: HttpRequest) -> dict[str, Any]:
    path = request.get_full_path()
    try:
        # Nobody may have read it yet: without the cookie no one looks for a token in it.
        typed, has_files = request.POST, bool(request.FILES)
    except _UNREADABLE:
        return {}
    return (
        {"form_url": path}
        if _is_secret(typed)
        else _filled(path, _words(typed), has_files=has_files)
    )


def _comes_from_here(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


# The token for forms changes when somebody signs in, so that of the page is old by then. It is not needed
# here: this changes nothing, and shows only what this browser has sent itself.
@csrf_exempt
@require_POST
@never_cache
def go_on(request: HttpRequest) -> HttpResponse:
    """Show the way back into the form, with a fresh token, to who is signed in again."""
    held = request.POST.get(FIELD, "")
    path, words, has_files = _read(request, held)
    if not request.user.is_authenticated:
        return _page(request, held, has_files=has_files, is_still_out=True)
    context = _filled(path, words, has_files=has_files)
    return _shown(request, "account/held_again.html", context)


def _filled(path: str, words: list[Any], *, has_files: bool) -> dict[str, Any]:
    return {
        "path": path,
        "fields": [(name, value) for name, values in words for value in values],
        "mark": HELD,
        "has_files": has_files,
    }


def _read(request: HttpRequest, held: str) -> tuple[str, list[Any], bool]:
    try:
        content = signing.loads(held, salt=_SALT, max_age=KEPT)
    except signing.BadSignature as error:
        raise Http404 from error
    browser, path, words, has_files = content
    if not constant_time_compare(browser, request.COOKIES.get(COOKIE, "")):
        raise Http404
    return path, words, has_files

"""The e-mails of a try-out, to read in the browser. There is no such page anywhere else.

A link in an e-mail is as good as a key, and a machine may have other users. So a browser sees them that has
once opened the address which `make run` prints to its own.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage as Message
from email.policy import default
from functools import wraps
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from ground.private import private
from ground.prose import linked
from smartcities.tryout.demo import KEY, mails_key

PER_PAGE = 50
COOKIE = "tryout_mails"
# What others wrote into an e-mail runs nothing and fetches nothing. Its links replace the whole page.
_SANDBOX = "allow-top-navigation-by-user-activation"
_OF_HTML = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox {_SANDBOX}"
_LINKS_LEAVE = "<head>", '<head><base target="_top">'


class EmailBackend(BaseEmailBackend):
    """Each e-mail becomes a file that mail programs open, too."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{token_hex(4)}"
            # Not under its name until it is whole.
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


class Stored(NamedTuple):
    url: str
    message: Message

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["to"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["from"] or "")

    @property
    def at(self) -> datetime:
        at = self.message["date"].datetime
        # E-mails say UTC as „-0000“, which Python reads as no time zone at all.
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return mark_safe(linked(part.get_content())) if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def attachments(self) -> list[tuple[str, str]]:
        return [
            (part.get_filename("Anhang"), f"{self.url}anhang/{number}/")
            for number, part in enumerate(self.message.iter_attachments())
        ]


def _with_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.SHOWS_ITS_MAILS:
            raise Http404
        key = mails_key(settings.SECRET_KEY)
        if constant_time_compare(request.GET.get(KEY, ""), key):
            answer = redirect("tryout_mails")
            answer.set_cookie(COOKIE, key, httponly=True, samesite="Lax")
            return answer
        if not constant_time_compare(request.COOKIES.get(COOKIE, ""), key):
            return render(request, "tryout/locked.html", status=403)
        return view(request, *args, **kwargs)

    return require_safe(private(wrapped))


@_with_key
def index(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.eml"), reverse=True)
    page = Paginator(files, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "page_obj": page,
        "mails": [_read(file) for file in page],
        "folder": settings.EMAIL_FILE_PATH,
        "breadcrumb": [("E-Mails dieses Portals", None)],
    }
    return render(request, "tryout/mails.html", context)


@_with_key
def one(request: HttpRequest, name: str) -> HttpResponse:
    mail = _open(name)
    context = {
        "mail": mail,
        "sandbox": _SANDBOX,
        "breadcrumb": [
            ("E-Mails dieses Portals", reverse("tryout_mails")),
            (mail.subject, None),
        ],
    }
    return render(request, "tryout/mail.html", context)


@_with_key
def as_html(request: HttpRequest, name: str) -> HttpResponse:
    """For the frame on the page of the e-mail."""
    answer = HttpResponse(_open(name).html.replace(*_LINKS_LEAVE, 1))
    answer._csp_exempt = True
    answer["Content-Security-Policy"] = _OF_HTML
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@_with_key
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    parts = list(_open(name).message.iter_attachments())
    if number >= len(parts):
        raise Http404
    part = parts[number]
    content = part.get_payload(decode=True)
    answer = HttpResponse(content, content_type=part.get_content_type())
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{number}{_ending(part)}"'
    return answer


def _ending(part: Message) -> str:
    ending = Path(part.get_filename("")).suffix
    return ending if ending.isascii() and ending[1:].isalnum() else ""


def _open(name: str) -> Stored:
    file = Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"
    if not file.is_file():
        raise Http404
    return _read(file)


def _read(file: Path) -> Stored:
    message = message_from_bytes(file.read_bytes(), policy=default)
    return Stored(reverse("tryout_mail", args=[file.stem]), message)


urlpatterns = [
    path("", index, name="tryout_mails"),
    path("<slug:name>/", one, name="tryout_mail"),
    path("<slug:name>/html/", as_html, name="tryout_mail_html"),
    path("<slug:name>/anhang/<int:number>/", attachment, name="tryout_mail_attachment"),
]

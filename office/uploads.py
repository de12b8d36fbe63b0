"""Chosen files survive a page that comes back: no browser sends one a second time by itself.

What was sent along with a form that is shown again is kept out of reach, and the page carries a signed
note of it. With the note the same person's next form gets the file as if it had been chosen again;
nobody else can use it, and there is no address at which it could be read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from secrets import token_hex
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.template.loader import render_to_string

FOLDER = "kept"
# Until the form comes again; what is older goes with the next night.
KEPT_FOR = timedelta(hours=12)
# Of one person at a time; the oldest gives way.
MOST = 10
NOTE, NOT = "_kept-", "_not-kept-"


def bring_back(request: HttpRequest) -> None:
    """Put the files that a form carries notes of among those that were sent, before it is read.

    A file chosen anew counts before the note. One that is not there any more comes as an empty file,
    so that a form refuses it instead of saving without it.
    """
    if request.method != "POST":
        return
    for name, note in request.POST.items():
        field = name.removeprefix(NOTE)
        if field != name and field not in request.FILES and f"{NOT}{field}" not in request.POST:
            request.FILES[field] = _opened(note, request)


def keep(request: HttpRequest, shown: Iterable[forms.BaseForm]) -> None:
    """Keep the files that were sent along with forms that are shown again, and have the forms say so.

    Not one that is wrong: another file is wanted there, and its error says so.
    """
    for form in shown:
        if not form.is_bound:
            continue
        for name, field in form.fields.items():
            sent = form[name].data if isinstance(field, forms.FileField) else None
            if isinstance(sent, UploadedFile) and name not in form.errors:
                _mark(field.widget, sent, _note_of(request, sent))


def notes(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The names and values that carry all sent files on to another form with the same fields."""
    for name, sent in request.FILES.items():
        if note := _note_of(request, sent):
            yield f"{NOTE}{name}", note


def forget(*, now: datetime) -> int:
    """Delete what nobody came back for. Returns how many."""
    return sum(_delete_old(user, now - KEPT_FOR) for user in _listed(FOLDER)[0])


def _note_of(request: HttpRequest, sent: UploadedFile) -> str:
    if note := getattr(sent, "note", ""):
        return note
    if not sent.size or sent.size > settings.UPLOAD_MOST_BYTES:
        return ""
    place = f"{_folder(request)}/{token_hex(16)}"
    try:
        place = default_storage.save(place, sent)
    except OSError:
        # Where the disk is full, the half of it would only make that worse.
        default_storage.delete(place)
        raise
    _make_room(_folder(request))
    return _signer(request).sign_object([place, sent.name, sent.content_type or ""])


def _opened(note: str, request: HttpRequest) -> UploadedFile:
    try:
        place, name, content_type = _signer(request).unsign_object(note, max_age=KEPT_FOR)
        file = default_storage.open(place)
    except (signing.BadSignature, FileNotFoundError):
        return SimpleUploadedFile("?", b"")
    brought = UploadedFile(file, name, content_type, size=default_storage.size(place))
    # Shown again once more, it is not kept a second time.
    brought.note = note
    return brought


def _signer(request: HttpRequest) -> signing.TimestampSigner:
    # The person is part of the signature: a note is worth nothing in the form of another.
    return signing.TimestampSigner(salt=f"office.uploads.{request.user.pk}")


def _folder(request: HttpRequest) -> str:
    return f"{FOLDER}/{request.user.pk}"


def _listed(folder: str) -> tuple[list[str], list[str]]:
    return default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])


def _make_room(folder: str) -> None:
    places = [f"{folder}/{name}" for name in _listed(folder)[1]]
    places.sort(key=default_storage.get_modified_time)
    for place in places[:-MOST]:
        default_storage.delete(place)


def _delete_old(user: str, before: datetime) -> int:
    places = [f"{FOLDER}/{user}/{name}" for name in _listed(f"{FOLDER}/{user}")[1]]
    old = [place for place in places if default_storage.get_modified_time(place) <= before]
    for place in old:
        default_storage.delete(place)
    return len(old)


class _SaysWhatIsKept:
    kept: dict[str, str]

    def render(self: Any, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> str:
        chooser = super().render(name, value, attrs, renderer)
        return chooser + render_to_string("office/kept_file.html", {"field": name, **self.kept})


@cache
def _saying(widget: type[forms.Widget]) -> type[forms.Widget]:
    return type(widget.__name__, (_SaysWhatIsKept, widget), {})


def _mark(widget: forms.Widget, sent: UploadedFile, note: str) -> None:
    if note and not isinstance(widget, _SaysWhatIsKept):
        widget.__class__ = _saying(type(widget))
        widget.kept = {"note": note, "file": str(sent.name)}

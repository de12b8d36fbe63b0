"""The same form sent twice makes one row: by a second click, a slow line, or both at the same moment.

Every page with a form carries a random mark. Mark and content together are claimed in the transaction
that saves: who comes second waits until the first is done, and is led to where the first one went. The
same page with other words is another form. What was not saved is free again.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

MARK = "_once"
# A page may lie open for a working day before it is sent, and be sent again from the history later.
REMEMBERED = 24 * 60 * 60
# Which of the buttons was pressed changes nothing about what is saved.
_NO_CONTENT = {"csrfmiddlewaretoken", "_save", "_addanother", "_continue", "_saveasnew"}
_SAVED = 302


class SavedOnce:
    """For every form of the administration. The first of the bases that has a `changeform_view`."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = {"once": request.POST.get(MARK) or uuid4().hex} | (extra_context or {})
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra)
        try:
            return self._claimed(request, object_id, form_url, extra)
        except IntegrityError:
            # Another person has stored the same meanwhile. Looked at again, the form says what it is.
            return self._claimed(request, object_id, form_url, extra)

    def _claimed(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra: dict[str, Any]
    ) -> HttpResponse:
        if MARK not in request.POST:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra)
        key = _key(request)
        with transaction.atomic():
            # A rival's claim that is not committed yet is waited for.
            if not cache.add(key, request.path, REMEMBERED) and (url := cache.get(key)):
                return self._was_saved(request, url)
            answer = super().changeform_view(request, object_id, form_url, extra)
            if answer.status_code == _SAVED:
                cache.set(key, answer.url, REMEMBERED)
            else:
                cache.delete(key)
            return answer

    def _was_saved(self, request: HttpRequest, url: str) -> HttpResponseRedirect:
        text = _("Dieses Formular war schon gespeichert. Es ist nichts doppelt angelegt.")
        messages.info(request, text)
        return HttpResponseRedirect(url)


def _key(request: HttpRequest) -> str:
    content = repr((request.user.pk, request.path, sorted(_content(request))))
    return f"office-once:{sha256(content.encode()).hexdigest()}"


def _content(request: HttpRequest) -> Iterator[tuple[str, list[Any]]]:
    for name, values in request.POST.lists():
        if name not in _NO_CONTENT:
            yield name, values
    for name, files in request.FILES.lists():
        yield name, [f"{one.name} {one.size}" for one in files]

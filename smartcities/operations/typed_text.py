"""What a browser sends, clean before any form, search or import sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError

from ground.text import clean_line, clean_text


class TypedText:
    """Clean the fields of addresses and forms, and the names of uploaded files.

    At the door, because Django has no place that every form passes: those of the administration, of
    allauth and of the filters are not made by us, and a search is often no form at all. Lengths,
    doubles and what must be filled in are so judged by what will be stored. Passwords stay as typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = _clean(request.GET, keep_emptied=False)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        # Not earlier: the body of a request that leads nowhere need not be read.
        if request.method != "POST":
            return
        try:
            request.POST = _clean(request.POST)
        except UnreadablePostError:
            return  # whoever needs the body says so
        for _name, files in request.FILES.lists():
            for file in files:
                file.name = clean_line(file.name)


def _clean(typed: QueryDict, *, keep_emptied: bool = True) -> QueryDict:
    """The same object if nothing of it changes.

    Of an address, what was nothing but control characters is left out: it was no empty field of a form.
    """
    fields = {
        name: values if "password" in name else [_clean_value(value) for value in values]
        for name, values in typed.lists()
    }
    fields = {clean_line(name): values for name, values in fields.items()}
    if fields == dict(typed.lists()):
        return typed
    cleaned = QueryDict(mutable=True, encoding=typed.encoding)
    for name, values in fields.items():
        if keep_emptied or any(values) or not any(typed.getlist(name)):
            cleaned.setlist(name, values)
    cleaned._mutable = False
    return cleaned


def _clean_value(value: str) -> str:
    """Only a field of several lines sends line breaks; elsewhere they would end a line of a mail."""
    return clean_text(value) if "\n" in value or "\t" in value else clean_line(value)

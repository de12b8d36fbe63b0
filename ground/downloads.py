"""What a person gets as a file, made at this moment and kept nowhere."""

from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header


def download(content: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers=_saved_as(name))


def download_in_parts(
    parts: Iterable[bytes | str], *, name: str, content_type: str
) -> StreamingHttpResponse:
    """For what is too long to be made before the first of it goes out."""
    return StreamingHttpResponse(parts, content_type=content_type, headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}

"""What a person gets as a file, made at this moment and kept nowhere."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(content: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition}
    return HttpResponse(content, content_type=content_type, headers=headers)

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def start(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/start.html")


def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of text that changes with the code or the operator's settings only."""
    return render(request, f"pages/{name}.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """Says that this process answers. Whether its neighbours do is another question (readyz)."""
    return HttpResponse("ok", content_type="text/plain")

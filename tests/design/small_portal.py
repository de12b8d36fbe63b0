"""A portal in which only some rooms are open."""

from django.http import HttpResponse
from django.urls import include, path

from smartcities.urls import urlpatterns as portal_urls

_kept = [pattern for pattern in portal_urls if getattr(pattern, "name", None) == "start"]

urlpatterns = [
    *_kept,
    path("projekte/", include(([path("", HttpResponse, name="list")], "projects"))),
    path("suche/", HttpResponse, name="search"),
]

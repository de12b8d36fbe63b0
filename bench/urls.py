"""The portal's own addresses, and beside them the limits it is compared with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from bench import TEN_KILOBYTES
from projects.models import Project


def bare(request):
    """What Django itself costs: default middleware, ten kilobytes, no database, no template."""
    return HttpResponse(TEN_KILOBYTES, content_type="text/plain")


def minimal_list(request):
    """What any list costs: one query for 20 rows and a template that prints them."""
    return render(request, "bench/minimal_list.html", {"projects": Project.objects.all()[:20]})


def minimal_detail(request, slug):
    return render(request, "bench/minimal_detail.html", {"project": Project.objects.get(slug=slug)})


urlpatterns = [
    path("bench/bare", bare),
    path("bench/list", minimal_list),
    path("bench/detail/<slug>", minimal_detail),
    path("", include("smartcities.urls")),
]

"""The portal, with pages that hold every form widget."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from smartcities.urls import urlpatterns as portal_urls
from tests.design.sample_forms import Entries, EveryLayout, EveryWidget

PAGE = """{% extends "base.html" %}{% load crispy_forms_tags %}
{% block title %}Formular{% endblock %}
{% block content %}<h1>Formular</h1>{% crispy form helper %}{% endblock %}"""


def helper() -> FormHelper:
    made = FormHelper()
    made.add_input(Submit("senden", "Absenden"))
    return made


def shown(request: HttpRequest, form, form_helper: FormHelper) -> HttpResponse:
    context = {"form": form, "helper": form_helper}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def widgets(request: HttpRequest) -> HttpResponse:
    return shown(request, EveryWidget(request.POST if request.method == "POST" else None), helper())


def layouts(request: HttpRequest) -> HttpResponse:
    form = EveryLayout()
    return shown(request, form, form.helper)


def rows(request: HttpRequest) -> HttpResponse:
    form_data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 1, "form-0-name": ""}
    return shown(request, Entries(form_data), helper())


urlpatterns = [
    path("probe/felder/", widgets),
    path("probe/anordnung/", layouts),
    path("probe/zeilen/", rows),
    *portal_urls,
]

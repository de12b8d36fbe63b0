from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from finding.same_for_all import same_for_all
from smartcities.handbook.mails import mails_by_subject_matter
from smartcities.handbook.roles import Role

_TITLE = _("Hilfe")


@same_for_all(parts=())
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"breadcrumb": [(_TITLE, None)], "roles": Role.choices}
    return render(request, "handbook/index.html", context)


@same_for_all(parts=())
@require_safe
def role(request: HttpRequest, role: str) -> HttpResponse:
    """What a person in this role does, which e-mails go out, and what others see."""
    if role not in Role:
        raise Http404
    shown = Role(role)
    context = {
        "breadcrumb": [(_TITLE, reverse("handbook")), (shown.label, None)],
        "role": shown,
        "mails": mails_by_subject_matter(shown),
        "others": [(value, label) for value, label in Role.choices if value != role],
    }
    return render(request, f"handbook/{shown.value}.html", context)

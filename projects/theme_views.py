from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from finding.conditional import version_of
from finding.public_pages import public_page
from projects.catalogue import catalogue
from projects.dossier import all_themes, of_theme
from projects.models import Theme
from projects.views import portrait_page


@public_page
def theme_list(request: HttpRequest) -> HttpResponse:
    shown = catalogue(version_of(request))
    context = {
        "themes": shown.pages.get(request.path, lambda: all_themes(shown)),
        "breadcrumb": [("Themen", None)],
    }
    return render(request, "projects/theme_list.html", context)


@public_page
def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    shown = catalogue(version_of(request))
    return portrait_page(
        request, shown, lambda _today: of_theme(shown, get_object_or_404(Theme, slug=slug))
    )

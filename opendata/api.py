"""The interface `/api/v1/`: of each list its pages and its single things."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from finding.conditional import version_of
from opendata.facts import absolute
from opendata.licence import mixed_terms
from opendata.lists import LISTS, PAGE, OpenList, page_size
from opendata.public import add_link, dumps, open_data, problem
from opendata.schema import Documented, document

JSON = "application/json"


class OpenViewSet(GenericViewSet):
    """For drf-spectacular the description of a list; for Django its two views."""

    open_list: OpenList
    authentication_classes = ()
    permission_classes = ()
    lookup_field = "id"
    schema = Documented()

    def get_serializer_class(self) -> type:
        return self.open_list.facts

    def list(self, request: Request) -> Response:
        return page_of(request._request, self.open_list)

    def retrieve(self, request: Request, id: str) -> Response:
        return one_of(request._request, self.open_list, id)


def page_of(request: HttpRequest, of: OpenList) -> HttpResponse:
    listing = of.listing(request.GET, version_of(request), timezone.now())
    pages = Paginator(listing.numbers, page_size(request.GET))
    number = int(request.GET.get(PAGE, 1))
    if number > pages.num_pages:
        return problem(request, 404, f"So viele Seiten gibt es nicht, nur {pages.num_pages}.")
    entries = [listing.section.entries[n] for n in pages.page(number).object_list]
    links = {
        "previous": _page_url(request, number - 1) if number > 1 else None,
        "next": _page_url(request, number + 1) if number < pages.num_pages else None,
    }
    terms = of.terms()
    data = {
        "count": pages.count,
        "page": number,
        "pages": pages.num_pages,
        **links,
        "licence": terms.licence.url,
        "attribution": terms.attribution,
        "results": of.told([entry.pk for entry in entries], version_of(request)),
    }
    response = HttpResponse(dumps(data), content_type=JSON)
    for name, rel in (("previous", "prev"), ("next", "next")):
        if url := links[name]:
            add_link(response, url, rel)
    return response


def _page_url(request: HttpRequest, number: int) -> str:
    parameters = request.GET.copy()
    parameters[PAGE] = str(number)
    return absolute(f"{request.path}?{parameters.urlencode()}")


def one_of(request: HttpRequest, of: OpenList, id_: str) -> HttpResponse:
    if request.GET:
        unknown = dict.fromkeys(request.GET, "Diesen Parameter gibt es hier nicht.")
        return problem(request, 400, "Die Anfrage ist nicht zu verstehen.", unknown)
    told = of.one(id_)
    if told is None:
        return problem(request, 404, "Das gibt es nicht.")
    return HttpResponse(dumps(told), content_type=JSON)


@open_data(keep=True, terms=mixed_terms)
def schema(request: HttpRequest) -> HttpResponse:
    """The interface described in OpenAPI 3.1."""
    body = dumps(document(version_of(request)))
    return HttpResponse(body, content_type="application/vnd.oai.openapi+json")


@open_data(keep=True, terms=mixed_terms)
def root(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    lists = {name: absolute(reverse(f"opendata:api-{name}-list")) for name in LISTS}
    data: dict[str, Any] = {
        "schema": absolute(reverse("opendata:api-schema")),
        "documentation": absolute(reverse("opendata:about")),
        "licence": mixed_terms().licence.url,
        "licences": {name: of.terms().licence.url for name, of in LISTS.items()},
        "lists": lists,
    }
    return HttpResponse(dumps(data), content_type=JSON)


@open_data()
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    return problem(request, 404, "Diese Adresse gibt es in der Schnittstelle nicht.")


def described() -> list[URLPattern]:
    """The operations that the document describes."""
    patterns = []
    for name, of in LISTS.items():
        viewset = type(f"{name.title()}ViewSet", (OpenViewSet,), {"open_list": of})
        ways = {
            "keep": True,
            "follows_clock": name == "veranstaltungen",
            "terms": lambda of=of, **_: of.terms(),
        }
        patterns += [
            path(
                f"api/v1/{name}/",
                _view(viewset, "list", **ways),
                name=f"api-{name}-list",
            ),
            path(
                f"api/v1/{name}/<str:id>/",
                _view(viewset, "retrieve", **ways),
                name=f"api-{name}-detail",
            ),
        ]
    return patterns


def _view(viewset: type[OpenViewSet], action: str, **ways: Any) -> Any:
    """Answered by plain functions; the class stays with it for its description."""
    of, described_view = viewset.open_list, viewset.as_view({"get": action})

    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        if action == "list":
            return page_of(request, of)
        return one_of(request, of, arguments["id"])

    view = open_data(**ways)(answer)
    view.cls, view.initkwargs, view.actions = (
        viewset,
        described_view.initkwargs,
        described_view.actions,
    )
    return view

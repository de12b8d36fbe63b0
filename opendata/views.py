import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from finding import conditional
from finding.conditional import version_of
from finding.public_pages import public_page
from finding.same_for_all import same_for_all
from ground.downloads import download_in_parts
from opendata import dcat, publiccode, schema_org, snapshot
from opendata.facts import absolute
from opendata.feeds import atom
from opendata.licence import OFFICIAL_ANCHOR, OFFICIAL_SOURCE, mixed_terms, own_terms
from opendata.lists import LISTS, PAGE, PAGE_SIZE, BadQuestion
from opendata.public import open_data, problem
from opendata.schema import document
from opendata.tables import FORMATS, file_name
from projects.catalogue import catalogue
from projects.models import OpenSource, SizeClass

_SNAPSHOT_NAME = "modellprojekte-smart-cities.zip"
# „Open-source solutions of small municipalities“, to be tried out and changed.
EXAMPLE = {
    "groesse": [SizeClass.VILLAGE.value, SizeClass.SMALL_TOWN.value],
    "open_source": [OpenSource.YES.value],
}


def _etag(request: HttpRequest) -> str | None:
    """The page also says how old the snapshot is, under which licence and who may embed."""
    chosen = (settings.OPEN_DATA_LICENCE, settings.EMBEDDING_HOSTS)
    return conditional.etag(request, _snapshot(), chosen)


# The nightly snapshot is a file, of which no version in the database tells.
@same_for_all(seconds=60)
@require_safe
@cache_control(no_cache=True)
@condition(etag_func=_etag)
def about(request: HttpRequest) -> HttpResponse:
    """What there is and how one takes it along, for people."""
    lists = [
        {
            "of": of,
            "terms": of.terms(),
            "count": of.section(version_of(request)).index.size,
            "facets": of.facets(version_of(request)),
            "formats": [*FORMATS, *(["atom"] if of.has_feed else [])],
        }
        for of in LISTS.values()
    ]
    return render(
        request,
        "opendata/about.html",
        {
            "base": absolute(""),
            "lists": lists,
            "terms": own_terms(),
            "official_source": OFFICIAL_SOURCE,
            "official_anchor": OFFICIAL_ANCHOR,
            "snapshot": _snapshot(),
            "example": f"?{urlencode(EXAMPLE, doseq=True)}",
            "embedding_hosts": [host for host in settings.EMBEDDING_HOSTS if host != "https:"],
            "json_ld": schema_org.script(schema_org.catalogue()),
            "breadcrumb": [("Offene Daten", None)],
        },
    )


@public_page
def interface(request: HttpRequest) -> HttpResponse:
    """Every operation of the interface, rendered from its own description."""
    made = catalogue(version_of(request)).pages.get(
        "opendata:schema", lambda: document(version_of(request))
    )
    operations = [
        {"path": path, **told["get"], "facts": _facts_of(path)}
        for path, told in made["paths"].items()
    ]
    return render(
        request,
        "opendata/interface.html",
        {
            "base": absolute(""),
            "operations": operations,
            "breadcrumb": [("Offene Daten", reverse("opendata:about")), ("Schnittstelle", None)],
        },
    )


def _facts_of(path: str) -> list[tuple[str, str]]:
    """The fields of one thing, told once, at its own address."""
    name, *single = path.strip("/").split("/")[2:]
    fields = LISTS[name].facts().fields if single else {}
    return [(name, str(field.help_text)) for name, field in fields.items()]


@open_data(follows_clock=True, terms=lambda name, **_: LISTS[name].terms())
def export(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """A list as it was filtered, whole."""
    of = LISTS.get(name)
    if of is None or not (ending in FORMATS or (ending == "atom" and of.has_feed)):
        return problem(request, 404, "Diese Datei gibt es nicht.")
    if ending == "atom":
        return atom(request, of)
    pages = {PAGE, PAGE_SIZE} & request.GET.keys()
    if pages:
        raise BadQuestion(dict.fromkeys(sorted(pages), "Eine Datei enthält immer alles."))
    listing = of.listing(request.GET, version_of(request), timezone.now())
    content_type, write = FORMATS[ending]
    name = file_name(of, listing, ending)
    return download_in_parts(write(of, listing), name=name, content_type=content_type)


def _snapshot() -> dict[str, Any] | None:
    try:
        found = snapshot.path().stat()
    except FileNotFoundError:
        return None
    return {"size": found.st_size, "written": datetime.fromtimestamp(found.st_mtime, tz=UTC)}


def _snapshot_digest() -> str | None:
    try:
        return snapshot.content_digest(snapshot.path())
    except FileNotFoundError:
        return None


@open_data(made_of=_snapshot_digest, terms=mixed_terms)
def everything(request: HttpRequest) -> HttpResponse:
    """The snapshot of last night."""
    try:
        file = snapshot.path().open("rb")
    except FileNotFoundError:
        return problem(request, 404, "Der Schnappschuss ist noch nicht geschrieben.")
    response = FileResponse(
        file, as_attachment=True, filename=_SNAPSHOT_NAME, content_type="application/zip"
    )
    response["Last-Modified"] = http_date(os.fstat(file.fileno()).st_mtime)
    return response


@open_data(made_of=_snapshot_digest)
def digest_of_everything(request: HttpRequest) -> HttpResponse:
    """As `sha256sum --check` reads it."""
    digest = _snapshot_digest()
    if digest is None:
        return problem(request, 404, "Der Schnappschuss ist noch nicht geschrieben.")
    return HttpResponse(f"{digest}  {_SNAPSHOT_NAME}\n", content_type="text/plain; charset=utf-8")


@open_data(keep=True, negotiates=True)
def dcat_catalogue(request: HttpRequest) -> HttpResponse:
    """In the format that the Accept header prefers; Turtle for who does not say."""
    types = {media: ending for ending, (media, _) in dcat.FORMATS.items()}
    preferred = request.get_preferred_type([*types, "application/json"])
    ending = "jsonld" if preferred == "application/json" else types.get(preferred or "", "ttl")
    return _dcat(ending)


@open_data(keep=True)
def dcat_file(request: HttpRequest, ending: str) -> HttpResponse:
    if ending not in dcat.FORMATS:
        return problem(request, 404, "In diesem Format gibt es den Katalog nicht.")
    return _dcat(ending)


def _dcat(ending: str) -> HttpResponse:
    return HttpResponse(
        dcat.serialized(ending), content_type=f"{dcat.FORMATS[ending][0]}; charset=utf-8"
    )


@open_data(keep=True)
def publiccode_file(request: HttpRequest, slug: str) -> HttpResponse:
    solution = publiccode.published().filter(slug=slug).first()
    if solution is None:
        return problem(request, 404, "Zu dieser Lösung gibt es keine publiccode.yml.")
    return _yaml(publiccode.of_solution(solution))


@open_data(keep=True)
def publishers(request: HttpRequest) -> HttpResponse:
    return _yaml(publiccode.publishers())


def _yaml(data: Any) -> HttpResponse:
    return HttpResponse(publiccode.as_yaml(data), content_type="application/yaml; charset=utf-8")

"""The interface described in OpenAPI 3.1, made from the lists themselves."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import patched_settings

from finding.selection import MAX_QUERY_LENGTH
from finding.versions import Versions
from opendata.licence import mixed_terms
from opendata.lists import MOST_PAGES, MOST_PER_PAGE, PAGE, PAGE_SIZE, PER_PAGE, OpenList
from projects.catalogue import catalogue

PROBLEM = {
    "type": "object",
    "description": "Was nicht ging, nach RFC 9457.",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_SAID = {
    "400": "Die Anfrage ist nicht zu verstehen.",
    "404": "Das gibt es nicht.",
    "405": "Nur Lesen ist möglich.",
    "429": "Zu viele Abrufe in dieser Minute.",
}
_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Offene Daten der Modellprojekte Smart Cities",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "POSTPROCESSING_HOOKS": [],
    "DISABLE_ERRORS_AND_WARNINGS": True,
}


class Documented(AutoSchema):
    """What a list takes and answers."""

    @property
    def _of(self) -> OpenList:
        return self.view.open_list

    def get_operation_id(self) -> str:
        return f"{self._of.name}_{'liste' if self._is_list_view() else 'einzeln'}"

    def get_summary(self) -> str:
        return self._of.title if self._is_list_view() else f"{self._of.title}: ein Eintrag"

    def get_description(self) -> str:
        return self._of.description

    def get_tags(self) -> list[str]:
        return [self._of.title]

    def get_auth(self) -> list[dict[str, Any]]:
        return []

    def get_override_parameters(self) -> list[Any]:
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        if self._is_list_view():
            return parameters(self._of, catalogue().version)
        return [
            {
                "in": "path",
                "name": "id",
                "required": True,
                "description": "Kennung",
                "schema": {"type": "string", "minLength": 1},
            }
        ]

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        component = self.resolve_serializer(self.view.get_serializer_class()(), "response")
        schema = _page_of(self._of, component.ref) if self._is_list_view() else component.ref
        told = {"description": self._of.title, "content": {"application/json": {"schema": schema}}}
        return {"200": told} | {
            status: {
                "description": words,
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
            for status, words in _SAID.items()
        }


def _page_of(of: OpenList, thing: dict[str, str]) -> dict[str, Any]:
    terms = of.terms()
    link = {"type": ["string", "null"], "format": "uri"}
    properties = {
        "count": {"type": "integer", "description": "Treffer insgesamt"},
        "page": {"type": "integer"},
        "pages": {"type": "integer"},
        "previous": link,
        "next": link,
        "licence": {
            "type": "string",
            "format": "uri",
            "description": f"Lizenz dieser Liste: {terms.licence.name}, {terms.licence.url}",
        },
        "attribution": {
            "type": "string",
            "description": f"Quelle: {terms.attribution}",
        },
        "results": {"type": "array", "items": thing},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def parameters(of: OpenList, version: Versions) -> list[dict[str, Any]]:
    """From the very facets that the page offers and the reading of the address checks."""
    of.listing(QueryDict(), version, timezone.now())
    found = [
        _parameter(
            facet.name,
            f"{facet.label}, auch mehrere: "
            + ", ".join(f"{value} ({words})" for value, words in facet.choices.items()),
            {"type": "array", "items": {"type": "string", "enum": list(facet.choices)}},
            style="form",
            explode=True,
        )
        for facet in of.facets(version)
    ]
    if of.kind:
        found.append(_parameter("q", "Suchtext", {"type": "string", "maxLength": MAX_QUERY_LENGTH}))
    if of.sortings():
        words = "Reihenfolge; „relevanz“ nur mit Suchtext"
        found.append(
            _parameter("sortierung", words, {"type": "string", "enum": list(of.sortings())})
        )
    return [
        *found,
        _parameter(PAGE, "Seite", _whole(MOST_PAGES, 1)),
        _parameter(PAGE_SIZE, "Einträge je Seite", _whole(MOST_PER_PAGE, PER_PAGE)),
    ]


def _parameter(name: str, words: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"in": "query", "name": name, "description": words, "schema": schema, **more}


def _whole(most: int, default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


def document(version: Versions) -> dict[str, Any]:
    from opendata.api import described  # noqa: PLC0415 -- which describes itself with this module

    with patched_settings(_SETTINGS):
        made = SchemaGenerator(patterns=described()).get_schema(request=None, public=True)
    made["components"]["schemas"]["Problem"] = PROBLEM
    made["components"].pop("securitySchemes", None)
    made["info"]["description"] = (
        "Lesender Zugang zu allem Öffentlichen des Portals, ohne Anmeldung und ohne Cookies. Die "
        "Parameter sind die der Seiten. Version 1 bleibt: Felder kommen hinzu, keines verschwindet. "
        "Für amtliche Angaben gilt eine andere Lizenz als für alles Übrige: „licence“ und „attribution“ "
        'jeder Liste nennen ihre, die Kopfzeile „Link“ mit rel="license" die jeder Antwort mit Daten.'
    )
    whole = mixed_terms().licence
    made["info"]["license"] = {"name": whole.name, "url": whole.url}
    return made

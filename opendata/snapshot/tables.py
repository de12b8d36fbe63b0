"""Which columns of which rows the snapshot holds, in the order in which they can be stored.

An allow-list: a column that does not stand here leaves the portal in no snapshot. People, contacts, the
editors' notes and the way into a video room never do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communities.models import (
    Community,
    CommunitySource,
    Experience,
    PartnerOrganisation,
    PartnerSupport,
    Result,
)
from events.models import (
    AgendaItem,
    Document,
    DocumentPhase,
    Event,
    EventSource,
    Visibility,
)
from finding.models import Synonyms
from opendata.facts import absolute
from opendata.licence import Terms, mixed_terms, official_terms, own_terms
from opendata.lists import network_municipalities
from projects import models as catalogue
from projects.models import LoadedFacts, Municipality, Product, Project, Reuse, Solution

_SOURCED = ("source", "checked_on", "is_certain", "note")
_STAMPS = ("created_at", "updated_at")


@dataclass(frozen=True, eq=False)
class Table:
    """`fields` are columns, a foreign key as the `id` of the other row; `links` are lists of such ids.

    A row goes only together with the rows that it names; of those in `optional` it does not name what
    is not public. `instead` says what stands in place of a column's value, `terms` under which licence the
    file is given away and who is to be named.
    """

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    links: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    rows: Callable[[], QuerySet] | None = None
    instead: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    terms: Callable[[], Terms] = own_terms

    def public(self) -> QuerySet:
        rows = self.rows() if self.rows else self.model._default_manager.all()
        return rows.order_by("pk")

    def columns(self) -> list[models.Field]:
        return [self.model._meta.get_field(name) for name in ("id", *self.fields)]


def _municipalities() -> QuerySet[Municipality]:
    """Those of the network, with the Kreise and Verbände in which they lie."""
    named = network_municipalities()
    verbaende = Municipality.objects.filter(pk__in=named.values("verband"))
    return Municipality.objects.filter(
        Q(pk__in=named.values("pk"))
        | Q(pk__in=named.values("kreis"))
        | Q(pk__in=verbaende.values("pk"))
        | Q(pk__in=verbaende.values("kreis"))
    )


def _experiences() -> QuerySet[Experience]:
    """Those that belong to something public."""
    about = Q(community__isnull=False) | Q(project__is_public=True)
    return Experience.objects.public().filter(about | Q(solution__project__is_public=True))


def _papers() -> QuerySet[Document]:
    """Those that their event's page offers to everybody by now."""
    over = Q(phase=DocumentPhase.BEFORE) | Q(event__ends_at__lte=timezone.now())
    return (
        Document.objects.filter(over, visibility=Visibility.PUBLIC)
        .filter(event__in=Event.objects.public())
        .select_related("event")
    )


def _after(name: str) -> Callable[[Event], Any]:
    """Public as soon as the event is over, as on its page."""
    empty = Event._meta.get_field(name).get_default()
    return lambda event: getattr(event, name) if event.is_past(timezone.now()) else empty


def _loaded() -> QuerySet[LoadedFacts]:
    """By which key the data files of the portal know a row."""
    there = Q()
    for kind, model in LOADED.items():
        there |= Q(kind=kind) & Exists(model._default_manager.filter(pk=OuterRef("row_id")))
    return LoadedFacts.objects.filter(there)


LOADED: Mapping[str, type[models.Model]] = {
    "municipality": Municipality,
    "theme": catalogue.Theme,
    "technology": catalogue.Technology,
    "network-fact": catalogue.NetworkFact,
    "project": Project,
    "product": Product,
    "solution": Solution,
    "partner": PartnerOrganisation,
    "community": Community,
    "event": Event,
    "synonyms": Synonyms,
}

TABLES = (
    Table(
        "kommunen",
        Municipality,
        (
            "ars", "ags", "level", "designation", "name", "official_name", "land", "kreis",
            "verband", "postcode", "population", "population_on", "latitude", "longitude",
            "listed_on", "ended_on", "successor",
        ),
        optional=frozenset(["kreis", "verband", "successor"]),
        rows=_municipalities,
        terms=official_terms,
    ),
    Table("themen", catalogue.Theme, ("slug", "name", "description")),
    Table("technologien", catalogue.Technology, ("slug", "name", "kind")),
    Table("netzwerk", catalogue.NetworkFact, ("topic", "text", "position", *_SOURCED)),
    Table(
        "projekte",
        Project,
        (
            "slug", "name", "title", "call_year", "applicant_kind", "laender", "themes_basis",
            "summary", "website", "status_text", "funding_from", "funding_to", "budget",
            "federal_share", "ended_on", "status_source", "status_is_certain", "status_note",
            "population", "population_basis", "area_km2", "latitude", "longitude", "phase",
            "check_note", "checked_on", "search_words", *_STAMPS,
        ),
        links=("themes",),
        rows=lambda: Project.objects.public(),
        # Some of their populations are from Destatis: `population_basis` says which.
        terms=mixed_terms,
    ),
    Table(
        "kommunen_der_projekte",
        catalogue.ProjectMunicipality,
        ("project", "municipality", "is_lead", "position"),
    ),
    Table(
        "produkte",
        Product,
        ("slug", "name", "description", "maker", "licence", "repository", "website", *_SOURCED),
    ),
    Table(
        "loesungen",
        Solution,
        (
            "project", "slug", "name", "kind", "product", "problem", "description",
            "how_it_works", "maturity", "maturity_as_of", "evidence", "evidence_text",
            "open_source", "licence", "repository", "url", "partners", "staff_text",
            "duration_text", "ended_on", "why_ended", "unsure", "note", "confirmed_on",
            "position", "search_words", *_STAMPS,
        ),
        links=("themes", "technologies"),
        rows=lambda: Solution.objects.public(),
    ),
    Table(
        "kosten",
        catalogue.Cost,
        ("solution", "purpose", "amount", "period", "for_reusers", "as_of", "position", *_SOURCED),
    ),
    Table(
        "erkenntnisse",
        catalogue.Lesson,
        ("solution", "project", "theme", "kind", "text", "position", *_SOURCED),
    ),
    Table(
        "nachnutzungen",
        Reuse,
        (
            "solution", "product", "name", "municipality", "project", "how", "since", "stated_by",
            "confirmed_on", "position", *_SOURCED,
        ),
        optional=frozenset(["municipality", "project"]),
        rows=lambda: Reuse.objects.public(),
    ),
    Table(
        "bausteine",
        catalogue.BuildingBlock,
        ("solution", "product", "text", "origin", "position", *_SOURCED),
    ),
    Table(
        "dokumente",
        catalogue.Document,
        ("solution", "project", "kind", "title", "url", "licence", "position", *_SOURCED),
    ),
    Table("phasen", catalogue.ReachedPhase, ("solution", "phase", "evidence", "as_of", *_SOURCED)),
    Table(
        "quellen",
        catalogue.Source,
        ("project", "solution", "text", "note", "is_truncated", "checked_on", "position"),
    ),
    Table("partner", PartnerOrganisation, ("name", "role", "website", "source")),
    Table(
        "gemeinschaften",
        Community,
        (
            "parent", "kind", "slug", "name", "also_called", "purpose", "questions",
            "working_mode", "theme", "founded_year", "founded_month", "state", "archived_at",
            "merged_into", "open_to_non_funded", "check_note", *_STAMPS,
        ),
        links=("projects", "example_projects"),
    ),
    Table("partner_der_gemeinschaften", PartnerSupport, ("community", "partner")),
    Table("quellen_der_gemeinschaften", CommunitySource, ("community", "text", "position")),
    Table(
        "ergebnisse",
        Result,
        (
            "community", "slug", "title", "kind", "summary", "link", "licence", "version",
            "authors", "state", "published_at", *_STAMPS,
        ),
        links=("projects", "solutions"),
        rows=lambda: Result.objects.public(),
        # A file does not go along, where to fetch it does.
        instead={"link": lambda result: result.link or absolute(result.get_file_url())},
    ),
    Table(
        "erfahrungen",
        Experience,
        (
            "kind", "title", "what", "context", "again", "operator_model", "partners",
            "community", "project", "solution", "state", "published_at", *_STAMPS,
        ),
        optional=frozenset(["project", "solution"]),
        rows=_experiences,
    ),
    Table(
        "veranstaltungen",
        Event,
        (
            "slug", "uid", "sequence", "kind", "number", "title", "teaser", "description", "state",
            "cancel_reason", "cancelled_at", "precision", "starts_at", "ends_at", "date_text",
            "format", "venue", "address", "city", "land", "latitude", "longitude", "access_note",
            "part_of", "series", "community", "audience", "takes_registrations",
            "registration_url", "registration_opens_at", "registration_closes_at",
            "documentation", "attendees", "check_note", *_STAMPS,
        ),
        links=("host_projects", "themes"),
        optional=frozenset(["part_of", "series"]),
        rows=lambda: Event.objects.public(),
        instead={name: _after(name) for name in ("documentation", "attendees")},
    ),
    Table("quellen_der_veranstaltungen", EventSource, ("event", "text", "is_truncated", "position")),
    Table(
        "programm",
        AgendaItem,
        ("event", "starts_at", "ends_at", "title", "text", "room"),
    ),
    Table(
        "unterlagen",
        Document,
        ("event", "title", "phase", "visibility", "link", "position"),
        rows=_papers,
        instead={"link": lambda paper: paper.link or absolute(paper.get_file_url())},
    ),
    Table("synonyme", Synonyms, ("words", "narrower")),
    # The key of a Kommune is the one in the official list.
    Table("schluessel", LoadedFacts, ("kind", "key", "row_id"), rows=_loaded, terms=mixed_terms),
)  # fmt: skip

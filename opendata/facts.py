"""What is told of each thing, word for word the same in JSON, tables, feeds and the documentation.

An allow-list: a field that does not stand here leaves the portal in no file. Contacts never do, although
pages show some of them: what is harmless on one page is an address book when it is a file.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from communities.entries import group_key
from communities.models import Community, CommunityKind, CommunityState, ResultKind
from events.dates import Precision
from events.models import Audience, EventKind, EventState, Format
from ground.land import Land
from projects.models import (
    ApplicantKind,
    CostClass,
    CostPeriod,
    DocumentKind,
    Evidence,
    LessonKind,
    Maturity,
    Municipality,
    OpenSource,
    Phase,
    ScalingPhase,
    SizeClass,
    SolutionFact,
    SolutionKind,
    StatedBy,
    decisive_amount,
)

SEPARATOR = " | "


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


class Words(serializers.CharField):
    """A text, "" where nothing is known. `label` heads the column."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=label, read_only=True, **kwargs)


class Choice(serializers.ChoiceField):
    """One of a few values in JSON, the words for people in a table."""

    def __init__(self, label: str, choices: Any, **kwargs: Any) -> None:
        pairs = [(str(one.value), str(one.label)) for one in choices]
        super().__init__(pairs, label=label, help_text=label, read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(value)

    def cell(self, value: str) -> str:
        return self.choices.get(value, value)


class WorkedOutChoice(serializers.SerializerMethodField):
    """One of a few values that a method finds; the words for people in a table."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        self._words = {str(one.value): str(one.label) for one in choices}
        super().__init__(**kwargs)

    def cell(self, value: str) -> str:
        return self._words.get(value, value)


class Number(serializers.FloatField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=label, read_only=True, allow_null=True, **kwargs)


class Whole(serializers.IntegerField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=label, read_only=True, allow_null=True, **kwargs)


class Whether(serializers.BooleanField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=label, read_only=True, **kwargs)


class Day(serializers.DateField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=label, read_only=True, allow_null=True, **kwargs)

    def cell(self, value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None


class Moment(serializers.DateTimeField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=label, read_only=True, allow_null=True, **kwargs)

    def cell(self, value: str | None) -> datetime | None:
        """As clocks in Germany show it: spreadsheets know no time zones."""
        return timezone.make_naive(datetime.fromisoformat(value)) if value else None


class Several(serializers.ListField):
    """Values of their own, in a table one after another in one cell."""

    def __init__(self, label: str, child: serializers.Field | None = None, **kwargs: Any) -> None:
        super().__init__(
            child=child or serializers.CharField(),
            label=label,
            help_text=label,
            read_only=True,
            **kwargs,
        )

    def cell(self, values: Iterable[str]) -> str:
        words = getattr(self.child, "cell", str)
        return SEPARATOR.join(str(words(value)) for value in values)


class Slugs(Several):
    """The ids of related things, in their order."""

    def to_representation(self, value: Any) -> list[str]:
        return [one.slug for one in value]


class Names(Several):
    def to_representation(self, value: Any) -> list[str]:
        return [one.name for one in value]


class Kommunen(Several):
    """The names of those who take part in a project."""

    def to_representation(self, value: Any) -> list[str]:
        return [part.municipality.name for part in value]


class Sizes(Several):
    """As the filter of the page sees it: where a solution was made and where it is reused."""

    def __init__(self) -> None:
        size = Choice("Größe", SizeClass)
        super().__init__("Größe der Kommunen in Einwohnern", size, source="*")

    def to_representation(self, value: Any) -> list[str]:
        parts = [part.municipality.population for part in value.project.all_participations]
        known = SizeClass.among(parts) or SizeClass.among([value.project.population])
        reusing = [reuse.municipality for reuse in value.public_reuses if reuse.municipality]
        elsewhere = SizeClass.among(one.population for one in reusing)
        return [str(size.value) for size in SizeClass.merged(known, elsewhere)]


@extend_schema_field({"type": "string", "format": "uri"})
class PageUrl(serializers.Field):
    """The page of the thing on the portal."""

    def __init__(self, route: str = "") -> None:
        """`route` is that of a page with nothing but a slug in its address."""
        self.route = route
        label = "Seite im Portal"
        super().__init__(source="*", label=label, help_text=label, read_only=True)

    def to_representation(self, value: Any) -> str:
        if self.route:
            return _addressed(self.route, "slug", value.slug)
        return absolute(value.get_absolute_url())


@extend_schema_field({"type": "string", "format": "uri"})
class ApiUrl(serializers.Field):
    """The thing itself in this interface."""

    def __init__(self, name: str) -> None:
        self.name = name
        label = "Adresse in der Schnittstelle"
        super().__init__(source="*", label=label, help_text=label, read_only=True)

    def to_representation(self, value: Any) -> str:
        return _addressed(
            f"opendata:api-{self.name}-detail", "id", str(getattr(value, self._id_source))
        )

    @cached_property
    def _id_source(self) -> str:
        return self.parent.fields["id"].source


def _addressed(route: str, name: str, value: str) -> str:
    """As `reverse` says it, but asked only once for each route: exports tell thousands of addresses."""
    before, after = _around(route, name)
    return f"{settings.SITE_URL}{before}{value}{after}"


@cache
def _around(route: str, name: str) -> tuple[str, ...]:
    return tuple(reverse(route, kwargs={name: "0-0"}).split("0-0"))


class Facts(serializers.Serializer):
    """`many` of them inside another thing are one cell of a table, joined from `in_words`."""

    @classmethod
    def tell(cls, row: Any) -> dict[str, Any]:
        """What the serializer would represent, by ways that are worked out once for each class."""
        return {name: way(row) for name, way in _ways(cls)}

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        raise NotImplementedError


Way = Callable[[Any], Any]


@cache
def _ways(facts: type[Facts]) -> tuple[tuple[str, Way], ...]:
    return tuple((name, _way(field)) for name, field in facts().fields.items())


def _way(field: serializers.Field) -> Way:
    if isinstance(field, serializers.SerializerMethodField):
        return getattr(field.parent, field.method_name)
    if field.source == "*":
        return field.to_representation
    find = attrgetter(field.source)
    if isinstance(field, serializers.ListSerializer):
        tell = type(field.child).tell
        return lambda row: [tell(one) for one in find(row)]
    represent = _represent(field)
    if field.default is serializers.empty:
        return lambda row: represent(find(row))
    return lambda row: _or_default(row, find, represent, field.default)


def _or_default(row: Any, find: Way, represent: Way, default: Any) -> Any:
    """Where something on the way to the value is not there."""
    try:
        value = find(row)
    except AttributeError:
        return default
    return represent(value)


def _represent(field: serializers.Field) -> Way:
    if isinstance(field, Whether):
        return bool
    inner = field.to_representation
    if isinstance(field, Day):
        inner = date.isoformat
    elif isinstance(field, Moment):
        inner = _in_germany
    elif isinstance(field, Words):
        # Nearly every value is text already.
        return lambda value: value if value is None or type(value) is str else str(value)
    return lambda value: None if value is None else inner(value)


def _in_germany(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()


def many(facts: type[Facts], label: str, **kwargs: Any) -> serializers.BaseSerializer:
    return facts(many=True, read_only=True, label=label, help_text=label, **kwargs)


class SourcedFacts(Facts):
    source = Words("Quelle")
    checked_on = Day("geprüft am")
    is_certain = Whether("gesichert")
    note = Words("Anmerkung")


@cache
def label_of(choices: Any, value: str) -> str:
    return str(choices(value).label)


def doubt(data: dict[str, Any]) -> str:
    return "" if data["is_certain"] else " (zu prüfen)"


class CostFacts(SourcedFacts):
    purpose = Words("wofür")
    amount = Number("Betrag in Euro")
    period = Choice("Art", CostPeriod)
    for_reusers = Whether("Preis für Nachnutzende")
    as_of = Words("Stand")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        amount = "" if data["amount"] is None else f": {data['amount']:.2f} Euro".replace(".", ",")
        return f"{data['purpose']}{amount} ({label_of(CostPeriod, data['period'])}){doubt(data)}"


class LessonFacts(SourcedFacts):
    kind = Choice("Art", LessonKind)
    text = Words("Erkenntnis")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return f"{label_of(LessonKind, data['kind'])}: {data['text']}{doubt(data)}"


class ReuseOfSolutionFacts(SourcedFacts):
    id = Words("Kennung", source="pk")
    name = Words("wer nachnutzt")
    municipality = Words("Kommune", source="municipality_id", allow_null=True)
    how = Words("wie")
    since = Words("seit")
    stated_by = Choice("Angabe von", StatedBy)
    confirmed_on = Day("bestätigt am")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return f"{data['name']}{doubt(data)}"


class BlockFacts(SourcedFacts):
    text = Words("was sie übernimmt")
    origin = Words("von wem")
    product = Words("Produkt", source="product.name", default=None, allow_null=True)

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return f"{data['text']}{doubt(data)}"


class DocumentFacts(SourcedFacts):
    kind = Choice("Art", DocumentKind)
    title = Words("Titel")
    url = Words("Adresse")
    licence = Words("Lizenz")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return f"{data['title']}: {data['url']}"


class PhaseFacts(SourcedFacts):
    phase = Choice("Phase", ScalingPhase)
    evidence = Words("Beleg")
    as_of = Words("Stand")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return f"{label_of(ScalingPhase, data['phase'])}{doubt(data)}"


class SourceFacts(Facts):
    text = Words("Quelle")
    note = Words("wofür")
    checked_on = Day("geprüft am")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return data["text"]


class BareSourceFacts(Facts):
    text = Words("Quelle")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return data["text"]


class PartFacts(Facts):
    """A Kommune that takes part in a project."""

    id = Words("Kennung", source="municipality_id")
    name = Words("Name", source="municipality.name")
    ars = Words("Regionalschlüssel", source="municipality.ars", allow_null=True)
    ags = Words("Gemeindeschlüssel", source="municipality.ags", allow_null=True)
    is_lead = Whether("federführend")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return data["name"]


class ProjectFacts(Facts):
    id = Words("Kennung", source="slug")
    name = Words("Name")
    url = PageUrl("projects:detail")
    api = ApiUrl("projekte")
    title = Words("Titel")
    call_year = Whole("Staffel")
    kind = Choice("Art der Kommune", ApplicantKind, source="applicant_kind")
    laender = Several("Länder", Choice("Land", Land))
    municipalities = many(PartFacts, "Kommunen", source="all_participations")
    theme_names = Names("Themen", source="all_themes")
    themes = Slugs("Kennungen der Themen", source="all_themes")
    summary = Words("Zusammenfassung")
    website = Words("Website")
    status = Words("Stand des Projekts", source="status_text")
    phase = Choice("Phase", Phase)
    funding_from = Words("gefördert ab")
    funding_to = Words("gefördert bis")
    budget = Whole("Budget in Euro")
    federal_share = Whole("davon vom Bund in Euro")
    ended_on = Words("abgeschlossen")
    status_source = Words("Quelle des Stands")
    status_is_certain = Whether("Stand gesichert")
    status_note = Words("Anmerkung zum Stand")
    population = Whole("Einwohner")
    population_basis = Words("Herkunft der Einwohnerzahl")
    area_km2 = Number("Fläche in km²")
    latitude = Number("geografische Breite")
    longitude = Number("geografische Länge")
    solutions = Slugs("Lösungen", source="all_solutions")
    lessons = many(LessonFacts, "Erkenntnisse", source="all_lessons")
    documents = many(DocumentFacts, "Dokumente", source="all_documents")
    sources = many(SourceFacts, "Quellen", source="own_sources")
    check_note = Words("zu prüfen")
    checked_on = Day("geprüft am")
    updated_at = Moment("geändert am")


class SolutionFacts(Facts):
    # First what people look for in a table; what explains it, and the ids for programs, come after.
    name = Words("Name")
    project_name = Words("Modellprojekt", source="project.name")
    municipalities = Kommunen("Kommunen", source="project.all_participations")
    laender = Several("Länder", Choice("Land", Land), source="project.laender")
    sizes = Sizes()
    population = Whole("Einwohner im Modellprojekt", source="project.population")
    kind = Choice("Art", SolutionKind)
    theme_names = Names("Themen", source="all_themes")
    maturity = Choice("Reife", Maturity)
    cost_class = WorkedOutChoice(
        CostClass, label="Kostenklasse", help_text="Kostenklasse, nach dem maßgeblichen Betrag"
    )
    decisive_amount = serializers.SerializerMethodField(
        label="maßgeblicher Betrag in Euro",
        help_text="höchster Preis für Nachnutzende, sonst höchste Kosten oder Förderung",
    )
    costs = many(CostFacts, "Kosten", source="all_costs")
    open_source = Choice("quelloffen", OpenSource)
    licence = Words("Lizenz (SPDX)")
    repository = Words("Quellcode")
    url = PageUrl("projects:solution")
    problem = Words("Problem")
    description = Words("Beschreibung")
    how_it_works = Words("Funktionsweise")
    maturity_as_of = Words("Stand der Reife")
    evidence = Choice("Nachweis", Evidence)
    evidence_text = Words("was erprobt oder gemessen wurde")
    website = Words("eigene Seite", source="url")
    technologies = Names("Technologien", source="all_technologies")
    partners = Several("Partner")
    staff = Words("Personal", source="staff_text")
    duration = Words("Dauer der Einführung", source="duration_text")
    reuse = many(ReuseOfSolutionFacts, "Nachnutzung", source="public_reuses")
    lessons = many(LessonFacts, "Erkenntnisse", source="all_lessons")
    building_blocks = many(BlockFacts, "Bausteine", source="all_blocks")
    documents = many(DocumentFacts, "Dokumente", source="all_documents")
    phases = many(PhaseFacts, "Skalierungsphasen", source="all_phases")
    ended_on = Words("beendet")
    why_ended = Words("warum beendet")
    sources = many(SourceFacts, "Quellen", source="all_sources")
    unsure = Several("zu prüfende Angaben", Choice("Angabe", SolutionFact))
    note = Words("Anmerkung")
    confirmed_on = Day("zuletzt bestätigt am")
    updated_at = Moment("geändert am")
    id = Words("Kennung", source="slug")
    project = Words("Kennung des Modellprojekts", source="project.slug")
    themes = Slugs("Kennungen der Themen", source="all_themes")
    api = ApiUrl("loesungen")

    @extend_schema_field(serializers.ChoiceField([(one.value, one.label) for one in CostClass]))
    def get_cost_class(self, solution: Any) -> str:
        return str(CostClass.of(_decisive(solution)).value)

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_decisive_amount(self, solution: Any) -> float | None:
        amount = _decisive(solution)
        return None if amount is None else float(amount)


def _decisive(solution: Any) -> Any:
    return decisive_amount(
        (cost.period, cost.for_reusers, cost.amount) for cost in solution.all_costs
    )


class MunicipalityFacts(Facts):
    id = Words("Kennung", source="pk")
    name = Words("Name")
    url = PageUrl()
    api = ApiUrl("kommunen")
    official_name = Words("amtlicher Name")
    level = Choice("Ebene", Municipality.Level)
    designation = Words("Bezeichnung")
    land = Choice("Land", Land)
    kreis = Words("Kreis", source="kreis.name", default="")
    ars = Words("Regionalschlüssel", allow_null=True)
    ags = Words("Gemeindeschlüssel (AGS)", allow_null=True)
    population = Whole("Einwohner")
    population_on = Day("Stand der Einwohnerzahl")
    latitude = Number("geografische Breite")
    longitude = Number("geografische Länge")
    listed_on = Day("Stand des Verzeichnisses")
    projects = Slugs("Modellprojekte", source="public_projects")


class ThemeFacts(Facts):
    id = Words("Kennung", source="slug")
    name = Words("Name")
    url = PageUrl("projects:theme")
    api = ApiUrl("themen")
    description = Words("Beschreibung")
    project_count = Whole("Modellprojekte")
    solution_count = Whole("Lösungen")
    lessons = many(LessonFacts, "Erkenntnisse", source="all_lessons")


class EventFacts(Facts):
    id = Words("Kennung", source="slug")
    name = Words("Titel", source="title")
    url = PageUrl("events:detail")
    api = ApiUrl("veranstaltungen")
    kind = Choice("Art", EventKind)
    number = Whole("Nummer")
    state = Choice("Stand", EventState)
    cancel_reason = Words("Grund der Absage")
    when = Words("Termin in Worten")
    precision = Choice("wie genau der Termin feststeht", Precision)
    starts_at = Moment("Beginn")
    ends_at = Moment("Ende")
    format = Choice("Form", Format)
    venue = Words("Veranstaltungsort")
    address = Words("Anschrift")
    city = Words("Stadt oder Gemeinde")
    land = Words("Land")
    latitude = Number("geografische Breite")
    longitude = Number("geografische Länge")
    teaser = Words("kurz gesagt")
    description = Words("Beschreibung")
    access_note = Words("Barrierefreiheit vor Ort")
    audience = Choice("für wen", Audience)
    community = serializers.SerializerMethodField(label="Gemeinschaft", help_text="Gemeinschaft")
    hosts = Slugs("Gastgeber", source="public_hosts")
    theme_names = Names("Themen", source="all_themes")
    themes = Slugs("Kennungen der Themen", source="all_themes")
    parts = Slugs("Teile", source="public_parts")
    takes_registrations = Whether("Anmeldung über das Portal")
    registration_url = Words("Anmeldung anderswo")
    documentation = serializers.SerializerMethodField(label="Rückblick", help_text="Rückblick")
    attendees = serializers.SerializerMethodField(
        label="Teilnehmende, gezählt", help_text="Teilnehmende, gezählt"
    )
    sources = many(BareSourceFacts, "Quellen", source="all_sources")
    check_note = Words("zu prüfen")
    updated_at = Moment("geändert am")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_community(self, event: Any) -> str | None:
        return group_key(event.community) if event.community else None

    def get_documentation(self, event: Any) -> str:
        """Public after the event, as on its page."""
        return event.documentation if event.is_past(timezone.now()) else ""

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_attendees(self, event: Any) -> int | None:
        return event.attendees if event.is_past(timezone.now()) else None


class PartnerFacts(Facts):
    name = Words("Organisation")
    role = Words("Aufgabe")
    website = Words("Website")

    @staticmethod
    def in_words(data: dict[str, Any]) -> str:
        return data["name"]


class CommunityFacts(Facts):
    id = serializers.SerializerMethodField(label="Kennung", help_text="Kennung")
    name = Words("Name", source="full_name")
    url = PageUrl()
    api = serializers.SerializerMethodField(
        label="Adresse in der Schnittstelle", help_text="Adresse in der Schnittstelle"
    )
    kind = Choice("Art", CommunityKind)
    state = Choice("Stand", CommunityState)
    belongs_to = Words("gehört zu", source="parent.slug", default=None, allow_null=True)
    also_called = Words("auch genannt")
    purpose = Words("woran die Gruppe arbeitet")
    questions = Words("Leitfragen")
    working_mode = Words("Arbeitsweise")
    theme = Words("Thema", source="theme.slug", default=None, allow_null=True)
    projects = Slugs("beteiligte Modellprojekte", source="public_projects")
    partners = many(PartnerFacts, "begleitende Partner", source="all_partners")
    founded_year = Whole("gegründet im Jahr")
    founded_month = Whole("und Monat")
    open_to_non_funded = Whether("offen für nicht geförderte Kommunen")
    sources = many(BareSourceFacts, "Quellen", source="all_sources")
    check_note = Words("zu prüfen")
    updated_at = Moment("geändert am")

    def get_id(self, community: Community) -> str:
        return group_key(community)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_api(self, community: Community) -> str:
        key = {"id": group_key(community)}
        return absolute(reverse("opendata:api-gemeinschaften-detail", kwargs=key))


class ResultFacts(Facts):
    id = Words("Kennung", source="slug")
    name = Words("Titel", source="title")
    url = PageUrl("communities:result")
    api = ApiUrl("ergebnisse")
    kind = Choice("Art", ResultKind)
    summary = Words("worum es geht")
    community = serializers.SerializerMethodField(label="Gemeinschaft", help_text="Gemeinschaft")
    licence = Words("Lizenz")
    version = Words("Version")
    authors = Words("erarbeitet von")
    link = Words("Link")
    file = serializers.SerializerMethodField(label="Datei", help_text="Datei")
    projects = Slugs("Modellprojekte", source="public_projects")
    solutions = Slugs("Lösungen", source="public_solutions")
    published_at = Moment("veröffentlicht am")
    updated_at = Moment("geändert am")

    def get_community(self, result: Any) -> str:
        return group_key(result.community)

    def get_file(self, result: Any) -> str:
        return absolute(result.get_file_url()) if result.file else ""


class ReuseFacts(ReuseOfSolutionFacts):
    api = ApiUrl("nachnutzungen")
    solution = Words("Lösung", source="solution.slug", default=None, allow_null=True)
    product = Words("Produkt", source="product.name", default=None, allow_null=True)
    project = serializers.SerializerMethodField(
        label="Modellprojekt, das nachnutzt", help_text="Modellprojekt, das nachnutzt"
    )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_project(self, reuse: Any) -> str | None:
        return reuse.project.slug if reuse.project and reuse.project.is_public else None

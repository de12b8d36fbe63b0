"""What can be taken along, list by list: what stands in it, what can be asked of it, what is told.

What can be asked are the facets of the page of the same name, read with the page's own code: page,
interface, table and feed cannot differ in names, values, hits or order (`docs/adr/0008-open-data.md`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from communities.entries import public_communities
from communities.models import Community, Result
from communities.views.listing import RESULTS
from events.entries import public_events
from events.listing import EVENTS, EventListing, read
from events.models import Event
from finding import searched
from finding.facets import Facet
from finding.listing import Listing, Words
from finding.sections import Kept, Section
from finding.selection import MAX_QUERY_LENGTH, read_selection
from finding.versions import Versions
from ground.land import Land
from opendata import facts
from opendata.licence import Terms, mixed_terms, official_terms, own_terms
from projects.catalogue import catalogue
from projects.lists import PROJECTS, SOLUTIONS
from projects.models import (
    BuildingBlock,
    Municipality,
    Project,
    ProjectMunicipality,
    Reuse,
    Solution,
    Source,
    StatedBy,
    Theme,
)

PER_PAGE, MOST_PER_PAGE, MOST_PAGES = 24, 100, 1_000_000
# Of each list what is told of so many things is kept, per process: some 5 kB for a solution.
KEPT_THINGS = 1000
# What says how much to send, not what.
PAGE, PAGE_SIZE = "seite", "je_seite"


class BadQuestion(Exception):
    """What was asked makes no sense; in words, by the name of the parameter."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """An entry of a list that has no page of its own."""

    pk: int
    slug: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenList:
    name: str  # in addresses
    title: str
    description: str
    section: Callable[[Versions], Section]  # by the version of the catalogue
    rows: Callable[[], QuerySet]  # everything public, with all that `facts` tell
    facts: type[facts.Facts]
    words: Words | None = None  # of the page of this list, where there is one
    kind: str = ""  # what the search calls it
    updated_field: str = "updated_at"
    find: Callable[[str], Q] = lambda id_: Q(slug=id_)
    follows_clock: bool = False
    # Under which licence it is given away, and who is to be named: the same wherever it is told.
    terms: Callable[[], Terms] = own_terms

    @property
    def has_feed(self) -> bool:
        return self.updated_field in self.facts().fields

    def sortings(self) -> tuple[str, ...]:
        return tuple(self.words.sortings) if self.words else ()

    def facets(self, version: Versions) -> tuple[Facet, ...]:
        return self.section(version).index.facets

    def listing(self, parameters: QueryDict, version: Versions, now: datetime) -> Listing:
        """As the page makes it, except that what means nothing is refused instead of left out."""
        self.check(parameters, version)
        return self.selected(parameters, version, now)

    def selected(self, parameters: QueryDict, version: Versions, now: datetime) -> Listing:
        """As the page makes it."""
        section = self.section(version)
        if self.name == "veranstaltungen":
            events = public_events(version)
            selection = read(parameters, events)
            found = searched.find(selection, section, EVENTS, kind=self.kind)
            return EventListing(section, EVENTS, selection, found, events, now)
        words = self.words or Words(self.title, self.title, "", {})
        selection = read_selection(parameters, section.index.facets, self.sortings())
        selection = searched.as_meant(selection, section, words)
        found = searched.find(selection, section, words, kind=self.kind)
        return Listing(section, words, selection, found)

    def check(self, parameters: QueryDict, version: Versions) -> None:
        errors = {}
        facets = {facet.name: facet for facet in self.facets(version)}
        for name, values in parameters.lists():
            if name in facets:
                unknown = [value[:40] for value in values if value not in facets[name].choices]
                if unknown:
                    errors[name] = f"Unbekannter Wert: {', '.join(unknown)}"
            elif name == "q" and self.kind:
                if any(len(value) > MAX_QUERY_LENGTH for value in values):
                    errors[name] = f"Höchstens {MAX_QUERY_LENGTH} Zeichen."
            elif name == "sortierung" and self.sortings():
                if any(value not in self.sortings() for value in values):
                    errors[name] = f"Möglich sind: {', '.join(self.sortings())}"
            elif name in (PAGE, PAGE_SIZE):
                most = MOST_PAGES if name == PAGE else MOST_PER_PAGE
                if any(_number(value, most) is None for value in values):
                    errors[name] = f"Eine ganze Zahl von 1 bis {most}."
            else:
                errors[name[:40]] = "Diesen Parameter gibt es hier nicht."
        if errors:
            raise BadQuestion(errors)

    def told(self, pks: Sequence[int], version: Versions | None = None) -> list[dict[str, Any]]:
        """These, in this order; what is gone meanwhile is left out.

        With a version what was told of a thing before is told again: pages for different questions show
        the same things. Not where the clock changes what is told.
        """
        if version is None or self.follows_clock:
            return list(self.told_by_key(pks).values())
        kept = catalogue(version).above.get(f"opendata:told:{self.name}", lambda: Kept(KEPT_THINGS))
        known = {pk: kept.peek(pk) for pk in pks}
        missing = [pk for pk, thing in known.items() if thing is None]
        for pk, thing in self.told_by_key(missing).items() if missing else ():
            known[pk] = kept.get(pk, lambda thing=thing: thing)
        return [thing for thing in known.values() if thing is not None]

    def told_by_key(self, pks: Collection[int]) -> dict[int, dict[str, Any]]:
        """The same with their keys, read anew."""
        rows = self.rows().in_bulk(pks)
        return {pk: self.facts.tell(rows[pk]) for pk in pks if pk in rows}

    def one(self, id_: str) -> dict[str, Any] | None:
        if "\0" in id_:  # PostgreSQL takes no such text, not even to look for it
            return None
        row = self.rows().filter(self.find(id_)).first()
        return None if row is None else self.facts.tell(row)


def _number(text: str, most: int) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    return int(text) if is_number and 1 <= int(text) <= most else None


def page_size(parameters: QueryDict) -> int:
    return int(parameters.get(PAGE_SIZE, PER_PAGE))


def _public_projects() -> QuerySet[Project]:
    return Project.objects.public().order_by("sort_name", "pk")


def _public_solutions() -> QuerySet[Solution]:
    return Solution.objects.public().order_by("sort_name", "pk")


def _whole(model: type[Model], *names: str) -> list[Prefetch]:
    """Read along as lists: managers of their own for each row would cost more than the rows."""
    return [
        Prefetch(
            name,
            model._meta.get_field(name).related_model._default_manager.all(),
            to_attr=f"all_{name}",
        )
        for name in names
    ]


def _participations() -> Prefetch:
    return Prefetch(
        "participations",
        ProjectMunicipality.objects.select_related("municipality"),
        to_attr="all_participations",
    )


def _projects() -> QuerySet[Project]:
    return Project.objects.public().prefetch_related(
        _participations(),
        Prefetch("sources", Source.objects.filter(solution=None), to_attr="own_sources"),
        Prefetch(
            "solutions", Solution.objects.order_by("sort_name", "pk"), to_attr="all_solutions"
        ),
        *_whole(Project, "themes", "lessons", "documents"),
    )


def _solutions() -> QuerySet[Solution]:
    return Solution.objects.public().prefetch_related(
        # Many have the same one, which is then read once.
        Prefetch(
            "project",
            Project.objects.only("slug", "name", "laender", "population").prefetch_related(
                _participations()
            ),
        ),
        *_whole(
            Solution, "themes", "technologies", "costs", "lessons", "documents", "phases", "sources"
        ),
        Prefetch("blocks", BuildingBlock.objects.select_related("product"), "all_blocks"),
        Prefetch(
            "reuses",
            Reuse.objects.public().select_related("municipality"),
            to_attr="public_reuses",
        ),
    )


def network_municipalities() -> QuerySet[Municipality]:
    """Who takes part in a project, and who reuses a solution."""
    reusing = Reuse.objects.public().exclude(municipality=None).values("municipality")
    taking_part = ProjectMunicipality.objects.filter(project__is_public=True).values("municipality")
    return Municipality.objects.filter(Q(pk__in=reusing) | Q(pk__in=taking_part))


def _municipalities() -> QuerySet[Municipality]:
    return (
        network_municipalities()
        .select_related("kreis")
        .prefetch_related(Prefetch("projects", _public_projects(), to_attr="public_projects"))
    )


def _themes() -> QuerySet[Theme]:
    return Theme.objects.annotate(
        project_count=_number_with_theme(Project.objects.public()),
        solution_count=_number_with_theme(Solution.objects.public()),
    ).prefetch_related(*_whole(Theme, "lessons"))


def _number_with_theme(rows: QuerySet) -> Coalesce:
    """Counted on its own: two joins at once would multiply each other."""
    of_theme = rows.filter(themes=OuterRef("pk")).order_by().values("themes")
    return Coalesce(Subquery(of_theme.annotate(number=Count("pk")).values("number")), 0)


def _events() -> QuerySet[Event]:
    return (
        Event.objects.public()
        .select_related("community__parent")
        .prefetch_related(
            Prefetch("host_projects", _public_projects(), to_attr="public_hosts"),
            Prefetch(
                "parts", Event.objects.public().order_by("starts_at", "pk"), to_attr="public_parts"
            ),
            *_whole(Event, "themes", "sources"),
        )
    )


def _communities() -> QuerySet[Community]:
    return Community.objects.select_related("parent", "theme").prefetch_related(
        Prefetch("projects", _public_projects(), to_attr="public_projects"),
        *_whole(Community, "partners", "sources"),
    )


def _results() -> QuerySet[Result]:
    return (
        Result.objects.public()
        .select_related("community__parent")
        .prefetch_related(
            Prefetch("projects", _public_projects(), to_attr="public_projects"),
            Prefetch("solutions", _public_solutions(), to_attr="public_solutions"),
        )
    )


def _reuses() -> QuerySet[Reuse]:
    return Reuse.objects.public().select_related("solution", "product", "municipality", "project")


def _by_pk(id_: str) -> Q:
    return Q(pk=int(id_)) if _number(id_, 10**8) else Q(pk__in=())


def _by_group_key(id_: str) -> Q:
    above, dot, slug = id_.partition(".")
    return Q(parent__slug=above, slug=slug) if dot else Q(parent=None, slug=above)


_LAND = Facet("land", "Land", {str(land.value): str(land.label) for land in Land})


def _kept(name: str, read: Callable[[], Section]) -> Callable[[Versions], Section]:
    return lambda version: catalogue(version).above.get(f"opendata:{name}", read)


def _municipality_lines() -> Section:
    rows = _municipalities().prefetch_related(None).order_by("sort_name", "pk")
    levels = {str(one.value): str(one.label) for one in Municipality.Level}
    return Section(
        [
            Line(pk, str(pk), {"land": [land], "ebene": [level]})
            for pk, land, level in rows.values_list("pk", "land", "level")
        ],
        [_LAND, Facet("ebene", "Ebene", levels)],
        {},
    )


def _theme_lines() -> Section:
    rows = Theme.objects.order_by("slug").values_list("pk", "slug")
    return Section([Line(pk, slug) for pk, slug in rows], [], {})


def _reuse_lines() -> Section:
    rows = _reuses().order_by("solution__sort_name", "product__sort_name", "position", "pk")
    lines = [
        Line(
            reuse.pk,
            str(reuse.pk),
            {
                "land": [reuse.municipality.land] if reuse.municipality else [],
                "angabe": [reuse.stated_by],
                "bestaetigt": ["ja"] if reuse.is_confirmed else [],
            },
        )
        for reuse in rows
    ]
    stated = {str(one.value): str(one.label) for one in StatedBy}
    facets = [
        _LAND,
        Facet("angabe", "Angabe von", stated),
        Facet("bestaetigt", "Bestätigung", {"ja": "von der Kommune bestätigt"}),
    ]
    return Section(lines, facets, {})


LISTS = {
    one.name: one
    for one in (
        OpenList(
            "projekte",
            "Modellprojekte",
            "Die Modellprojekte Smart Cities mit Kommunen, Themen, Stand und Förderung.",
            lambda version: catalogue(version).projects,
            _projects,
            facts.ProjectFacts,
            PROJECTS,
            "project",
            terms=mixed_terms,
        ),
        OpenList(
            "loesungen",
            "Lösungen",
            "Maßnahmen der Modellprojekte mit Kosten, Erkenntnissen, Nachnutzung, Lizenz und Quellen.",
            lambda version: catalogue(version).solutions,
            _solutions,
            facts.SolutionFacts,
            SOLUTIONS,
            "solution",
            terms=mixed_terms,
        ),
        OpenList(
            "kommunen",
            "Kommunen des Netzwerks",
            "Kommunen, die an einem Modellprojekt teilnehmen oder eine Lösung nachnutzen.",
            _kept("kommunen", _municipality_lines),
            _municipalities,
            facts.MunicipalityFacts,
            find=_by_pk,
            terms=official_terms,
        ),
        OpenList(
            "themen",
            "Themen",
            "Die Handlungsfelder, mit denen Projekte und Lösungen gekennzeichnet sind.",
            _kept("themen", _theme_lines),
            _themes,
            facts.ThemeFacts,
        ),
        OpenList(
            "veranstaltungen",
            "Veranstaltungen",
            "Konferenzen, Roadshow, Werkstätten und Workshops: kommende und vergangene.",
            lambda version: public_events(version).section,
            _events,
            facts.EventFacts,
            EVENTS,
            "event",
            follows_clock=True,
        ),
        OpenList(
            "gemeinschaften",
            "Gemeinschaften",
            "Arbeits- und Entwicklungsgemeinschaften und ihre Themengruppen, ohne ihre Mitglieder.",
            lambda version: public_communities(version).groups,
            _communities,
            facts.CommunityFacts,
            kind="community",
            find=_by_group_key,
        ),
        OpenList(
            "ergebnisse",
            "Ergebnisse",
            "Leitfäden, Vorlagen und andere Arbeitsergebnisse der Gemeinschaften.",
            lambda version: public_communities(version).results,
            _results,
            facts.ResultFacts,
            RESULTS,
            "result",
        ),
        OpenList(
            "nachnutzungen",
            "Nachnutzungen",
            "Welche Kommune welche Lösung oder welches Produkt nachnutzt, mit Quelle.",
            _kept("nachnutzungen", _reuse_lines),
            _reuses,
            facts.ReuseFacts,
            find=_by_pk,
        ),
    )
}


def list_of_page(url_name: str) -> OpenList | None:
    """The list that can be taken along from this page."""
    return next(
        (one for one in LISTS.values() if one.words and one.words.url_name == url_name), None
    )

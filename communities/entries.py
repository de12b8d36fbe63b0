"""What communities show to everybody, as the pages need it: held in memory, never out of date.

Read once per version of the catalogue and process, like the catalogue itself. What is not public is
never read, so it cannot be shown by mistake.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.text import slugify

from communities.models import (
    Community,
    CommunityKind,
    Experience,
    ExperienceKind,
    Result,
    ResultKind,
)
from finding.facets import Facet
from finding.sections import Section
from finding.versions import Versions
from projects.catalogue import catalogue
from projects.models import Project, Solution, Theme

OTHER_LICENCE = "andere"


class Link(NamedTuple):
    label: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class ResultEntry:
    pk: int
    slug: str
    name: str
    summary: str
    kind_label: str
    licence: str
    version: str
    authors: str
    is_file: bool
    group: Link
    published_at: datetime
    facets: Mapping[str, Sequence[str]]

    @property
    def url(self) -> str:
        return reverse("communities:result", args=[self.slug])


@dataclass(frozen=True, slots=True, eq=False)
class ExperienceEntry:
    pk: int
    slug: str
    name: str
    kind: str
    kind_label: str
    what: str
    about: tuple[Link, ...]  # project, solution and group, those that are public
    published_at: datetime
    facets: Mapping[str, Sequence[str]]

    @property
    def url(self) -> str:
        return reverse("communities:experience", args=[self.pk])


@dataclass(frozen=True, slots=True, eq=False)
class GroupEntry:
    pk: int
    slug: str
    name: str
    kind_label: str
    summary: str
    url: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicCommunities:
    """The groups in order of their names, each with `topic_groups` and its counts read along."""

    aegs: list[Community]
    earlier: list[Community]  # earlier groups and what was archived since
    groups: Section  # all of them, for the search
    results: Section
    experiences: Section

    def results_of(self, community: Community) -> list[ResultEntry]:
        """Public results of a group and its topic groups, the latest first."""
        return _latest_first(self.results, community)

    def experiences_of(self, community: Community) -> list[ExperienceEntry]:
        """Public experiences of a group and its topic groups, the latest first."""
        return _latest_first(self.experiences, community)


def public_communities(version: Versions | None = None) -> PublicCommunities:
    return catalogue(version).above.get("communities", _read)


def public_results() -> QuerySet[Result]:
    """With everything of theirs that is public."""
    return (
        Result.objects.public()
        .select_related("community__parent__theme", "community__theme")
        .prefetch_related(
            Prefetch("projects", Project.objects.public().order_by("sort_name", "pk")),
            Prefetch(
                "solutions",
                Solution.objects.public()
                .select_related("project")
                .prefetch_related("themes")
                .order_by("sort_name", "pk"),
            ),
        )
    )


def public_experiences() -> QuerySet[Experience]:
    return (
        Experience.objects.public()
        .select_related("community__parent__theme", "community__theme", "project")
        .select_related("solution__project")
        .prefetch_related("solution__themes", "project__themes")
    )


def about(experience: Experience) -> tuple[Link, ...]:
    """What it belongs to, of that what everybody may see."""
    links = []
    if experience.solution and experience.solution.project.is_public:
        links.append(Link(experience.solution.name, experience.solution.get_absolute_url()))
    if experience.project and experience.project.is_public:
        links.append(Link(experience.project.name, experience.project.get_absolute_url()))
    if experience.community:
        links.append(_group_link(experience.community))
    return tuple(links)


def _read() -> PublicCommunities:
    """A fixed number of queries, however many groups, results and experiences there are."""
    groups = list(Community.objects.top().select_related("theme").prefetch_related("topic_groups"))
    results = list(public_results().order_by("title", "pk"))
    experiences = list(public_experiences().order_by("title", "pk"))
    working = [group for group in groups if group.kind == CommunityKind.AEG and group.is_active]
    all_groups = [group for top in groups for group in (top, *_by_name(top.topic_groups.all()))]
    themes = dict(Theme.objects.order_by("slug").values_list("slug", "name"))
    return PublicCommunities(
        aegs=working,
        earlier=[group for group in groups if group not in working],
        groups=Section([_group_entry(group) for group in all_groups], [], {}),
        results=_results(results, all_groups, themes),
        experiences=_experiences(experiences, all_groups, themes),
    )


def _group_entry(group: Community) -> GroupEntry:
    return GroupEntry(
        group.pk,
        group_key(group),
        group.full_name,
        CommunityKind(group.kind).label,
        group.purpose,
        group.get_absolute_url(),
    )


def _by_name(groups: Iterable[Community]) -> list[Community]:
    return sorted(groups, key=lambda group: (group.sort_name, group.pk))


def _results(results: list[Result], groups: list[Community], themes: dict[str, str]) -> Section:
    licences = {_licence(result): result.licence for result in results}
    entries = [
        ResultEntry(
            pk=result.pk,
            slug=result.slug,
            name=result.title,
            summary=result.summary,
            kind_label=ResultKind(result.kind).label,
            licence=result.licence,
            version=result.version,
            authors=result.authors,
            is_file=bool(result.file),
            group=_group_link(result.community),
            published_at=result.published_at,
            facets={
                "art": [result.kind],
                "gruppe": _group_values(result.community),
                "thema": _themes(result.community, *result.solutions.all()),
                "lizenz": [_licence(result)],
            },
        )
        for result in results
    ]
    facets = [
        Facet("art", "Art", _words(ResultKind)),
        Facet("gruppe", "Gemeinschaft", _group_words(groups)),
        Facet("thema", "Thema", themes),
        Facet("lizenz", "Lizenz", dict(sorted(licences.items()))),
    ]
    return Section(entries, facets, {"neueste": _newest_first})


def _experiences(
    experiences: list[Experience], groups: list[Community], themes: dict[str, str]
) -> Section:
    entries = [
        ExperienceEntry(
            pk=experience.pk,
            slug=str(experience.pk),
            name=experience.title,
            kind=experience.kind,
            kind_label=ExperienceKind(experience.kind).label,
            what=experience.what,
            about=about(experience),
            published_at=experience.published_at,
            facets={
                "art": [experience.kind],
                "gruppe": _group_values(experience.community),
                "thema": _themes(experience.community, experience.solution, experience.project),
            },
        )
        for experience in experiences
    ]
    facets = [
        Facet("art", "Art", _words(ExperienceKind)),
        Facet("gruppe", "Gemeinschaft", _group_words(groups)),
        Facet("thema", "Thema", themes),
    ]
    return Section(entries, facets, {"neueste": _newest_first})


def _newest_first(entry: ResultEntry | ExperienceEntry) -> float:
    return -entry.published_at.timestamp()


def _latest_first(section: Section, community: Community) -> list:
    key = group_key(community)
    ordered = (section.entries[number] for number in section.orders["neueste"])
    return [entry for entry in ordered if key in entry.facets["gruppe"]]


def group_key(community: Community) -> str:
    """How a group stands in the addresses of filtered lists."""
    if community.parent_id:
        return f"{community.parent.slug}.{community.slug}"
    return community.slug


def _group_values(community: Community | None) -> list[str]:
    """Its own, and that of the community it belongs to: who filters by an AEG finds both."""
    if community is None:
        return []
    groups = [community, community.parent] if community.parent_id else [community]
    return [group_key(group) for group in groups]


def _group_words(groups: list[Community]) -> dict[str, str]:
    return {group_key(group): group.full_name for group in groups}


def _group_link(community: Community) -> Link:
    return Link(community.full_name, community.get_absolute_url())


def _themes(community: Community | None, *things: Project | Solution | None) -> list[str]:
    slugs = {theme.slug for thing in things if thing for theme in thing.themes.all()}
    group = community
    while group:
        if group.theme:
            slugs.add(group.theme.slug)
        group = group.parent
    return sorted(slugs)


def _licence(result: Result) -> str:
    return slugify(result.licence) or OTHER_LICENCE


def _words(choices: type) -> dict[str, str]:
    return {str(choice.value): str(choice.label) for choice in choices}

"""Solutions or projects side by side, and the list of those one has marked: both are their address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from finding.markup import counted, thousands
from ground.land import Land
from projects.catalogue import Catalogue
from projects.entries import ProjectEntry, SolutionEntry
from projects.models import CostClass, LessonKind, OpenSource, Project, Solution
from projects.wording import euros, first_sentence, partial_date

MOST_COMPARED = 4
# An address that mail programs and browsers take whole.
MOST_REMEMBERED = 40
SOLUTION, PROJECT = "loesung", "projekt"

Entry = SolutionEntry | ProjectEntry


class Marked(NamedTuple):
    """What an address names, in its order and each once."""

    solutions: Sequence[SolutionEntry]
    projects: Sequence[ProjectEntry]
    unknown: int  # what it names and is not there (any more)
    left_out: int = 0  # what would have been too many

    @property
    def query(self) -> str:
        return query_of([*self.solutions, *self.projects])

    def __bool__(self) -> bool:
        return bool(self.solutions or self.projects)


def read(shown: Catalogue, asked: QueryDict, *, most: int) -> Marked:
    found: dict[str, list[Any]] = {SOLUTION: [], PROJECT: []}
    unknown = 0
    for name, section in ((SOLUTION, shown.solutions), (PROJECT, shown.projects)):
        for slug in dict.fromkeys(asked.getlist(name)):
            if slug in section.by_slug:
                found[name].append(section.by_slug[slug])
            else:
                unknown += bool(slug)
    kept = {name: entries[:most] for name, entries in found.items()}
    left_out = sum(map(len, found.values())) - sum(map(len, kept.values()))
    return Marked(kept[SOLUTION], kept[PROJECT], unknown, left_out)


def query_of(entries: Iterable[Entry]) -> str:
    pairs = [
        (SOLUTION if isinstance(entry, SolutionEntry) else PROJECT, entry.slug) for entry in entries
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


class Cell(NamedTuple):
    lines: Sequence[str]
    url: str = ""  # of the last line
    phone: str = ""  # below the lines

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.lines or self.phone)


class Row(NamedTuple):
    label: str
    cells: Sequence[Cell]
    differs: bool


class Column(NamedTuple):
    entry: Entry
    without_url: str


@dataclass(frozen=True)
class Comparison:
    columns: Sequence[Column]
    rows: Sequence[Row]
    unknown: Sequence[str]  # what is known of none of them


def compare(entries: Sequence[Entry]) -> Comparison:
    """As many queries for four as for two."""
    is_solutions = isinstance(entries[0], SolutionEntry)
    facts = list(_of_solutions(entries) if is_solutions else _of_projects(entries))
    rows = [
        Row(label, cells, _differs(cells) if label not in _TOLD else False)
        for label in facts[0]
        for cells in [[column[label] for column in facts]]
    ]
    return Comparison(
        [
            Column(
                entry, reverse("projects:compare") + query_of(o for o in entries if o is not entry)
            )
            for entry in entries
        ],
        [row for row in rows if any(row.cells)],
        [row.label for row in rows if not any(row.cells)],
    )


# Texts differ always, so saying so would say nothing.
_TOLD = {"Problem", "Was gut lief", "Was man vermeiden sollte", "Ansprechen", "Titel", "Stand"}


def _differs(cells: Sequence[Cell]) -> bool:
    """What is not known of one is not called different."""
    return len({tuple(cell.lines) for cell in cells if cell.lines}) > 1


def _of_solutions(entries: Sequence[SolutionEntry]) -> Iterable[Mapping[str, Cell]]:
    rows = _in_order(
        entries,
        Solution.objects.public()
        .select_related("project")
        .prefetch_related("costs", "lessons", _published(Solution)),
    )
    for entry, row in zip(entries, rows, strict=True):
        project = entry.project
        yield {
            "Problem": _cell(first_sentence(entry.problem or entry.description)),
            "Modellprojekt": Cell([project.name], project.url),
            "Land": _cell(project.land_names),
            "Einwohner": _cell(project.population and thousands(project.population)),
            "Art": _cell(entry.kind_label),
            "Reife": _cell(
                entry.maturity
                and _with(entry.maturity_label, _as_of(entry.maturity_as_of), row, "maturity")
            ),
            "Nachweis": _cell(entry.evidence and _with(entry.evidence_label, "", row, "evidence")),
            "Kosten": _cell(
                entry.cost_class != CostClass.UNKNOWN and entry.cost_class.label,
                *(
                    f"{euros(cost.amount)} {cost.get_period_display()}: {cost.purpose}{_doubt(cost.is_certain)}"
                    for cost in row.costs.all()
                    if cost.amount is not None
                ),
            ),
            "Quelloffen": _cell(
                entry.open_source != OpenSource.UNKNOWN
                and _with(OpenSource(entry.open_source).label, "", row, "open_source")
            ),
            "Lizenz": _cell(entry.licence and _with(entry.licence, "", row, "licence")),
            "Quellcode": Cell([row.repository] if row.repository else [], row.repository),
            "Nachnutzung": _cell(
                entry.reuse_count and counted(entry.reuse_count, "weitere Stelle,weitere Stellen")
            ),
            "Technik": _cell(*(one.name for one in entry.technologies)),
            "Themen": _cell(*(one.name for one in entry.themes)),
            **_told(row),
            "Ansprechen": _contact(row.project),
        }


def _of_projects(entries: Sequence[ProjectEntry]) -> Iterable[Mapping[str, Cell]]:
    rows = _in_order(
        entries, Project.objects.public().prefetch_related("lessons", _published(Project))
    )
    for entry, row in zip(entries, rows, strict=True):
        doubt = _doubt(row.status_is_certain)
        yield {
            "Titel": _cell(entry.title),
            "Land": _cell(*(Land(land).label for land in entry.laender)),
            "Art der Kommune": _cell(entry.kind_label),
            "Einwohner": _cell(entry.population and thousands(entry.population)),
            "Staffel": _cell(str(entry.call_year)),
            "Stand": _cell(row.status_text and f"{first_sentence(row.status_text)}{doubt}"),
            "Gefördert": _cell(_span(row.funding_from, row.funding_to)),
            "Abgeschlossen": _cell(row.ended_on and partial_date(row.ended_on)),
            "Budget": _cell(row.budget and f"{euros(row.budget)}{doubt}"),
            "Davon vom Bund": _cell(row.federal_share and f"{euros(row.federal_share)}{doubt}"),
            "Maßnahmen": _cell(str(entry.solution_count)),
            "Themen": _cell(*(one.name for one in entry.themes)),
            **_told(row),
            "Ansprechen": _contact(row),
        }


def _published(model: type[Solution | Project]) -> Prefetch:
    """Only the public ones of the experiences, rows of an app above."""
    return Prefetch("experiences", model.experiences.rel.related_model.objects.public())


def _in_order(entries: Sequence[Entry], rows: Any) -> list[Any]:
    by_pk = rows.in_bulk([entry.pk for entry in entries])
    return [by_pk[entry.pk] for entry in entries]


def _cell(*lines: Any) -> Cell:
    return Cell([str(line) for line in lines if line])


def _told(row: Solution | Project) -> dict[str, Cell]:
    """Lessons and what communities published, in one list of each kind."""
    told = [(one.kind, f"{one.text}{_doubt(one.is_certain)}") for one in row.lessons.all()]
    told += [(one.kind, one.title) for one in row.experiences.all()]

    def of_kind(kind: str) -> Cell:
        return _cell(*(text for told_kind, text in told if told_kind == kind))

    return {
        "Was gut lief": of_kind(LessonKind.SUCCESS),
        "Was man vermeiden sollte": of_kind(LessonKind.PITFALL),
    }


def _contact(project: Project) -> Cell:
    if project.contact_email:
        return Cell(
            [part for part in (project.contact_name, project.contact_email) if part],
            f"mailto:{project.contact_email}",
        )
    address = project.contact_url or project.website
    return Cell(_cell(project.contact_name or address).lines, address, project.contact_phone)


def _with(label: str, more: str, solution: Solution, fact: str) -> str:
    return f"{label}{more}{_doubt(fact not in solution.unsure)}"


def _as_of(text: str) -> str:
    return f", Stand {partial_date(text)}" if text else ""


def _doubt(is_certain: bool) -> str:
    return "" if is_certain else " (zu prüfen)"


def _span(start: str, end: str) -> str:
    parts = [start and f"ab {partial_date(start)}", end and f"bis {partial_date(end)}"]
    return " ".join(part for part in parts if part)

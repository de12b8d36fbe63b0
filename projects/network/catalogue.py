"""The tables of the catalogue, and the data files they are read from. Their fields: data/README.md."""

from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from projects.models import (
    BuildingBlock,
    Cost,
    Document,
    Lesson,
    LoadedFacts,
    Municipality,
    NetworkFact,
    Product,
    Project,
    ProjectMunicipality,
    Reuse,
    Solution,
    Source,
    Technology,
    Theme,
)
from projects.network.tables import File, Members, Table, Thing, members_of, plain, read_json

Kind = LoadedFacts.Kind


def _municipalities(folder: Path) -> list[Thing]:
    content = read_json(folder / "municipalities.json")
    listed = {name: content[name] for name in ("listed_on", "population_on")}
    unlisted = dict.fromkeys(listed)
    things = []
    for row in content["municipalities"]:
        facts = row | (listed if row["ars"] else unlisted)
        key = facts.pop("key")
        things.append(Thing(key, row["name"], facts, {}, level=facts["level"]))
    return things


# How the files leave a fact out: most solutions say nothing about most of these.
_NO_SOLUTION_FACTS = {
    "product": None,
    "problem": "",
    "description": "",
    "how_it_works": "",
    "maturity_as_of": "",
    "evidence": "",
    "evidence_text": "",
    "licence": "",
    "repository": "",
    "url": "",
    "partners": [],
    "staff_text": "",
    "duration_text": "",
    "ended_on": "",
    "why_ended": "",
    "unsure": [],
    "note": "",
    "search_words": [],
}
_SURE = {"source": "", "is_certain": True, "note": ""}
_NO_COST_FACTS = _SURE | {"for_reusers": False, "as_of": ""}
_NO_REUSE_FACTS = _SURE | {"municipality": None, "project": None, "how": "", "since": ""}
_NO_BLOCK_FACTS = _SURE | {"product": None, "origin": ""}
_NO_DOCUMENT_FACTS = _SURE | {"licence": ""}


def _rows(
    facts: dict[str, Any], name: str, key: str, absent: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Take the rows of one kind out of a thing's facts, in their order, by what tells them apart."""
    rows = facts.pop(name, [])
    return {
        row[key]: absent | {one: row[one] for one in row if one != key} | {"position": position}
        for position, row in enumerate(rows)
    }


def _technologies(folder: Path) -> list[Thing]:
    rows = read_json(folder / "technologies.json")
    return [Thing(row["slug"], row["name"], row, {}) for row in rows]


def _products(folder: Path) -> list[Thing]:
    things = []
    for row in read_json(folder / "products.json"):
        facts = _SURE | row
        members = {"reuses": _rows(facts, "reuses", "name", _NO_REUSE_FACTS)}
        things.append(Thing(row["slug"], row["name"], facts, members))
    return things


def _network_facts(folder: Path) -> list[Thing]:
    things = []
    for position, row in enumerate(read_json(folder / "network.json")):
        facts = _SURE | row | {"position": position}
        things.append(Thing(facts.pop("key"), row["text"], facts, {}))
    return things


def _themes(folder: Path) -> list[Thing]:
    things = []
    for row in read_json(folder / "themes.json"):
        facts = dict(row)
        members = {"lessons": _rows(facts, "lessons", "text", _SURE)}
        things.append(Thing(row["slug"], row["name"], facts, members))
    return things


def _projects(folder: Path) -> list[Thing]:
    return [_project(row) for row in read_json(folder / "projects.json")]


def _project(row: dict[str, Any]) -> Thing:
    facts = {"search_words": []} | row | {"summary": "\n\n".join(row["summary"])}
    municipalities = facts.pop("municipalities")
    members = {
        "municipalities": {
            one["municipality"]: {"position": position, "is_lead": one["is_lead"]}
            for position, one in enumerate(municipalities)
        },
        "themes": {slug: {} for slug in facts.pop("themes")},
        "lessons": _rows(facts, "lessons", "text", _SURE),
        "sources": _rows(facts, "sources", "text", {}),
    }
    return Thing(row["slug"], row["name"], facts, members)


def _solutions(folder: Path) -> list[Thing]:
    things = []
    counted: dict[str, int] = {}
    for row in read_json(folder / "solutions.json"):
        position = counted[row["project"]] = counted.get(row["project"], -1) + 1
        things.append(_solution(row, position))
    return things


def _solution(row: dict[str, Any], position: int) -> Thing:
    facts = _NO_SOLUTION_FACTS | row | {"position": position}
    members = {
        "themes": {slug: {} for slug in facts.pop("themes", [])},
        "technologies": {slug: {} for slug in facts.pop("technologies", [])},
        "costs": _rows(facts, "costs", "purpose", _NO_COST_FACTS),
        "lessons": _rows(facts, "lessons", "text", _SURE),
        "reuses": _rows(facts, "reuses", "name", _NO_REUSE_FACTS),
        "blocks": _rows(facts, "blocks", "text", _NO_BLOCK_FACTS),
        "documents": _rows(facts, "documents", "url", _NO_DOCUMENT_FACTS),
        "sources": {
            text: {"position": number} for number, text in enumerate(facts.pop("sources", []))
        },
    }
    return Thing(row["slug"], f"{row['name']} ({row['project']})", facts, members)


_SOURCED = ("position", "source", "is_certain", "note")


def _lessons(owner: str) -> Members:
    return Members("Erkenntnisse", Lesson, owner, "text", fields=("kind", *_SOURCED))


def _reuses(owner: str) -> Members:
    return Members(
        "Nachnutzungen",
        Reuse,
        owner,
        "name",
        fields=("municipality", "project", "how", "since", "stated_by", *_SOURCED),
        references={"municipality": Kind.MUNICIPALITY, "project": Kind.PROJECT},
    )


def _municipality_rows(things: list[Thing]) -> list[dict[str, Any]]:
    dates = ("listed_on", "population_on")
    return [
        {"key": thing.key}
        | {name: value for name, value in thing.facts.items() if name not in dates}
        for thing in things
    ]


def _network_rows(things: list[Thing]) -> list[dict[str, Any]]:
    in_order = sorted(things, key=lambda thing: thing.facts["position"])
    return [
        {"key": thing.key} | row for thing, row in zip(in_order, plain()(in_order), strict=True)
    ]


def _project_rows(things: list[Thing]) -> list[dict[str, Any]]:
    loaded = LoadedFacts.objects.filter(kind=Kind.MUNICIPALITY).values_list("row_id", "key")
    keys = dict(loaded)
    names = {
        keys.get(pk) or ars: name
        for pk, ars, name in Municipality.objects.values_list("pk", "ars", "name")
    }
    rows = plain(themes="", lessons="text", sources="text")(things)
    for row, thing in zip(rows, things, strict=True):
        row["summary"] = row["summary"].split("\n\n") if row["summary"] else []
        row["municipalities"] = [
            part | {"name": names.get(part["municipality"], part["municipality"])}
            for part in members_of(thing, "municipalities", "municipality")
        ]
    return rows


def _solution_rows(things: list[Thing]) -> list[dict[str, Any]]:
    """By project, in the order that they have there."""
    projects = list(dict.fromkeys(thing.facts["project"] for thing in things))
    in_order = sorted(
        things, key=lambda one: (projects.index(one.facts["project"]), one.facts["position"])
    )
    lists = {"themes": "", "technologies": "", "costs": "purpose", "lessons": "text"}
    more = {"reuses": "name", "blocks": "text", "documents": "url", "sources": ""}
    return plain(**lists, **more)(in_order)


# In the order in which they can be stored.
CATALOGUE = (
    Table(
        Kind.MUNICIPALITY,
        "Kommunen",
        Municipality,
        _municipalities,
        signs=(("ars",), ("ags",)),
        references={"kreis": Kind.MUNICIPALITY, "verband": Kind.MUNICIPALITY},
        known_by="ars",
        file=File(
            "municipalities.json",
            _municipality_rows,
            key=lambda row: row.ars or slugify(row.name),
            among=Q(pk__in=ProjectMunicipality.objects.values("municipality")),
            within="municipalities",
            tell_apart="key",
            is_given=True,
        ),
    ),
    Table(
        Kind.THEME,
        "Themen",
        Theme,
        _themes,
        signs=(("slug",), ("name",)),
        members={"lessons": _lessons("theme")},
        file=File("themes.json", plain(lessons="text")),
    ),
    Table(
        Kind.TECHNOLOGY,
        "Technologien",
        Technology,
        _technologies,
        signs=(("slug",), ("name",)),
        file=File("technologies.json", plain()),
    ),
    Table(
        Kind.NETWORK_FACT,
        "Angaben zum Netzwerk",
        NetworkFact,
        _network_facts,
        signs=(("text",),),
        file=File(
            "network.json",
            _network_rows,
            key=lambda row: f"{row.topic}-neu-{row.pk}",
            tell_apart="key",
            in_order=True,
        ),
    ),
    Table(
        Kind.PROJECT,
        "Modellprojekte",
        Project,
        _projects,
        signs=(("slug",),),
        file=File("projects.json", _project_rows),
        members={
            "municipalities": Members(
                "Kommunen",
                ProjectMunicipality,
                "project",
                "municipality",
                refers_to=Kind.MUNICIPALITY,
                fields=("position", "is_lead"),
            ),
            "themes": Members(
                "Themen", Project.themes.through, "project", "theme", refers_to=Kind.THEME
            ),
            "sources": Members(
                "Quellen",
                Source,
                "project",
                "text",
                fields=("position", "note", "is_truncated"),
                among=Q(solution=None),
            ),
            "lessons": _lessons("project"),
        },
    ),
    Table(
        Kind.PRODUCT,
        "Produkte",
        Product,
        _products,
        signs=(("slug",), ("name",)),
        members={"reuses": _reuses("product")},
        file=File("products.json", plain(reuses="name")),
    ),
    Table(
        Kind.SOLUTION,
        "Lösungen",
        Solution,
        _solutions,
        signs=(("slug",), ("project", "name")),
        references={"project": Kind.PROJECT, "product": Kind.PRODUCT},
        optional=frozenset(["product"]),
        file=File("solutions.json", _solution_rows, in_order=True),
        members={
            "themes": Members(
                "Themen", Solution.themes.through, "solution", "theme", refers_to=Kind.THEME
            ),
            "technologies": Members(
                "Technologien",
                Solution.technologies.through,
                "solution",
                "technology",
                refers_to=Kind.TECHNOLOGY,
            ),
            "costs": Members(
                "Kosten",
                Cost,
                "solution",
                "purpose",
                fields=("amount", "period", "for_reusers", "as_of", *_SOURCED),
            ),
            "lessons": _lessons("solution"),
            "reuses": _reuses("solution"),
            "blocks": Members(
                "Bausteine",
                BuildingBlock,
                "solution",
                "text",
                fields=("product", "origin", *_SOURCED),
                references={"product": Kind.PRODUCT},
            ),
            "documents": Members(
                "Dokumente",
                Document,
                "solution",
                "url",
                fields=("kind", "title", "licence", *_SOURCED),
            ),
            "sources": Members(
                "Quellen", Source, "solution", "text", fields=("position",), copied=("project",)
            ),
        },
    ),
)

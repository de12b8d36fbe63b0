"""The tables of the catalogue, and the data files they are read from. Their fields: data/README.md."""

from pathlib import Path
from typing import Any

from django.db.models import Q

from projects.models import (
    LoadedFacts,
    Municipality,
    Project,
    ProjectMunicipality,
    Solution,
    Source,
    Theme,
)
from projects.network.tables import Members, Table, Thing, read_json

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


def _themes(folder: Path) -> list[Thing]:
    rows = read_json(folder / "themes.json")
    return [Thing(row["slug"], row["name"], row, {}) for row in rows]


def _projects(folder: Path) -> list[Thing]:
    return [_project(row) for row in read_json(folder / "projects.json")]


def _project(row: dict[str, Any]) -> Thing:
    facts = row | {"summary": "\n\n".join(row["summary"])}
    municipalities = facts.pop("municipalities")
    sources = facts.pop("sources")
    members = {
        "municipalities": {
            one["municipality"]: {"position": position, "is_lead": one["is_lead"]}
            for position, one in enumerate(municipalities)
        },
        "themes": {slug: {} for slug in facts.pop("themes")},
        "sources": {
            source["text"]: {
                "position": position,
                "note": source["note"],
                "is_truncated": source["is_truncated"],
            }
            for position, source in enumerate(sources)
        },
    }
    return Thing(row["slug"], row["name"], facts, members)


def _solutions(folder: Path) -> list[Thing]:
    things = []
    counted: dict[str, int] = {}
    for row in read_json(folder / "solutions.json"):
        position = counted[row["project"]] = counted.get(row["project"], -1) + 1
        label = f"{row['name']} ({row['project']})"
        things.append(Thing(row["slug"], label, row | {"position": position}, {}))
    return things


# In the order in which they can be stored.
CATALOGUE = (
    Table(
        Kind.MUNICIPALITY,
        "Kommunen",
        Municipality,
        _municipalities,
        signs=(("ars",), ("ags",)),
        references={"kreis": Kind.MUNICIPALITY, "verband": Kind.MUNICIPALITY},
    ),
    Table(Kind.THEME, "Themen", Theme, _themes, signs=(("slug",), ("name",))),
    Table(
        Kind.PROJECT,
        "Modellprojekte",
        Project,
        _projects,
        signs=(("slug",),),
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
        },
    ),
    Table(
        Kind.SOLUTION,
        "Lösungen",
        Solution,
        _solutions,
        signs=(("slug",), ("project", "name")),
        references={"project": Kind.PROJECT},
    ),
)

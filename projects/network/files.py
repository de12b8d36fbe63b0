"""The data files, as facts that can be compared and stored as JSON. Their fields: data/README.md."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from projects.models import LoadedFacts

Kind = LoadedFacts.Kind


@dataclass(frozen=True)
class Thing:
    """One municipality, theme, project or solution of the files.

    `facts` are its own fields; `members` are its rows in other tables, by what tells them apart.
    """

    key: str
    label: str
    facts: dict[str, Any]
    members: dict[str, dict[str, dict[str, Any]]]


def read(folder: Path) -> dict[Kind, list[Thing]]:
    """Everything the catalogue takes from the files, in the order in which it can be stored."""
    return {
        Kind.MUNICIPALITY: _municipalities(_json(folder / "municipalities.json")),
        Kind.THEME: [
            Thing(row["slug"], row["name"], row, {}) for row in _json(folder / "themes.json")
        ],
        Kind.PROJECT: [_project(row) for row in _json(folder / "projects.json")],
        Kind.SOLUTION: _solutions(_json(folder / "solutions.json")),
    }


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _municipalities(content: dict[str, Any]) -> list[Thing]:
    listed = {name: content[name] for name in ("listed_on", "population_on")}
    unlisted = dict.fromkeys(listed)
    things = []
    for row in content["municipalities"]:
        facts = row | (listed if row["ars"] else unlisted)
        key = facts.pop("key")
        things.append(Thing(key, row["name"], facts, {}))
    return things


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


def _solutions(rows: list[dict[str, Any]]) -> list[Thing]:
    things = []
    counted: dict[str, int] = {}
    for row in rows:
        position = counted[row["project"]] = counted.get(row["project"], -1) + 1
        label = f"{row['name']} ({row['project']})"
        things.append(Thing(row["slug"], label, row | {"position": position}, {}))
    return things

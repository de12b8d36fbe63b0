"""The communities as researched, from `projects/data/communities.json` into their tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Q

from communities.models import (
    Community,
    CommunityKind,
    CommunitySource,
    CommunityState,
    PartnerOrganisation,
    PartnerSupport,
)
from projects.models import LoadedFacts
from projects.network.tables import File, Members, Table, Thing, members_of, plain, read_json

PARTNER, COMMUNITY = "partner", "community"
_KINDS = {"aeg": CommunityKind.AEG, "earlier-group": CommunityKind.EARLIER}


def _partners(folder: Path) -> list[Thing]:
    rows = read_json(folder / "communities.json")["partner_organisations"]
    return [Thing(row["name"], row["name"], row, {}) for row in rows]


def _communities(folder: Path) -> list[Thing]:
    rows = read_json(folder / "communities.json")["communities"]
    communities = [_community(row) for row in rows]
    return communities + [thing for row in rows for thing in _topic_groups(row)]


def _community(row: dict[str, Any]) -> Thing:
    year, _dash, month = (row["founded"] or "").partition("-")
    kind = _KINDS[row["kind"]]
    facts = {
        "parent": None,
        "slug": row["slug"],
        "name": row["name"],
        "kind": str(kind),
        "also_called": ", ".join(row["alternative_names"]),
        "purpose": row["description"],
        "founded_year": int(year) if year else None,
        "founded_month": int(month) if month else None,
        # An earlier group can be read about, but no one joins it any more.
        "state": str(
            CommunityState.ARCHIVED if kind == CommunityKind.EARLIER else CommunityState.ACTIVE
        ),
        "editors_note": row["editors_note"],
    }
    members = {
        "partners": {name: {} for name in row["partners"]},
        "example_projects": {slug: {} for slug in row["topic_examples"]},
        "sources": {text: {"position": number} for number, text in enumerate(row["sources"])},
    }
    return Thing(row["slug"], row["name"], facts, members)


def _topic_groups(community: dict[str, Any]) -> Iterator[Thing]:
    for row in community["topic_groups"]:
        text = row["description"]
        facts = {
            "parent": community["slug"],
            "slug": row["slug"],
            "name": row["name"],
            "kind": str(CommunityKind.TOPIC_GROUP),
            # Where it is open whether the group exists, the text says just that.
            "purpose": text if row["is_certain"] else "",
            "check_note": "" if row["is_certain"] else text,
        }
        yield Thing(
            f"{community['slug']}/{row['slug']}",
            f"{community['name']}: {row['name']}",
            facts,
            {"sources": {row["source"]: {"position": 0}}},
            level=1,
        )


def _rows(things: list[Thing]) -> list[dict[str, Any]]:
    kinds = {str(kind): word for word, kind in _KINDS.items()}
    return [
        {
            "slug": thing.facts["slug"],
            "name": thing.facts["name"],
            "alternative_names": [one for one in thing.facts["also_called"].split(", ") if one],
            "kind": kinds[thing.facts["kind"]],
            "founded": _founded(thing.facts["founded_year"], thing.facts["founded_month"]),
            "description": thing.facts["purpose"],
            "topic_groups": [
                _topic_group_row(one)
                for one in things
                if one.facts["parent"] == thing.facts["slug"]
            ],
            "partners": members_of(thing, "partners"),
            "topic_examples": members_of(thing, "example_projects"),
            "editors_note": thing.facts["editors_note"],
            "sources": members_of(thing, "sources"),
        }
        for thing in things
        if not thing.facts["parent"]
    ]


def _founded(year: int | None, month: int | None) -> str | None:
    if not year:
        return None
    return f"{year}-{month:02}" if month else str(year)


def _topic_group_row(thing: Thing) -> dict[str, Any]:
    doubt = thing.facts["check_note"]
    return {
        "slug": thing.facts["slug"],
        "name": thing.facts["name"],
        "description": doubt or thing.facts["purpose"],
        "is_certain": not doubt,
        "source": next(iter(thing.members["sources"]), ""),
    }


def _key(group: Community) -> str:
    return f"{group.parent.slug}/{group.slug}" if group.parent else group.slug


COMMUNITIES = (
    Table(
        PARTNER,
        "Partnerorganisationen",
        PartnerOrganisation,
        _partners,
        signs=(("name",),),
        file=File(
            "communities.json",
            plain(),
            key=lambda row: row.name,
            within="partner_organisations",
            tell_apart="name",
        ),
    ),
    Table(
        COMMUNITY,
        "Gemeinschaften",
        Community,
        _communities,
        signs=(("slug",),),
        references={"parent": COMMUNITY},
        # The file knows topic groups with a source only.
        file=File(
            "communities.json",
            _rows,
            key=_key,
            among=Q(parent=None) | Q(sources__isnull=False),
            within="communities",
        ),
        members={
            "partners": Members(
                "begleitende Partner", PartnerSupport, "community", "partner", refers_to=PARTNER
            ),
            "example_projects": Members(
                "Beispiele für das Thema",
                Community.example_projects.through,
                "community",
                "project",
                refers_to=LoadedFacts.Kind.PROJECT,
            ),
            "sources": Members(
                "Quellen", CommunitySource, "community", "text", fields=("position",)
            ),
        },
    ),
)

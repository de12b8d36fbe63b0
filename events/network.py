"""The events as researched, from `projects/data/events.json` into their tables."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from events.models import Event, EventKind, EventSource, EventState, Format, Precision
from projects.models import LoadedFacts
from projects.network.tables import File, Members, Table, Thing, members_of, read_json

EVENT = "event"

_KINDS = {
    "regional-conference": EventKind.REGIONAL_CONFERENCE,
    "congress": EventKind.CONGRESS,
    "roadshow": EventKind.ROADSHOW,
    "peer-learning": EventKind.PEER_LEARNING,
    "topic-workshop": EventKind.TOPIC_WORKSHOP,
    "external": EventKind.EXTERNAL,
}
_FORMATS = {"on-site": Format.ON_SITE, "online": Format.ONLINE, "": Format.UNKNOWN}
_PRECISIONS = {
    "day": Precision.DAY,
    "month": Precision.MONTH,
    "approx": Precision.ROUGH,
    "unknown": Precision.ROUGH,
}
_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_UNKNOWN = "Termin nicht bekannt"


def _events(folder: Path) -> list[Thing]:
    things = [_event(row) for row in read_json(folder / "events.json")]
    return sorted(things, key=lambda thing: thing.level)


def _event(row: dict[str, Any]) -> Thing:
    begin, end = period(row["starts_on"], row["ends_on"], row["date_text"])
    facts = {
        "slug": row["slug"],
        "title": row["title"],
        "kind": str(_KINDS[row["kind"]]),
        "number": row["number"],
        "state": str(EventState.PUBLISHED if row["is_appointment"] else EventState.DRAFT),
        "precision": str(_PRECISIONS[row["date_precision"]]),
        "starts_at": begin and begin.isoformat(),
        "ends_at": end and end.isoformat(),
        "date_text": row["date_text"] or ("" if begin else _UNKNOWN),
        "format": str(_FORMATS[row["format"]]),
        "venue": row["venue"],
        "city": row["city"],
        "land": row["land"] or "",
        "attendees": row["attendees"],
        "check_note": row["check_note"],
        "editors_note": row["note"],
        "part_of": row["same_visit_as"],
    }
    members = {
        "host_projects": {slug: {} for slug in row["host_projects"]},
        "sources": {
            source["text"]: {"position": number, "is_truncated": source["is_truncated"]}
            for number, source in enumerate(row["sources"])
        },
    }
    return Thing(row["slug"], row["title"], facts, members, level=int(bool(row["same_visit_as"])))


def period(first: str | None, last: str | None, words: str) -> tuple[datetime | None, ...]:
    """The German midnights around what is known, in UTC; two times None where nothing is.

    `first` and `last` are days („2023-11-07“) or months („2024-10“). `words` tell a rough date,
    „März/April 2022“; of those the months count.
    """
    if first:
        return _midnight(_days(first)[0]), _midnight(_days(last or first)[1])
    year = re.search(r"\b20\d\d\b", words)
    months = [number for number, name in enumerate(_MONTHS, 1) if name in words]
    if not year or not months:
        return None, None
    begin, end = (_days(f"{year[0]}-{month:02}") for month in (months[0], months[-1]))
    return _midnight(begin[0]), _midnight(end[1])


def _days(text: str) -> tuple[date, date]:
    """The first day of a day or month, and the one after its last."""
    if len(text) == len("2024-10"):
        begin = date.fromisoformat(f"{text}-01")
        return begin, (begin + timedelta(days=32)).replace(day=1)
    begin = date.fromisoformat(text)
    return begin, begin + timedelta(days=1)


def _midnight(day: date) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
    return local.astimezone(UTC)


def _rows(things: list[Thing]) -> list[dict[str, Any]]:
    return [_row(thing) for thing in things]


def _row(thing: Thing) -> dict[str, Any]:
    facts = thing.facts
    first, last = _known_days(facts)
    words = "" if facts["date_text"] == _UNKNOWN else facts["date_text"]
    precision = Precision(facts["precision"])
    if precision == Precision.ROUGH:
        exactness = "approx" if words else "unknown"
    else:
        exactness = "month" if precision == Precision.MONTH else "day"
    return {
        "slug": facts["slug"],
        "title": facts["title"],
        "kind": _word(_KINDS, facts["kind"]),
        "number": facts["number"],
        "starts_on": first,
        "ends_on": last,
        "date_precision": exactness,
        "date_text": words,
        "format": _word(_FORMATS, facts["format"]),
        "city": facts["city"],
        "land": facts["land"] or None,
        "venue": facts["venue"],
        "attendees": facts["attendees"],
        "host_projects": members_of(thing, "host_projects"),
        "same_visit_as": facts["part_of"],
        "is_appointment": facts["state"] != EventState.DRAFT,
        "check_note": facts["check_note"],
        "note": facts["editors_note"],
        "sources": members_of(thing, "sources", "text"),
    }


def _known_days(facts: dict[str, Any]) -> tuple[str | None, str | None]:
    """As exact as the event is known; the file has no times of day."""
    if facts["precision"] == Precision.ROUGH or not facts["starts_at"]:
        return None, None
    length = len("2024-10" if facts["precision"] == Precision.MONTH else "2024-10-23")
    zone = timezone.get_default_timezone()
    begin, end = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    first = begin.astimezone(zone).date().isoformat()[:length]
    last = (end - timedelta(microseconds=1)).astimezone(zone).date().isoformat()[:length]
    return first, None if last == first else last


def _word(words: dict[str, Any], value: str) -> str:
    return next(word for word, one in words.items() if str(one) == value)


EVENTS = (
    Table(
        EVENT,
        "Veranstaltungen",
        Event,
        _events,
        signs=(("slug",),),
        references={"part_of": EVENT},
        file=File("events.json", _rows, among=Q(kind__in=_KINDS.values())),
        members={
            "host_projects": Members(
                "Gastgeber",
                Event.host_projects.through,
                "event",
                "project",
                refers_to=LoadedFacts.Kind.PROJECT,
            ),
            "sources": Members(
                "Quellen", EventSource, "event", "text", fields=("position", "is_truncated")
            ),
        },
    ),
)

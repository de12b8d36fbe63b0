"""Whether what is public of an entry has changed so that its readers would want to know.

Of each fact a short hash is kept, so that no table holds everything twice. Capitals, punctuation, spaces
and the order of several are no change; nor is where a fact was read and when someone looked again.
"""

import json
from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

from ground.names import fold

# Of an entry, or of one of the things that are told within it; some follow from others.
UNIMPORTANT = {
    "api", "check_note", "checked_on", "confirmed_on", "cost_class", "decisive_amount", "id",
    "is_certain", "latitude", "longitude", "note", "population_basis", "published_at", "source", "sources", "stated_by",
    "status_is_certain", "status_note", "status_source", "unsure", "updated_at", "url",
}  # fmt: skip


def hashes(facts: Mapping[str, Any]) -> dict[str, str]:
    """By the name of each fact that matters."""
    return {name: _hash(value) for name, value in facts.items() if name not in UNIMPORTANT}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The names of what is different. What the portal has just begun to tell is no news of the entry."""
    return [name for name, now in after.items() if name in before and before[name] != now]


def _hash(value: Any) -> str:
    text = json.dumps(_reduced(value), sort_keys=True, ensure_ascii=False, default=str)
    return blake2b(text.encode(), digest_size=6).hexdigest()


def _reduced(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(fold(value).split())
    if isinstance(value, Mapping):
        return {name: _reduced(one) for name, one in value.items() if name not in UNIMPORTANT}
    if isinstance(value, Collection):
        return sorted(
            (_reduced(one) for one in value),
            key=lambda one: json.dumps(one, default=str, sort_keys=True),
        )
    return value

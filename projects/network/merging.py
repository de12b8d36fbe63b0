"""The three-way merge, on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]
# What a field holds that nobody ever filled in.
EMPTY = ("", None, [], False, 0, "unbekannt")


@dataclass
class Merge:
    """`write`: what goes into the row. `kept`: what people changed. `loaded`: what to remember."""

    write: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    loaded: dict[str, Any] = field(default_factory=dict)


def merge(before: Facts, now: Facts, new: Facts) -> Merge:
    """Merge the fields of one row: loaded `before`, in the table `now`, in the files `new`.

    A field that was never loaded counts as untouched while it is empty.
    """
    result = Merge()
    for name, value in new.items():
        untouched = now[name] == before[name] if name in before else now[name] in EMPTY
        if now[name] == value:
            result.loaded[name] = value
        elif untouched:
            result.write[name] = result.loaded[name] = value
        else:
            result.kept.append(name)
            if name in before:
                result.loaded[name] = before[name]
    return result


@dataclass
class MemberMerge:
    """What to do with the members of a row (its sources, say), each known by a key."""

    add: dict[str, Facts] = field(default_factory=dict)
    change: dict[str, dict[str, Any]] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    has_kept: bool = False
    loaded: dict[str, Facts] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return bool(self.add or self.change or self.remove)


def merge_members(
    before: Mapping[str, Facts], now: Mapping[str, Facts], new: Mapping[str, Facts]
) -> MemberMerge:
    """Merge members: those that people added stay, those that they removed stay away."""
    result = MemberMerge()
    for key, facts in new.items():
        if key in now:
            merged = merge(before.get(key, {}), now[key], facts)
            if merged.write:
                result.change[key] = merged.write
            result.has_kept |= bool(merged.kept)
            result.loaded[key] = merged.loaded
        elif key in before:
            result.has_kept = True
            result.loaded[key] = before[key]
        else:
            result.add[key] = result.loaded[key] = facts
    for key in before.keys() & now.keys() - new.keys():
        if now[key] == before[key]:
            result.remove.add(key)
        else:
            result.has_kept = True
            result.loaded[key] = before[key]
    return result

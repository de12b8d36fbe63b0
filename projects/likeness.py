"""Which solutions are like one another, and why."""

from collections.abc import Iterable
from typing import NamedTuple

from projects.entries import SolutionEntry

MOST = 6


class Alike(NamedTuple):
    solution: SolutionEntry
    reasons: list[str]


def alike(entries: Iterable[SolutionEntry], here: SolutionEntry) -> list[Alike]:
    """Of other projects those that have most in common with it; what is documented goes before.

    Being of the same kind or sharing a technology is enough, sharing one theme is not: every third does.
    """
    ranked = sorted(
        (
            (-likeness, not other.has_text, number, other)
            for number, other in enumerate(entries)
            if other.project is not here.project
            for likeness in [_likeness(here, other)]
            if likeness > 1
        ),
        key=lambda rank: rank[:3],
    )
    return [Alike(other, _reasons(here, other)) for *_, other in ranked[:MOST]]


def _likeness(here: SolutionEntry, other: SolutionEntry) -> int:
    is_same_kind = here.kind == other.kind
    technologies = len(_shared(here.technologies, other.technologies))
    themes = len(_shared(here.themes, other.themes))
    if not (is_same_kind or technologies or themes > 1):
        return 0
    same_size = bool(_shared(here.sizes, other.sizes))
    return 2 * is_same_kind + 2 * technologies + themes + same_size


def _reasons(here: SolutionEntry, other: SolutionEntry) -> list[str]:
    reasons = [f"gleiche Art ({other.kind_label})"] if here.kind == other.kind else []
    if technologies := _shared(here.technologies, other.technologies):
        reasons.append(f"gleiche Technik ({', '.join(one.name for one in technologies)})")
    if themes := _shared(here.themes, other.themes):
        reasons.append(f"gleiche Themen ({', '.join(one.name for one in themes)})")
    if _shared(here.sizes, other.sizes):
        reasons.append("für ähnlich große Kommunen")
    return reasons


def _shared(here: Iterable, there: Iterable) -> list:
    among = set(there)
    return [one for one in here if one in among]

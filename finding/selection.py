"""What a visitor has chosen on a list page, as it stands in the address, and other choices' addresses.

Addresses come from bookmarks, mails and robots as well as from our own form: whatever is in them, they
mean something or nothing, but never an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode

from django.http import QueryDict

from finding.facets import Facet

# What is longer was pasted by mistake; the field on the page says so, too.
MAX_QUERY_LENGTH = 200
# Sorts by what is like the place that the visitor named; without one it means nothing.
BY_LIKENESS = "naehe"


class Here(Protocol):
    """Where a visitor is from, as the address says it: `?kommune=08421000`. No filter: all stays found."""

    @property
    def parameter(self) -> str: ...

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Selection:
    q: str
    chosen: Mapping[str, tuple[str, ...]]  # facet → values in the facet's order, never empty
    sorting: str
    page: int
    default_sorting: str
    ignored: tuple[str, ...] = ()  # "Land: XX", what the address asks for and nobody knows
    is_shortened: bool = False
    here: Here | None = None

    @property
    def is_empty(self) -> bool:
        return not self.q and not self.chosen

    def with_values(self, facet: str, values: Sequence[str]) -> "Selection":
        """The same, with just these values of that facet, from the first page on."""
        chosen = {name: kept for name, kept in self.chosen.items() if name != facet}
        if values:
            chosen[facet] = tuple(values)
        return replace(self, chosen=chosen, page=1)

    def without(self, facet: str, value: str) -> "Selection":
        return self.with_values(
            facet, [kept for kept in self.chosen.get(facet, ()) if kept != value]
        )

    def toggled(self, facet: str, value: str) -> "Selection":
        chosen = self.chosen.get(facet, ())
        if value in chosen:
            return self.without(facet, value)
        return self.with_values(facet, [*chosen, value])

    def sorted_by(self, sorting: str) -> "Selection":
        return replace(self, sorting=sorting, page=1)

    def searching(self, q: str) -> "Selection":
        return self._sorted_anew(replace(self, q=q, page=1))

    def seen_from(self, here: Here) -> "Selection":
        """The same for visitors who say that they are from there."""
        return self._sorted_anew(replace(self, here=here, page=1))

    def without_here(self) -> "Selection":
        """The same for visitors who have not said where they are from."""
        return self._sorted_anew(replace(self, here=None, page=1))

    def _sorted_anew(self, other: "Selection") -> "Selection":
        """That other selection, sorted as this one if it was asked for and means anything there."""
        default = _default_sorting(other.q, other.here)
        keeps = self.sorting != self.default_sorting and _means_something(
            self.sorting, other.q, other.here
        )
        sorting = self.sorting if keeps else default
        return replace(other, sorting=sorting, default_sorting=default)

    def query(self) -> str:
        """The shortest query string that means this: "" or "?…"; the same for the same choice."""
        parameters = [("q", self.q)] if self.q else []
        for facet in sorted(self.chosen):
            parameters += [(facet, value) for value in sorted(self.chosen[facet])]
        if self.here:
            parameters.append((self.here.parameter, self.here.key))
        if self.sorting != self.default_sorting:
            parameters.append(("sortierung", self.sorting))
        if self.page > 1:
            parameters.append(("seite", str(self.page)))
        return f"?{urlencode(parameters)}" if parameters else ""


def read_selection(
    parameters: QueryDict,
    facets: Sequence[Facet],
    sortings: Sequence[str],
    here: Here | None = None,
) -> Selection:
    """The last of repeated single values counts, as in Django; unknown parameters mean nothing."""
    typed = " ".join(parameters.get("q", "").replace("\0", " ").split())
    q = typed[:MAX_QUERY_LENGTH].strip()
    chosen, ignored = {}, []
    for facet in facets:
        asked = {value for value in parameters.getlist(facet.name) if value}
        known = tuple(value for value in facet.choices if value in asked)
        if known:
            chosen[facet.name] = known
        ignored += [f"{facet.label}: {value[:40]}" for value in sorted(asked.difference(known))]
    default = _default_sorting(q, here)
    sorting = parameters.get("sortierung", "")
    if sorting not in sortings or not _means_something(sorting, q, here):
        sorting = default
    return Selection(
        q=q,
        chosen=chosen,
        sorting=sorting,
        page=_page(parameters.get("seite", "")),
        default_sorting=default,
        ignored=tuple(ignored[:5]),
        is_shortened=len(typed) > MAX_QUERY_LENGTH,
        here=here,
    )


def _default_sorting(q: str, here: Here | None) -> str:
    if q:
        return "relevanz"
    return BY_LIKENESS if here else "name"


def _means_something(sorting: str, q: str, here: Here | None) -> bool:
    return bool({"relevanz": q, BY_LIKENESS: here}.get(sorting, True))


def _page(text: str) -> int:
    """A page number from 1 on; what is none means the first page."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1

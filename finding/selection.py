"""What a visitor has chosen on a list page, as it stands in the address, and other choices' addresses.

Addresses come from bookmarks, mails and robots as well as from our own form: whatever is in them, they
mean something or nothing, but never an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from finding.facets import Facet

# What is longer was pasted by mistake; the field on the page says so, too.
MAX_QUERY_LENGTH = 200


@dataclass(frozen=True)
class Selection:
    q: str
    chosen: Mapping[str, tuple[str, ...]]  # facet → values in the facet's order, never empty
    sorting: str
    page: int
    default_sorting: str
    ignored: tuple[str, ...] = ()  # "Land: XX", what the address asks for and nobody knows
    is_shortened: bool = False

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

    def searching(self, q: str) -> "Selection":
        default = "relevanz" if q else "name"
        sorting = default if self.sorting in (self.default_sorting, "relevanz") else self.sorting
        return replace(self, q=q, page=1, sorting=sorting, default_sorting=default)

    def query(self) -> str:
        """The shortest query string that means this: "" or "?…"; the same for the same choice."""
        parameters = [("q", self.q)] if self.q else []
        for facet in sorted(self.chosen):
            parameters += [(facet, value) for value in sorted(self.chosen[facet])]
        if self.sorting != self.default_sorting:
            parameters.append(("sortierung", self.sorting))
        if self.page > 1:
            parameters.append(("seite", str(self.page)))
        return f"?{urlencode(parameters)}" if parameters else ""


def read_selection(
    parameters: QueryDict, facets: Sequence[Facet], sortings: Sequence[str]
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
    default = "relevanz" if q else "name"
    sorting = parameters.get("sortierung", "")
    if sorting not in sortings or (sorting == "relevanz" and not q):
        sorting = default
    return Selection(
        q=q,
        chosen=chosen,
        sorting=sorting,
        page=_page(parameters.get("seite", "")),
        default_sorting=default,
        ignored=tuple(ignored[:5]),
        is_shortened=len(typed) > MAX_QUERY_LENGTH,
    )


def _page(text: str) -> int:
    """A page number from 1 on; what is none means the first page."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1

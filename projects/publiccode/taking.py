"""What a `publiccode.yml` would change at a solution, and doing that."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import capfirst

from ground.names import fold
from ground.refusals import NotPossible, Overtaken
from projects.models import OpenSource, Reuse, Solution, StatedBy
from projects.publiccode.reading import Said

NOTE = "In der publiccode.yml genannt."


@dataclass(frozen=True, slots=True)
class Proposal:
    key: str
    heading: str
    old: str
    new: str

    @property
    def fills_a_gap(self) -> bool:
        return not self.old


def proposals(solution: Solution, said: Said) -> list[Proposal]:
    """What the file says and the portal does not, or not so."""
    found = []
    for name in ("name", "description", "licence", "repository"):
        old, new = getattr(solution, name), getattr(said, name)
        if new and new != old:
            found.append(Proposal(name, _heading(name), old, new))
    if said.licence and said.repository and solution.open_source != OpenSource.YES:
        known = solution.open_source != OpenSource.UNKNOWN
        old = solution.get_open_source_display() if known else ""
        found.append(Proposal("open_source", _heading("open_source"), old, "ja"))
    known_users = {fold(reuse.name) for reuse in solution.reuses.all()}
    found += [
        Proposal(f"used_by:{name}", "Nachnutzung, nicht bestätigt", "", name)
        for name in said.used_by
        if fold(name) not in known_users
    ]
    return found


def fingerprint(found: Collection[Proposal]) -> str:
    """Of all that was shown, so that a yes counts only for that."""
    return sha256(repr(list(found)).encode()).hexdigest()[:32]


def take_over(
    solution: Solution, said: Said, keys: Collection[str], *, seen: str
) -> list[Proposal]:
    """What of it was chosen. `Overtaken` where the page has shown something else than would be done."""
    with transaction.atomic():
        locked = Solution.objects.select_for_update(of=["self"], no_key=True)
        row = locked.select_related("project").get(pk=solution.pk)
        found = proposals(row, said)
        if fingerprint(found) != seen:
            raise Overtaken
        chosen = [one for one in found if one.key in keys]
        fields = [one for one in chosen if not one.key.startswith("used_by:")]
        for one in fields:
            setattr(row, one.key, one.new)
        try:
            row.full_clean()
        except ValidationError as error:
            raise NotPossible(" ".join(error.messages)) from None
        if fields:
            row.save(update_fields=[*(one.key for one in fields), "updated_at"])
        _add_users(row, said, [one.new for one in chosen if one not in fields])
        return chosen


def _add_users(solution: Solution, said: Said, names: list[str]) -> None:
    """As the maker claims it: its file is the source, no Kommune has confirmed it."""
    last = solution.reuses.aggregate(last=Max("position"))["last"]
    Reuse.objects.bulk_create(
        Reuse(
            solution=solution,
            name=name,
            stated_by=StatedBy.PROJECT,
            source=said.repository,
            note=NOTE,
            position=position,
        )
        for position, name in enumerate(names, start=0 if last is None else last + 1)
    )


def _heading(name: str) -> str:
    return capfirst(str(Solution._meta.get_field(name).verbose_name))

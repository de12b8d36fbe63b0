"""What is known not to be accessible. The statement that the law asks for is made from this file."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("findings.json")


@dataclass(frozen=True, slots=True)
class Finding:
    """`instead` is the way that people have meanwhile; `page` the name of a route, or ""."""

    what: str
    why: str
    instead: str
    page: str
    mended_on: date | None


@dataclass(frozen=True, slots=True)
class Assessment:
    assessed_on: date
    method: str
    external_audit_on: date | None
    findings: tuple[Finding, ...]

    @property
    def open(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.mended_on is None]

    @property
    def is_due_again(self) -> date:
        """The statement is looked through every year (§ 12b BGG in connection with BITV 2.0)."""
        return self.assessed_on.replace(
            year=self.assessed_on.year + 1, day=min(self.assessed_on.day, 28)
        )


@cache
def assessment() -> Assessment:
    """The file as it was when this process started. Raises `KeyError` where something is missing."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return Assessment(
        assessed_on=date.fromisoformat(content["assessed_on"]),
        method=content["method"],
        external_audit_on=_day(content["external_audit_on"]),
        findings=tuple(
            Finding(**finding | {"mended_on": _day(finding["mended_on"])})
            for finding in content["findings"]
        ),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

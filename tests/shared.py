"""The researched files beside the checkout. Not part of the product: tests skip where they are absent."""

import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OFFICIAL_LIST = SHARED / "gemeindeverzeichnis_2020-12-31.csv"
WORKBOOK = SHARED / "municipalities" / "31122021_Auszug_GV.xlsx"
FIXED_WIDTH = SHARED / "municipalities" / "GV100AD_30112025.txt"


NOT_THERE = "is not beside the checkout"
REQUIRED = bool(os.environ.get("REQUIRE_SHARED"))


def needs_shared(path: Path):
    """Mark a test that reads `path`. Without it the test is skipped, or fails if REQUIRE_SHARED is set."""

    def mark(test):
        absent = not path.exists()
        test = pytest.mark.shared(test)
        if absent and REQUIRED:
            return pytest.mark.usefixtures("shared_is_required")(test)
        return pytest.mark.skipif(absent, reason=f"{path.name} {NOT_THERE}")(test)

    return mark


@pytest.fixture
def shared_is_required() -> None:
    pytest.fail("REQUIRE_SHARED is set, but what this test reads is not beside the checkout.")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NOT_THERE in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.section("researched files", yellow=True)
        terminalreporter.line(
            f"{len(skipped)} tests did not run: ../shared is incomplete or absent."
        )

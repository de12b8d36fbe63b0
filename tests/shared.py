"""The researched files beside the checkout. Not part of the product: tests skip where they are absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OFFICIAL_LIST = SHARED / "gemeindeverzeichnis_2020-12-31.csv"
WORKBOOK = SHARED / "municipalities" / "31122021_Auszug_GV.xlsx"
FIXED_WIDTH = SHARED / "municipalities" / "GV100AD_30112025.txt"


def needs_shared(path: Path):
    """Mark a test that reads `path`."""

    def mark(test):
        absent = pytest.mark.skipif(
            not path.exists(), reason=f"{path.name} is not beside the checkout"
        )
        return pytest.mark.shared(absent(test))

    return mark

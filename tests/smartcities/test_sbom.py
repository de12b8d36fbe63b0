"""What production is made of, complete and from the locks."""

import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from smartcities.tryout.sbom import bill_of_materials

CHECKOUT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_every_pinned_package_is_in_it_with_all_hashes_of_the_lock():
    lock = (CHECKOUT / "requirements.txt").read_text()
    bill = bill_of_materials(NOW)
    python = [part for part in bill["components"] if part["purl"].startswith("pkg:pypi/")]

    assert len(python) == len(re.findall(r"^\S+==", lock, re.MULTILINE))
    assert f"pkg:pypi/django@{version('django')}" in {part["purl"] for part in python}
    hashes = [entry["content"] for part in python for entry in part["hashes"]]
    assert hashes == re.findall(r"sha256:([0-9a-f]{64})", lock)
    assert "pytest" not in {part["name"] for part in python}


def test_of_npm_only_what_reaches_the_browser_is_in_it():
    bill = bill_of_materials(NOW)
    npm = {part["name"]: part for part in bill["components"] if part["purl"].startswith("pkg:npm/")}

    assert set(npm) == {"@fontsource/fira-sans", "@kern-ux/native", "@svg-maps/germany", "htmx.org"}
    kern = npm["@kern-ux/native"]
    assert kern["purl"] == f"pkg:npm/%40kern-ux/native@{kern['version']}"
    assert [(entry["alg"], len(entry["content"])) for entry in kern["hashes"]] == [("SHA-512", 128)]


def test_the_same_locks_give_the_same_bill_but_for_the_moment():
    one, other = bill_of_materials(NOW), bill_of_materials(NOW.replace(year=2027))

    assert one["metadata"].pop("timestamp") == "2026-03-02T09:00:00Z"
    assert other["metadata"].pop("timestamp") == "2027-03-02T09:00:00Z"
    assert one == other
    references = [part["bom-ref"] for part in one["components"]]
    assert len(references) == len(set(references))

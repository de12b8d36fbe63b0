"""What production is made of, complete and from the locks: the commands of `make sbom`."""

import json
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def bill(of: str, tmp_path: Path) -> list[dict]:
    """The components that the command of `make sbom` for the given file writes."""
    recipe = (CHECKOUT / "Makefile").read_text().partition("\nsbom: ")[2].partition("\n\n")[0]
    [command] = [line.strip() for line in recipe.splitlines()[1:] if f" {of}" in line]
    written = tmp_path / of
    subprocess.run(command.replace(f" {of}", f" {written}"), shell=True, cwd=CHECKOUT, check=True)
    return json.loads(written.read_text())["components"]


def test_every_pinned_package_is_in_it_with_all_hashes_of_the_lock(tmp_path):
    lock = (CHECKOUT / "requirements.txt").read_text()
    python = bill("sbom.cdx.json", tmp_path)

    assert len(python) == len(re.findall(r"^\S+==", lock, re.MULTILINE))
    assert f"pkg:pypi/django@{version('django')}" in {part["purl"] for part in python}
    hashes = {
        entry["content"]
        for part in python
        for reference in part["externalReferences"]
        for entry in reference["hashes"]
    }
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert "pytest" not in {part["name"] for part in python}


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm here")
def test_of_npm_only_what_reaches_the_browser_is_in_it(tmp_path):
    purls = [part["purl"].rpartition("@") for part in bill("sbom-npm.cdx.json", tmp_path)]

    assert {purl for purl, _at, _version in purls} == {
        "pkg:npm/%40fontsource/fira-sans",
        "pkg:npm/%40kern-ux/native",
        "pkg:npm/%40svg-maps/germany",
        "pkg:npm/htmx.org",
    }

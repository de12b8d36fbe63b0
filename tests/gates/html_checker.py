"""The Nu HTML checker, run once over many pages."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

JAR = Path(__file__).parents[2] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def require_java() -> str:
    """The java program; skips the test where there is none, unless the CI insists on it."""
    java = shutil.which("java")
    if java and JAR.exists():
        return java
    if os.environ.get("REQUIRE_JAVA"):
        pytest.fail("REQUIRE_JAVA is set, but java or the checker is missing.")
    pytest.skip("no Java here, so the HTML checker does not run")


def complaints(pages: dict[str, str], folder: Path) -> list[str]:
    """What the checker has to say, as "page: line: message", errors and warnings alike."""
    java = require_java()
    files = {}
    for number, (name, html) in enumerate(pages.items()):
        file = folder / f"{number:03}.html"
        file.write_text(html, encoding="utf-8")
        files[file.as_uri()] = name
    checker = subprocess.run(
        [java, "-Xss4m", "-jar", str(JAR), "--format", "json", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(checker.stderr)["messages"]
    return sorted(
        f"{files.get(m.get('url', '').replace('file:/', 'file:///').replace('file://///', 'file:///'), m.get('url'))}:"
        f" {m.get('lastLine')}: {m['message']}"
        for m in messages
        if m["type"] == "error" or m.get("subType") == "warning"
    )

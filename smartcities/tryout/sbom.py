"""`make sbom`: what production is made of, from the locks alone, as CycloneDX 1.6 (JSON).

Names, versions, hashes and, as far as the packages say so, licences of the Python packages in
`requirements.txt` and the npm packages that reach the browser. Needs no network.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

CHECKOUT = Path(__file__).parents[2]
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")

Component = dict[str, Any]


def main() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    json.dump(bill_of_materials(now), sys.stdout, indent=2, ensure_ascii=False)
    print()


def bill_of_materials(now: datetime) -> dict[str, Any]:
    """The same locks give the same serial number."""
    locks = [CHECKOUT / "requirements.txt", CHECKOUT / "package-lock.json"]
    requirements, packages = (lock.read_text() for lock in locks)
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, requirements + packages)}",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat().replace("+00:00", "Z"),
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
            },
        },
        "components": [*python_packages(requirements), *npm_packages(packages)],
    }


def python_packages(requirements: str) -> Iterator[Component]:
    """Of a lock with hashes, as uv writes it."""
    found: Component = {}
    for line in requirements.splitlines():
        if pinned := _PINNED.match(line):
            if found:
                yield found
            name, version = pinned[1].lower(), pinned[2]
            found = _component(name, version, f"pkg:pypi/{name}@{version}", _licence(name, version))
            found["hashes"] = []
        elif "--hash=sha256:" in line:
            digest = line.split("sha256:")[1].split()[0]
            found["hashes"].append({"alg": "SHA-256", "content": digest})
    if found:
        yield found


def npm_packages(lock: str) -> Iterator[Component]:
    for place, package in json.loads(lock)["packages"].items():
        if not place or package.get("dev"):
            continue
        name, version = place.rpartition("node_modules/")[2], package["version"]
        purl = f"pkg:npm/{quote(name, safe='/')}@{version}"
        found = _component(name, version, purl, package.get("license", ""))
        algorithm, _dash, digest = package["integrity"].partition("-")
        found["hashes"] = [
            {
                "alg": algorithm.upper().replace("SHA", "SHA-"),
                "content": base64.b64decode(digest).hex(),
            }
        ]
        yield found


def _component(name: str, version: str, purl: str, licence: str) -> Component:
    found: Component = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
    }
    return found | ({"licenses": [{"expression": licence}]} if licence else {})


def _licence(name: str, version: str) -> str:
    """As the installed package says it in SPDX, if that is the same version."""
    try:
        installed = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    return installed.get("License-Expression", "") if installed["Version"] == version else ""


if __name__ == "__main__":
    main()

"""`make run` after its set-up: the whole portal as real processes."""

import json
import os
import pwd
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from smartcities.tryout.processes import free_port
from tests.tryout.conftest import processes_naming, processes_of_groups


def until_ready(process: subprocess.Popen[str]) -> str:
    """All that is printed until the portal is ready."""
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Strg-C"):
            return "".join(lines)
    pytest.fail("The portal did not start:\n" + "".join(lines))


def get(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status


def residents(var: Path) -> set[int]:
    return {int(pid) for pid in json.loads((var / "residents.json").read_text())}


def open_to_others(var: Path) -> list[str]:
    """Names below that another user of the machine could read, or folders that one could list."""
    mode, group = var.stat().st_mode & 0o777, var.stat().st_gid
    # As root, PostgreSQL's user passes through without seeing names; everybody else stands outside.
    passes = (0o710, pwd.getpwnam("nobody").pw_gid)
    assert (mode, group) == (passes if os.geteuid() == 0 else (0o700, group))
    return [
        str(path)
        for path in var.rglob("*")
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]


def password(printed: str, email: str) -> str:
    return re.search(rf"{re.escape(email)}\s+(\S+)", printed)[1]


COUNT = (
    "shell",
    "--no-imports",
    "--command",
    "from projects.models import Project; print(Project.objects.count(), 'Modellprojekte')",
)


def test_the_portal_starts_survives_a_kill_and_leaves_nothing_behind(starter, folder):
    var, port = folder / "var", free_port()
    start = {"PORTAL_VAR": str(var), "PORT": str(port)}

    first = starter("-m", "smartcities.tryout", **start)
    printed = until_ready(first)
    assert f"http://localhost:{port}/" in printed
    assert [get(port, path) for path in ("/", "/healthz")] == [200, 200]
    with pytest.raises(urllib.error.HTTPError, match="404") as nowhere:
        get(port, "/gibt/es/nicht/")
    assert "<title>Diese Seite gibt es nicht – " in nowhere.value.read().decode()
    assert (var / "demo-logins.json").stat().st_mode & 0o777 == 0o600
    assert (var / "secret-key").stat().st_mode & 0o777 == 0o600
    assert open_to_others(var) == []
    # A command works on the data of the portal that runs, and of one that does not.
    command = starter("-m", "smartcities.tryout.manage", *COUNT, PORTAL_VAR=str(var))
    assert (command.stdout.read(), command.wait(60)) == ("73 Modellprojekte\n", 0)
    groups = residents(var)
    assert len(processes_of_groups(groups)) >= 4
    first.kill()

    second = starter("-m", "smartcities.tryout", **start)
    printed_again = until_ready(second)
    assert password(printed_again, "admin@example.org") == password(printed, "admin@example.org")
    assert get(port, "/healthz") == 200
    groups |= residents(var)
    assert len(groups) == 8  # Valkey, web, worker and beat of both starts
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    command = starter("-m", "smartcities.tryout.manage", *COUNT, PORTAL_VAR=str(var))
    assert (command.stdout.read(), command.wait(60)) == ("73 Modellprojekte\n", 0)
    assert 'make manage ARGS="help"' in printed
    assert processes_naming(folder) == []
    assert processes_of_groups(groups) == []
    assert not (var / "residents.json").exists()


def test_a_port_that_is_taken_gets_a_sentence_and_the_way_out(starter, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = starter("-m", "smartcities.tryout", PORTAL_VAR=str(tmp_path), PORT=str(port))
        printed = process.stdout.read()
    assert process.wait(10) == 1
    assert printed.splitlines() == [
        "",
        f"Port {port} ist schon belegt, vielleicht von einem zweiten Portal.",
        f"Mit einem anderen starten: make run PORT={port + 1}",
    ]


@pytest.mark.parametrize("nonsense", ["achttausend", "0", "70000"])
def test_a_port_that_is_none_gets_a_sentence(starter, tmp_path: Path, nonsense):
    process = starter("-m", "smartcities.tryout", PORTAL_VAR=str(tmp_path), PORT=nonsense)
    printed = process.stdout.read()
    assert process.wait(10) == 1
    assert "make run PORT=8080" in printed
    assert "Traceback" not in printed

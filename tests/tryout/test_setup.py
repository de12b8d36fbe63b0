"""The very first seconds on a machine that has only /bin/sh and the usual small programs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tryout.conftest import CHECKOUT

SMALL_PROGRAMS = ["cat", "cksum", "date", "dirname", "mktemp", "rm", "sed", "tail"]


@pytest.fixture
def machine(folder) -> Path:
    """A fresh clone's set-up script and a PATH without any Python."""
    (folder / "bin").mkdir()
    for program in SMALL_PROGRAMS:
        (folder / "bin" / program).symlink_to(shutil.which(program))
    script = folder / "smartcities" / "tryout" / "setup.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(CHECKOUT / "smartcities" / "tryout" / "setup.sh", script)
    return folder


def install_python(machine: Path, name: str, refuses: str) -> None:
    """A Python that fails whatever has the given word in it, as one without that module would."""
    program = machine / "bin" / name
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *{refuses}*) exit 1;; esac\nexec "{sys.executable}" "$@"\n'
    )
    program.chmod(0o755)


def set_up(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", machine / "smartcities" / "tryout" / "setup.sh"],
        env={"PATH": str(machine / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_it_names_the_package(machine):
    done = set_up(machine)
    assert done.returncode == 1
    assert "Nötig ist Python ab Version 3.11, hier wurde keines gefunden." in done.stderr
    assert "sudo apt install python3 python3-venv" in done.stderr


def test_an_old_python_does_not_count(machine):
    install_python(machine, "python3", refuses="version_info")
    done = set_up(machine)
    assert done.returncode == 1
    assert "Nötig ist Python ab Version 3.11" in done.stderr


def test_without_venv_it_names_the_package(machine):
    install_python(machine, "python3", refuses="ensurepip")
    done = set_up(machine)
    assert done.returncode == 1
    assert "ohne das Modul venv" in done.stderr
    assert "sudo apt install python3-venv" in done.stderr
    assert not (machine / ".venv").exists()

"""What `make quick` leaves out, it leaves out for a reason it found itself, or by the file's name."""

import inspect
import pathlib
from importlib import import_module

import pytest

from tests.marks import LONG_WAYS, MARK, TAKE_LONG, starts_programs

# By a way that the rule does not see.
run = import_module("sub" + "process").__dict__["ru" + "n"]
hidden = {"run": run}
TESTS = pathlib.Path(__file__).parent


def test_a_test_that_starts_a_program_unseen_fails():
    with pytest.raises(pytest.fail.Exception, match="starts a program and is not marked"):
        hidden["run"](["true"], check=False)


@pytest.mark.parametrize(
    ("module", "name", "starts"),
    [
        ("tests.tryout.test_setup", "test_an_old_python_does_not_count", True),  # by a helper
        ("tests.tryout.conftest", "starter", True),  # a fixture
        ("tests.rivals", "race", True),  # by a helper beside it
        ("tests.gates.test_every_page", "test_every_page_is_valid_html", True),  # by a Java program
        ("tests.gates.test_every_page", "test_every_route_is_opened_or_left_out", False),
        ("tests.test_marks", "test_a_test_that_starts_a_program_unseen_fails", False),
    ],
)
def test_what_starts_programs_is_known_by_what_it_uses(module, name, starts):
    thing = getattr(import_module(module), name)

    # A fixture is wrapped.
    assert starts_programs(inspect.unwrap(getattr(thing, "_fixture_function", thing))) == starts


def test_no_module_marks_itself_by_hand():
    by_hand = f"mark.{MARK}"
    here = pathlib.Path(__file__)
    modules = [path for path in here.parent.rglob("*.py") if path != here]

    assert [path.name for path in modules if by_hand in path.read_text()] == []


def test_what_walks_or_takes_long_is_there_and_make_knows_the_lanes():
    tests = [path.relative_to(TESTS.parent).as_posix() for path in TESTS.rglob("test_*.py")]
    assert [way for way in LONG_WAYS if not any(path.startswith(way) for path in tests)] == []
    for way in TAKE_LONG:
        path, _, name = way.partition("::")
        assert path in tests
        assert f"\ndef {name}" in (TESTS.parent / path).read_text()
    makefile = (TESTS.parent / "Makefile").read_text()

    assert '-m "not browser and not processes and not walks and not long"' in makefile
    assert "-m walks" in makefile
    clocks = makefile.partition("\nclocks:")[2].partition("\n\n")[0]
    assert '-m "not browser and not processes and not walks"' in clocks

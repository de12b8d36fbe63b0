"""Which tests `make quick` leaves out: the marks `processes`, `walks` and `long`.

What walks or takes long is named here. A test that starts programs is marked by itself: it, a fixture of
its or a helper of these in `tests` uses what starts some. A test that starts one unseen by this rule fails
and says so; that keeps the quick lane quick.
"""

import inspect
import subprocess
from collections.abc import Iterator
from functools import cache
from types import CodeType, ModuleType
from typing import Any

import pytest

MARK = "processes"
WALKS = "walks"
# By file: these open everything there is, as everybody there is.
LONG_WAYS = (
    "tests/gates/",
    "tests/communities/test_scope",
    "tests/opendata/test_same_hits.py",
)
LONG = "long"
# By file or by test: these take in whole lists, or read every page or form of one kind, and take some
# seconds each. `make clocks` runs them.
TAKE_LONG = (
    "tests/asking/test_links.py::test_opening_every_link_of_every_email",
    "tests/communities/test_admin_lists.py::test_a_thousand_rows",
    "tests/communities/test_links.py::test_opening_every_link_of_every_email",
    "tests/consulting/test_pages_links.py::test_opening_every_link_of_every_email",
    "tests/events/test_links.py::test_opening_links_of_emails",
    "tests/events/test_pages_detail.py::test_hosts_and_events_of_the_network",
    "tests/finding/test_facets.py::test_every_count_shown",
    "tests/finding/test_judged_queries.py",
    "tests/office/test_freshness.py",
    "tests/office/test_lookups.py::test_asked_by_address_every_list",
    "tests/office/test_lookups.py::test_no_column_filters",
    "tests/office/test_refused.py",
    "tests/opendata/test_embedding.py::test_nothing_else_may_be_framed",
    "tests/opendata/test_interface.py::test_a_program_that_tries_everything",
    "tests/opendata/test_interface.py::test_every_list_and_every_thing",
    "tests/opendata/test_licences.py::test_every_download_names",
    "tests/opendata/test_licences.py::test_what_in_the_snapshot",
    "tests/opendata/test_same_words.py",
    "tests/opendata/test_schema_org.py",
    "tests/opendata/test_snapshot.py",
    "tests/projects/test_admin_pages.py",
    "tests/projects/test_gemeindeverzeichnis_editions.py::test_five_editions",
    "tests/projects/test_gemeindeverzeichnis_importing.py::test_the_official_list_is_imported",
    "tests/projects/test_network.py::test_loading_after_the_official_list",
    "tests/projects/test_network.py::test_the_official_list_knows",
    "tests/projects/test_picker_speed.py",
    "tests/projects/test_reuse_links.py::test_opening_every_link_of_every_email",
    "tests/projects/test_shipped_list.py::test_a_fresh_installation",
    "tests/projects/test_table_import.py::test_five_thousand_lines",
    "tests/projects/test_table_import.py::test_forty_cells",
    "tests/projects/test_table_import.py::test_the_real_list_out_and_in",
    "tests/projects/test_views_lists.py::test_a_list_costs_the_same_queries_for_73_and_for_7300",
    "tests/projects/test_views_portraits.py::test_every_real_portrait",
)
STARTS_PROGRAMS = (
    "multiprocessing",
    "smartcities.operations.backup.programs",
    "smartcities.operations.backup.restoring",
    "smartcities.operations.backup.saving",
    "smartcities.tryout.postgres",
    "smartcities.tryout.processes",
    "smartcities.tryout.supervisor",
    "smartcities.tryout.valkey",
    "subprocess",
)
# What has just the name of a program at hand, or looks at one from outside.
STARTS_NONE = {"CannotStart", "NoPostgres", "free_port", "port_is_taken"}


def names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def used_by(function: Any) -> Iterator[object]:
    """What the function names: of its own module, and of the modules that it names."""
    function = inspect.unwrap(function)
    names = set(names_in(function.__code__))
    for name in names - STARTS_NONE:
        value = function.__globals__.get(name)
        yield value
        if isinstance(value, ModuleType) and value.__name__.startswith("tests."):
            yield from (getattr(value, inner, None) for inner in names)


def starts_programs(thing: object, seen: set[int] | None = None) -> bool:
    """Whether it, or a helper in `tests` that it uses, starts programs."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return False
    seen.add(id(thing))
    if isinstance(thing, ModuleType):
        return thing.__name__.startswith(STARTS_PROGRAMS)
    home = getattr(thing, "__module__", None)
    if not isinstance(home, str) or not (inspect.isclass(thing) or inspect.isroutine(thing)):
        return False
    if not home.startswith("tests."):
        return home.startswith(STARTS_PROGRAMS)
    parts = vars(thing).values() if inspect.isclass(thing) else [thing]
    functions = (part for part in parts if inspect.isfunction(part))
    return any(starts_programs(one, seen) for part in functions for one in used_by(part))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = cache(starts_programs)
    for item in items:
        definitions = item._fixtureinfo.name2fixturedefs.values()
        fixtures = [one.func for found in definitions for one in found]
        if any(known(inspect.unwrap(one)) for one in [item.function, *fixtures]):
            item.add_marker(MARK)
        if item.nodeid.startswith(LONG_WAYS):
            item.add_marker(WALKS)
        if item.nodeid.startswith(TAKE_LONG):
            item.add_marker(LONG)


class Unmarked:
    """The test that runs now and may start nothing."""

    name = ""


_start = subprocess.Popen.__init__


def _start_only_if_marked(self: subprocess.Popen, *arguments: Any, **options: Any) -> None:
    if Unmarked.name:
        self._child_created = False
        pytest.fail(f"{Unmarked.name} starts a program and is not marked: tests/marks.py")
    _start(self, *arguments, **options)


subprocess.Popen.__init__ = _start_only_if_marked


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    # The browser is started once, by whichever test asks first. What walks everywhere also opens the page
    # that asks programs for their versions; it is left out of the quick lane anyway.
    marked = any(item.get_closest_marker(mark) for mark in (MARK, "browser", WALKS))
    Unmarked.name = "" if marked else item.nodeid
    try:
        return (yield)
    finally:
        Unmarked.name = ""

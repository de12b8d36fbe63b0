"""The two worlds are planted once for the tests of a module; each changes a copy of its own."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import override_settings

from tests.around import around_tests
from tests.communities.planted import World, foreign, own


class Planted(NamedTuple):
    theirs: World
    mine: World
    files: Path


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Planted]:
    files = tmp_path_factory.mktemp("planted")
    with around_tests(django_db_blocker):
        with override_settings(MEDIA_ROOT=files):
            worlds = foreign(), own()
        yield Planted(*worlds, files)


@pytest.fixture
def worlds(planted, db, settings, tmp_path) -> tuple[World, World]:
    """Of others and of one's own, with their files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    shutil.copytree(planted.files, settings.MEDIA_ROOT)
    return copy.deepcopy((planted.theirs, planted.mine))


@pytest.fixture
def theirs(worlds) -> World:
    return worlds[0]


@pytest.fixture
def mine(worlds) -> World:
    return worlds[1]

"""The two worlds are planted once for the tests of a module; each changes a copy of its own."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import override_settings

from tests.communities.planted import World, foreign, own


class Planted(NamedTuple):
    theirs: World
    mine: World
    files: Path


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Planted]:
    """In a transaction around those of the tests, as Django has one around all tests of a class."""
    files = tmp_path_factory.mktemp("planted")
    around = transaction.atomic()
    around._from_testcase = True
    with django_db_blocker.unblock(), around:
        with override_settings(MEDIA_ROOT=files):
            worlds = foreign(), own()
        yield Planted(*worlds, files)
        transaction.set_rollback(True)


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

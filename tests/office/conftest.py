"""One world is planted once for the tests of a module; each changes a copy of its own."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.around import around_tests
from tests.communities.planted import World, own


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, Path]]:
    files = tmp_path_factory.mktemp("planted")
    with around_tests(django_db_blocker):
        with override_settings(MEDIA_ROOT=files):
            world = own()
        yield world, files


@pytest.fixture
def mine(planted, db, settings, tmp_path) -> World:
    world, files = planted
    settings.MEDIA_ROOT = tmp_path / "media"
    shutil.copytree(files, settings.MEDIA_ROOT)
    return copy.deepcopy(world)

import pytest
from django.conf import settings

from finding import versions
from opendata import public
from opendata.lists import OpenList
from smartcities.operations.kept_answers import shelf
from tests.gates.conftest import home  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    """Each test starts its own minute."""
    monkeypatch.setattr(public, "_limit", public._Limit())
    monkeypatch.setattr(settings, "OPEN_DATA_READS_A_MINUTE", 0)


@pytest.fixture
def told_once(monkeypatch) -> None:
    """For tests that ask which things are told, and not what: each thing is read once in a test."""
    read_anew, known = OpenList.told_by_key, {}

    def told_by_key(of, pks):
        read = known.setdefault(of.name, {})
        read.update(read_anew(of, [pk for pk in pks if pk not in read]))
        return {pk: read[pk] for pk in pks if pk in read}

    monkeypatch.setattr(OpenList, "told_by_key", told_by_key)


@pytest.fixture(params=[0, 32], ids=["made each time", "kept ready"])
def kept_megabytes(request, settings, monkeypatch):
    settings.KEPT_ANSWERS_MEGABYTES = request.param
    monkeypatch.setattr(versions, "knowledge", versions.Knowledge())
    shelf.clear()
    yield
    shelf.clear()

import pytest
from django.conf import settings

from opendata import public
from tests.gates.conftest import home  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    """Each test starts its own minute."""
    monkeypatch.setattr(public, "_limit", public._Limit())
    monkeypatch.setattr(settings, "OPEN_DATA_READS_A_MINUTE", 0)

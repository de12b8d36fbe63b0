import pytest
from django.core.management import call_command

from finding.search import refresh
from tests.gates.lived_in import LivedIn, move_in


@pytest.fixture
def home(db, settings, tmp_path) -> LivedIn:
    """The shipped network, and a portal that somebody has used."""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_network", verbosity=0)
    refresh()
    return move_in()

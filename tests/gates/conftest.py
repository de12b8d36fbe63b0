import pytest

from tests.gates.lived_in import LivedIn
from tests.gates.moving_in import lived_in


@pytest.fixture
def home(db, settings, tmp_path, tmp_path_factory) -> LivedIn:
    """The shipped network, and a portal that somebody has used."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return lived_in(settings.MEDIA_ROOT, tmp_path_factory.mktemp("kept") / "media")

import pytest

from tests.gates.lived_in import LivedIn
from tests.gates.moving_in import lived_in


@pytest.fixture
def home(db, settings, tmp_path, tmp_path_factory, monkeypatch) -> LivedIn:
    """The shipped network, and a portal that somebody has used."""
    settings.MEDIA_ROOT = tmp_path / "media"
    portal = lived_in(settings.MEDIA_ROOT, tmp_path_factory.mktemp("kept") / "media")
    # No walk asks from which templates an answer was made; copying what each was given takes a twentieth.
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_a, **_k: None)
    return portal

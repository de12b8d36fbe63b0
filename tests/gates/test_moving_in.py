"""The portal that the gates walk is the same whether it was made for a test or put back."""

import pytest
from django.contrib.sessions.models import Session

from projects.models import Project
from tests.factories import UserFactory
from tests.gates.lived_in import MEMBER
from tests.gates.moving_in import lived_in
from tests.gates.test_foreign import rows

pytestmark = pytest.mark.django_db


def test_what_is_put_back_is_what_was_made(home, tmp_path, settings):
    before = rows()
    files = {path.relative_to(settings.MEDIA_ROOT) for path in settings.MEDIA_ROOT.rglob("*")}
    assert files
    Project.objects.update(summary="Anders als vorher.")
    Session.objects.all().delete()
    UserFactory()
    home.clients[MEMBER].logout()
    home.pages.clear()

    again = lived_in(tmp_path / "again", tmp_path / "kept")

    assert rows() == before
    assert {
        path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*")
    } == files
    assert len(again.pages) > 40
    assert again.clients[MEMBER].get("/konto/").status_code == 200

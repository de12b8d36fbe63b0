"""What the tests themselves rest on: after one that commits, the database is as clean as before it."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from finding.versions import CATALOGUE, current
from projects.models import Municipality, Project, Solution
from tests.emptying import emptied, look
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_written_is_gone_and_whoever_keeps_it_hears_of_that():
    clean = look()
    SolutionFactory()
    before = current()[CATALOGUE]

    assert emptied(clean)
    assert not any(model.objects.exists() for model in (Municipality, Project, Solution))
    assert current()[CATALOGUE] > before


def test_what_should_have_stayed_and_has_not_is_noticed():
    clean = look()
    group = Group.objects.create(name="Von Hand")
    assert not emptied(clean)
    group.delete()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE projects_theme DISABLE TRIGGER a_clean_text")
        assert not emptied(clean)
        cursor.execute("ALTER TABLE projects_theme ENABLE TRIGGER a_clean_text")

    assert emptied(clean)

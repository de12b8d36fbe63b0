"""What the tests themselves rest on: what is put back is what loading makes, and nothing is lost for it."""

import pytest
from django.db import connection, transaction

from finding.search import find
from finding.versions import CATALOGUE, current
from projects.models import Solution
from projects.network import load
from tests import shipped
from tests.emptying import VERSIONS
from tests.factories import SolutionFactory
from tests.rows import contents, with_rows

pytestmark = pytest.mark.django_db


def everything() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        every = set(connection.introspection.django_table_names(only_existing=True))
        return contents(cursor, with_rows(cursor, every - VERSIONS))


def test_what_is_put_back_is_what_was_loaded_and_a_change_after_it_is_a_new_one(monkeypatch):
    monkeypatch.setattr(shipped, "_kept", {})
    with transaction.atomic():
        shipped.load_network_to_be_found()
        loaded, version = everything(), current()
        Solution.objects.first().delete()
        changed = current()[CATALOGUE]
        transaction.set_rollback(True)
    monkeypatch.setattr(shipped, "load", None)

    shipped.load_network_to_be_found()

    assert (everything(), current()) == (loaded, version)
    assert find("Mängelmelder", kinds=["solution"]).ids["solution"]
    Solution.objects.first().delete()
    assert current()[CATALOGUE] > changed > version[CATALOGUE]


def test_beside_what_a_test_has_made_all_is_loaded_as_usual():
    shipped.load_once()
    Solution.objects.all().delete()
    own = SolutionFactory()
    calls = []

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shipped, "load", lambda tables: calls.append(load(tables=tables)))
        shipped.load_once()

    assert len(calls) == 1
    assert Solution.objects.filter(pk=own.pk).exists()

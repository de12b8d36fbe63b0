"""What must hold is a constraint of the database with a German sentence, and is provoked here once."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint, Model

from communities.models import Community, CommunityKind
from tests.factories.communities import TopicGroupFactory
from tests.provocations import PROVOCATIONS

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
OURS = tuple(tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["root_packages"])

# The primary key refuses the same already; it is there for the foreign key that keeps the tree flat.
IMPLIED = {"communities_id_and_level"}

CONSTRAINTS: dict[str, tuple[type[Model], BaseConstraint]] = {
    constraint.name: (model, constraint)
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.split(".")[0] in OURS
    for constraint in model._meta.constraints
}


def test_every_constraint_of_every_model_is_provoked():
    assert sorted(set(CONSTRAINTS) - IMPLIED - set(PROVOCATIONS)) == [], "not provoked"
    assert sorted(set(PROVOCATIONS) - set(CONSTRAINTS)) == [], "no such constraint any more"


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_constraint_has_a_german_sentence_of_its_own(name):
    _, constraint = CONSTRAINTS[name]
    sentence = str(constraint.violation_error_message)

    assert sentence != str(constraint.default_violation_error_message), "the sentence is missing"
    assert re.fullmatch(r"[A-ZÄÖÜ][^%]{15,}\.", sentence), sentence


@pytest.mark.django_db
@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_and_says_why(name):
    model, constraint = CONSTRAINTS[name]
    row = PROVOCATIONS[name]()
    assert type(row) is model

    with pytest.raises(ValidationError) as said:
        constraint.validate(model, row)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save()

    assert said.value.messages == [str(constraint.violation_error_message)]
    assert refused.value.__cause__.diag.constraint_name == name
    # Nothing else is wrong with the row, so it was this constraint alone that stood in its way.
    _drop(model, name)
    row.save()


def _drop(model: type[Model], name: str) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        cursor.execute(f"DROP INDEX IF EXISTS {name}")


@pytest.mark.django_db
def test_the_tree_of_groups_never_gets_a_third_level():
    group = TopicGroupFactory()

    below = Community(
        kind=CommunityKind.TOPIC_GROUP, name="Untergruppe", slug="untergruppe", parent=group
    )

    with (
        pytest.raises(IntegrityError, match="communities_tree_has_two_levels"),
        transaction.atomic(),
    ):
        below.save()

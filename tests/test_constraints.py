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


def test_every_field_that_is_there_only_once_says_in_a_sentence_of_ours_what_to_do():
    """Django's „Konto mit diesem E-Mail-Adresse existiert bereits“ is neither German nor of any help."""
    fields = {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.split(".")[0] in OURS
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }
    said = {name: str(field.error_messages["unique"]) for name, field in fields.items()}

    wanted = r"[A-ZÄÖÜ][^%]{15,}\. (Bitte|Es ist nichts mehr) [^%]{3,}\."
    assert {name: text for name, text in said.items() if not re.fullmatch(wanted, text)} == {}
    model, email = apps.get_model("accounts.User"), fields["accounts.User.email"]
    assert model().unique_error_message(model, ["email"]).messages == [
        email.error_messages["unique"]
    ]
    # None hides behind Django's older way to say that some fields are there only once together.
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    assert [model for model in ours if model._meta.unique_together] == []


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

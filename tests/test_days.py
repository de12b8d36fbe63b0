"""A moment after midnight in Germany is of that day, though the database has the one before."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import DateField, DateTimeField, Model

from communities import schema_org
from tests.factories.communities import ResultFactory
from tests.test_constraints import OURS

AFTER_MIDNIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
LONG_AGO = date(2020, 1, 2)


def called(model: type[Model]) -> str:
    """How a row is called whose moments are all this one."""
    fields = model._meta.concrete_fields
    # A moment is a kind of day for Django, and the last word here.
    days = {one.name: LONG_AGO for one in fields if isinstance(one, DateField)}
    moments = {one.name: AFTER_MIDNIGHT for one in fields if isinstance(one, DateTimeField)}
    try:
        return str(model(**days | moments))
    except (ObjectDoesNotExist, TypeError):  # by what it belongs to, or by what else it holds
        return ""


def test_what_a_row_is_called_names_the_day_of_a_german_clock():
    """In lists, in histories, and where one is asked before it is deleted."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    names = {model._meta.label: called(model) for model in ours}

    assert {label for label, name in names.items() if "02.03.2026" in name} == set()
    assert {label for label, name in names.items() if "03.03.2026" in name} >= {
        "consulting.Note", "projects.OwnerAsk", "smartcities.BarrierReport",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_result_is_published_on_the_day_that_its_page_says():
    told = schema_org.result(ResultFactory(published_at=AFTER_MIDNIGHT))

    assert told["datePublished"] == "2026-03-03"

"""What holds for every form of the administration, whatever it is about."""

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.urls import reverse

from consulting.models import SlotSeries
from office.saving import StaysOpen
from tests.factories import MunicipalityFactory, ThemeFactory, UserFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import EventFactory
from tests.projects.test_admin import filled

pytestmark = pytest.mark.django_db

# By model: a row of each that may refer to another of its kind.
OF_ONES_KIND = {
    "events.Event": EventFactory,
    "communities.Community": CommunityFactory,
    "projects.Municipality": MunicipalityFactory,
}


@pytest.fixture
def request_of_all(rf):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    return request


def refers_to_its_kind(model):
    return any(
        isinstance(one, ForeignKey) and one.related_model is model and one.editable
        for one in model._meta.fields
    )


def test_no_form_offers_a_row_to_itself(request_of_all):
    site = admin.site._registry
    assert {model._meta.label for model in site if refers_to_its_kind(model)} == set(OF_ONES_KIND)
    offered = 0
    for model, one in site.items():
        if not refers_to_its_kind(model):
            continue
        row, other = (OF_ONES_KIND[model._meta.label]() for _time in range(2))
        for name, field in one.get_form(request_of_all, row).base_fields.items():
            if isinstance(field, ModelChoiceField) and field.queryset.model is model:
                assert row not in field.queryset, f"{model._meta.label}.{name}"
                offered += other in field.queryset
    assert offered


ANSWERS = ("response_add", "response_change", "response_post_save_add", "response_post_save_change")


def test_saving_leads_to_the_same_page_again_everywhere(admin_client):
    """Only a series leads on, to the times that are to be put on offer, and its button says so."""
    other = {
        (model, name)
        for model, one in admin.site._registry.items()
        for name in ANSWERS
        for defines in [next(it for it in type(one).__mro__ if name in vars(it))]
        if not defines.__module__.startswith(("office.", "django."))
    }
    assert other == {(SlotSeries, "response_add"), (SlotSeries, "response_change")}
    assert all(isinstance(one, StaysOpen) for one in admin.site._registry.values())
    page = reverse("admin:projects_theme_change", args=[ThemeFactory().pk])
    assert "Speichern und hier bleiben" not in admin_client.get(page).text
    assert admin_client.post(page, filled(admin_client, page))["Location"] == page


def test_the_button_of_a_series_says_where_it_leads(admin_client):
    page = admin_client.get(reverse("admin:consulting_slotseries_add")).text
    assert page.count('type="submit" value="Speichern') == 1
    assert 'value="Speichern und Termine ansehen"' in page

"""No output tells a field that is about a person, not even one that pages publish on purpose."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from rest_framework.serializers import BaseSerializer, ListSerializer, SerializerMethodField

from opendata.lists import LISTS
from tests.factories import ProjectFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import EventFactory
from tests.test_personal_data import AS_LONG_AS_THE_ACCOUNT, PUBLISHED, covered_by_rules

# The model behind each of the facts that stand inside others.
INSIDE = {"own_sources": "Source", "public_reuses": "Reuse"}
# Of these models not one field may be reached, whatever it is called.
OF_PEOPLE = {
    "accounts.User", "communities.Membership", "consulting.ConsultationRequest", "events.Registration",
    "projects.OwnerAsk", "projects.ProjectEditor",
}  # fmt: skip
METHODS_TELL = {
    "get_cost_class": "Cost.amount",
    "get_decisive_amount": "Cost.amount",
    "get_community": "Community.slug",
    "get_documentation": "Event.documentation",
    "get_attendees": "Event.attendees",
    "get_id": "Community.slug",
    "get_api": "Community.slug",
    "get_file": "Result.slug",
    "get_project": "Project.slug",
}


def paths_told(facts: BaseSerializer, model: Any) -> Iterator[str]:
    """Each field of a model that an output reads, as „app.Model.field“ or „Model.field“."""
    for field in facts.fields.values():
        source = field.source
        if isinstance(field, SerializerMethodField):
            yield METHODS_TELL[field.method_name]
        elif isinstance(field, ListSerializer):
            name = source.removeprefix("all_")
            inner = INSIDE.get(source) or model._meta.get_field(name).related_model.__name__
            found = next(one for one in apps.get_models() if one.__name__ == inner)
            yield from paths_told(field.child, found)
        elif source != "*":
            yield from along(model, source.split("."))


def along(model: Any, names: list[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        yield f"{model._meta.label}.{name}"
        if number + 1 < len(names):
            model = model._meta.get_field(name).related_model


def test_no_output_tells_a_field_about_a_person():
    personal = covered_by_rules() | PUBLISHED | AS_LONG_AS_THE_ACCOUNT
    told = set()
    for of in LISTS.values():
        told |= set(paths_told(of.facts(), of.rows().model))

    assert len(told) > 120
    assert told & personal == set()
    assert {path.rsplit(".", 1)[0] for path in told} & OF_PEOPLE == set()


def test_contacts_that_pages_publish_are_in_no_file(client, db):
    contact = {"contact_name": "Erika Muster", "contact_email": "erika@muster.example"}
    ProjectFactory(**contact, contact_phone="+49 30 99999")
    CommunityFactory(**contact)
    EventFactory(**contact)
    for name, of in LISTS.items():
        for ending in ("csv", "json", *(["atom"] if of.has_feed else [])):
            body = client.get(f"/daten/{name}.{ending}").getvalue()
            assert not [word for word in (b"Erika", b"muster.example", b"99999") if word in body]

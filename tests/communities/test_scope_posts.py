"""What is sent to the administration by people whom it does not concern: nothing of others is read or changed.

The forms are taken from the registry: every field that chooses, every row beneath a form, every page of
a row, every action. A new admin is tried without anybody naming it here.
"""

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Model
from django.forms import ModelChoiceField
from django.urls import reverse

from accounts.models import User
from consulting.models import Advisor
from events.models import Event
from projects.models import Product, Technology
from tests.communities import surfaces
from tests.communities.answers import Watched, filled_in, tells
from tests.communities.planted import World
from tests.factories import UserFactory
from tests.factories.communities import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Sender(NamedTuple):
    user: User
    # Apps of which they may see everything, by their group.
    sees: tuple[str, ...] = ()
    # Advisors offer times at events, so all of them stand in their form, by title.
    knows_events: bool = False


def _staff(user: User, group: str) -> User:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def _advisor(mine: World) -> Sender:
    user = _staff(UserFactory(name="Beratung"), "Start Smart: Beratung")
    advisor = mine.of(Advisor)
    Advisor.objects.filter(pk=advisor.pk).update(user=user)
    return Sender(user, ("projects",), knows_events=True)


WHO = {
    "coordinator": lambda mine: Sender(mine.coordinator),
    "editor": lambda mine: Sender(mine.editor),
    "advisor": _advisor,
    "Betrieb": lambda mine: Sender(_staff(UserFactory(), "Betrieb"), ("mailing", "smartcities", "accounts", "auth")),
    "member": lambda mine: Sender(MembershipFactory(community=mine.community, user=UserFactory()).user),
}  # fmt: skip
# Who has a form of their own in which something could be forged.
WITH_FORMS = ("coordinator", "editor", "advisor")


class Post(NamedTuple):
    label: str
    url: str
    data: dict[str, Any]
    is_popup: bool = False


def forgeries(client: Any, mine: World, theirs: World) -> Iterator[Post]:
    """Own forms with something of others in them: chosen, as a row beneath, in a popup, in a new row."""
    for model in admin.site._registry:
        for row in mine.rows.get(model, [])[:1]:
            yield from _in_form(client, surfaces._address(model, "change", row.pk), model, theirs)
        yield from _in_form(client, surfaces._address(model, "add"), model, theirs)


def _in_form(client: Any, url: str, model: type[Model], theirs: World) -> Iterator[Post]:
    page = client.get(url)
    if page.status_code != 200 or "adminform" not in (page.context or {}):
        return
    label, data = f"{model._meta.label} {url}", filled_in(page)
    fields = page.context["adminform"].form.fields
    for name, field in fields.items():
        for other in _of(theirs, field):
            yield Post(f"{label} {name}", url, data | {name: other.pk})
            popup = f"{url}?_popup=1&_to_field=id"
            yield Post(f"{label} {name} in a popup", popup, data | {name: other.pk}, is_popup=True)
    # Also what the form does not offer.
    for column in model._meta.concrete_fields:
        if column.name not in fields and column.related_model in theirs.rows:
            other = theirs.rows[column.related_model][0]
            yield Post(f"{label} {column.name}", url, data | {column.name: other.pk})
    for inline in page.context["inline_admin_formsets"]:
        yield from _beneath(label, url, data, inline.formset, theirs)


def _of(theirs: World, field: Any) -> list[Model]:
    # The vocabulary is everybody's to choose from.
    if not isinstance(field, ModelChoiceField) or field.queryset.model in (Product, Technology):
        return []
    return theirs.rows.get(field.queryset.model, [])[:1]


def _beneath(
    label: str, url: str, data: dict[str, Any], formset: Any, theirs: World
) -> Iterator[Post]:
    prefix, model, parent = formset.prefix, formset.model, formset.fk
    first = {name: value for name, value in data.items() if name.startswith(f"{prefix}-0-")}
    parents = theirs.rows.get(parent.related_model, [])
    for other in model._base_manager.filter(**{f"{parent.name}__in": parents})[:1]:
        forged = data | first | {
            f"{prefix}-INITIAL_FORMS": max(1, data.get(f"{prefix}-INITIAL_FORMS", 0)),
            f"{prefix}-TOTAL_FORMS": max(1, data.get(f"{prefix}-TOTAL_FORMS", 0)),
            f"{prefix}-0-id": other.pk,
        }  # fmt: skip
        words = {
            f"{prefix}-0-{one.name}": "Verändert"
            for one in model._meta.concrete_fields
            if one.get_internal_type() in ("CharField", "TextField") and not one.choices
        }
        yield Post(f"{label} {prefix} changed", url, forged | words)
        yield Post(f"{label} {prefix} deleted", url, forged | {f"{prefix}-0-DELETE": "on"})
    for other in parents[:1]:
        yield Post(f"{label} {prefix} moved", url, data | {f"{prefix}-0-{parent.name}": other.pk})
    for name, field in formset.empty_form.fields.items():
        for other in _of(theirs, field):
            yield Post(f"{label} {prefix}.{name}", url, data | {f"{prefix}-0-{name}": other.pk})


def concerning(theirs: World) -> dict[str, list[str]]:
    """Every row of theirs, and every row of anybody's that refers to one of theirs."""
    asked, keys = [], []
    for model in apps.get_models(include_auto_created=True):
        ways = {model._meta.pk.column: model} if model in theirs.rows else {}
        for field in model._meta.concrete_fields:
            if field.related_model in theirs.rows:
                ways[field.column] = field.related_model
        if ways and not model._meta.proxy:
            which = " OR ".join(f'"{column}" = ANY(%s)' for column in ways)
            row = "to_jsonb(one)::text"
            asked.append(
                f"SELECT '{model._meta.label}', array_agg({row} ORDER BY {row}) "
                f'FROM "{model._meta.db_table}" one WHERE {which}'
            )
            keys += [[row.pk for row in theirs.rows[related]] for related in ways.values()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), keys)
        return dict(cursor.fetchall())


def signed_in(client: Any, who: str, mine: World) -> Sender:
    sender = WHO[who](mine)
    client.force_login(sender.user)
    # What somebody does who signs in is theirs; of the rows of the others nothing changes by it.
    client.get(reverse("admin:index"))
    return sender


# What coordinators send to all of it is walked in `test_scope`, where nothing at all may change.
@pytest.mark.parametrize("who", [who for who in WHO if who != "coordinator"])
def test_nothing_of_others_is_done_by_any_button_page_or_action(client, who, theirs, mine):
    sender = signed_in(client, who, mine)
    labels = {model._meta.app_label for model, _admin in surfaces.admins()} - set(sender.sees)
    before, wrong = concerning(theirs), []

    walk = surfaces.each_label(surfaces.forms(theirs, labels))
    for surface, answer in surfaces.walked(walk, client):
        # On the way to sign in stands only what was asked for.
        to_sign_in = answer.get("Location", "").startswith(reverse("admin:login"))
        if answer.status_code >= 500 or (tells(answer) and not to_sign_in):
            wrong.append((surface.label, answer.status_code, answer.get("Location")))

    assert wrong == []
    assert concerning(theirs) == before


@pytest.mark.parametrize("who", WITH_FORMS)
def test_nothing_of_others_gets_into_a_form_of_ones_own(client, who, theirs, mine):
    sender = signed_in(client, who, mine)
    # The vocabulary is the same for all who describe solutions.
    known = [theirs.of(Technology).name, theirs.of(Product).name]
    if sender.knows_events:
        known += [event.title for event in theirs.rows[Event]]
    of_theirs, wrong, tried = Watched(lambda: concerning(theirs)), [], 0
    was_refused, popups = False, set()

    for post in [*forgeries(client, mine, theirs)]:
        if sender.knows_events and "/slot/" in post.url and " event" in post.label:
            continue  # theirs to choose
        # A popup checks a form in the same way and differs in what it tells once it has saved one: where
        # it is refused without, the first field of each form stands for the others.
        if post.is_popup and was_refused and post.url in popups:
            continue
        tried += 1
        with transaction.atomic():
            answer = client.post(post.url, post.data)
            was_refused = answer.status_code != 302
            popups |= {post.url} if post.is_popup else set()
            if of_theirs.has_changed() or answer.status_code >= 500 or tells(answer, known):
                wrong.append((post.label, answer.status_code))
            transaction.set_rollback(True)

    assert wrong == []
    assert tried > (10 if who == "coordinator" else 1)

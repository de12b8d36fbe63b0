"""Nobody sees or changes in the administration what is not theirs, on whatever page they try it.

The pages are walked by `surfaces`, the rows of others come from `planted`: all their texts hold one
word, which must not appear in any answer. That their own people do see it there, is shown as well.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import F, Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.urls import reverse

from communities.models import Community, CommunityState
from events.models import Event, EventState
from tests.communities import surfaces
from tests.communities.planted import MARK, foreign, own

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _no_log():
    """Each of the many refusals would be written down with its traceback."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def words(answer: Any) -> str:
    """All that an answer tells: its headers, its text, and what was sent along as a file."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{dict(answer.headers)}\n{content.decode(errors='replace')}"


def tells(answer: Any) -> bool:
    return MARK.lower() in words(answer).lower()


def leaks(walk: Iterable[surfaces.Surface], client: Any) -> list[tuple[str, int]]:
    """What gave something away: a word of the others, their page itself, or a crash."""
    return [
        (surface.label, answer.status_code)
        for surface, answer in surfaces.walked(walk, client)
        if tells(answer)
        or answer.status_code >= 500
        or (surface.of_row and not surface.data and answer.status_code == 200)
    ]


def stored() -> dict[str, dict[Any, dict[str, Any]]]:
    """The whole database but sessions, to compare it row by row."""
    return {
        model._meta.label: {row["pk_"]: row for row in _rows(model)}
        for model in apps.get_models(include_auto_created=True)
        if model not in (Session, UserSession) and model._meta.managed
    }


def _rows(model: type[Model]) -> list[dict[str, Any]]:
    return list(model._base_manager.annotate(pk_=F("pk")).values())


def test_a_coordinator_finds_nothing_of_other_communities_on_any_page(client):
    theirs, mine = foreign(), own()
    client.force_login(mine.coordinator)

    assert leaks(surfaces.pages(theirs), client) == []
    assert leaks(surfaces.rows(theirs), client) == []


def test_a_coordinator_changes_nothing_of_other_communities_with_any_form(client):
    theirs, mine = foreign(), own()
    client.force_login(mine.coordinator)
    before = stored()

    assert leaks(surfaces.forms(theirs), client) == []
    assert stored() == before


# What the walk cannot find by itself ----------------------------------------------------------------


def test_only_the_staff_of_the_network_end_a_whole_community_also_without_the_button(client):
    mine = own()
    client.force_login(mine.coordinator)
    url = reverse("admin:communities_community_step", args=[mine.community.pk, "archivieren"])

    client.post(url, {})

    assert Community.objects.get(pk=mine.community.pk).state == CommunityState.ACTIVE


@pytest.mark.parametrize("model", ["community", "event"])
def test_notes_of_the_editors_are_not_read_out_of_a_history_either(admin_client, client, model):
    mine = own()
    row, app = (
        (mine.community, "communities")
        if model == "community"
        else (mine.of(Event, state=EventState.DRAFT), "events")
    )
    page = reverse(f"admin:{app}_{model}_change", args=[row.pk])
    answer = admin_client.post(page, sent_back(admin_client, page, editors_note=MARK))
    assert answer.status_code == 302, errors(answer)
    history = reverse(f"admin:{app}_{model}_history", args=[row.pk])

    client.force_login(mine.coordinator)
    answer = client.get(history)

    assert "Notiz der Redaktion" in words(answer)  # that it changed
    assert not tells(answer)


@pytest.mark.parametrize(
    "query", ["editors_note__startswith=G", "editors_note=x", "pk__in=1", "theme__name=x"]
)
def test_a_column_that_no_page_shows_is_not_read_letter_by_letter(client, query):
    mine = own()
    client.force_login(mine.coordinator)

    answer = client.get(f"{reverse('admin:communities_community_changelist')}?{query}")

    assert answer.status_code == 400


def sent_back(client: Any, address: str, **changed: Any) -> dict[str, Any]:
    """The form of a page as a browser would send it back, but for what was changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, datetime):
                value = f"{value:%Y-%m-%dT%H:%M}"  # a form shows local time
            if isinstance(value, QuerySet | list):
                value = [getattr(one, "pk", one) for one in value]
            left_out = value is None or value is False or isinstance(value, FieldFile)
            if not left_out:  # a zero is sent
                data[bound.html_name] = value
    return data | changed


def errors(answer: Any) -> list[Any]:
    formsets = [one.formset for one in answer.context["inline_admin_formsets"]]
    return [answer.context["adminform"].form.errors, *(formset.errors for formset in formsets)]

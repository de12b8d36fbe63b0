"""A form of the administration that is sent twice, also at the same moment, makes one row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from communities.models import Experience
from finding.models import Synonyms
from projects.models import Theme
from tests.communities.answers import errors, sent_back
from tests.communities.planted import own
from tests.factories import ThemeFactory, UserFactory

SAID = "Dieses Formular war schon gespeichert. Es ist nichts doppelt angelegt."
# What a form wants that cannot be guessed from its fields.
SOURCE = {"source": "https://neu.example/quelle"}
WANTED: dict[str, dict[str, Any]] = {
    "communities.Community": {"kind": "aeg", "parent": ""},
    "consulting.Slot": {"ends_at": "2031-03-04T10:45"},
    "consulting.SlotSeries": {
        "until_time": "12:00",
        "first_on": "2031-03-04",
        "last_on": "2031-03-25",
    },
    "projects.NetworkFact": SOURCE,
    "projects.Product": SOURCE,
    "accounts.User": {"email": "neu@kommune.example"},
    "events.Event": {"kind": "roadshow", "format": "online", "title": "Neu"},
    "smartcities.PinnedCase": {"begins_on": "2031-01-01", "ends_on": "2031-01-02"},
}


@pytest.fixture
def office(client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def url_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def filled(client: Client, model: type[Model]) -> dict[str, Any]:
    """The add form as a browser sends it, with something in each field that must not be empty."""
    page = client.get(url_of(model))
    data = sent_back(client, url_of(model)) | {"_once": page.context["once"]}
    for name, field in page.context["adminform"].form.fields.items():
        if field.required and not data.get(name):
            data[name] = _something(field)
    if model is Experience:
        data["community"] = page.context["adminform"].form.fields["community"].queryset.first().pk
    return data | WANTED.get(model._meta.label, {})


def _something(field: forms.Field) -> Any:
    match field:
        case forms.ModelMultipleChoiceField():
            return [field.queryset.first().pk]
        case forms.ModelChoiceField():
            return field.queryset.first().pk
        case forms.MultipleChoiceField():
            return [field.choices[0][0]]
        case forms.ChoiceField():
            return next(key for key, _label in field.choices if key)
        case forms.SplitDateTimeField():
            return "2031-03-04 10:00"
        case forms.DateTimeField():
            return "2031-03-04T10:00"
        case forms.DateField():
            return date(2031, 3, 4).isoformat()
        case forms.TimeField():
            return time(10).isoformat()
        case forms.IntegerField():
            return field.min_value or 1
        case forms.EmailField():
            return "neu@kommune.example"
        case forms.SlugField():
            return "neu-und-einmalig"
        case forms.URLField():
            return "https://neu.example/"
    return "Neu und einmalig"


def at_once(client: Client, url: str, data: dict[str, Any], times: int = 2) -> list[Any]:
    """Sent by as many browsers with the same session, started at the same moment."""
    barrier = Barrier(times)

    def send(_number: int) -> Any:
        one = Client()
        one.cookies = client.cookies
        barrier.wait(10)
        try:
            return one.post(url, data)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, range(times)))


@pytest.mark.django_db(transaction=True)
def test_every_form_to_add_something_makes_one_row_when_it_is_sent_twice_at_once(
    office, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    own()
    request = office.get("/verwaltung/").wsgi_request
    tried, wrong = [], []
    for model, model_admin in admin.site._registry.items():
        if not model_admin.has_add_permission(request):
            continue
        data, before = filled(office, model), model._base_manager.count()
        answers = at_once(office, url_of(model), data)
        tried.append(model._meta.label)
        statuses = [answer.status_code for answer in answers]
        made = model._base_manager.count() - before
        if (statuses, made) != ([302, 302], 1):
            said = [errors(one) for one in answers if one.status_code == 200 and one.context]
            wrong.append((model._meta.label, statuses, made, said[:1]))

    assert wrong == []
    assert len(tried) >= 18


@pytest.mark.django_db
def test_the_second_is_told_and_led_to_where_the_first_went(office):
    data = filled(office, Theme)

    first, second = (office.post(url_of(Theme), data) for _ in range(2))

    assert second["Location"] == first["Location"]
    assert SAID in [str(one) for one in get_messages(second.wsgi_request)]
    assert Theme.objects.count() == 1
    # Another button of the same page changes nothing; other words are another form.
    office.post(url_of(Theme), data | {"_addanother": "1"})
    assert Theme.objects.count() == 1
    office.post(url_of(Theme), data | {"name": "Anders", "slug": "anders"})
    assert Theme.objects.count() == 2


@pytest.mark.django_db
def test_what_was_refused_can_be_sent_again_as_it_is(office):
    data = filled(office, Theme)
    taken = ThemeFactory(name=data["name"])
    assert office.post(url_of(Theme), data).status_code == 200

    taken.delete()

    assert office.post(url_of(Theme), data).status_code == 302
    assert Theme.objects.get().name == data["name"]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_add_the_same_at_once_get_a_sentence_and_no_error_page(office):
    first, second = (filled(office, Theme) for _ in range(2))
    barrier = Barrier(2)

    def send(data: dict[str, Any]) -> int:
        one = Client()
        one.cookies = office.cookies
        barrier.wait(10)
        try:
            return one.post(url_of(Theme), data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, [first, second]))

    assert statuses == [200, 302]
    assert Theme.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rival_that_is_taken_back_leaves_the_form_to_the_other(office, monkeypatch):
    """The first has claimed, saved, and fails at the very end: nothing of it is left."""
    data = filled(office, Synonyms)
    model_admin = admin.site._registry[Synonyms]

    def fail(*_anything: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(model_admin), "log_addition", fail, raising=False)
    with pytest.raises(RuntimeError), transaction.atomic():
        office.post(url_of(Synonyms), data)
    monkeypatch.undo()

    assert office.post(url_of(Synonyms), data).status_code == 302
    assert Synonyms.objects.count() == 1

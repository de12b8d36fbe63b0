"""Two people with the same form of the administration at the same time."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import GroupMessage, MessageState
from consulting.models import Mode, Slot, SlotSeries
from events.models import Event, EventState, Minutes, MinutesState
from finding.models import Synonyms
from office.base import GuardedAdmin
from projects.models import Municipality, Project, Source, Theme
from smartcities.front.pinned import PinnedCase
from tests.communities.answers import errors, filled_in, sent_back
from tests.communities.planted import World
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SlotFactory,
    SlotSeriesFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# Admins of which nobody changes a row in a form.
NOT_CHANGED = {
    "asking.Question": "answered on pages of its own",
    "projects.Revision": "versions are put back, never edited",
    "projects.ReuseStatement": "decided about on pages of its own",
    "consulting.ConsultationRequest": "each change is an action with its own page",
    "events.Registration": "people change their own",
    "mailing.Email": "what was written is sent as it is",
    "finding.MissedWord": "counted by the search, changed by nobody",
    "smartcities.PinnedCase": "two days and a solution, no words: see below",
    "subscribing.WatchedList": "counts what people subscribe",
    "smartcities.RegularTask": "tells what the portal does by itself",
}
# One field for words, so there is no other for the second person.
ONE_FIELD = {
    "projects.Technology",
    "accounts.User",
    "auth.Group",
    "communities.Membership",
    "consulting.Slot",
    "consulting.SlotSeries",
    "events.Minutes",
    "smartcities.BarrierReport",
}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def anna(client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True, name="Anna Abel"))
    return client


@pytest.fixture
def bert() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True, name="Bert Busch"))
    return client


def changed_in_forms() -> list[type[Model]]:
    return [model for model in admin.site._registry if model._meta.label not in NOT_CHANGED]


def row_of(model: type[Model], mine: World) -> Any:
    """A row that can be changed now."""
    others = {
        GroupMessage: {"state": MessageState.DRAFT},
        Minutes: {"state": MinutesState.DRAFT},
        Event: {"state": EventState.DRAFT},
    }
    made = {
        Theme: ThemeFactory,
        Municipality: lambda: MunicipalityFactory(listed_on=None),
        Synonyms: lambda: Synonyms.objects.create(words="bike, rad"),
        Slot: lambda: SlotFactory(mode=Mode.ON_SITE, place="Rathaus"),
        SlotSeries: lambda: SlotSeriesFactory(mode=Mode.ON_SITE, place="Rathaus"),
    }
    return made[model]() if model in made else mine.of(model, **others.get(model, {}))


def page(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def writable(shown: Any) -> list[str]:
    """Fields of a page into which any words can be written."""
    form = shown.context["adminform"].form
    return [
        name
        for name, one in form.fields.items()
        if type(one) is forms.CharField and name not in ("slug", "words_key") and not one.disabled
    ]


def saved(answer: Any) -> None:
    assert answer.status_code == 302, errors(answer)


def differences(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200
    return [(one.label, one.mine, one.theirs) for one in answer.context["differences"]]


def test_every_admin_is_one_of_ours_and_none_saves_in_a_way_of_its_own():
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, GuardedAdmin), model
        for name in ("changeform_view", "_changeform_view", "lookup_allowed"):
            of_ours = getattr(GuardedAdmin, name)
            assert getattr(type(model_admin), name) is of_ours, (model, name)


@pytest.mark.parametrize("model", changed_in_forms(), ids=lambda model: model._meta.label)
def test_what_one_saves_the_other_does_not_write_over(anna, bert, model, mine):
    row = row_of(model, mine)
    shown_to_anna = anna.get(page(row))
    first, *others = writable(shown_to_anna)
    by_anna, by_bert = filled_in(shown_to_anna), sent_back(bert, page(row))

    saved(anna.post(page(row), by_anna | {first: "Von Anna"}))
    if others:
        saved(bert.post(page(row), by_bert | {others[0]: "Von Bert"}))
    answer = bert.post(page(row), by_bert | {first: "Auch von Bert"})

    stored = model.objects.get(pk=row.pk)
    assert getattr(stored, first) == "Von Anna"
    assert bool(others) == (model._meta.label not in ONE_FIELD)
    if others:
        assert getattr(stored, others[0]) == "Von Bert"
    assert (first, [row[1:] for row in differences(answer)]) == (
        first, [("Auch von Bert", "Von Anna")]
    )  # fmt: skip
    assert "Geändert von Anna Abel am" in answer.text
    assert answer.context["adminform"].form[first].value() == "Auch von Bert"


def test_days_are_not_written_over_either(anna, bert):
    row = PinnedCase.objects.create(
        solution=SolutionFactory(), begins_on=date(2026, 1, 5), ends_on=date(2026, 1, 6)
    )
    by_anna, by_bert = sent_back(anna, page(row)), sent_back(bert, page(row))

    saved(anna.post(page(row), by_anna | {"ends_on": "2026-01-08"}))
    saved(bert.post(page(row), by_bert | {"begins_on": "2026-01-04"}))
    answer = bert.post(page(row), by_bert | {"ends_on": "2026-01-09"})

    row.refresh_from_db()
    assert (row.begins_on, row.ends_on) == (date(2026, 1, 4), date(2026, 1, 8))
    assert len(differences(answer)) == 1


# What is decided ------------------------------------------------------------------------------------


@pytest.fixture
def both(anna, bert):
    """Both have written a summary, Anna has saved hers, and Bert looks at the two."""
    row = ProjectFactory(summary="Alt")
    by_bert = sent_back(bert, page(row), summary="Von Bert", title="Titel von Bert")
    saved(
        anna.post(
            page(row), sent_back(anna, page(row), summary="Von Anna", website="https://a.de/")
        )
    )
    answer = bert.post(page(row), by_bert)
    assert differences(answer) == [("Zusammenfassung", "Von Bert", "Von Anna")]
    return row, by_bert | {"_seen": answer.context["seen"]}


def summary(row: Project) -> tuple[str, str, str]:
    return Project.objects.values_list("summary", "title", "website").get(pk=row.pk)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"_take-summary": "mine"}, "Von Bert"),
        ({"_take-summary": "theirs"}, "Von Anna"),
        ({"_take-all": "mine"}, "Von Bert"),
        ({"_take-all": "theirs"}, "Von Anna"),
        ({"_take-summary": "mine", "summary": "Von beiden"}, "Von beiden"),
    ],
)
def test_one_click_takes_either_and_loses_nothing_else(bert, both, answer, result):
    row, sent = both

    saved(bert.post(page(row), sent | answer))

    assert summary(row) == (result, "Titel von Bert", "https://a.de/")


@pytest.mark.parametrize("answer", [{}, {"_take-summary": "beides"}, {"_take-title": "mine"}])
def test_without_a_decision_it_is_asked_again(bert, both, answer):
    row, sent = both

    again = bert.post(page(row), sent | answer)

    assert differences(again) == [("Zusammenfassung", "Von Bert", "Von Anna")]
    assert summary(row)[0] == "Von Anna"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_decision_about_what_has_changed_once_more_is_asked_again(anna, bert, both, choice):
    row, sent = both
    saved(anna.post(page(row), sent_back(anna, page(row), summary="Anna noch einmal")))

    again = bert.post(page(row), sent | {"_take-summary": choice})

    assert differences(again) == [("Zusammenfassung", "Von Bert", "Anna noch einmal")]
    saved(bert.post(page(row), sent | {"_seen": again.context["seen"], "_take-summary": choice}))
    assert summary(row)[0] == ("Von Bert" if choice == "mine" else "Anna noch einmal")


def test_a_decision_stays_while_something_else_is_mended(bert, both):
    row, sent = both

    answer = bert.post(page(row), sent | {"_take-summary": "theirs", "latitude": "keine Zahl"})

    assert 'value="theirs" checked' in answer.text
    sent |= {"_seen": answer.context["seen"], "_take-summary": "theirs"}
    saved(bert.post(page(row), sent))
    assert summary(row)[0] == "Von Anna"


def test_both_having_written_the_same_is_no_difference(anna, bert):
    row = ProjectFactory(summary="Alt")
    by_bert = sent_back(bert, page(row), summary="Gleich")
    saved(anna.post(page(row), sent_back(anna, page(row), summary="Gleich")))

    saved(bert.post(page(row), by_bert))


def test_what_was_not_changed_in_the_administration_is_not_said_to_be_of_anybody(anna, bert):
    row = ProjectFactory(summary="Alt")
    # What she wrote was there when he opened the page.
    saved(anna.post(page(row), sent_back(anna, page(row), summary="Von Anna")))
    by_bert = sent_back(bert, page(row), summary="Von Bert")
    Project.objects.filter(pk=row.pk).update(summary="Eingelesen")

    answer = bert.post(page(row), by_bert)

    assert differences(answer) == [("Zusammenfassung", "Von Bert", "Eingelesen")]
    assert "Geändert, während Sie hier gearbeitet haben." in answer.text


def test_a_page_that_we_have_not_filled_is_asked_about(bert):
    row, other = ProjectFactory(summary="Alt"), ProjectFactory()
    for seen in ("erfunden", sent_back(bert, page(other))["_seen"]):
        sent = sent_back(bert, page(row), summary="Neu", _seen=seen)

        answer = bert.post(page(row), sent)

        assert "Diese Seite ist so alt" in answer.text
        assert summary(row)[0] == "Alt"
    saved(bert.post(page(row), sent | {"_seen": answer.context["seen"]}))


def test_choices_of_several_are_compared_as_well(anna, bert):
    row, one, two = ProjectFactory(), ThemeFactory(name="Eins"), ThemeFactory(name="Zwei")
    by_bert = sent_back(bert, page(row), themes=[two.pk])
    untouched = sent_back(bert, page(row), title="Neuer Titel")
    saved(anna.post(page(row), sent_back(anna, page(row), themes=[one.pk])))

    saved(bert.post(page(row), untouched))
    assert [*row.themes.all()] == [one]
    answer = bert.post(page(row), by_bert)

    assert differences(answer) == [("Themen", "Zwei", "Eins")]
    saved(bert.post(page(row), by_bert | {"_seen": answer.context["seen"], "_take-all": "mine"}))
    assert [*row.themes.all()] == [two]


# The rows beneath a form -----------------------------------------------------------------------------


@pytest.fixture
def cited(anna, bert):
    """A project with a source, and the page of Bert with it."""
    row = ProjectFactory()
    cited = SourceFactory(project=row, text="Quelle", note="Alt")
    sent = sent_back(bert, page(row))
    prefix = next(name for name, pk in sent.items() if name.endswith("-0-id") and pk == cited.pk)
    return row, cited, sent, prefix.removesuffix("id")


def test_of_a_row_beneath_a_form_only_what_was_changed_is_written(bert, cited):
    row, _source, sent, prefix = cited

    with CaptureQueriesContext(connection) as queries:
        saved(bert.post(page(row), sent | {f"{prefix}note": "Neu"}))

    table = Source._meta.db_table
    (update,) = [one["sql"] for one in queries if one["sql"].startswith(f'UPDATE "{table}"')]
    assert re.findall(r'"(\w+)" = ', update.partition(" WHERE ")[0]) == ["note"]


def test_rows_beneath_a_form_are_compared_field_by_field(anna, bert, cited):
    row, source, sent, prefix = cited
    saved(anna.post(page(row), sent_back(anna, page(row), **{f"{prefix}note": "Von Anna"})))

    saved(bert.post(page(row), sent | {f"{prefix}text": "Text von Bert"}))
    answer = bert.post(page(row), sent | {f"{prefix}note": "Von Bert"})

    assert differences(answer) == [("Anmerkung", "Von Bert", "Von Anna")]
    source.refresh_from_db()
    assert (source.text, source.note) == ("Text von Bert", "Von Anna")


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_row_that_was_deleted_meanwhile_comes_back_or_stays_away(anna, bert, cited, choice):
    row, _source, sent, prefix = cited
    saved(anna.post(page(row), sent_back(anna, page(row), **{f"{prefix}DELETE": "on"})))
    by_bert = sent | {f"{prefix}note": "Von Bert"}

    answer = bert.post(page(row), by_bert)

    assert differences(answer) == [("Quelle", "Anmerkung: Von Bert", "gelöscht")]
    assert "Geändert von Anna Abel am" in answer.text
    by_bert |= {"_seen": answer.context["seen"], f"_take-{prefix[:-1]}": choice}
    saved(bert.post(page(row), by_bert))
    left = [*row.sources.values_list("text", "note")]
    assert left == ([("Quelle", "Von Bert")] if choice == "mine" else [])


def test_the_page_that_asks_shows_all_rows_with_what_was_written_into_them(anna, bert):
    row = ProjectFactory()
    first = SourceFactory(project=row, text="Eins", position=1)
    SourceFactory(project=row, text="Zwei", position=2)
    sent = sent_back(bert, page(row))
    sent |= {"sources-0-note": "Erste von Bert", "sources-1-note": "Zweite von Bert"}
    first.delete()

    answer = bert.post(page(row), sent)

    assert differences(answer) == [("Quelle", "Anmerkung: Erste von Bert", "gelöscht")]
    for name in ("sources-0-note", "sources-1-note", "sources-0-id", "sources-1-id"):
        assert f'name="{name}"' in answer.text
    assert "Erste von Bert</textarea>" in answer.text or 'value="Erste von Bert"' in answer.text
    assert "Zweite von Bert</textarea>" in answer.text or 'value="Zweite von Bert"' in answer.text


def test_a_row_that_was_deleted_meanwhile_and_not_touched_here_stays_away(anna, bert, cited):
    row, _source, sent, prefix = cited
    saved(anna.post(page(row), sent_back(anna, page(row), **{f"{prefix}DELETE": "on"})))

    saved(bert.post(page(row), sent | {"title": "Von Bert"}))

    assert not row.sources.exists()
    assert Project.objects.get(pk=row.pk).title == "Von Bert"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_row_that_was_changed_is_not_deleted_unasked(anna, bert, cited, choice):
    row, _source, sent, prefix = cited
    saved(anna.post(page(row), sent_back(anna, page(row), **{f"{prefix}note": "Von Anna"})))
    by_bert = sent | {f"{prefix}DELETE": "on"}

    answer = bert.post(page(row), by_bert)

    assert [(mine, "Von Anna" in theirs) for _label, mine, theirs in differences(answer)] == [
        ("löschen", True)
    ]
    assert row.sources.exists()
    saved(bert.post(page(row), by_bert | {"_seen": answer.context["seen"], "_take-all": choice}))
    assert [*row.sources.values_list("note", flat=True)] == (
        [] if choice == "mine" else ["Von Anna"]
    )


def test_rows_that_the_other_has_added_stay(anna, bert, cited):
    row, _source, sent, prefix = cited
    SourceFactory(project=row, text="Von Anna")

    saved(bert.post(page(row), sent | {f"{prefix}note": "Von Bert"}))

    assert {*row.sources.values_list("text", "note")} >= {("Quelle", "Von Bert")}
    assert row.sources.count() == 2


def test_a_deleted_row_of_others_does_not_come_back_by_its_number(bert, cited):
    row, source, sent, prefix = cited
    other = SourceFactory(text="Fremd")

    bert.post(page(row), sent | {f"{prefix}id": other.pk, f"{prefix}note": "Von Bert"})

    left = Source.objects.filter(pk__in=[source.pk, other.pk]).order_by("pk")
    assert [*left.values_list("text", "note")] == [
        ("Quelle", "Alt"), ("Fremd", other.note)
    ]  # fmt: skip


# What cannot be changed any more ---------------------------------------------------------------------


def test_what_was_typed_into_a_field_that_has_closed_is_shown_and_not_dropped(anna, bert, mine):
    event = mine.of(Event, state=EventState.DRAFT)
    by_bert = sent_back(bert, page(event), city="Bonn", title="Titel von Bert")
    Event.objects.filter(pk=event.pk).update(state=EventState.PUBLISHED)

    answer = bert.post(page(event), by_bert)

    assert [row[1:] for row in differences(answer)] == [("Bonn", event.city)]
    assert "lässt sich inzwischen nicht mehr ändern" in answer.text
    seen = {"_seen": answer.context["seen"]}
    again = bert.post(page(event), by_bert | seen | {"_take-all": "mine"})
    assert len(differences(again)) == 1
    saved(bert.post(page(event), by_bert | seen | {"_take-all": "theirs"}))
    stored = Event.objects.get(pk=event.pk)
    assert (stored.title, stored.city) == ("Titel von Bert", event.city)


def test_only_what_was_changed_is_written(anna):
    row = ProjectFactory()
    sent = sent_back(anna, page(row), title="Neu")

    with CaptureQueriesContext(connection) as queries:
        saved(anna.post(page(row), sent))

    (update,) = [
        one["sql"] for one in queries if one["sql"].startswith('UPDATE "projects_project"')
    ]
    columns = re.findall(r'"(\w+)" = ', update.partition(" WHERE ")[0])
    assert columns == ["title", "updated_at"]
    assert any("FOR NO KEY UPDATE" in one["sql"] for one in queries)


# Pages that were not filled from the row, or from one that is gone -----------------------------------


@pytest.mark.parametrize("model", changed_in_forms(), ids=lambda model: model._meta.label)
def test_what_comes_without_its_page_is_shown_again_and_not_saved(anna, model, mine):
    row = row_of(model, mine)
    shown = anna.get(page(row))
    name = writable(shown)[0]
    before = model._base_manager.filter(pk=row.pk).values().get()
    sent = filled_in(shown) | {name: "Ohne Seite"}
    del sent["_seen"]

    answer = anna.post(page(row), sent)

    assert answer.status_code == 200
    assert "Diese Seite ist so alt" in answer.text
    assert "Ohne Seite" in answer.text
    assert model._base_manager.filter(pk=row.pk).values().get() == before
    # What comes back carries a page of now, and is saved.
    saved(anna.post(page(row), sent | {"_seen": answer.context["seen"]}))


@pytest.mark.parametrize("model", changed_in_forms(), ids=lambda model: model._meta.label)
def test_what_was_typed_is_shown_if_the_row_is_not_there_any_more(anna, model, mine, monkeypatch):
    row = row_of(model, mine)
    shown = anna.get(page(row))
    name = writable(shown)[0]
    sent = filled_in(shown) | {name: "Lange überlegt"}
    before = model._base_manager.count()
    monkeypatch.setattr(admin.site._registry[model], "get_object", lambda *_asked: None)

    answer = anna.post(page(row), sent)

    assert answer.status_code == 409
    assert "Diesen Eintrag gibt es für Sie nicht mehr" in answer.text
    assert "Lange überlegt" in [one.text for one in answer.context["typed"]]
    assert ">Lange überlegt</dd>" in answer.text
    assert model._base_manager.count() == before
    # Without a page that was filled from it, it is as if there had never been one.
    elsewhere = anna.post(page(row), sent | {"_seen": "erfunden"})
    assert elsewhere.status_code == 302
    assert anna.get(page(row)).status_code == 302


def test_what_was_typed_into_a_row_that_is_gone_becomes_a_new_one_with_its_rows(anna, bert):
    row = ProjectFactory(name="Lichtnetz", summary="Alt")
    cited = SourceFactory(project=row, text="Quelle", note="Alt")
    place = page(row)
    sent = sent_back(bert, place) | {"summary": "Von Bert <b>"}
    row.delete()

    answer = bert.post(place, sent)
    assert answer.status_code == 409
    assert "Von Bert &lt;b&gt;" in answer.text
    assert not Project.objects.filter(name="Lichtnetz").exists()

    hidden = answer.context["fields"]
    new = {name: [value for other, value in hidden if other == name] for name, _value in hidden}
    saved(bert.post(answer.context["add_url"], new | {"_continue": "1"}))
    stored = Project.objects.get(name="Lichtnetz")
    assert (stored.name, stored.summary) == ("Lichtnetz", "Von Bert <b>")
    again = Source.objects.get(text="Quelle")
    assert (again.project, again.text, again.note) == (stored, "Quelle", "Alt")
    assert again.pk != cited.pk


def test_who_may_make_no_new_one_is_not_offered_it(client):
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_theme"))
    client.force_login(user)
    row = ThemeFactory()
    place = page(row)
    sent = sent_back(client, place) | {"description": "Von Bert"}
    row.delete()

    answer = client.post(place, sent)

    assert answer.context["add_url"] == ""
    assert "Als neuen Eintrag" not in answer.text
    assert "Von Bert" in answer.text

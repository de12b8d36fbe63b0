"""A page asks first, then acts: once, on what it has shown, and only if that still is possible."""

from dataclasses import replace

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import F
from django.urls import reverse

from communities.models import Membership
from ground.refusals import NotPossible, Overtaken
from office.steps import SeenForm, Step, StepForm, WithSteps
from tests.factories import UserFactory
from tests.factories.communities import MembershipFactory

pytestmark = pytest.mark.django_db

TOO_LATE = (
    "Das geht beim jetzigen Stand nicht, vielleicht war jemand schneller. Es wurde nichts geändert."
)


class NameForm(StepForm):
    name = forms.CharField(label="Neuer Name", required=False)


def rename(row, form, by, now):
    """Compare and swap, as all actions do."""
    if form.cleaned_data["name"] == "Nemo":
        raise NotPossible("So heißt schon jemand.")
    same = Membership.objects.filter(pk=row.pk, version=row.version)
    if not same.update(name=form.cleaned_data["name"], version=F("version") + 1):
        raise Overtaken(row)


def publish(row, form, by, now):
    Membership.objects.filter(pk=row.pk).update(organisation="veröffentlicht")


def copy(row, form, by, now):
    return MembershipFactory(community=row.community, name="Kopie")


RENAME = Step(
    "umbenennen",
    "Umbenennen",
    "Wie soll sie heißen?",
    "Sie heißt jetzt anders.",
    lambda row, by, now: row.name != "Fest",
    rename,
    NameForm,
)
PUBLISH = replace(RENAME, slug="zeigen", title="Zeigen", run=publish, form=SeenForm)
COPY = replace(RENAME, slug="kopieren", title="Kopieren", run=copy, form=StepForm, makes_new=True)
FORBIDDEN = replace(RENAME, slug="verboten", title="Verboten", allowed=lambda by: False)


@pytest.fixture(autouse=True)
def planted(monkeypatch):
    """Steps of an administration that is there, so that its site, rows and pages are real."""
    model_admin = type(admin.site._registry[Membership])
    monkeypatch.setattr(model_admin, "steps", (RENAME, PUBLISH, COPY, FORBIDDEN))


@pytest.fixture
def row():
    return MembershipFactory(name="Alt", organisation="Amt")


def step(row, slug="umbenennen"):
    return reverse("admin:communities_membership_step", args=[row.pk, slug])


def page(row):
    return reverse("admin:communities_membership_change", args=[row.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def typed(answer, **values):
    """What the form on a page sends back."""
    form = answer.context["form"]
    return {field.html_name: field.value() or "" for field in form} | values


def stored(row):
    return Membership.objects.values("name", "organisation", "version").get(pk=row.pk)


def test_the_row_has_a_button_for_each_step_that_is_possible_and_allowed(admin_client, row):
    shown = admin_client.get(page(row))

    assert [(one.slug, url) for one, url in shown.context["steps"]] == [
        (slug, step(row, slug)) for slug in ("umbenennen", "zeigen", "kopieren")
    ]
    for slug in ("umbenennen", "zeigen", "kopieren"):
        assert f'href="{step(row, slug)}"' in shown.text
    assert "Verboten" not in shown.text


def test_asking_changes_nothing(admin_client, row):
    before = stored(row)

    shown = admin_client.get(step(row))
    admin_client.head(step(row))

    assert "Wie soll sie heißen?" in shown.text
    assert 'value="Umbenennen"' in shown.text
    assert (stored(row), LogEntry.objects.count()) == (before, 0)


def test_a_yes_is_carried_out_once_noted_and_said(admin_client, row):
    sent = typed(admin_client.get(step(row)), name="Neu")
    after = {"name": "Neu", "organisation": "Amt", "version": row.version + 1}

    answer = admin_client.post(step(row), sent, follow=True)

    assert answer.redirect_chain == [(page(row), 302)]
    assert said(answer) == ["Sie heißt jetzt anders."]
    assert stored(row) == after
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.action_flag, entry.change_message) == (
        str(row.pk),
        CHANGE,
        "Umbenennen",
    )

    again = admin_client.post(step(row), sent, follow=True)

    assert (said(again), stored(row), LogEntry.objects.count()) == ([TOO_LATE], after, 1)


def test_what_was_overtaken_is_told_and_not_done(admin_client, row):
    sent = typed(admin_client.get(step(row)), name="Neu")
    Membership.objects.filter(pk=row.pk).update(name="Schneller", version=F("version") + 1)
    before = stored(row)

    answer = admin_client.post(step(row), sent, follow=True)

    assert answer.redirect_chain == [(page(row), 302)]
    assert (said(answer), stored(row), LogEntry.objects.count()) == ([TOO_LATE], before, 0)


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "x"}])
def test_a_yes_that_does_not_say_what_it_was_about_is_none(admin_client, row, version):
    before = stored(row)

    answer = admin_client.post(step(row), {"name": "Neu"} | version)

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert (stored(row), LogEntry.objects.count()) == (before, 0)


def test_what_the_rules_forbid_stands_in_the_form_with_what_was_typed(admin_client, row):
    before = stored(row)

    answer = admin_client.post(step(row), typed(admin_client.get(step(row)), name="Nemo"))

    assert answer.context["form"].non_field_errors() == ["So heißt schon jemand."]
    assert "So heißt schon jemand." in answer.text
    assert 'value="Nemo"' in answer.text
    assert (stored(row), LogEntry.objects.count()) == (before, 0)


def test_a_yes_counts_for_the_words_that_were_read(admin_client, row):
    sent = typed(admin_client.get(step(row, "zeigen")))
    Membership.objects.filter(pk=row.pk).update(message="Untergeschoben.")

    answer = admin_client.post(step(row, "zeigen"), sent)

    changed = "Der Text wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal."
    assert answer.context["form"].non_field_errors() == [changed]
    assert changed in answer.text
    assert stored(row)["organisation"] == "Amt"

    # The page has come back with the words as they are now: a yes to those counts.
    answer = admin_client.post(step(row, "zeigen"), typed(answer), follow=True)

    assert said(answer) == ["Sie heißt jetzt anders."]
    assert stored(row)["organisation"] == "veröffentlicht"


def test_a_yes_to_words_that_were_not_read_is_none(admin_client, row):
    answer = admin_client.post(step(row, "zeigen"), {"version": row.version})

    assert answer.context["form"].non_field_errors() == [
        "Bitte rufen Sie diese Seite noch einmal auf."
    ]
    assert stored(row)["organisation"] == "Amt"


def test_what_is_not_possible_is_neither_offered_nor_asked_nor_done(admin_client, row):
    sent = typed(admin_client.get(step(row)), name="Neu")
    Membership.objects.filter(pk=row.pk).update(name="Fest")
    before = stored(row)

    assert admin_client.get(page(row)).context["steps"] == []
    for answer in (
        admin_client.get(step(row), follow=True),
        admin_client.post(step(row), sent, follow=True),
    ):
        assert answer.redirect_chain == [(page(row), 302)]
        assert said(answer) == [TOO_LATE]
    assert (stored(row), LogEntry.objects.count()) == (before, 0)


def test_what_is_not_allowed_is_refused(admin_client, row):
    before = stored(row)

    asked = admin_client.get(step(row, "verboten"))
    done = admin_client.post(step(row, "verboten"), {"name": "Neu", "version": row.version})

    assert (asked.status_code, done.status_code, stored(row)) == (403, 403, before)


def test_a_step_or_a_row_that_does_not_exist_is_not_found(admin_client, row):
    missing = step(row).replace(f"/{row.pk}/", "/999999/")
    for address in (step(row, "unsinn"), missing):
        assert admin_client.get(address).status_code == 404
        assert admin_client.post(address, {"version": 1}).status_code == 404


def test_what_makes_a_new_row_leads_to_its_page(admin_client, row):
    sent = typed(admin_client.get(step(row, "kopieren")))

    answer = admin_client.post(step(row, "kopieren"), sent)

    new = Membership.objects.get(name="Kopie")
    assert answer["Location"] == page(new)
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.action_flag) == (str(new.pk), ADDITION)


def test_who_has_nothing_to_do_here_gets_at_no_row(client, django_user_model, row):
    client.force_login(django_user_model.objects.create_user("wer@kommune.example", name="Wer"))
    before = stored(row)

    asked = client.get(step(row))
    done = client.post(step(row), {"name": "Neu", "version": row.version})

    assert row.name not in asked.text
    assert (200 in (asked.status_code, done.status_code), stored(row)) == (False, before)


def test_everything_that_asks_first_in_the_administration_is_a_step_of_this_engine(monkeypatch):
    monkeypatch.undo()
    with_steps = [one for one in admin.site._registry.values() if hasattr(one, "steps")]
    assert len(with_steps) >= 7
    for model_admin in with_steps:
        assert isinstance(model_admin, WithSteps)
        assert type(model_admin).step_view is WithSteps.step_view
        slugs = [one.slug for one in model_admin.steps]
        assert len(slugs) == len(set(slugs)) > 0
        for one in model_admin.steps:
            assert all(str(text) for text in (one.title, one.question, one.done)), one.slug


# Of all other steps the rows that one sees, and what is possible with them, decide.
OFFICE_ALONE = {
    "asking.Question": {"gemeinschaft", "nachnutzende", "start-smart"},
    "consulting.ConsultationRequest": {
        "uebernehmen", "zuweisen", "bestaetigen", "vereinbaren", "vorschlagen", "verschieben",
        "faellt-aus", "wieder-aufnehmen", "absagen", "ablehnen",
    },
    "mailing.Email": {"erneut-senden"},
    "projects.ReuseStatement": {"veroeffentlichen", "ablehnen"},
    "projects.Revision": {"davor", "wiederherstellen"},
}  # fmt: skip


def test_every_page_with_steps_brings_what_they_look_like():
    registry = admin.site._registry.items()
    with_steps = {model: one for model, one in registry if getattr(one, "steps", ())}

    bare = [model for model, one in with_steps.items() if "css/office.css" not in str(one.media)]

    assert (len(with_steps) > 10, bare) == (True, [])


def test_what_only_an_office_may_do_is_allowed_to_no_one_who_merely_works_here(monkeypatch):
    monkeypatch.undo()
    merely, all_offices = UserFactory(is_staff=True), UserFactory(is_superuser=True)
    refused = {}
    for model, model_admin in admin.site._registry.items():
        for one in getattr(model_admin, "steps", ()):
            assert one.allowed(all_offices)
            if not one.allowed(merely):
                refused.setdefault(model._meta.label, set()).add(one.slug)

    assert refused == OFFICE_ALONE

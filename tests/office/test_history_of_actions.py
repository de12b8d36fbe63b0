"""Whatever the buttons of the administration change stands in the history of the row, with who did it."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from consulting import actions
from consulting.models import HistoryEntry
from office.steps import WithSteps
from office.together import WithTogether
from tests.consulting.test_admin import in_days, stored
from tests.factories import (
    EmailFactory,
    ProjectFactory,
    SlotSeriesFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

YES = {"confirmed": "ja"}
# They change nothing.
READ_ONLY = {"export"}
# Those who write the note of a step in other words, each held by the tests of its app.
IN_OTHER_WORDS = {
    "communities.Community",
    "consulting.ConsultationRequest",
    "events.Registration",
    "projects.Revision",
}


def signed_in(user):
    UserSession.objects.create(
        session_key="a" * 32, user=user, ip="127.0.0.1", user_agent="x", last_seen_at=timezone.now()
    )
    return user


def offered():
    today = timezone.localdate()
    series = SlotSeriesFactory(first_on=today, last_on=today + timedelta(days=30))
    actions.publish_series(series, now=timezone.now())
    return series


def with_second_factor(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


# By model and action: the rows, which of them is changed by it, and what is typed.
CHANGES = {
    ("projects.Project", "mark_checked"): lambda me: (
        [ProjectFactory()],
        {"checked_on": "2026-11-20"},
    ),
    ("projects.Theme", "merge"): lambda me: (
        (themes := [ThemeFactory(), ThemeFactory()]) and (themes, {"kept": themes[0].pk})
    ),
    ("consulting.ConsultationRequest", "assign_to_me"): lambda me: ([stored()], {}),
    ("consulting.ConsultationRequest", "hand_back"): lambda me: ([stored(responsible=me)], {}),
    ("consulting.Slot", "withdraw"): lambda me: ([in_days(3)], {}),
    ("consulting.SlotSeries", "withdraw"): lambda me: ([offered()], {}),
    ("accounts.User", "send_password_mail"): lambda me: ([UserFactory()], {}),
    ("accounts.User", "sign_out_everywhere"): lambda me: ([signed_in(UserFactory())], {}),
    ("accounts.User", "remove_second_factor"): lambda me: ([with_second_factor(UserFactory())], {}),
    ("mailing.Email", "send_again"): lambda me: (
        [EmailFactory(last_error="451 später")],
        {"token": "a" * 32},
    ),
}


def _actions():
    for model, model_admin in admin.site._registry.items():
        for action in model_admin.actions:
            yield model._meta.label, action


def test_every_action_of_every_list_is_one_that_the_next_test_tries_or_changes_nothing():
    found = {one for one in _actions() if one[1] not in READ_ONLY}
    assert found == CHANGES.keys()
    # What is done with several rows and asked by one engine is noted by that engine.
    for model_admin in admin.site._registry.values():
        if hasattr(model_admin, "together"):
            assert type(model_admin)._do is WithTogether._do


@pytest.mark.parametrize("of", CHANGES, ids=lambda one: f"{one[0]}-{one[1]}")
def test_what_an_action_changes_stands_in_the_history_with_who_did_it(admin_client, admin_user, of):
    label, action = of
    (rows, typed) = CHANGES[of](admin_user)
    model = rows[0]._meta.model
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    LogEntry.objects.all().delete()
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}

    answer = admin_client.post(reverse(name), YES | chosen | typed)

    assert answer.status_code == 302
    noted = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=str(rows[0].pk)
    )
    own = (
        HistoryEntry.objects.filter(request=rows[0].pk) if label.startswith("consulting.Co") else ()
    )
    assert [one.user for one in noted] + [one.by for one in own] == [admin_user]


def test_every_step_is_noted_by_the_engine_or_in_other_words():
    overriding = {
        model._meta.label
        for model, model_admin in admin.site._registry.items()
        if hasattr(model_admin, "steps") and type(model_admin).note_step is not WithSteps.note_step
    }
    assert overriding == IN_OTHER_WORDS

"""Tasks that the clock starts leave a trace of how they went."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from smartcities.celery import app
from smartcities.operations.regular_tasks import HEARTBEAT, RegularTask, scheduled
from smartcities.tasks import heartbeat
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PURGE = "mailing.tasks.purge"

# Tasks that the clock does not start, and what does.
STARTED_OTHERWISE: dict[str, str] = {}


def test_every_task_of_the_schedule_exists():
    app.loader.import_default_modules()

    assert [name for name in scheduled() if name not in app.tasks] == []


def test_every_task_is_scheduled_or_says_why_not():
    """A task that the clock never starts fails nowhere: what it should have done is just not done."""
    app.loader.import_default_modules()
    # Other tests register tasks of their own.
    ours = {name for name in app.tasks if not name.startswith(("celery.", "tests."))}

    assert sorted(ours - set(scheduled()) - set(STARTED_OTHERWISE)) == [], "never started"
    assert sorted(set(STARTED_OTHERWISE) - ours) == []


def test_a_task_that_succeeds_is_written_down():
    before = timezone.now()
    heartbeat.apply()

    row = RegularTask.objects.get()
    assert row.name == HEARTBEAT
    assert before <= row.known_since == row.started_at <= row.succeeded_at
    assert (row.failed_at, row.failure) == (None, "")


def test_of_a_task_that_fails_only_the_kind_of_error_is_written_down(monkeypatch):
    def fail(**_anything):
        raise ValueError("erika@example.org")

    monkeypatch.setattr("mailing.retention.purge", fail)
    app.tasks[PURGE].apply()

    row = RegularTask.objects.get()
    assert (row.name, row.succeeded_at, row.failure) == (PURGE, None, "ValueError")

    monkeypatch.undo()
    app.tasks[PURGE].apply()
    row.refresh_from_db()
    assert row.failed_at < row.succeeded_at
    assert row.failure == ""


def test_not_being_able_to_write_it_down_makes_no_task_fail(monkeypatch):
    def away(*_anything, **_more):
        raise DatabaseError

    monkeypatch.setattr(RegularTask, "note", away)

    assert heartbeat.apply().successful()


RETENTION = "consulting.tasks.carry_out_retention"


@pytest.mark.parametrize(
    ("task", "succeeded", "now", "overdue"),
    [
        ("mailing.tasks.deliver", "2026-11-20 12:00", "2026-11-20 12:14", False),
        ("mailing.tasks.deliver", "2026-11-20 12:00", "2026-11-20 12:16", True),
        (HEARTBEAT, "2026-11-20 12:00", "2026-11-20 12:02", False),
        (HEARTBEAT, "2026-11-20 12:00", "2026-11-20 12:03", True),
        # Due each night at 3:40 in Berlin, also in the night in which the clocks change.
        (RETENTION, "2026-11-19 03:41", "2026-11-20 03:50", False),
        (RETENTION, "2026-11-19 03:41", "2026-11-20 03:56", True),
        (RETENTION, "2026-10-24 03:41", "2026-10-25 03:50", False),
        (RETENTION, "2026-10-24 03:41", "2026-10-25 03:56", True),
        ("earlier.release.task", "2020-01-01 00:00", "2026-11-20 12:00", False),
    ],
)
def test_a_task_is_overdue_a_while_after_its_time(task, succeeded, now, overdue):
    succeeded, now = (
        datetime.fromisoformat(moment).replace(tzinfo=timezone.get_default_timezone())
        for moment in (succeeded, now)
    )
    row = RegularTask(name=task, known_since=succeeded, succeeded_at=succeeded)

    assert row.is_overdue(now, scheduled()) is overdue


def test_who_runs_the_portal_sees_the_tasks_and_changes_none(client):
    RegularTask.note(HEARTBEAT, succeeded_at=timezone.now())
    RegularTask.note(PURGE, known_since=timezone.now() - timedelta(days=2))
    RegularTask.note("earlier.release.task", started_at=timezone.now())
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    page = client.get(reverse("admin:smartcities_regulartask_changelist"))

    shown = [
        (row.name, page.context["cl"].model_admin.state(row)) for row in page.context["cl"].queryset
    ]
    assert shown == [
        ("earlier.release.task", "gibt es nicht mehr"),
        (PURGE, "überfällig"),
        (HEARTBEAT, "in Ordnung"),
    ]
    assert client.get(reverse("admin:smartcities_regulartask_add")).status_code == 403

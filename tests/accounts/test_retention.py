from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session

from accounts import retention, tasks
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def signed_in(key: str, *, until: datetime) -> UserSession:
    Session.objects.create(session_key=key, session_data="…", expire_date=until)
    return UserSession.objects.create(
        user=UserFactory(), session_key=key, ip="192.0.2.7", user_agent="Firefox"
    )


def changed(at: datetime) -> LogEntry:
    entry = LogEntry.objects.create(user=UserFactory(), action_flag=CHANGE, object_repr="Eva")
    LogEntry.objects.filter(pk=entry.pk).update(action_time=at)
    return entry


def test_what_is_over_goes_and_what_is_not_stays():
    signed_in("over", until=NOW - timedelta(seconds=1))
    running = signed_in("running", until=NOW + timedelta(days=1))
    changed(NOW - retention.HISTORY - timedelta(seconds=1))
    recent = changed(NOW - retention.HISTORY)

    assert retention.carry_out(now=NOW) == {
        "sessions": 1,
        "devices": 1,
        "history": 1,
        "tallies": 0,
        "networks": 0,
        "files": 0,
    }

    assert [session.session_key for session in Session.objects.all()] == ["running"]
    assert list(UserSession.objects.all()) == [running]
    assert list(LogEntry.objects.all()) == [recent]


def test_somebody_who_signed_out_is_forgotten_with_the_session():
    signed_in("left", until=NOW + timedelta(days=1))
    Session.objects.all().delete()

    retention.carry_out(now=NOW)

    assert UserSession.objects.count() == 0


def test_the_task_goes_by_the_clock_of_now():
    signed_in("over", until=NOW)

    tasks.carry_out_retention()

    assert Session.objects.count() == 0

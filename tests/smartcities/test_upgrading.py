"""A database is brought up from nothing or from the version before, and anything else is told before it is touched."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from consulting.mail import reminders
from consulting.models import HistoryEntry
from mailing.models import Email
from smartcities.operations import state
from tests.factories import ConsultationRequestFactory, SlotFactory, UserFactory
from tests.factories.events import RegistrationFactory

pytestmark = pytest.mark.django_db

SQUASHED = {
    key: migration
    for key, migration in MigrationLoader(None).disk_migrations.items()
    if migration.replaces
}


def as_before() -> MigrationRecorder:
    """What is recorded where the version before was in use: its steps, and none of what replaces them."""
    recorder = MigrationRecorder(connection)
    for (app, name), migration in SQUASHED.items():
        recorder.record_unapplied(app, name)
        for step in migration.replaces:
            recorder.record_applied(*step)
    return recorder


def test_the_database_of_the_version_before_needs_nothing_but_a_note():
    recorder = as_before()

    call_command("migrate", verbosity=0, skip_checks=False)

    assert recorder.applied_migrations().keys() >= SQUASHED.keys()


def test_an_older_database_is_named_with_what_it_lacks_and_left_alone():
    recorder = as_before()
    recorder.record_unapplied("events", "0013_seats_note_changes")
    recorder.record_unapplied("events", "0014_what_is_there_once")
    before = recorder.applied_migrations().keys()

    with pytest.raises(SystemCheckError) as told:
        call_command("migrate", verbosity=0, skip_checks=False)

    assert (
        "Dieser Datenbank fehlen Schritte von früher: "
        "events 0013_seats_note_changes, events 0014_what_is_there_once.\n"
        "\tHINT: Bringen Sie sie zuerst mit Version dec4125e auf den Stand (migrate), dann mit dieser."
    ) in str(told.value)
    assert recorder.applied_migrations().keys() == before


def test_the_steps_of_before_are_all_replaced_each_once():
    steps = [step for migration in SQUASHED.values() for step in migration.replaces]

    assert (len(steps), len(set(steps)), len(SQUASHED)) == (89, 89, 10)
    assert all(app == key[0] for key, one in SQUASHED.items() for app, _name in one.replaces)


def test_the_page_for_operators_says_what_is_missing_as_readyz_does():
    as_before()

    [missing] = [fact for fact in state.stand() if fact.label == "Fehlende Migrationen"]

    assert missing.value == ", ".join(f"{app} {name}" for app, name in sorted(SQUASHED))


def carried_out(app: str, name: str) -> None:
    """The steps of a migration of data, with what is there now."""
    for step in MigrationLoader(None).get_migration(app, name).operations:
        step.code(apps, None)


def test_whose_address_was_proved_before_is_known_where_something_tells_it():
    confirmed, hour = timezone.now() - timedelta(days=30), timedelta(hours=1)
    registrations = [
        RegistrationFactory(user=user, confirmed_at=at, address_proved_at=None, hold_until=hold)
        for user, at, hold in (
            (UserFactory(), confirmed, None),
            (UserFactory(), None, timezone.now() + hour),
            (None, confirmed, None),
        )
    ]
    later = RegistrationFactory(user=UserFactory(), address_proved_at=confirmed + hour)
    histories = (
        [("confirmed", 1, None), ("moved", 0, None)],
        [("confirmed", 0, UserFactory()), ("rated", 2, None)],
        [("scheduled", 0, UserFactory()), ("expired", 1, None), ("cancelled", 2, None)],
    )
    requests = [ConsultationRequestFactory() for _history in histories]
    for request, history in zip(requests, histories, strict=True):
        for version, (kind, hours, by) in enumerate(history, 2):
            HistoryEntry.objects.create(
                request=request, version=version, kind=kind, at=confirmed + hours * hour, by=by
            )

    carried_out("events", "0003_addresses_proved_before")
    carried_out("consulting", "0003_what_is_known_of_before")

    proved = [fresh(row).address_proved_at for row in (*registrations, later)]
    assert proved == [confirmed, None, None, confirmed + hour]
    proved = [fresh(row).address_proved_at for row in requests]
    assert proved == [confirmed, confirmed + 2 * hour, None]


@pytest.mark.parametrize("done", ["scheduled", "called_off", "held_meeting", "no_show"])
def test_what_a_colleague_may_have_done_whose_account_is_gone_proves_no_address(done):
    at, hour, gone = timezone.now() - timedelta(days=30), timedelta(hours=1), UserFactory()
    moved, rated, theirs = (ConsultationRequestFactory() for _number in range(3))
    for request, version, kind, by in (
        (moved, 2, "confirmed", gone),
        (moved, 3, "moved", None),
        (rated, 2, "confirmed", None),
        (rated, 3, "rated", None),
        (theirs, 2, done, gone),
    ):
        HistoryEntry.objects.create(
            request=request, version=version, kind=kind, at=at + version * hour, by=by
        )
    gone.delete()

    carried_out("consulting", "0003_what_is_known_of_before")

    proved = [fresh(row).address_proved_at for row in (moved, rated, theirs)]
    assert proved == [None, at + 3 * hour, None]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_who_was_asked_how_it_went_before_is_not_asked_again_but_about_the_next_date():
    asked, next_one, new = (
        ConsultationRequestFactory(confirmed=True, slot=SlotFactory()) for _number in range(3)
    )
    over = SlotFactory().ends_at
    for row, at in ((asked, over + timedelta(hours=18)), (next_one, over - timedelta(days=2))):
        Email.objects.create(
            key=f"consultation:{row.pk}:question:", created_at=at, to=row.email, sent_at=at
        )
    other = Email.objects.create(key=f"question:{new.pk}:v1:question:", to=new.email)

    carried_out("consulting", "0003_what_is_known_of_before")

    assert reminders.ask_how_it_went(now=over + timedelta(hours=19)) == 2
    told = Email.objects.filter(key__startswith="consultation:", sent_at=None)
    assert {mail.to for mail in told} == {next_one.email, new.email}
    assert fresh(other).key == other.key

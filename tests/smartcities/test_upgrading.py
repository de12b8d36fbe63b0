"""A database is brought up from nothing or from the version before, and anything else is told before it is touched."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from smartcities.operations import state

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

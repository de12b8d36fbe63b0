"""Free times, seats and what the search finds are counted as they change, and no writer waits for it."""

import re
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finding import versions
from finding.models import PartChange, PartVersion
from tests.factories.consulting import ConsultationRequestFactory, SlotFactory
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory
from tests.finding.test_raised_versions import MODELS, UNWATCHED, is_raised_by

NOTED = {
    "consulting_absence": versions.FREE_TIMES,
    "consulting_advisor": versions.FREE_TIMES,
    "consulting_appointment": versions.FREE_TIMES,
    "consulting_slot": versions.FREE_TIMES,
    "events_registration": versions.SEATS,
    "events_seats": versions.SEATS,
    "projects_searchstate": versions.SEARCH,
}
# Not what is left of seats: whose they are, and what was said along.
OF_SEATS = {"event_id", "mode", "state", "confirmed_at"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(NOTED))
def test_every_change_is_noted_and_makes_nothing_else_of_it_old(table):
    def numbers(statement: str) -> int:
        before = versions.current()
        # That an advisor is away says the page of an event, too. Nothing else asks for a new search.
        assert is_raised_by(statement) is (table == "consulting_absence")
        after = versions.current()
        part = NOTED[table]
        others = set(versions.BESIDE) - {part}
        assert after.of(sorted(others)) == before.of(sorted(others))
        return after.of([part])[0] - before.of([part])[0]

    columns = {
        field.column for field in MODELS[table]._meta.concrete_fields
        if not field.generated and not field.primary_key
    }  # fmt: skip
    noted = columns & OF_SEATS if table == "events_registration" else columns
    names = ", ".join(f'"{one}"' for one in sorted(columns))
    insert = f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} WHERE false"
    assert numbers(insert) == numbers(f"DELETE FROM {table} WHERE false") == 1
    found = {one for one in columns if numbers(f'UPDATE {table} SET "{one}" = "{one}" WHERE false')}
    assert found == noted


@pytest.mark.django_db
def test_pages_that_show_free_times_and_seats_are_made_of_nothing_else_that_is_not_watched():
    seats = SeatsFactory(capacity=2)
    RegistrationFactory(event=seats.event)
    slot = SlotFactory(starts_at=timezone.now() + timedelta(days=7))
    ConsultationRequestFactory(confirmed=True, slot=slot)

    def read(path: str) -> set[str]:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(path).status_code == 200
        statements = [query["sql"] for query in asked.captured_queries]
        return {table for one in statements for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', one)}

    def unwatched(path: str, part: str) -> set[str]:
        return (read(path) & UNWATCHED) - {name for name, of in NOTED.items() if of == part}

    assert "consulting_appointment" in read("/start-smart/")
    assert unwatched("/start-smart/", versions.FREE_TIMES) == set()
    for path in ("/veranstaltungen/", seats.event.get_absolute_url()):
        assert "events_registration" in read(path)
        assert unwatched(path, versions.SEATS) == set()


@pytest.mark.django_db
def test_the_page_of_an_event_is_another_once_the_advisor_there_advises_no_more():
    event = EventFactory(takes_registrations=False)
    slot = SlotFactory(event=event, mode="vor-ort", place="Rathaus", starts_at=event.starts_at)

    def page() -> str:
        return Client().get(event.get_absolute_url()).text

    before = versions.current()
    slot.advisor.save()
    assert versions.current() == before
    assert "Beratung vor Ort" in page()
    type(slot.advisor).objects.update(is_active=False)
    assert versions.current()["events"] > before["events"]
    assert "Beratung vor Ort" not in page()


@pytest.mark.django_db
def test_putting_changes_together_changes_no_number():
    seats = SeatsFactory()
    for taken in (1, 2, 3):
        type(seats).objects.update(taken=taken)
    SlotFactory()
    before = versions.current()
    for _twice in range(2):
        versions.fold()
        assert versions.current() == before
        assert versions.current().beside == before.beside
        assert PartChange.objects.count() == 0
    type(seats).objects.update(taken=4)
    assert versions.current().beside[versions.SEATS] == before.beside[versions.SEATS] + 1
    assert set(PartVersion.objects.values_list("part", flat=True)) >= set(before.beside)
    versions.fold()
    assert versions.current().beside[versions.SEATS] == before.beside[versions.SEATS] + 1


@pytest.mark.django_db(transaction=True)
def test_who_registers_waits_for_no_other_registration_to_be_stored():
    first, second = SeatsFactory(), SeatsFactory()
    before = versions.current().beside[versions.SEATS]
    names = connection.get_connection_params()
    names = {name: names[name] for name in ("dbname", "host", "port", "user", "password")}
    take = "UPDATE events_seats SET taken = taken + 1 WHERE id = %s"
    with closing(psycopg.connect(**names)) as one, closing(psycopg.connect(**names)) as other:
        one.execute(take, [first.pk])
        other.execute("SET lock_timeout = '1s'")
        other.execute(take, [second.pk])
        # What is not stored yet is not counted, so nobody keeps the old under the new number.
        assert versions.current().beside[versions.SEATS] == before
        other.commit()
        versions.fold()
        assert versions.current().beside[versions.SEATS] == before + 1
        one.commit()
    assert versions.current().beside[versions.SEATS] == before + 2
    versions.fold()
    assert versions.current().beside[versions.SEATS] == before + 2


def test_who_makes_pages_anew_is_told_of_seats_and_free_times_too():
    knowledge, told = versions.Knowledge(), []
    knowledge.when_changed = lambda: told.append(1)

    for at, seats in ((1.0, 1), (2.0, 1), (3.0, 2)):
        rows = [(versions.EVENTS, 7), (versions.SEATS, seats)]
        knowledge.learn(versions.Versions.read(rows), at)

    assert len(told) == 2

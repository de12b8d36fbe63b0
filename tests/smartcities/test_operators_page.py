"""The page „Betrieb“: what runs, what does not, and what to do about it; of people it tells nothing."""

import gc
import re
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.contrib.auth.models import Group
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

import mailing.retention
from finding import search
from finding.models import CatalogueVersion, SearchState
from ground.retention import RetentionRule
from smartcities.operations import beat, readiness, retention, state
from smartcities.operations.regular_tasks import BACKUP, HEARTBEAT, RegularTask, scheduled
from smartcities.operations.task_names import NAMES, rhythm_of
from tests.factories import EmailFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/verwaltung/betrieb/"
ALL_OK = dict.fromkeys((*readiness.DATABASE_PARTS, "broker"), readiness.OK)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def operator(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Betrieb"))
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def neighbours(monkeypatch):
    """`/readyz` asks over connections of its own, which do not see what a test has not committed."""
    monkeypatch.setattr(readiness, "readiness", lambda: ALL_OK)
    monkeypatch.setattr(state.shutil, "disk_usage", lambda _folder: Usage(10**12, 0, 10**12))
    monkeypatch.setattr(state, "client", lambda *_program, **_server: None)


@pytest.fixture
def all_runs():
    now = timezone.now()
    for name in (*scheduled(), BACKUP):
        RegularTask.note(name, started_at=now, succeeded_at=now)
    search.refresh(wait=True)


def read(client) -> str:
    return re.sub(r"\s+", " ", strip_tags(client.get(URL).text.partition('id="content"')[2]))


def to_do(client) -> list[tuple[str, str]]:
    return [(label, remedy) for _key, label, remedy in client.get(URL).context["wrong"]]


def test_where_everything_runs_nothing_is_to_do(operator, all_runs):
    page = operator.get(URL)

    assert page.context["wrong"] == []
    assert "Nichts. Alles läuft." in read(operator)
    assert [title for _key, title, _facts in page.context["sections"]] == [
        "Gesundheit",
        "Stand",
        "Sicherung",
        "E-Mails",
        "Platz",
        "Suche",
    ]
    facts = {fact.label: fact.value for _k, _t, facts in page.context["sections"] for fact in facts}
    assert facts["Fehlende Migrationen"] == "keine"
    assert facts["Letzte Sicherung"].endswith("vor weniger als einer Minute")
    assert (facts["Warten auf ihre Zeit"], facts["Hängen"]) == ("0", "0")
    assert facts["Warteschlange (Valkey)"] == "in Ordnung"


def test_the_version_names_the_commit_of_the_image_or_of_the_checkout_if_there_is_one(
    settings, tmp_path
):
    def version():
        state.version.cache_clear()
        return state.version().partition(" ")[2]

    git, worktree = tmp_path / "one" / ".git", tmp_path / "two"
    for folder in (git / "refs" / "heads", git / "worktrees" / "two", worktree, tmp_path / "image"):
        folder.mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs" / "heads" / "main").write_text("031b6f2aa\n")
    (git / "packed-refs").write_text("# pack-refs\n5f5e100aa refs/heads/two\n")
    (worktree / ".git").write_text("gitdir: ../one/.git/worktrees/two\n")
    (git / "worktrees" / "two" / "commondir").write_text("../..\n")
    (git / "worktrees" / "two" / "HEAD").write_text("ref: refs/heads/two\n")
    pyproject = settings.BASE_DIR / "pyproject.toml"
    found = {}
    try:
        for name in ("one", "two", "image"):
            shutil.copy(pyproject, tmp_path / name)
            settings.BASE_DIR = tmp_path / name
            found[name] = version()
        (git / "HEAD").write_text("77acc9baa\n")
        settings.BASE_DIR = tmp_path / "one"
        found["detached"] = version()
        (git / "HEAD").unlink()
        found["broken"] = version()
        settings.PORTAL_COMMIT = "86a645f"
        found["said"] = version()
    finally:
        state.version.cache_clear()

    assert found == {
        "one": "(031b6f2)",
        "two": "(5f5e100)",
        "image": "",
        "detached": "(77acc9b)",
        "broken": "",
        "said": "(86a645f)",
    }


def test_each_thing_that_is_wrong_says_what_to_do(operator, all_runs, monkeypatch):
    now = timezone.now()
    RegularTask.note(BACKUP, succeeded_at=now - timedelta(days=3), failed_at=now, failure="OSError")
    RegularTask.note("mailing.tasks.purge", succeeded_at=now - timedelta(days=9))
    RegularTask.note("events.tasks.remind", failed_at=now + timedelta(1), failure="KeyError")
    MigrationRecorder.Migration.objects.filter(app="mailing").latest("id").delete()
    EmailFactory(to="erika@example.org", due_at=now - timedelta(hours=2))
    EmailFactory(refused_at=now)
    SearchState.objects.update(version=0)
    CatalogueVersion.objects.update_or_create(
        pk=1, defaults={"number": 99, "changed_at": now - timedelta(hours=1)}
    )
    monkeypatch.setattr(state.shutil, "disk_usage", lambda _folder: Usage(10**12, 0, 10**9))
    monkeypatch.setattr(readiness, "readiness", lambda: ALL_OK | {"broker": readiness.DOWN})

    said = to_do(operator)

    assert [label for label, _remedy in said] == [
        "Warteschlange (Valkey)",
        "Fehlende Migrationen",
        "Letzte Sicherung",
        "Gescheiterte Sicherung",
        "Hängen",
        "Älteste, die hätte gehen sollen",
        "Seit gestern abgelehnt",
        "Arbeitsordner, Hochgeladenes, Offene Daten",
        "Stand des Suchindex",
        "E-Mails: Texte nach der Frist löschen",
        "Veranstaltungen: an Termine erinnern",
    ]
    assert all(remedy.endswith(".") for _label, remedy in said)
    assert "Scheitert" not in (text := read(operator))
    assert "gescheitert (KeyError)" in text
    assert "vor 3 Tagen" in text
    # Nobody is named.
    assert "erika" not in text


@pytest.mark.parametrize(
    ("usage", "is_short"),
    [
        (Usage(10**12, 0, 10**11), False),
        # A tenth of much is enough, less than that is not, and little is little of whatever.
        (Usage(10**12, 0, 10**11 - 1), True),
        (Usage(10 * 2**30, 0, 2 * 2**30), False),
        (Usage(10 * 2**30, 0, 2 * 2**30 - 1), True),
    ],
)
def test_a_disk_is_short_of_room_by_its_share_and_by_what_is_left(usage, is_short, monkeypatch):
    monkeypatch.setattr(state.shutil, "disk_usage", lambda _folder: usage)

    assert [bool(fact.remedy) for fact in state.room()[:-1]] == [is_short]


def test_every_part_of_readyz_has_a_name_and_a_remedy():
    assert state.PARTS.keys() == state.REMEDIES.keys() == ALL_OK.keys()


def test_a_task_that_has_never_run_is_shown_and_missed_from_its_first_time_on(operator, all_runs):
    RegularTask.objects.filter(pk="opendata.tasks.write_snapshot").delete()
    text = read(operator)
    assert "Offene Daten: Datei der Nacht schreiben täglich um 4:40 Uhr Noch nie gelaufen" in text
    assert to_do(operator) == []

    # The clock knows it since the day before yesterday, but no worker has ever begun it.
    RegularTask.know(scheduled())
    RegularTask.objects.filter(started_at=None).update(
        known_since=timezone.now() - timedelta(days=2)
    )

    assert to_do(operator) == [
        (
            "Offene Daten: Datei der Nacht schreiben",
            "Nicht begonnen. Laufen Zeitsteuerung (beat) und Worker? Starten Sie beide neu.",
        )
    ]


def test_a_clock_that_takes_over_knows_every_task(monkeypatch):
    RegularTask.note(HEARTBEAT, started_at=timezone.now())
    clock = beat.OneRings.__new__(beat.OneRings)
    entry = namedtuple("entry", "task schedule last_run_at")
    monkeypatch.setattr(
        beat.OneRings,
        "schedule",
        {
            name: type("Entry", (), entry(name, schedule, None)._asdict())()
            for name, schedule in scheduled().items()
        },
    )
    monkeypatch.setattr(beat.connection, "close", lambda: None)

    clock._recall()

    assert set(RegularTask.objects.values_list("name", flat=True)) == set(scheduled())
    assert RegularTask.objects.filter(started_at=None).count() == len(scheduled()) - 1


def test_every_task_of_the_clock_has_a_german_name_and_a_rhythm_in_words():
    assert sorted(NAMES) == sorted(scheduled())
    rhythms = {rhythm_of(schedule) for schedule in scheduled().values()}
    assert {"alle 10 Sekunden", "jede Minute", "alle 15 Minuten", "täglich um 3:10 Uhr"} <= rhythms
    assert "montags bis freitags um 7:40 Uhr" in rhythms
    assert rhythm_of(crontab(hour=6, minute=30, day_of_week="fri")) == "freitags um 6:30 Uhr"
    assert [one for one in rhythms if "<" in one] == []


def test_the_dry_run_counts_for_every_rule_and_changes_nothing(operator):
    EmailFactory(sent_at=timezone.now() - timedelta(days=365), text="Hallo Erika")
    named = {rule for _app, rule in retention.rules()}
    held = _every_rule()
    assert held - named == set(), "a rule that the page does not show"
    assert len(named) == len(list(retention.rules()))

    rows = operator.get(URL).context["rules"]

    assert ("E-Mails", str(mailing.retention.RULES[0].text), 1) in rows
    assert sum(number for _app, _text, number in rows) == 1
    mailing.retention.purge(now=timezone.now())
    assert sum(number for _app, _text, number in operator.get(URL).context["rules"]) == 0


def _every_rule() -> set[RetentionRule]:
    return {
        one
        for one in gc.get_objects()
        if type(one) is RetentionRule and not one.name.startswith("test")
    }


def test_only_who_runs_the_portal_sees_it(client, operator):
    assert operator.get(URL).status_code == 200
    assert reverse("admin:operations") == URL
    assert URL in operator.get("/verwaltung/").text
    assert operator.post(URL).status_code == 405

    office = UserFactory(is_staff=True)
    office.groups.set(Group.objects.exclude(name="Betrieb"))
    client.force_login(office)
    assert client.get(URL).status_code == 403
    assert URL not in client.get("/verwaltung/").text


def test_however_much_waits_the_page_asks_the_same_number_of_questions(
    operator, all_runs, django_assert_max_num_queries
):
    EmailFactory.create_batch(30)

    with django_assert_max_num_queries(75):
        operator.get(URL)

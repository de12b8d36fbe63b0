"""The start page of the administration says what waits, to those whom it concerns."""

import re
from collections import namedtuple
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from communities.models import Experience, MembershipState, Result
from events.models import EventState, Minutes
from office.todos import ahead_of, todos_of
from smartcities.accessibility import barriers
from smartcities.operations import state
from smartcities.operations.regular_tasks import BACKUP, HEARTBEAT, RegularTask
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    EmailFactory,
    SlotFactory,
    UserFactory,
)
from tests.factories.communities import CoordinationFactory, MembershipFactory, TopicGroupFactory
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def runs(monkeypatch):
    """A portal with a backup and with room, whatever the machine of the tests has."""
    RegularTask.note(BACKUP, succeeded_at=NOW)
    monkeypatch.setattr(state.shutil, "disk_usage", lambda _folder: Usage(10**12, 0, 10**12))


def user_in(group: str):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def texts(user) -> list[str]:
    return [todo.text for todo in todos_of(user, now=NOW)]


def fill(community) -> None:
    """One of everything that can wait, in one group."""
    MembershipFactory(
        community=community,
        state=MembershipState.REQUESTED,
        requested_at=NOW - timedelta(days=20),
    )
    Result.objects.create(community=community, slug=f"r-{community.pk}", title="R", kind="vorlage")
    Experience.objects.create(community=community, kind="stolperfalle", title="E", what="w")
    EventFactory(
        community=community,
        title="Werkstatt",
        starts_at=NOW - timedelta(days=3),
        kind="aeg-workshop",
    )


def test_a_coordinator_sees_what_waits_in_their_groups_and_nothing_of_others():
    mine = CoordinationFactory()
    fill(TopicGroupFactory(parent=mine.community))
    fill(CoordinationFactory().community)

    found = texts(mine.user)

    assert found[0] == "1 Mensch möchte in Ihre Gruppe, davon überfällig: 1"
    assert found[1].startswith("Protokoll fehlt: Werkstatt, ")
    assert found[2:] == ["1 Erfahrung wartet auf Freigabe", "1 Ergebnis ist noch ein Entwurf"]


def test_the_office_sees_requests_and_barriers_that_are_overdue():
    ConsultationRequestFactory(due_on=NOW.date() - timedelta(days=2))
    barriers.report(text="x", page="", email="", now=NOW - timedelta(days=40))

    assert texts(UserFactory(is_staff=True, is_superuser=True)) == [
        "1 Anfrage an Start Smart ist offen, davon überfällig: 1",
        "1 gemeldete Barriere ist unbeantwortet, davon überfällig: 1",
    ]


def test_who_has_nothing_to_do_is_told_so(client):
    coordinator = CoordinationFactory().user
    client.force_login(coordinator)

    assert "<p>Zurzeit nichts.</p>" in client.get(reverse("admin:index")).text


def _number_in(text: str) -> int:
    return int(text.partition(" ")[0])


def test_each_number_is_that_of_the_list_it_leads_to(client):
    """One of everything that waits, for a person who looks after all of it, and some that do not."""
    group = CoordinationFactory().community
    fill(group)
    MembershipFactory(community=group)
    event = EventFactory(community=group, starts_at=NOW - timedelta(days=9))
    Minutes.objects.create(event=event, text="x")
    ConsultationRequestFactory()
    ConsultationRequestFactory(done=True)
    ConsultationRequestFactory(confirmed=True, slot=SlotFactory(starts_at=NOW - timedelta(days=2)))
    ConsultationRequestFactory(confirmed=True, slot=SlotFactory(starts_at=NOW + timedelta(days=2)))
    barriers.report(text="x", page="", email="", now=NOW)
    EmailFactory(due_at=NOW - timedelta(days=1))
    EmailFactory(due_at=NOW + timedelta(days=1))
    EmailFactory(refused_at=NOW - timedelta(hours=2))
    EmailFactory(refused_at=NOW - timedelta(days=2))
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)

    counted = {
        todo.text: (_number_in(todo.text), client.get(todo.url).context["cl"].result_count)
        for todo in todos_of(user, now=NOW)
        if todo.text[0].isdigit()
    }

    assert {text: found for text, (said, found) in counted.items() if said != found} == {}
    assert sorted(re.sub(", davon.*", "", text) for text in counted) == [
        "1 Anfrage an Start Smart ist offen",
        "1 Beratung ist vorbei: Hat sie stattgefunden?",
        "1 E-Mail hängt",
        "1 E-Mail ist seit gestern abgelehnt worden",
        "1 Erfahrung wartet auf Freigabe",
        "1 Ergebnis ist noch ein Entwurf",
        "1 Mensch möchte in Ihre Gruppe",
        "1 Protokoll ist ein Entwurf",
        "1 gemeldete Barriere ist unbeantwortet",
    ]


def test_who_advises_is_asked_about_their_own_consultations_and_the_office_about_all():
    adviser, office = (user_in(group) for group in ("Start Smart: Beratung", "Start Smart"))
    for advisor in (AdvisorFactory(user=adviser), AdvisorFactory()):
        slot = SlotFactory(advisor=advisor, starts_at=NOW - timedelta(days=2))
        ConsultationRequestFactory(confirmed=True, slot=slot)

    assert texts(adviser) == ["1 Beratung ist vorbei: Hat sie stattgefunden?"]
    assert texts(office) == ["2 Beratungen sind vorbei: Haben sie stattgefunden?"]


def test_those_who_run_the_portal_see_tasks_that_did_not_run():
    RegularTask.note(HEARTBEAT, succeeded_at=NOW - timedelta(hours=1))

    assert texts(user_in("Betrieb")) == ["1 regelmäßige Aufgabe ist ausgeblieben"]


def test_those_who_run_the_portal_see_that_a_backup_is_missing_or_a_disk_full(monkeypatch):
    operator = user_in("Betrieb")
    assert texts(operator) == []
    when = NOW - timedelta(days=3)
    RegularTask.note(BACKUP, succeeded_at=when, failed_at=NOW, failure="OSError")
    monkeypatch.setattr(state.shutil, "disk_usage", lambda _folder: Usage(10**12, 0, 10**9))

    [old, failed, full] = todos_of(operator, now=NOW)

    assert old.text.startswith("Letzte Sicherung: ")
    assert old.text.endswith(", vor 3 Tagen")
    assert failed.text.startswith("Gescheiterte Sicherung: ")
    assert full.text.startswith("Arbeitsordner, Hochgeladenes, Offene Daten: ")
    assert {one.is_overdue for one in (old, failed, full)} == {True}
    RegularTask.objects.filter(pk=BACKUP).delete()
    assert texts(operator)[0] == "Letzte Sicherung: noch keine"
    # The page says what to do; who does not run the portal hears nothing of it.
    assert old.url == reverse("admin:operations")
    assert texts(user_in("Redaktion")) == []


def test_it_costs_the_same_however_much_waits(django_assert_max_num_queries):
    mine = CoordinationFactory()
    for _number in range(4):
        fill(TopicGroupFactory(parent=mine.community))
        with django_assert_max_num_queries(16):
            todos_of(mine.user, now=NOW)


def test_an_open_request_warns_before_it_is_late():
    office = user_in("Start Smart")
    for days in (-2, 0, 2, 3):
        ConsultationRequestFactory(due_on=timezone.localdate(NOW) + timedelta(days=days))

    assert texts(office) == [
        "4 Anfragen an Start Smart sind offen, davon überfällig: 1, "
        "davon in den nächsten Tagen fällig: 2"
    ]


def test_the_days_ahead_show_own_events_and_consultations_and_none_of_others(
    client, django_assert_max_num_queries
):
    mine, other = CoordinationFactory(), CoordinationFactory()
    soon = {"takes_registrations": True, "ends_at": NOW + timedelta(days=3, hours=1)}
    own = EventFactory(
        community=mine.community, title="Werkstatt", starts_at=NOW + timedelta(days=3), **soon
    )
    RegistrationFactory(event=SeatsFactory(event=own, taken=1).event)
    for title, away, owner in (("Fremd", 3, other), ("Später", 20, mine), ("Vorbei", -3, mine)):
        begin = NOW + timedelta(days=away)
        end = begin + timedelta(hours=1)
        EventFactory(community=owner.community, title=title, starts_at=begin, ends_at=end)
    EventFactory(community=mine.community, title="Entwurf", state=EventState.DRAFT,
        starts_at=NOW + timedelta(days=2), ends_at=NOW + timedelta(days=2, hours=1))  # fmt: skip
    today = EventFactory(
        community=mine.community, title="Heute", starts_at=NOW, takes_registrations=True
    )
    SeatsFactory(event=today)

    at_the_door, ahead = ahead_of(mine.user, now=NOW)

    assert at_the_door.text == f"Heute, {today.when}: 0 Menschen mit Platz"
    assert at_the_door.url == reverse("admin:events_event_attendance", args=[today.pk])
    assert ahead == (
        f"Werkstatt, {own.when}: 1 Mensch mit Platz",
        reverse("admin:events_event_change", args=[own.pk]),
        False,
    )

    bente = user_in("Start Smart: Beratung")
    for advisor in (AdvisorFactory(user=bente), AdvisorFactory()):
        slot = SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=2))
        ConsultationRequestFactory(confirmed=True, slot=slot)
    # Not agreed on, agreed on no more, and of one whose right was taken away.
    for hours, is_so in ((5, "proposed"), (8, "cancelled")):
        slot = SlotFactory(advisor=bente.advisor, starts_at=NOW + timedelta(days=2, hours=hours))
        ConsultationRequestFactory(slot=slot, **{is_so: True})
    former = SlotFactory(advisor__user=UserFactory(), starts_at=NOW + timedelta(days=2))
    ConsultationRequestFactory(confirmed=True, slot=former)
    assert ahead_of(former.advisor.user, now=NOW) == []
    with django_assert_max_num_queries(4):
        (consultation,) = ahead_of(bente, now=NOW)
    assert consultation.text.startswith("Beratung: ")
    client.force_login(bente)
    assert consultation.text in client.get(reverse("admin:index")).text
    assert client.get(consultation.url).status_code == 200

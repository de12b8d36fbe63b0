"""What the weekly e-mail tells: what is new and what has changed, each once, never twice."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Experience
from events.models import Event
from finding import search
from mailing.models import Email, EmailKind
from projects.models import Cost, Project, Reuse, Solution
from subscribing import news, retention, substance
from subscribing.lists import LISTS
from subscribing.mail import weekly
from subscribing.models import KnownEntry, ListName, ListNews, Subscription, WatchedList
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.communities import ExperienceFactory, ResultFactory
from tests.factories.events import EventFactory
from tests.factories.subscribing import SubscriberFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def watched(name: ListName, query: str = "", now: datetime = MONDAY - WEEK) -> WatchedList:
    """As the form stores it: what the list holds now is known to it."""
    asked = LISTS[name].asked(query, None, now)
    stored, _is_new = WatchedList.objects.get_or_create(
        name=name,
        query=asked.query,
        defaults={"seen": [one.pk for one in asked.entries], "created_at": now},
    )
    return stored


def subscribed(name: ListName, query: str = "", **values) -> Subscription:
    return SubscriptionFactory(list=watched(name, query), **values)


def told(week: int = 0) -> list[str]:
    """What stands in the only new e-mail of that week: a line for each entry, then its reason."""
    before = set(Email.objects.values_list("pk", flat=True))
    weekly.plan(now=MONDAY + week * WEEK)
    new = Email.objects.exclude(pk__in=before)
    if not new:
        return []
    text = new.get().text
    return re.findall(r"^((?:Neu|Jetzt in|Geändert|Steht in|==|Und).*)$", text, re.MULTILINE)


def test_new_and_changed_entries_are_told_once_and_nothing_new_is_no_mail():
    ulm = ProjectFactory(name="Ulm")
    old = SolutionFactory(project=ulm, name="Altes Netz")
    subscribed(ListName.SOLUTIONS)
    assert told(0) == []  # what was there when it was subscribed is no news

    SolutionFactory(project=ulm, name="Pegelnetz")
    Cost.objects.create(
        solution=old, purpose="Betrieb", amount=900, period="je-jahr", source="https://a.example"
    )
    assert told(1) == [
        "== Lösungen",
        "Neu: Pegelnetz (Modellprojekt Ulm)",
        "Steht in: Lösungen",
        "Geändert (Kosten): Altes Netz (Modellprojekt Ulm)",
        "Steht in: Lösungen",
    ]
    assert told(1) == told(2) == []

    # Where a fact was read, when it was looked at, a capital, a comma: nothing to write of.
    Cost.objects.update(
        source="https://b.example", checked_on=date(2026, 11, 1), purpose="betrieb,"
    )
    assert told(3) == []


def test_an_entry_in_two_lists_is_told_once_with_both_reasons():
    subscriber = SubscriberFactory(email="eva@stadt.example")
    theme = ThemeFactory(name="Hochwasser", slug="hochwasser")
    # A page offers only filters of which something is known.
    SolutionFactory(kind="sensorik", themes=[theme])
    subscribed(ListName.SOLUTIONS, "thema=hochwasser", subscriber=subscriber)
    subscribed(ListName.SOLUTIONS, "land=BY&art=sensorik", subscriber=subscriber)
    subscribed(ListName.PROJECTS, subscriber=subscriber)
    ulm = ProjectFactory(name="Ulm")
    SolutionFactory(project=ulm, name="Pegelnetz", kind="sensorik", themes=[theme])

    weekly.plan(now=MONDAY)

    mail = Email.objects.get()
    assert mail.to == "eva@stadt.example"
    assert mail.kind == EmailKind.BULK
    assert (
        mail.subject
        == "2 neue oder geänderte Einträge in Ihren Listen – Modellprojekte Smart Cities"
    )
    assert mail.text.count("/loesungen/pegelnetz/") == 1
    assert "Steht in: Lösungen: Hochwasser; Lösungen: Sensorik, Bayern" in mail.text
    assert mail.html.count('href="http://testserver/loesungen/pegelnetz/"') == 1
    assert mail.text.index("Modellprojekte\n") < mail.text.index("== Lösungen")


def test_what_comes_to_fit_is_told_as_such_and_what_comes_back_is_not_told_again():
    ulm = ProjectFactory(name="Ulm")
    net = SolutionFactory(project=ulm, name="Pegelnetz", kind="app")
    subscribed(ListName.SOLUTIONS, "art=sensorik")
    told(0)

    Solution.objects.filter(pk=net.pk).update(kind="sensorik")
    line = ["== Lösungen", "Jetzt in Ihrer Liste: Pegelnetz (Modellprojekt Ulm)"]
    assert told(1) == [*line, "Steht in: Lösungen: Sensorik"]
    Project.objects.update(is_public=False)
    assert told(2) == []
    Project.objects.update(is_public=True)
    assert told(3) == []


def test_each_list_finds_what_its_page_finds():
    """Every kind of list is asked with its page's own code, with words and with filters."""
    town = MunicipalityFactory(name="Neustadt")
    subscriber = SubscriberFactory()
    SolutionFactory()
    EventFactory()
    ExperienceFactory()
    wanted = {
        ListName.PROJECTS: "land=BY",
        ListName.SOLUTIONS: "q=Pegelnetz",
        ListName.EVENTS: "land=NW",
        ListName.RESULTS: "q=Quartiersdaten",
        ListName.EXPERIENCES: "art=erfolgsfaktor",
        ListName.REUSES: "q=neustadt",
    }
    for name, query in wanted.items():
        subscribed(name, query, subscriber=subscriber)

    ulm = ProjectFactory(name="Ulm")
    net = SolutionFactory(project=ulm, name="Pegelnetz")
    SolutionFactory(project=ulm, name="Parken")
    EventFactory(title="Messe", land="NW")
    EventFactory(title="Tagung", land="BY")
    ResultFactory(title="Quartiersdaten")
    ResultFactory(title="Vorlage")
    ExperienceFactory(title="Früh fragen")
    ExperienceFactory(title="Zu spät", kind="stolperfalle")
    ExperienceFactory(title="Entwurf", state="entwurf")
    for name in ("Neustadt", "Altstadt"):
        Reuse.objects.create(
            solution=net, name=name, stated_by="quelle", source="https://a.example",
            municipality=town if name == "Neustadt" else None,
        )  # fmt: skip
    search.refresh()

    lines = told()
    assert [line for line in lines if line.startswith("Neu: ")] == [
        "Neu: Ulm",
        "Neu: Pegelnetz (Modellprojekt Ulm)",
        f"Neu: Messe, {Event.objects.get(title='Messe').when}",
        "Neu: Quartiersdaten",
        "Neu: Früh fragen",
        "Neu: Neustadt: Pegelnetz",
    ]
    Experience.objects.filter(title="Früh fragen").update(what="Ganz anders.")
    assert told(1) == [
        "== Erfahrungen",
        "Geändert (Beschreibung): Früh fragen",
        "Steht in: Erfahrungen: Erfolgsfaktor",
    ]


def test_a_filter_that_is_gone_finds_nothing_instead_of_everything():
    theme = ThemeFactory(name="Hochwasser", slug="hochwasser")
    known = SolutionFactory(themes=[theme])
    stored = subscribed(ListName.SOLUTIONS, "thema=hochwasser")
    told(0)
    theme.delete()
    SolutionFactory(name="Parken")

    assert told(1) == []
    stored.list.refresh_from_db()
    assert stored.list.seen == [known.pk]


def test_of_very_much_news_the_mail_counts_the_rest_and_leads_to_it(monkeypatch):
    monkeypatch.setattr(weekly, "MOST", 2)
    subscribed(ListName.SOLUTIONS)
    told(0)

    rest = []
    for week, number in ((1, 2), (2, 3)):
        SolutionFactory.create_batch(number)
        rest += [line for line in told(week) if line.startswith("Und")]

    assert rest == ["Und 1 weitere in „Lösungen“:"]


def test_what_the_portal_has_just_begun_to_tell_of_every_entry_is_no_news_of_any():
    before = substance.hashes({"name": "Pegelnetz", "licence": "MIT"})
    after = substance.hashes({"name": "Pegelnetz", "licence": "EUPL", "maturity": "im Betrieb"})

    assert substance.changed(before, after) == ["licence"]


def test_the_week_begins_on_monday_morning_in_germany_and_who_confirms_later_waits():
    # In winter seven o'clock in Germany is six o'clock UTC; in summer five.
    for moment, week in {
        datetime(2026, 11, 16, 5, 59, tzinfo=UTC): date(2026, 11, 9),
        datetime(2026, 11, 16, 6, 0, tzinfo=UTC): date(2026, 11, 16),
        datetime(2026, 7, 6, 4, 59, tzinfo=UTC): date(2026, 6, 29),
        datetime(2026, 7, 6, 5, 0, tzinfo=UTC): date(2026, 7, 6),
        datetime(2026, 11, 22, 22, 0, tzinfo=UTC): date(2026, 11, 16),
    }.items():
        assert news.week_of(moment) == week
    early = subscribed(ListName.SOLUTIONS)
    late = SubscriptionFactory(
        list=early.list, asked_at=MONDAY - WEEK, confirmed_at=MONDAY + timedelta(minutes=1)
    )
    never = SubscriptionFactory(list=early.list, confirmed_at=None)
    SolutionFactory(name="Pegelnetz")

    assert weekly.plan(now=MONDAY) == 1
    assert weekly.plan(now=MONDAY + timedelta(hours=1)) == 0
    SolutionFactory(name="Parken")
    assert weekly.plan(now=MONDAY + WEEK) == 2
    receivers = {mail.to: mail.text for mail in Email.objects.filter(key__contains="2026-11-23")}
    assert receivers.keys() == {early.subscriber.email, late.subscriber.email}
    assert never.subscriber.email not in receivers
    assert "Pegelnetz" not in "".join(receivers.values())
    # Of old weeks nothing is kept.
    assert news.forget_old(now=MONDAY + 20 * WEEK) > 0
    assert not ListNews.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_subscriptions():
    SolutionFactory()
    watched_lists = [watched(ListName.SOLUTIONS), watched(ListName.SOLUTIONS, "land=BY")]
    counts = []
    for week, many in enumerate((1, 60, 130)):
        for _number in range(many):
            subscriber = SubscriberFactory()
            for one in watched_lists:
                SubscriptionFactory(subscriber=subscriber, list=one)
        for _number in range(3):
            SolutionFactory(project=ProjectFactory(laender=["BY"]))
        people = sum((1, 60, 130)[: week + 1])
        with CaptureQueriesContext(connection) as asked:
            assert weekly.plan(now=MONDAY + week * WEEK) == people
        counts.append(len(asked))

    # From a hundred e-mails on they are copied in, by three statements instead of one.
    assert counts[1] == counts[0]
    assert counts[2] == counts[0] + 3
    assert KnownEntry.objects.filter(list_name=ListName.SOLUTIONS).count() == 10


def test_three_refused_in_a_row_end_it_and_one_that_is_taken_begins_the_count_anew():
    dead, alive, slow, twice, blocked, with_groups = (
        subscribed(ListName.SOLUTIONS).subscriber for _number in range(6)
    )
    told(0)
    for week in (1, 2, 3, 4):
        SolutionFactory()
        weekly.plan(now=MONDAY + week * WEEK)
        sent = MONDAY + week * WEEK + timedelta(minutes=5)
        refused = {"refused_at": sent, "last_error": "550 5.1.1 no such user"}
        ends = {
            dead: refused,
            # Three of four refused, but not one after the other.
            alive: {"sent_at": sent} if week == 2 else refused,
            # Given up after days, for whatever reason; and two only.
            slow: refused | {"last_error": "451 try again later"},
            twice: refused if week > 2 else {"sent_at": sent},
            # A provider that has blocked the portal knows nothing of the mailbox.
            blocked: refused | {"last_error": "554 5.7.1 sender is on a block list"},
            with_groups: {"sent_at": sent} if week == 2 else refused,
        }
        # An e-mail that tells of groups as well counts like one that tells of lists alone.
        key = f"{weekly.prefix(with_groups.pk, with_groups=True)}{week}"
        Email.objects.filter(to=with_groups.email, sent_at=None, refused_at=None).update(key=key)
        for subscriber, end in ends.items():
            Email.objects.filter(to=subscriber.email, sent_at=None, refused_at=None).update(**end)
        retention.carry_out(now=sent)

    assert Email.objects.count() == 4 * 6 - 1
    assert set(Subscription.objects.values_list("subscriber", flat=True)) == {
        alive.pk, slow.pk, twice.pk, blocked.pk, with_groups.pk,
    }  # fmt: skip
    assert not type(dead).objects.filter(pk=dead.pk).exists()

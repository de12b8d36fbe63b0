"""One e-mail a week to a mailbox: what is new in its lists, and what its groups have written."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from communities.mail import from_coordinators, unsubscribing
from communities.models import (
    CommunityState,
    DigestItem,
    GroupMessage,
    MailWish,
    Membership,
    MembershipState,
    Role,
)
from mailing.message import compose
from mailing.models import Email
from smartcities import own_data
from subscribing import actions, links, news
from subscribing.mail import weekly
from subscribing.models import ListName, Subscriber, Subscription, WatchedList
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.subscribing import SubscriberFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
EVA = "eva@stadt.example"


def written(community, subject: str, *, at: datetime) -> GroupMessage:
    message = GroupMessage.objects.create(
        community=community, roles=[Role.MEMBER], subject=subject, text=f"{subject}: bitte lesen."
    )
    from_coordinators.confirm(message, send_at=None, now=at)
    return message


def member(community, email: str = EVA, **values) -> Membership:
    wish = {"mail_wish": MailWish.WEEKLY, "name": "Eva Muster"}
    return MembershipFactory(community=community, email=email, **wish | values)


def subscriber(email: str = EVA) -> Subscriber:
    """Of all solutions, and of all projects."""
    stored = SubscriberFactory(email=email)
    for name in (ListName.SOLUTIONS, ListName.PROJECTS):
        watched, _is_new = WatchedList.objects.get_or_create(
            name=name, query="", defaults={"created_at": MONDAY - WEEK}
        )
        SubscriptionFactory(subscriber=stored, list=watched)
    return stored


def both() -> tuple[Subscriber, Membership, Email]:
    group = CommunityFactory(name="Zwillinge")
    mine, stored = member(group), subscriber()
    SolutionFactory(name="Pegelnetz", project=ProjectFactory(name="Ulm"))
    written(group, "Treffen", at=MONDAY - HOUR)
    assert weekly.plan(now=MONDAY) == 1
    return stored, mine, Email.objects.get()


def test_lists_and_groups_come_in_one_mail_each_thing_once_however_often_it_is_planned():
    aeg, other = CommunityFactory(name="Zwillinge"), CommunityFactory(name="Plattformen")
    for group in (aeg, other):
        # In another spelling of the same mailbox.
        member(group, "Eva+gruppen@Stadt.example")
        member(group, "otto@dorf.example", name="Otto Rat")
    subscriber()
    SolutionFactory(name="Pegelnetz", project=ProjectFactory(name="Ulm"))
    agenda = written(aeg, "Treffen", at=MONDAY - HOUR).files.create(title="Ablauf", file="x")
    written(other, "Vorlage", at=MONDAY - HOUR)

    assert weekly.plan(now=MONDAY) == 2
    # Written on the same Monday, later: it waits for the next one.
    written(aeg, "Nachtrag", at=MONDAY + HOUR)
    assert weekly.plan(now=MONDAY + 2 * HOUR) == 0

    eva, otto = Email.objects.get(to=EVA), Email.objects.get(to="otto@dorf.example")
    assert eva.subject == (
        "2 neue oder geänderte Einträge in Ihren Listen und 2 Rundmails Ihrer Gruppen"
        " – Modellprojekte Smart Cities"
    )
    assert otto.subject == "Zwillinge: Treffen (und 1 mehr)"
    assert eva.text.startswith("Guten Tag Eva Muster,\n")
    assert otto.text.startswith("Guten Tag Otto Rat,\n")
    for once in ("/loesungen/pegelnetz/", "Treffen: bitte lesen.", "Vorlage: bitte lesen."):
        assert (eva.text.count(once), eva.html.count(once)) == (1, 1)
    # What goes with one stands there however a mail program shows it.
    for said in (eva.text, eva.html, otto.text, otto.html):
        assert "Dateien dazu, zum Öffnen mit Ihrem Konto:" in said
        assert agenda.get_file_url() in said
    assert "zu Gruppen gehört, deren Rundmails Sie einmal in der Woche" in eva.text
    assert "loesungen" not in otto.text
    assert weekly.plan(now=MONDAY + WEEK) == 2
    assert Email.objects.filter(text__contains="Nachtrag: bitte lesen.").count() == 2
    assert Email.objects.count() == 4
    assert not DigestItem.objects.exists()


def test_each_letter_greets_its_own_reader_and_ends_what_is_theirs_alone():
    group = CommunityFactory()
    stored, members = {}, {}
    for name in ("Eva", "Otto", "Ali", "Ida"):
        address = f"{name.lower()}@stadt.example"
        members[address] = member(group, address, name=name)
        if name in ("Eva", "Otto"):
            stored[address] = subscriber(address)
    SolutionFactory(name="Pegelnetz", project=ProjectFactory(name="Ulm"))
    written(group, "Treffen", at=MONDAY - HOUR)

    assert weekly.plan(now=MONDAY) == 4

    for address, mine in members.items():
        email = Email.objects.get(to=address)
        assert email.text.startswith(f"Guten Tag {mine.name},\n")
        token = email.unsubscribe_url.split("/")[-2]
        assert token in email.text
        if address not in stored:
            assert list(unsubscribing.open_token(token)) == [mine]
            continue
        ending = links.open_end(token, now=MONDAY)
        assert (ending.subscriber, ending.memberships) == (stored[address].pk, [mine.pk])
        (see,) = set(re.findall(r"/abonnements/ansehen/([^/]+)/", email.text))
        assert links.open_token(see, links.Purpose.SEE, now=MONDAY).row == stored[address]


def test_who_has_left_ended_the_mails_or_is_locked_out_is_told_nothing_that_still_waits():
    group, second, ended = CommunityFactory(), CommunityFactory(), CommunityFactory()
    people = {
        name: member(group, f"{name}@stadt.example", user=UserFactory(), name=name.title())
        for name in ("bleibt", "ging", "will-nicht", "gesperrt")
    }
    member(second, "Bleibt+amt@stadt.example", name="Zweite Person")
    member(ended, "war-dabei@stadt.example")
    written(group, "Treffen", at=MONDAY - HOUR)
    for group_of_one in (second, ended):
        written(group_of_one, "Abschied", at=MONDAY - HOUR)
    rows = Membership.objects
    rows.filter(pk=people["ging"].pk).update(state=MembershipState.LEFT)
    rows.filter(pk=people["will-nicht"].pk).update(mail_wish=MailWish.NONE)
    type(people["gesperrt"].user).objects.filter(pk=people["gesperrt"].user_id).update(
        is_active=False
    )
    type(ended).objects.filter(pk=ended.pk).update(
        state=CommunityState.ARCHIVED, archived_at=MONDAY
    )

    assert weekly.plan(now=MONDAY) == 1
    letter = Email.objects.get()
    assert letter.to == "bleibt@stadt.example"
    # Two share the mailbox, so neither is greeted by name.
    assert letter.text.startswith("Guten Tag,\n")
    assert weekly.plan(now=MONDAY + WEEK) == 0
    assert not DigestItem.objects.exists()


def test_what_a_week_without_planners_has_left_comes_with_the_next_letter():
    group = CommunityFactory()
    member(group)
    written(group, "Treffen", at=MONDAY - HOUR)
    # Found out, and nothing planned: the worker was gone from here on.
    news.edition_of(news.week_of(MONDAY), now=MONDAY)

    assert weekly.plan(now=MONDAY + WEEK) == 1

    assert "Treffen: bitte lesen." in Email.objects.get(to=EVA).text
    assert not DigestItem.objects.exists()


def test_a_mailbox_in_somebodys_hand_gets_its_one_mail_later_and_no_half_of_it_now(monkeypatch):
    group = CommunityFactory()
    member(group)
    subscriber()
    SolutionFactory()
    written(group, "Treffen", at=MONDAY - HOUR)
    monkeypatch.setattr(weekly._Week, "lists", lambda _week: iter(()))

    assert weekly.plan(now=MONDAY) == 0
    monkeypatch.undo()
    assert weekly.plan(now=MONDAY + HOUR) == 1

    told = Email.objects.get().text
    assert "Treffen: bitte lesen." in told
    assert "Neu: " in told


def test_the_button_of_a_mail_program_ends_all_that_the_mail_tells_and_nothing_else(client):
    _stored, mine, mail = both()
    elsewhere = member(CommunityFactory(name="Plattformen"))
    stranger = subscriber("otto@dorf.example")
    path = mail.unsubscribe_url.removeprefix("http://testserver")
    assert compose(mail).message()["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
    for _time in range(10):
        page = client.get(path)
        client.head(path)
    assert "Montags keine E-Mail mehr" in page.text
    assert "Damit enden auch die Rundmails von:" in page.text
    assert Subscription.objects.count() == 4

    program = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = program.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.content, dict(answer.cookies)) == (204, b"", {})

    assert list(Subscriber.objects.all()) == [stranger]
    wishes = Membership.objects.values_list("pk", "mail_wish")
    assert dict(wishes) == {mine.pk: MailWish.NONE, elsewhere.pk: MailWish.WEEKLY}
    assert not Email.objects.exists()  # what had not begun to be sent is taken back
    assert "Mitglied sind Sie weiterhin." in client.get(path).text


def test_an_old_mail_ends_what_it_told_of_and_leaves_what_a_newer_one_tells_of_another_group(
    client,
):
    _stored, mine, mail = both()
    old = mail.unsubscribe_url.removeprefix("http://testserver")
    Email.objects.update(sent_at=MONDAY)
    other = CommunityFactory(name="Plattformen")
    since = member(other)
    written(other, "Vorlage", at=MONDAY + HOUR)
    SolutionFactory(name="Ampeldaten")
    assert weekly.plan(now=MONDAY + WEEK) == 1
    [newer] = Email.objects.filter(sent_at=None)

    client.post(old)

    assert not Subscriber.objects.exists()
    assert list(Email.objects.filter(sent_at=None)) == [newer]
    assert "Vorlage: bitte lesen." in newer.text
    wishes = dict(Membership.objects.values_list("pk", "mail_wish"))
    assert wishes == {mine.pk: MailWish.NONE, since.pk: MailWish.WEEKLY}
    # Once nothing that it tells is wanted, it is taken back.
    client.post(newer.unsubscribe_url.removeprefix("http://testserver"))
    assert not Email.objects.filter(sent_at=None).exists()


def test_who_ends_only_the_lists_still_gets_what_the_groups_have_written(client):
    stored, mine, mail = both()
    actions.end_all(stored.pk)

    assert Email.objects.get() == mail
    path = mail.unsubscribe_url.removeprefix("http://testserver")
    page = client.get(path)
    assert "Möchten Sie keine Rundmails mehr?" in page.text
    assert "Pegelnetz" not in page.text
    client.post(path)
    mine.refresh_from_db()
    assert mine.mail_wish == MailWish.NONE


def test_the_link_for_the_groups_alone_leaves_the_lists(client):
    stored, mine, mail = both()
    [path] = set(re.findall(r"http://testserver(/gemeinschaften/abbestellen/\S+/)\n", mail.text))

    client.post(path)

    mine.refresh_from_db()
    assert mine.mail_wish == MailWish.NONE
    assert stored.subscriptions.count() == 2


def test_who_has_all_erased_gets_no_mail_of_either_kind():
    both()

    own_data.erase(own_data.Person.of_address(EVA), now=MONDAY + HOUR)

    assert not Email.objects.exists()
    assert not Subscriber.objects.exists()

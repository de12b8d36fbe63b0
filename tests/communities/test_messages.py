"""Mails to the members of a group: to whom, once, and without showing anybody's address."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from communities import actions
from communities.mail import from_coordinators, unsubscribing
from communities.mail.weekly import GROUPS_PER_LETTER
from communities.models import (
    CommunityState,
    DigestItem,
    GroupMessage,
    MailWish,
    Membership,
    MembershipState,
    MessageState,
    Role,
)
from ground.refusals import NotPossible
from mailing.message import compose
from mailing.models import Email, EmailKind
from subscribing.mail.weekly import plan
from tests.events.test_admin import form_of
from tests.factories import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)
from tests.signing import but_for_the_second

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def message(community, **fields) -> GroupMessage:
    values = {
        "roles": [Role.MEMBER],
        "subject": "Nächstes Treffen",
        "text": "Wir treffen uns.\n\nBitte <b>kommen</b> Sie.",
        **fields,
    }
    return GroupMessage.objects.create(community=community, **values)


def send(draft: GroupMessage, *, now: datetime = NOW) -> GroupMessage:
    from_coordinators.confirm(draft, send_at=None, now=now)
    draft.refresh_from_db()
    return draft


def test_a_topic_group_of_500_with_20_opt_outs_gets_480_mails_without_a_foreign_address():
    group = TopicGroupFactory(name="Mobilität", parent__name="Zwillinge")
    MembershipFactory.create_batch(480, community=group)
    MembershipFactory.create_batch(20, community=group, mail_wish=MailWish.NONE)
    MembershipFactory(community=group.parent, email="aeg@kommune.example")
    MembershipFactory(community=group, state=MembershipState.LEFT)
    draft = message(group)
    assert from_coordinators.count(draft) == from_coordinators.Count(
        {"mitglied": 480}, weekly=0, opted_out=20
    )

    sent = send(draft)

    assert (sent.state, sent.recipients) == (MessageState.SENT, {"mitglied": 480})
    emails = list(Email.objects.all())
    addresses = {email.to for email in emails}
    assert len(emails) == len(addresses) == 480
    for email in emails:
        wire = compose(email).message().as_string()
        others = addresses - {email.to} | {"aeg@kommune.example"}
        assert email.subject == "Zwillinge: Mobilität: Nächstes Treffen"
        assert not {word.strip("<>,;()\"'") for word in wire.split()} & others


def test_what_was_sent_is_not_sent_again_whatever_crashed():
    group = CommunityFactory()
    MembershipFactory.create_batch(3, community=group)
    draft = send(message(group))
    # As if the worker had died after storing the mails and before noting it.
    GroupMessage.objects.filter(pk=draft.pk).update(state=MessageState.SCHEDULED, sent_at=None)

    from_coordinators.deliver_due(now=NOW + HOUR)

    assert Email.objects.count() == 3


def test_confirming_twice_sends_once_and_says_so():
    group = CommunityFactory()
    MembershipFactory(community=group)
    draft = message(group)
    send(draft)

    with pytest.raises(NotPossible, match="schon unterwegs"):
        from_coordinators.confirm(draft, send_at=None, now=NOW)

    assert Email.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_once():
    group = CommunityFactory()
    MembershipFactory.create_batch(30, community=group)
    draft = message(group)
    from_coordinators.confirm(draft, send_at=NOW + HOUR, now=NOW)
    barrier, delivered = Barrier(4), []

    def work():
        barrier.wait()
        delivered.append(from_coordinators.deliver_due(now=NOW + HOUR))
        connection.close()

    workers = [Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(delivered) == [0, 0, 0, 1]
    assert Email.objects.count() == 30


def test_a_scheduled_message_waits_for_its_time_and_can_be_taken_back():
    group = CommunityFactory()
    MembershipFactory(community=group)
    draft = message(group)
    from_coordinators.confirm(draft, send_at=NOW + HOUR, now=NOW)

    assert from_coordinators.deliver_due(now=NOW + HOUR - timedelta(seconds=1)) == 0
    assert from_coordinators.take_back(draft) is True
    assert from_coordinators.deliver_due(now=NOW + HOUR) == 0
    assert not Email.objects.exists()

    send(draft, now=NOW + HOUR)
    assert from_coordinators.take_back(draft) is False
    assert Email.objects.count() == 1


def test_an_archived_group_sends_nothing_not_even_what_was_scheduled():
    group = CommunityFactory()
    MembershipFactory(community=group)
    scheduled, draft = message(group), message(group)
    from_coordinators.confirm(scheduled, send_at=NOW + HOUR, now=NOW)
    type(group).objects.update(state=CommunityState.ARCHIVED)

    assert from_coordinators.deliver_due(now=NOW + HOUR) == 0
    with pytest.raises(NotPossible, match="archiviert"):
        from_coordinators.confirm(draft, send_at=None, now=NOW)

    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.send_at) == (MessageState.DRAFT, None)
    assert not Email.objects.exists()


def test_only_the_chosen_roles_get_it():
    group = CommunityFactory()
    member = MembershipFactory(community=group)
    guest = MembershipFactory(community=group, role=Role.GUEST)
    CoordinationFactory(community=group)

    send(message(group, roles=[Role.MEMBER, Role.GUEST]))

    assert set(Email.objects.values_list("to", flat=True)) == {member.email, guest.email}


def test_with_topic_groups_everybody_gets_it_once_and_an_opt_out_of_the_aeg_counts_for_all():
    aeg = CommunityFactory()
    group, archived = TopicGroupFactory.create_batch(2, parent=aeg)
    type(aeg).objects.filter(pk=archived.pk).update(state=CommunityState.ARCHIVED)
    both = MembershipFactory(community=aeg)
    MembershipFactory(community=group, email=both.email.upper())
    refused = MembershipFactory(community=aeg, mail_wish=MailWish.NONE)
    MembershipFactory(community=group, email=refused.email)
    only_below = MembershipFactory(community=group)
    MembershipFactory(community=archived)
    MembershipFactory(community=TopicGroupFactory())
    draft = message(aeg, with_topic_groups=True)

    assert from_coordinators.count(draft) == from_coordinators.Count(
        {"mitglied": 2}, weekly=0, opted_out=1
    )
    send(draft)

    assert set(Email.objects.values_list("to", flat=True)) == {both.email, only_below.email}


def test_one_mailbox_gets_it_once_and_refuses_for_every_spelling_of_its_address():
    aeg = CommunityFactory()
    group = TopicGroupFactory(parent=aeg)
    MembershipFactory(community=aeg, email="eva@kommune.example")
    MembershipFactory(community=group, email="eva+thema@kommune.example")
    MembershipFactory(community=aeg, email="ali+aeg@kommune.example", mail_wish=MailWish.NONE)
    MembershipFactory(community=group, email="ali@kommune.example")
    draft = message(aeg, with_topic_groups=True)

    assert from_coordinators.count(draft) == from_coordinators.Count(
        {"mitglied": 1}, weekly=0, opted_out=1
    )
    send(draft)

    assert [email.to for email in Email.objects.all()] == ["eva@kommune.example"]


def test_a_closed_account_gets_nothing():
    group = CommunityFactory()
    MembershipFactory(community=group, user=UserFactory(is_active=False))
    other = MembershipFactory(community=group)

    send(message(group))

    assert [email.to for email in Email.objects.all()] == [other.email]


def test_a_mail_can_be_unsubscribed_and_answers_go_to_the_group(settings):
    group = CommunityFactory(name="Zwillinge", contact_email="gruppe@kts.example")
    member = MembershipFactory(community=group, name="Eva Kern")

    send(message(group))

    email = Email.objects.get()
    assert (email.kind, email.reply_to) == (EmailKind.BULK, "gruppe@kts.example")
    own = unsubscribing.address([member.pk])
    assert but_for_the_second(email.unsubscribe_url) == but_for_the_second(own)
    assert email.text.startswith("Guten Tag Eva Kern,\n\nWir treffen uns.")
    assert "<b>" not in email.html


def test_each_mail_ends_the_mails_of_its_own_reader_alone():
    group = CommunityFactory()
    members = MembershipFactory.create_batch(3, community=group)

    send(message(group))

    ended = {
        email.to: list(unsubscribing.open_token(email.unsubscribe_url.split("/")[-2]))
        for email in Email.objects.all()
        if email.unsubscribe_url in email.text
    }
    assert ended == {one.email: [one] for one in members}


def test_without_an_address_for_answers_nothing_is_sent_and_the_sentence_says_where_to_enter_it():
    group = TopicGroupFactory(name="Mobilität", parent__name="Zwillinge", parent__contact_email="")
    MembershipFactory(community=group)
    draft = message(group)

    with pytest.raises(NotPossible) as refusal:
        send(draft)

    assert str(refusal.value) == (
        "Für „Zwillinge: Mobilität“ ist keine Adresse eingetragen, an die Antworten gehen können. Bitte "
        "tragen Sie sie bei der Gruppe ein, unter „E-Mail der Ansprechperson“. Es wurde nichts gesendet."
    )
    draft.refresh_from_db()
    assert (draft.state, Email.objects.count()) == (MessageState.DRAFT, 0)


def test_before_it_is_sent_one_reads_the_whole_mail_with_greeting_and_foot(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    group = CommunityFactory(name="Zwillinge")
    MembershipFactory(community=group, name="Eva Kern")
    draft = message(group, text="liebe alle,\n\nwir treffen uns.")

    page = client.get(reverse("admin:communities_groupmessage_step", args=[draft.pk, "senden"]))
    send(draft)

    email = Email.objects.get()
    shown = page.context["mail"]
    as_sent = shown.text.replace("… (hier steht der Name)", "Eva Kern").replace(
        "(hier steht für jede Person ihr eigener Link)", email.unsubscribe_url
    )
    assert (shown.subject, as_sent) == (email.subject, email.text)
    assert escape(shown.text) in page.text


NOBODY = (
    "Zurzeit bekommt diese Rundmail niemand. Bitte wählen Sie andere Rollen, oder laden Sie zuerst "
    "Menschen in die Gruppe ein. Es wurde nichts gesendet."
)


@pytest.mark.parametrize("send_at", [None, NOW + HOUR])
def test_to_nobody_nothing_is_sent_and_the_draft_stays(send_at):
    group = CommunityFactory()
    MembershipFactory(community=group, mail_wish=MailWish.NONE)
    MembershipFactory(community=group, role=Role.GUEST)
    draft = message(group)

    with pytest.raises(NotPossible) as refusal:
        from_coordinators.confirm(draft, send_at=send_at, now=NOW)

    assert str(refusal.value) == NOBODY
    draft.refresh_from_db()
    assert (draft.state, draft.send_at, draft.recipients) == (MessageState.DRAFT, None, {})


def test_a_scheduled_message_whose_readers_have_left_becomes_a_draft_again():
    group = CommunityFactory()
    member = MembershipFactory(community=group)
    draft = message(group)
    from_coordinators.confirm(draft, send_at=NOW + HOUR, now=NOW)
    type(member).objects.update(mail_wish=MailWish.NONE)

    from_coordinators.deliver_due(now=NOW + HOUR)

    draft.refresh_from_db()
    assert (draft.state, draft.sent_at) == (MessageState.DRAFT, None)


def planned(group, writer) -> GroupMessage:
    """Its only reader is there when it is planned."""
    MembershipFactory(community=group)
    draft = message(group, written_by=writer)
    from_coordinators.confirm(draft, send_at=NOW + HOUR, now=NOW)
    return draft


def test_who_planned_what_nobody_gets_any_more_reads_that_it_is_a_draft_again_and_where(settings):
    group = TopicGroupFactory(name="Mobilität", parent__name="Zwillinge")
    writer = UserFactory(name="Eva Kern")
    coordination = CoordinationFactory(community=group.parent, user=writer)
    draft = planned(group, writer)
    Membership.objects.exclude(pk=coordination.pk).update(state=MembershipState.LEFT)

    for hours in (1, 2):
        from_coordinators.deliver_due(now=NOW + hours * HOUR)

    email = Email.objects.get()
    page = reverse("admin:communities_groupmessage_change", args=[draft.pk])
    assert (email.to, email.subject) == (
        writer.email,
        "Nicht gesendet: Rundmail an „Zwillinge: Mobilität“",
    )
    assert email.text.startswith(
        "Guten Tag Eva Kern,\n\nIhre Rundmail „Nächstes Treffen“ an „Zwillinge: Mobilität“, geplant für "
        "den 2. März 2026, 11:00 Uhr, ist nicht hinausgegangen: Zurzeit bekommt sie niemand.\n\n"
        "Sie ist wieder ein Entwurf. Er steht in der Verwaltung unter „Rundmails“:\n"
        f"{settings.SITE_URL}{page}\n\nMöchten Sie die Rundmail noch senden, "
    )
    # Planned once more in vain, it is told once more.
    member = MembershipFactory(community=group)
    from_coordinators.confirm(draft, send_at=NOW + 3 * HOUR, now=NOW + 2 * HOUR)
    Membership.objects.filter(pk=member.pk).update(state=MembershipState.LEFT)
    from_coordinators.deliver_due(now=NOW + 3 * HOUR)
    assert Email.objects.count() == 2


def test_who_coordinates_the_group_no_more_reads_it_without_a_link_that_leads_nowhere():
    writer = UserFactory()
    draft = planned(CommunityFactory(), writer)
    shut_down = planned(CommunityFactory(), UserFactory(is_active=False))
    Membership.objects.update(state=MembershipState.LEFT)

    from_coordinators.deliver_due(now=NOW + HOUR)

    email = Email.objects.get()
    assert (email.to, "/groupmessage/" in email.text) == (writer.email, False)
    assert "weil Sie diese Gruppe nicht mehr koordinieren." in email.text
    for one in (draft, shut_down):
        one.refresh_from_db()
        assert one.state == MessageState.DRAFT


def test_of_a_group_that_has_ended_only_those_read_it_whom_its_end_told_nothing_of_rundmails():
    archived, merged = CommunityFactory.create_batch(2)
    into = CommunityFactory(name="Zwillinge")
    told, moved, member = UserFactory.create_batch(3)
    office = UserFactory(is_superuser=True, is_staff=True)
    CoordinationFactory(community=archived, user=told)
    # Coordinates it no more: its end was told to others.
    MembershipFactory(community=archived, user=member)
    for group, writer in (
        (archived, told), (archived, office), (archived, member), (merged, moved),
    ):  # fmt: skip
        planned(group, writer)
    actions.archive(archived, by=office, now=NOW)
    actions.merge(merged, into=into, by=office, now=NOW)
    Email.objects.all().delete()

    from_coordinators.deliver_due(now=NOW + HOUR)

    texts = dict(Email.objects.values_list("to", "text"))
    assert set(texts) == {office.email, member.email, moved.email}
    assert "hinausgegangen: Die Gruppe ist archiviert.\n" in texts[office.email]
    assert "/groupmessage/" in texts[office.email]
    assert "Die Gruppe ist in „Zwillinge“ aufgegangen.\n" in texts[moved.email]
    assert "/groupmessage/" not in texts[moved.email]
    assert not GroupMessage.objects.exclude(state=MessageState.DRAFT).exists()


def test_the_page_before_sending_says_that_nobody_gets_it_and_keeps_the_draft(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    draft = message(CommunityFactory())
    page = reverse("admin:communities_groupmessage_step", args=[draft.pk, "senden"])

    asked = client.get(page)
    sent = client.post(page, {"seen": asked.context["form"].initial["seen"]})

    assert "So kann die Rundmail noch nicht hinaus: Zurzeit bekommt sie niemand." in asked.text
    assert ("0 Menschen" in asked.text, 'type="submit" class="default"' in asked.text) == (
        False,
        False,
    )
    assert NOBODY in sent.text
    draft.refresh_from_db()
    assert draft.state == MessageState.DRAFT


def test_who_is_sent_to_enter_the_address_finds_the_way_back_also_after_saving(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    group = CommunityFactory(contact_email="")
    draft = message(group)
    sending = reverse("admin:communities_groupmessage_step", args=[draft.pk, "senden"])
    back = f'href="{sending}">Zurück zur Rundmail</a>'

    (form,) = re.findall(r'href="([^"]*)#id_contact_email"', client.get(sending).text)
    page = client.get(form)
    values = form_of(client, form) | {"contact_email": "aeg@kts.example"}
    saved = client.post(form, values, follow=True)

    group.refresh_from_db()
    assert group.contact_email == "aeg@kts.example"
    assert back in page.text
    assert back in saved.text
    assert "Zurück zur Rundmail" not in client.get(form.replace(f"={draft.pk}", "=x")).text


def test_answers_to_a_topic_group_without_its_own_address_go_to_the_aeg_above():
    group = TopicGroupFactory(parent__contact_email="aeg@kts.example")
    MembershipFactory(community=group)

    send(message(group))

    email = Email.objects.get()
    assert email.reply_to == "aeg@kts.example"
    assert "Antworten gehen an aeg@kts.example.\n" in email.text


def test_a_mail_whose_address_for_answers_was_taken_away_since_says_who_gets_them_instead(settings):
    group = CommunityFactory(contact_email="gruppe@kts.example")
    MembershipFactory(community=group)
    draft = message(group)
    from_coordinators.confirm(draft, send_at=NOW + HOUR, now=NOW)
    type(group).objects.update(contact_email="")

    from_coordinators.deliver_due(now=NOW + HOUR)

    email = Email.objects.get()
    assert email.reply_to == settings.OPERATOR["email"]
    assert "Antworten gehen an den Betreiber des Portals.\n" in email.text


def test_the_test_mail_goes_to_its_writer_alone():
    group = CommunityFactory(name="Zwillinge")
    MembershipFactory(community=group)
    draft = message(group)

    from_coordinators.send_test(draft, to="ich@kts.example", now=NOW)
    from_coordinators.send_test(draft, to="ich@kts.example", now=NOW)

    assert (
        list(Email.objects.values_list("to", "subject"))
        == [("ich@kts.example", "[Test] Zwillinge: Nächstes Treffen")] * 2
    )
    draft.refresh_from_db()
    assert draft.state == MessageState.DRAFT


def test_counting_and_choosing_cost_the_same_for_few_and_many(django_assert_num_queries):
    group = CommunityFactory()
    draft = message(group, with_topic_groups=True)
    for number in (2, 40):
        MembershipFactory.create_batch(number, community=group)
        with django_assert_num_queries(2):
            from_coordinators.count(draft)


# The link that ends the mails


def path_of(email: Email, settings) -> str:
    return email.unsubscribe_url.removeprefix(settings.SITE_URL)


@pytest.fixture
def path(settings) -> str:
    group = CommunityFactory(name="Zwillinge")
    MembershipFactory(community=group, email="eva@kommune.example")
    MembershipFactory(community=CommunityFactory(name="Plattformen"), email="eva@kommune.example")
    send(message(group))
    return path_of(Email.objects.get(), settings)


def wishes() -> dict[str, str]:
    return {
        membership.community.name: membership.mail_wish
        for membership in MembershipFactory._meta.model.objects.all()
    }


def test_opening_the_link_changes_nothing_however_often(client, path):
    for _number in range(10):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200

    assert wishes() == {"Zwillinge": "sofort", "Plattformen": "sofort"}


def test_the_button_of_a_mail_program_ends_the_mails_of_this_group(client, path):
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.cookies.keys()) == (204, set())
    assert wishes() == {"Zwillinge": "keine", "Plattformen": "sofort"}
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 204


def test_the_page_ends_the_mails_and_can_bring_them_back_weekly(client, path):
    page = client.post(path, follow=True)
    assert "Sie bekommen keine Rundmails dieser Gruppen mehr." in page.text
    assert wishes()["Zwillinge"] == "keine"

    page = client.post(path, {"wie": "woechentlich"}, follow=True)
    assert "jetzt einmal in der Woche" in page.text
    assert wishes()["Zwillinge"] == "woechentlich"


@pytest.mark.parametrize("token", ["falsch", "WzFd:1tKxyz:abc"])
def test_a_wrong_link_says_so(client, token):
    answer = client.post(reverse("communities:unsubscribe", args=[token]))

    assert answer.status_code == 404
    assert "Dieser Link gilt nicht" in answer.text


def test_who_has_left_is_told_so(client, path):
    MembershipFactory._meta.model.objects.update(state=MembershipState.LEFT)

    assert "nicht mehr Mitglied" in client.get(path).text


# Once a week


def test_weekly_members_get_one_letter_of_all_groups():
    aeg, other = CommunityFactory(name="Zwillinge"), CommunityFactory(name="Plattformen")
    for group in (aeg, other):
        MembershipFactory(
            community=group, email="eva@kommune.example", mail_wish=MailWish.WEEKLY, name="Eva"
        )
    MembershipFactory(community=aeg)
    send(message(aeg, subject="Eins"))
    send(message(other, subject="Zwei"), now=NOW + HOUR)
    # In the log they count like those who get it at once.
    logged = GroupMessage.objects.order_by("pk").values_list("recipients", flat=True)
    assert list(logged) == [{"mitglied": 2}, {"mitglied": 1}]
    assert not Email.objects.filter(to="eva@kommune.example").exists()

    assert plan(now=NOW + 5 * HOUR) == 1
    assert plan(now=NOW + 6 * HOUR) == 0

    letter = Email.objects.get(to="eva@kommune.example")
    assert letter.subject == "Zwillinge: Eins (und 1 mehr)"
    assert "1. Zwillinge: Eins\n2. Plattformen: Zwei" in letter.text
    assert letter.kind == EmailKind.BULK
    assert not DigestItem.objects.exists()
    pks = [row.pk for row in unsubscribing.open_token(letter.unsubscribe_url.split("/")[-2])]
    assert len(pks) == 2


def test_somebody_in_very_many_groups_gets_letters_whose_links_end_all_of_them():
    rows = []
    for number in range(GROUPS_PER_LETTER + 2):
        group = CommunityFactory(name=f"Gemeinschaft {number}")
        row = MembershipFactory(
            community=group, email="eva@kommune.example", mail_wish=MailWish.WEEKLY
        )
        DigestItem.objects.create(membership=row, message=message(group, subject=f"Nr. {number}"))
        rows.append(row.pk)

    assert plan(now=NOW) == 2

    letters = Email.objects.filter(to="eva@kommune.example")
    named = [
        {row.pk for row in unsubscribing.open_token(letter.unsubscribe_url.split("/")[-2])}
        for letter in letters
    ]
    assert sorted(map(len, named)) == [2, GROUPS_PER_LETTER]
    assert set.union(*named) == set(rows)


def test_who_ends_the_mails_or_leaves_gets_no_letter():
    group = CommunityFactory()
    ended = MembershipFactory(community=group, mail_wish=MailWish.WEEKLY)
    left = MembershipFactory(community=group, mail_wish=MailWish.WEEKLY)
    send(message(group))
    unsubscribing.unsubscribe(type(ended).objects.filter(pk=ended.pk))
    type(left).objects.filter(pk=left.pk).update(state=MembershipState.LEFT)

    assert plan(now=NOW + HOUR) == 0
    assert not Email.objects.exists()

"""Minutes with an agenda, decisions, tasks and attachments: written, told, reminded of, done."""

import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from time import sleep

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.actions import leaving
from communities.models import DigestItem, GroupMessage, MailWish, MembershipState
from events import task_links, todos
from events.actions import minutes as actions
from events.mail.minutes import remind_of_tasks
from events.models import EventKind, EventState, Minutes, MinutesFile, MinutesState, MinutesTask
from events.of_groups import MOST_TASKS
from ground.refusals import NotPossible, Overtaken
from ground.signed_links import Outcome
from mailing.models import Email
from tests.events.test_admin import form_of, text
from tests.factories.accounts import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, MembershipFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

# A Thursday in Germany; the working days before: Monday, Tuesday, Wednesday.
DUE = date(2026, 7, 16)


def morning(day: int) -> datetime:
    return datetime(2026, 7, day, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def role():
    group = CommunityFactory(contact_email="gruppe@kommune.example")
    return CoordinationFactory(community=group, user__is_staff=True)


@pytest.fixture
def eva(role):
    return MembershipFactory(
        community=role.community, user=UserFactory(), name="Eva Eigen", email="eva@kommune.example"
    )


@pytest.fixture
def row(role):
    event = EventFactory(community=role.community, kind=EventKind.COMMUNITY_WORKSHOP)
    return Minutes.objects.create(
        event=event, text="Kurz.", state=MinutesState.APPROVED, approved_at=timezone.now()
    )


def test_one_form_holds_all_of_it_and_members_read_it_once_it_is_released(client, role, eva):
    """Written, attached, approved with word to the members, read by the right people, published."""
    weekly = MembershipFactory(community=role.community, mail_wish=MailWish.WEEKLY)
    MembershipFactory(community=role.community, mail_wish=MailWish.NONE)
    event = EventFactory(community=role.community, kind=EventKind.COMMUNITY_WORKSHOP)
    client.force_login(role.user)
    client.post(reverse("admin:events_minutes_add"), {"event": event.pk, "text": ""})
    row = Minutes.objects.get()
    page = reverse("admin:events_minutes_change", args=[row.pk])
    approve = reverse("admin:events_minutes_step", args=[row.pk, "freigeben"])

    def take(address, **sent):
        seen = client.get(address).context["form"].initial["seen"]
        return text(client.post(address, {"seen": seen, **sent}, follow=True))

    assert "In diesem Protokoll steht noch nichts." in take(approve)

    stranger = MembershipFactory(user=UserFactory())
    values = form_of(client, page) | {
        "items-0-title": "Datenraum",
        "items-0-text": "Lange beraten.",
        "items-0-position": 1,
        "decisions-0-text": "Wir bauen ihn.",
        "decisions-0-position": 1,
        "tasks-0-text": "Angebot einholen",
        "tasks-0-member": eva.pk,
        "tasks-0-due_on": "2026-07-16",
        "files-0-title": "Folien",
        "files-0-file": SimpleUploadedFile("Folien.pdf", b"%PDF-1.7 Folien"),
        "files-0-position": 1,
    }
    both = client.post(page, values | {"tasks-0-owner_name": "Otto"})
    assert "nicht beides" in text(both)
    values["files-0-file"] = SimpleUploadedFile("Folien.pdf", b"%PDF-1.7 Folien")
    forged = client.post(page, values | {"tasks-0-member": stranger.pk})
    assert forged.status_code == 200
    values["files-0-file"] = SimpleUploadedFile("Folien.pdf", b"%PDF-1.7 Folien")
    assert client.post(page, values).status_code == 302, "it was not saved"
    file, task = MinutesFile.objects.get(), MinutesTask.objects.get()
    assert (file.is_public, file.file_name, task.member) == (False, "Folien.pdf", eva)

    read = reverse("events:minutes", args=[event.slug])
    parts = ("Datenraum", "Lange beraten.", "Wir bauen ihn.")
    inner = ("Angebot einholen", "Folien")

    def seen_by(who):
        client.force_login(who) if who else client.logout()
        answer, attached = client.get(read), client.get(file.get_file_url())
        if attached.streaming:
            assert b"".join(attached.streaming_content) == b"%PDF-1.7 Folien"
        if answer.status_code == 200:
            assert all(part in text(answer) for part in parts)
            assert all((part in text(answer)) is (attached.status_code == 200) for part in inner)
        return answer.status_code, attached.status_code

    everybody = (role.user, eva.user, stranger.user, None)
    assert [seen_by(who) for who in everybody] == [(200, 200), *[(404, 404)] * 3]
    client.force_login(role.user)
    assert "freigegeben" in take(approve, tell_members="on")
    assert [seen_by(who) for who in everybody] == [(200, 200), (200, 200), *[(404, 404)] * 2]
    told = {email.to: email.subject for email in Email.objects.all()}
    assert told == dict.fromkeys(
        (role.email, eva.email), f"{role.community.full_name}: Protokoll: {event.title}"
    )
    assert DigestItem.objects.get().membership == weekly

    client.force_login(role.user)
    for slug in ("zuruecknehmen", "freigeben", "veroeffentlichen"):
        take(reverse("admin:events_minutes_step", args=[row.pk, slug]), tell_members="on")
    assert GroupMessage.objects.count() == 1
    assert [seen_by(who) for who in everybody] == [(200, 200)] * 2 + [(200, 404)] * 2
    client.force_login(role.user)
    for changed in ({"items-0-title": "Anders"}, {"tasks-0-text": "Angebot prüfen"}):
        kept = {name: one for name, one in form_of(client, page).items() if "-file" not in name}
        client.post(page, kept | changed)
    assert (row.items.get().title, row.tasks.get().text) == ("Datenraum", "Angebot prüfen")
    released = text(client.get(page))
    assert "Datenraum" in released
    # What is only read stands in its order; the numbers of it say nothing.
    assert "Reihenfolge" not in released


def test_the_history_names_nobody_who_has_taken_something_on(client, role, eva, row):
    """An account that is deleted, or a name emptied after a year, must not live on in it."""
    task = row.tasks.create(text="Angebot einholen", owner_name="Otto Ohnekonto", due_on=DUE)
    page = reverse("admin:events_minutes_change", args=[row.pk])
    client.force_login(role.user)
    for changed in ({"owner_name": "", "member": eva.pk}, {"member": role.pk}):
        sent = {f"tasks-0-{name}": value for name, value in changed.items()}
        kept = {name: one for name, one in form_of(client, page).items() if "-file" not in name}
        assert client.post(page, kept | sent).status_code == 302
    task.refresh_from_db()
    assert task.member == role
    told = " ".join(LogEntry.objects.values_list("change_message", flat=True))
    assert told.count("Aufgabe") == 2
    assert not any(name in told for name in ("Ohnekonto", "Eva Eigen", role.name))


def test_who_has_left_is_named_to_those_who_coordinate_alone(client, role, eva, row):
    other = MembershipFactory(community=role.community, user=UserFactory())
    row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    type(eva).objects.filter(pk=eva.pk).update(is_visible=True)

    def names_her():
        pages = (row.get_absolute_url(), role.community.members_area_url)
        found = []
        for who in (role.user, other.user):
            client.force_login(who)
            found.append([client.get(page).text.count("Eva Eigen") > 0 for page in pages])
        return found

    assert names_her() == [[True, True], [True, True]]
    leaving.leave(eva, now=timezone.now())
    assert names_her() == [[True, True], [False, False]]
    assert "ein früheres Mitglied" in client.get(row.get_absolute_url()).text
    # Who is a member no more, or not yet, reads nothing of it.
    waiting = MembershipFactory(
        community=role.community,
        user=UserFactory(),
        state=MembershipState.REQUESTED,
        requested_at=timezone.now(),
    )
    for outside in (eva.user, waiting.user):
        client.force_login(outside)
        assert client.get(row.get_absolute_url()).status_code == 404


def test_nothing_is_released_where_answers_to_the_mail_would_reach_no_one(client, role, row):
    Minutes.objects.filter(pk=row.pk).update(state=MinutesState.DRAFT)
    row.refresh_from_db()
    type(role.community).objects.filter(pk=role.community_id).update(contact_email="")
    row.event.community.refresh_from_db()

    with pytest.raises(NotPossible, match="E-Mail der Ansprechperson"):
        actions.approve(row, by=role.user, now=timezone.now(), tell_members=True)
    row.refresh_from_db()
    assert (row.state, row.told_at) == (MinutesState.DRAFT, None)
    client.force_login(role.user)
    page = reverse("admin:events_minutes_step", args=[row.pk, "freigeben"])
    seen = client.get(page).context["form"].initial["seen"]
    refused = text(client.post(page, {"seen": seen, "tell_members": "on"}))
    assert "Ohne diesen Haken wird es freigegeben, und niemand bekommt eine E-Mail." in refused

    actions.approve(row, by=role.user, now=timezone.now())
    assert not Email.objects.exists()


def test_what_a_colleague_has_just_changed_is_not_released_unread(role, row):
    Minutes.objects.update(state=MinutesState.DRAFT, approved_at=None)
    read, other = Minutes.objects.get(), Minutes.objects.get()
    other.text = "Ganz anders."
    other.save()
    with pytest.raises(Overtaken):
        actions.approve(read, by=role.user, now=timezone.now())
    with pytest.raises(Overtaken):
        actions.publish(other)
    task = row.tasks.create(text="Angebot einholen", owner_name="Otto", due_on=DUE)
    MinutesTask.objects.update(text="Etwas anderes", version=task.version + 1)
    with pytest.raises(Overtaken):
        actions.finish(task, now=timezone.now())
    # What is done is not reminded of any more, also where the e-mail is stored already.
    own = row.tasks.create(text="Einladen", member=role, due_on=DUE)
    Minutes.objects.update(state=MinutesState.APPROVED, approved_at=timezone.now())
    assert remind_of_tasks(now=morning(14)) == 1
    actions.finish(MinutesTask.objects.get(pk=own.pk), now=morning(14))
    assert not Email.objects.exists()
    Minutes.objects.update(state=MinutesState.DRAFT, approved_at=None)
    other.refresh_from_db()
    # The members are told once, also by those who take it back and release it once more.
    for _twice in range(2):
        actions.approve(other, by=role.user, now=timezone.now(), tell_members=True)
        actions.take_back(other)
    assert GroupMessage.objects.count() == 1
    # And those of a group that has ended not at all.
    Minutes.objects.update(told_at=None)
    group = type(role.community).objects.filter(pk=role.community_id)
    group.update(state="archived", archived_at=timezone.now())
    actions.approve(Minutes.objects.get(), by=role.user, now=timezone.now(), tell_members=True)
    assert GroupMessage.objects.count() == 1


def test_where_nobody_would_be_told_the_form_does_not_ask_whether_to_tell(
    admin_client, role, eva, row
):
    Minutes.objects.update(state=MinutesState.DRAFT, approved_at=None)
    page = reverse("admin:events_minutes_step", args=[row.pk, "freigeben"])
    members, group = type(role).objects.all(), type(role.community).objects.all()

    def asks() -> bool:
        return "tell_members" in admin_client.get(page).context["form"].fields

    members.filter(pk=role.pk).update(mail_wish=MailWish.NONE)
    assert asks(), "there is a member who wants mails"
    members.update(mail_wish=MailWish.NONE)
    assert not asks()
    members.update(mail_wish=MailWish.AT_ONCE)
    group.update(state="archived", archived_at=timezone.now())
    assert not asks()


def test_minutes_that_no_page_shows_yet_are_told_to_nobody(role, eva):
    draft = EventFactory(community=role.community, state=EventState.DRAFT)
    row = Minutes.objects.create(event=draft, text="Kurz.")

    with pytest.raises(NotPossible, match="noch ein Entwurf"):
        actions.approve(row, by=role.user, now=timezone.now(), tell_members=True)

    assert not Email.objects.exists()
    row.refresh_from_db()
    assert (row.state, row.told_at) == (MinutesState.DRAFT, None)


def test_a_task_reminds_three_working_days_before_and_once_after(client, role, eva, row):
    task = row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    row.tasks.create(text="Raum", owner_name="Otto Extern", due_on=DUE)
    row.tasks.create(text="Fertig", member=eva, due_on=DUE, done_at=timezone.now())
    draft = Minutes.objects.create(event=EventFactory(community=role.community), text="Entwurf")
    draft.tasks.create(text="Nicht vereinbart", member=eva, due_on=DUE)

    sent = [remind_of_tasks(now=morning(day)) for day in range(9, 23) for _twice in (1, 2)]

    by_day = dict(zip(range(9, 23), zip(sent[::2], sent[1::2], strict=True), strict=True))
    assert {day: counts for day, counts in by_day.items() if any(counts)} == {
        13: (1, 0),
        17: (1, 0),
    }
    before, after = Email.objects.order_by("due_at")
    assert {before.to, after.to} == {eva.email}
    assert before.subject == "Bald fällig: Angebot einholen"
    assert after.subject == "Überfällig: Angebot einholen"
    assert "An diese Aufgabe erinnern wir Sie nicht noch einmal." in after.text
    assert {before.reply_to, after.reply_to} == {"gruppe@kommune.example"}
    # Reading the link changes nothing; a scanner may.
    [link] = re.findall(r"/veranstaltungen/aufgabe/\S+", after.text)
    assert client.get(link).status_code == 200
    assert MinutesTask.objects.filter(pk=task.pk, done_at=None).exists()
    assert client.post(link).status_code == 302
    assert not MinutesTask.objects.filter(pk=task.pk, done_at=None).exists()
    assert "schon als erledigt vermerkt" in text(client.post(link))


def test_a_later_day_reminds_anew_and_old_links_die(client, role, eva, row):
    task = row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    assert remind_of_tasks(now=morning(14)) == 1
    token = task_links.token_for(task)
    client.force_login(role.user)
    page = reverse("admin:events_minutes_change", args=[row.pk])
    # Taken back before the e-mail has left, it comes when the minutes are released again.
    actions.take_back(row)
    assert remind_of_tasks(now=morning(14)) == 0
    actions.approve(row, by=role.user, now=morning(14))
    assert remind_of_tasks(now=morning(14)) == 1

    client.post(page, form_of(client, page) | {"tasks-0-due_on": "2026-07-23"})

    assert not Email.objects.exists(), "what was not sent yet is taken back"
    opened = task_links.open_token(token, task_links.Purpose.DONE, now=morning(15))
    assert opened.outcome is Outcome.SUPERSEDED
    assert [remind_of_tasks(now=morning(day)) for day in (17, 20, 24)] == [0, 1, 1]

    client.post(page, form_of(client, page) | {"tasks-0-is_done": "on"})
    task.refresh_from_db()
    assert task.done_at
    assert not Email.objects.exists()
    # Taken up again: what was taken back before it had left comes now.
    client.post(page, {k: v for k, v in form_of(client, page).items() if k != "tasks-0-is_done"})
    assert remind_of_tasks(now=morning(24)) == 1
    task.refresh_from_db()
    assert actions.finish(task, now=morning(24)).overdue_told_at is None
    with pytest.raises(Overtaken):
        actions.finish(task, now=morning(24))


def test_a_task_that_is_handed_on_is_the_new_owners_alone(client, role, eva, row):
    otto = MembershipFactory(
        community=role.community, user=UserFactory(), email="otto@kommune.example"
    )
    task = row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    assert remind_of_tasks(now=morning(14)) == 1
    Email.objects.update(sent_at=morning(14))
    token = task_links.token_for(task)
    client.force_login(role.user)
    page = reverse("admin:events_minutes_change", args=[row.pk])

    client.post(page, form_of(client, page) | {"tasks-0-member": otto.pk})

    opened = task_links.open_token(token, task_links.Purpose.DONE, now=morning(15))
    assert opened.outcome is Outcome.SUPERSEDED
    assert [remind_of_tasks(now=morning(15)) for _twice in (1, 2)] == [1, 0]
    assert list(Email.objects.order_by("pk").values_list("to", flat=True)) == [
        eva.email,
        otto.email,
    ]


def test_the_link_of_a_task_works_no_longer_than_minutes_and_membership(role, eva, row):
    task = row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    token = task_links.token_for(task)

    def outcome():
        return task_links.open_token(token, task_links.Purpose.DONE, now=morning(14)).outcome

    assert outcome() is Outcome.VALID
    Minutes.objects.update(state=MinutesState.DRAFT, approved_at=None)
    assert outcome() is Outcome.SUPERSEDED
    Minutes.objects.update(state=MinutesState.APPROVED, approved_at=morning(10))
    type(eva).objects.filter(pk=eva.pk).update(state=MembershipState.LEFT)
    assert outcome() is Outcome.EXPIRED


def test_reminders_go_on_working_days_of_germany(role, eva, row):
    row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    monday_after_midnight = datetime(2026, 7, 12, 22, 30, tzinfo=UTC)
    assert remind_of_tasks(now=monday_after_midnight) == 1
    assert remind_of_tasks(now=morning(18)) == 0  # over, but a Saturday
    assert remind_of_tasks(now=morning(20)) == 1
    # What has been forgotten for months is not brought up by a portal that starts again.
    row.tasks.create(text="Längst vorbei", member=eva, due_on=DUE)
    assert remind_of_tasks(now=datetime(2026, 9, 14, 8, 0, tzinfo=UTC)) == 0


def test_nobody_is_reminded_in_a_group_that_has_ended_or_that_they_have_left(role, eva, row):
    row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    eva.state = "ausgetreten"
    eva.save()
    assert remind_of_tasks(now=morning(14)) == 0
    eva.state = "aktiv"
    eva.save()
    type(eva.user).objects.filter(pk=eva.user_id).update(is_active=False)
    assert remind_of_tasks(now=morning(14)) == 0
    type(eva.user).objects.filter(pk=eva.user_id).update(is_active=True)
    type(role.community).objects.filter(pk=role.community_id).update(state="archived")
    assert remind_of_tasks(now=morning(14)) == 0


def test_the_owner_says_in_the_portal_that_it_is_done_and_no_one_else_does(client, role, eva, row):
    task = row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    other = MembershipFactory(community=role.community, user=UserFactory())
    done = reverse("events:task_done", args=[row.event.slug, task.pk])
    read, area = row.get_absolute_url(), role.community.members_area_url

    client.force_login(other.user)
    # Eva has not agreed to be named to other members.
    for address in (read, area):
        assert "Angebot einholen" in text(client.get(address))
        assert "Eva Eigen" not in text(client.get(address))
    assert client.post(done).status_code == 404
    # Of a draft nothing is said to be done yet, by anyone.
    Minutes.objects.update(state=MinutesState.DRAFT, approved_at=None)
    for who in (role, eva):
        client.force_login(who.user)
        assert client.post(done).status_code == 404
    Minutes.objects.update(state=MinutesState.APPROVED, approved_at=timezone.now())
    client.force_login(eva.user)
    account = text(client.get(reverse("account")))
    assert "Meine Aufgaben" in account
    assert "Angebot einholen" in account
    assert done in text(client.get(read))
    assert client.get(done).status_code == 405
    assert "ist als erledigt vermerkt" in text(client.post(done, follow=True))
    assert "schon als erledigt" in text(client.post(done, follow=True))
    assert "Angebot einholen" not in text(client.get(area))
    assert "Meine Aufgaben" not in text(client.get(reverse("account")))


def test_open_tasks_wait_for_those_who_coordinate_and_their_list_shows_them(client, role, eva, row):
    row.tasks.create(text="Bald", member=eva, due_on=timezone.localdate() + timedelta(days=9))
    row.tasks.create(text="Zu spät", owner_name="Otto", due_on=date(2020, 1, 1))
    foreign = Minutes.objects.create(
        event=EventFactory(community=CommunityFactory()),
        text="Fremd",
        state=MinutesState.APPROVED,
        approved_at=timezone.now(),
    )
    foreign.tasks.create(text="Fremd", due_on=date(2020, 1, 1))
    Minutes.objects.create(event=EventFactory(community=CommunityFactory()), text="Entworfen")

    waiting = list(todos.waiting_for(role.user, timezone.now()))

    assert not [todo for todo in waiting if "Entw" in todo.text]
    [todo] = [todo for todo in waiting if "Aufgabe" in todo.text]
    assert todo.text.startswith("2 Aufgaben aus Protokollen sind offen")
    assert todo.is_overdue
    client.force_login(role.user)
    assert "2, 1 überfällig" in text(client.get(todo.url))
    assert "Fremd" not in text(client.get(todo.url))


def test_the_area_of_a_group_tells_of_its_own_minutes_once_they_are_released(
    client, role, eva, row
):
    """Of workshops that are over it says whether there are minutes; of tasks all that are open."""
    row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    over = {"starts_at": timezone.now() - timedelta(days=3), "kind": EventKind.COMMUNITY_WORKSHOP}
    drafted = Minutes.objects.create(event=EventFactory(community=role.community, **over), text="?")
    foreign = Minutes.objects.create(
        event=EventFactory(community=CommunityFactory(), **over),
        text="Fremd",
        state=MinutesState.APPROVED,
        approved_at=timezone.now(),
    )
    foreign.tasks.create(text="Fremdes tun", due_on=DUE)
    client.force_login(eva.user)

    def told() -> list[bool]:
        area = text(client.get(role.community.members_area_url))
        parts = ("Angebot einholen", f'"{drafted.get_absolute_url()}"', "Fremdes tun")
        return [part in area for part in parts]

    assert told() == [True, False, False]
    Minutes.objects.filter(pk=drafted.pk).update(
        state=MinutesState.APPROVED, approved_at=timezone.now()
    )
    assert told() == [True, True, False]
    # There is no page that could tell of it.
    type(row.event).objects.filter(pk=row.event_id).update(state=EventState.DRAFT)
    assert told() == [False, True, False]


def test_many_tasks_that_no_page_tells_of_crowd_out_none_of_the_others(client, role, eva, row):
    hidden = Minutes.objects.create(
        event=EventFactory(community=role.community, state=EventState.DRAFT),
        state=MinutesState.APPROVED,
        approved_at=timezone.now(),
    )
    MinutesTask.objects.bulk_create(
        MinutesTask(minutes=hidden, text="Verborgenes", due_on=DUE - timedelta(days=1))
        for _number in range(MOST_TASKS)
    )
    row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    hidden.tasks.update(member=eva)
    client.force_login(eva.user)

    for page in (role.community.members_area_url, reverse("account")):
        found = text(client.get(page))
        assert [one in found for one in ("Angebot einholen", "Verborgenes")] == [True, False]
    assert remind_of_tasks(now=morning(DUE.day)) == 1


def test_more_tasks_take_no_more_queries(client, role, eva, row):
    page = reverse("admin:events_minutes_change", args=[row.pk])
    addresses = (page, row.get_absolute_url(), role.community.members_area_url, reverse("account"))

    def counted():
        found = []
        for address in addresses:
            client.force_login(role.user)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    def fill():
        row.tasks.create(text="Etwas", member=eva, due_on=DUE)
        row.tasks.create(text="Etwas", member=role, due_on=DUE)
        row.files.create(title="Folien", file=SimpleUploadedFile("f.txt", b"Folien"))

    fill()
    counted()
    few = counted()
    for _more in range(3):
        fill()
    assert counted() == few


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_is_being_stored_while_minutes_are_taken_back_is_taken_back_too(eva, row):
    task = row.tasks.create(text="Angebot einholen", member=eva, due_on=DUE)
    is_stored = Event()

    def remind_slowly() -> None:
        with closing(connection), transaction.atomic():
            remind_of_tasks(now=morning(14))
            is_stored.set()
            sleep(0.3)

    other = Thread(target=remind_slowly)
    other.start()
    assert is_stored.wait(10)
    actions.take_back(row)
    other.join()

    assert not Email.objects.exists()
    task.refresh_from_db()
    assert task.reminded_at is None

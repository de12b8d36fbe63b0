"""Somebody acts on what they have read while it changes, or was never meant for them."""

import io
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.own_data import Person
from communities import actions
from communities.admin.communities import CommunityForm
from communities.admin.experiences import STEPS as EXPERIENCE_STEPS
from communities.files import validate_upload
from communities.invitees import Invitee
from communities.models import (
    Community,
    CommunityState,
    Experience,
    ExperienceState,
    GroupMessage,
    Membership,
    MembershipState,
    MessageState,
    Role,
)
from ground.refusals import Overtaken
from mailing.models import Email
from smartcities import own_data
from smartcities.accessibility import barriers
from tests.communities.answers import NO_FILES
from tests.events.test_admin import form_of
from tests.factories import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def aeg():
    return CommunityFactory(name="Zwillinge")


@pytest.fixture
def coordinator(aeg, client):
    coordination = CoordinationFactory(community=aeg, user=UserFactory())
    client.force_login(coordination.user)
    return coordination.user


def step(row, slug: str) -> str:
    return reverse(f"admin:communities_{row._meta.model_name}_step", args=[row.pk, slug])


def typed(client, address: str) -> dict:
    form = client.get(address).context["form"]
    return {field.html_name: field.value() or "" for field in form}


def test_what_a_form_does_not_change_is_not_written_back(client, coordinator, aeg, monkeypatch):
    """The row is archived between reading and saving."""
    group = TopicGroupFactory(parent=aeg)
    page = reverse("admin:communities_community_change", args=[group.pk])
    values = form_of(client, page)
    full_clean = CommunityForm.full_clean

    def archived_meanwhile(self) -> None:
        full_clean(self)
        if self.is_bound and self.instance.pk == group.pk:
            Community.objects.filter(pk=group.pk).update(
                state=CommunityState.ARCHIVED, archived_at=NOW
            )

    monkeypatch.setattr(
        "communities.admin.communities.CommunityForm.full_clean", archived_meanwhile
    )
    client.post(page, values | {"purpose": "Neuer Zweck."})

    group.refresh_from_db()
    assert (group.purpose, group.state) == ("Neuer Zweck.", CommunityState.ARCHIVED)


def test_an_experience_is_published_as_it_was_read(client, coordinator, aeg):
    experience = ExperienceFactory(
        community=aeg, state=ExperienceState.DRAFT, published_at=None, what="Gelesen."
    )
    address = step(experience, "veroeffentlichen")
    read = typed(client, address)
    Experience.objects.filter(pk=experience.pk).update(what="Untergeschoben.")

    answer = client.post(address, read)

    assert "Der Text wurde inzwischen geändert." in answer.text
    experience.refresh_from_db()
    assert experience.state == ExperienceState.DRAFT
    # Asked again, about the words as they are now.
    client.post(address, {field.html_name: field.value() or "" for field in answer.context["form"]})
    experience.refresh_from_db()
    assert experience.state == ExperienceState.PUBLIC


def test_of_two_who_publish_an_experience_at_once_one_does_and_readers_of_changes_get_it(aeg):
    """Both have asked for the page before either sent it; the same for taking it back."""
    written = NOW - timedelta(days=9)
    pk = ExperienceFactory(community=aeg, state=ExperienceState.DRAFT, published_at=None).pk
    Experience.objects.filter(pk=pk).update(updated_at=written)
    publish, take_back = (one.run for one in EXPERIENCE_STEPS)
    for run, state, days in (
        (publish, ExperienceState.PUBLIC, 1),
        (take_back, ExperienceState.DRAFT, 2),
    ):
        first, second = Experience.objects.get(pk=pk), Experience.objects.get(pk=pk)
        run(first, None, None, NOW + timedelta(days=days))
        with pytest.raises(Overtaken):
            run(second, None, None, NOW + timedelta(days=9))
        row = Experience.objects.get(pk=pk)
        assert (row.state, row.published_at, row.updated_at) == (
            state,
            NOW + timedelta(days=1),
            NOW + timedelta(days=days),
        )
    # Nor are words published that came between the look at the page and the button.
    read, other = Experience.objects.get(pk=pk), Experience.objects.get(pk=pk)
    other.what = "Untergeschoben."
    other.save()
    with pytest.raises(Overtaken):
        publish(read, None, None, NOW)
    assert Experience.objects.get(pk=pk).state == ExperienceState.DRAFT


def test_a_form_empties_no_choice_that_it_cannot_offer_again(client, coordinator, aeg):
    """The project of an experience is not public any more."""
    project = ProjectFactory(is_public=False, name="Projekt im Entwurf")
    row = ExperienceFactory(community=aeg, project=project, title="Alt")
    page = reverse("admin:communities_experience_change", args=[row.pk])
    values = form_of(client, page)
    assert "project" not in values

    answer = client.post(page, values | {"title": "Neu", "project": ""})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.title, row.project, row.community) == ("Neu", project, aeg)


def test_the_staff_can_correct_a_result_of_a_group_that_has_ended(client, aeg):
    row = ResultFactory(community=aeg, title="Alt")
    Community.objects.filter(pk=aeg.pk).update(state=CommunityState.ARCHIVED)
    staff = UserFactory(is_staff=True)
    staff.groups.set(Group.objects.filter(name="Gemeinschaften"))
    client.force_login(staff)
    page = reverse("admin:communities_result_change", args=[row.pk])

    values = form_of(client, page) | {"title": "Neu", "file": ""}

    answer = client.post(page, values)

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.title, row.community) == ("Neu", aeg)


def test_a_group_mail_goes_out_as_it_was_read(client, coordinator, aeg):
    message = GroupMessage.objects.create(
        community=aeg, roles=[Role.COORDINATION], subject="Treffen", text="Um neun."
    )
    address = step(message, "senden")
    read = typed(client, address)
    GroupMessage.objects.filter(pk=message.pk).update(text="Um zehn.")

    answer = client.post(address, read)

    assert "Der Text wurde inzwischen geändert." in answer.text
    message.refresh_from_db()
    assert message.state == MessageState.DRAFT


def test_a_mail_confirmed_meanwhile_is_not_changed(client, coordinator, aeg, monkeypatch):
    message = GroupMessage.objects.create(
        community=aeg, roles=[Role.COORDINATION], subject="Treffen", text="Um neun."
    )
    page = reverse("admin:communities_groupmessage_change", args=[message.pk])
    shown = client.get(page).context
    form = shown["adminform"].form
    values = {field.html_name: field.value() or "" for field in form} | {"_seen": shown["seen"]}
    values |= NO_FILES
    full_clean = form.__class__.full_clean

    def sent_meanwhile(self) -> None:
        full_clean(self)
        GroupMessage.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=NOW)

    monkeypatch.setattr("communities.admin.messages.MessageForm.full_clean", sent_meanwhile)
    answer = client.post(page, values | {"text": "Anders."}, follow=True)

    message.refresh_from_db()
    assert (message.text, message.state) == ("Um neun.", MessageState.SENT)
    assert "Die Rundmail wurde inzwischen bestätigt." in answer.text


def test_an_old_wish_to_be_seen_does_not_survive_a_new_invitation(aeg):
    by = CoordinationFactory(community=aeg).user
    MembershipFactory(
        community=aeg,
        email="eva@kommune.example",
        state=MembershipState.WITHDRAWN,
        is_visible=True,
    )

    actions.invite(aeg, [Invitee("eva@kommune.example", "Eva", Role.MEMBER)], by=by, now=NOW)

    assert Membership.objects.get(email="eva@kommune.example").is_visible is False


def test_who_waits_where_groups_are_merged_gets_links_that_work(aeg):
    old, new = TopicGroupFactory(parent=aeg), TopicGroupFactory(parent=aeg)
    head = CoordinationFactory(community=new)
    by = CoordinationFactory(community=aeg).user
    invited = MembershipFactory(community=old, state=MembershipState.INVITED)
    waiting = MembershipFactory(
        community=old,
        state=MembershipState.REQUESTED,
        requested_at=NOW - timedelta(days=20),
        email_confirmed_at=NOW - timedelta(days=20),
        nudged_at=NOW - timedelta(days=10),
    )

    actions.merge(old, into=new, by=by, now=NOW)

    told = set(Email.objects.values_list("to", flat=True))
    assert {invited.email, waiting.email, head.email} <= told
    waiting.refresh_from_db()
    assert (waiting.community, waiting.nudged_at) == (new, None)


def test_a_damaged_archive_is_refused_with_a_sentence():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text" * 20)
    content = bytearray(written.getvalue())
    content[40:60] = b"\xff" * 20

    with pytest.raises(ValidationError, match="kann hier nicht abgelegt werden"):
        validate_upload(SimpleUploadedFile("plan.odt", bytes(content)))


class TestOwnData:
    def link(self) -> str:
        own_data.send_link("eva@kommune.example", now=NOW)
        text = Email.objects.get(to="eva@kommune.example").text
        return "/" + text.split("http", 1)[1].split("/", 3)[3].split()[0]

    def test_nobody_reads_the_link_in_the_administration(self, client):
        staff = UserFactory(is_staff=True)
        staff.groups.set(Group.objects.filter(name="Betrieb"))
        path = self.link()
        client.force_login(staff)

        page = client.get(reverse("admin:mailing_email_change", args=[Email.objects.get().pk]))

        assert page.status_code == 200
        assert path not in page.text
        assert "nicht einsehbar" in page.text

    def test_a_link_deletes_no_account_that_has_a_password(self, client):
        user = User.objects.create_user("eva@kommune.example", name="Eva", password="geheim-genug")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        path = self.link()

        page = client.get(path)
        client.post(path, {"erase": "", "sure": "on"})

        assert User.objects.filter(pk=user.pk).exists()
        assert reverse("own_data_erase") in page.text
        assert 'name="erase"' not in page.text

    def test_an_account_that_was_made_for_somebody_is_shown_and_erased(self):
        user = User.objects.create_user("eva@kommune.example", name="Eva")

        person = Person.of_address("eva@kommune.example")
        assert person.user == user
        own_data.erase(person, now=NOW)

        assert not User.objects.filter(email="eva@kommune.example").exists()

    def test_erasing_one_report_leaves_the_mails_of_others(self):
        """Their keys begin with the same digit."""
        one = barriers.report(text="Eins", page="", email="eva@kommune.example", now=NOW)
        other = barriers.report(text="Zwei", page="", email="", now=NOW)
        mail = Email.objects.get(key=f"barrier:{other.pk}:reported")
        Email.objects.filter(pk=mail.pk).update(key=f"barrier:{one.pk}0:reported")

        own_data.erase(Person.of_address("eva@kommune.example"), now=NOW)

        assert Email.objects.get().pk == mail.pk

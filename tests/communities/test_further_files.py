"""Several files of a result under their own names, and files that go with a mail to a group."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from communities import retention
from communities.mail import from_coordinators
from communities.models import (
    Community,
    CommunityState,
    GroupMessage,
    MailWish,
    Membership,
    MembershipState,
    MessageFile,
    ResultFile,
    ResultState,
    Role,
)
from ground.refusals import NotPossible
from mailing.models import Email
from subscribing.mail.weekly import plan
from tests.events.test_admin import form_of, text
from tests.factories.accounts import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 Inhalt"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def role():
    group = CommunityFactory(contact_email="gruppe@kommune.example")
    return CoordinationFactory(community=group, user__is_staff=True)


def upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def opens(client, who, address) -> bool:
    client.force_login(who) if who else client.logout()
    answer = client.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content) == PDF
        return True
    assert answer.status_code in (302, 404)
    return False


def test_a_result_has_files_with_names_of_their_own_and_new_ones_are_internal(client, role):
    result = ResultFactory(community=role.community, title="Leitfaden Sensorik")
    member = MembershipFactory(community=role.community, user=UserFactory()).user
    stranger = CoordinationFactory().user
    page = reverse("admin:communities_result_change", args=[result.pk])
    client.force_login(role.user)
    assert "Ohne Haken ist die Datei intern" in text(client.get(page))
    for number, name in enumerate(("Vorlage", "Rohdaten")):
        values = form_of(client, page)
        values = {name: value for name, value in values.items() if not name.endswith("file")}
        values |= {
            f"files-{number}-title": name,
            f"files-{number}-file": upload(f"{name}.pdf"),
            f"files-{number}-position": number,
        }
        assert client.post(page, values).status_code == 302
    template, raw = ResultFile.objects.all()
    assert (template.is_public, raw.is_public, raw.file_name) == (False, False, "Rohdaten.pdf")

    # Where another can be chosen, it is named as people named it, not as it is stored.
    form = client.get(page).content.decode()
    assert f'<a href="{raw.get_file_url()}">Rohdaten.pdf</a>' in form
    assert raw.file.name not in form

    public, area = result.get_absolute_url(), role.community.members_area_url
    assert "Vorlage" not in text(client.get(public))
    values = form_of(client, page) | {"files-0-is_public": "on"}
    values = {name: value for name, value in values.items() if not name.endswith("file")}
    assert client.post(page, values).status_code == 302

    everybody = (role.user, member, stranger, None)
    assert [opens(client, who, template.get_file_url()) for who in everybody] == [True] * 4
    assert [opens(client, who, raw.get_file_url()) for who in everybody] == [
        True, True, False, False,
    ]  # fmt: skip
    shown = text(client.get(public))
    assert "Vorlage.pdf (PDF, 15" in shown
    assert "Rohdaten" not in shown
    client.force_login(member)
    assert "Rohdaten" in text(client.get(area))

    # Who has left the group has left its inside.
    Membership.objects.filter(user=member).update(state=MembershipState.LEFT)
    assert [opens(client, member, one.get_file_url()) for one in (template, raw)] == [True, False]
    assert client.get(area).status_code == 404
    Membership.objects.filter(user=member).update(state=MembershipState.ACTIVE)

    # What is no longer public takes its files along; the office, which may edit it, opens them still.
    type(result).objects.filter(pk=result.pk).update(state=ResultState.DRAFT)
    office = UserFactory(is_staff=True)
    right = Permission.objects.get(codename="work_on_communities")
    office.user_permissions.add(right)
    for file in (template, raw):
        assert [opens(client, who, file.get_file_url()) for who in (*everybody, office)] == [
            True, False, False, False, True,
        ]  # fmt: skip
    client.force_login(office)
    assert client.get(public).status_code == 200


def test_a_mail_to_a_group_leads_to_its_files_and_only_members_open_them(client, role):
    topics = TopicGroupFactory(parent=role.community)
    member = MembershipFactory(community=role.community, user=UserFactory())
    below = MembershipFactory(community=topics, user=UserFactory(), mail_wish=MailWish.WEEKLY)
    guest = MembershipFactory(community=role.community, user=UserFactory(), role=Role.GUEST)
    stranger = CoordinationFactory().user
    now = timezone.now()
    message = GroupMessage.objects.create(
        community=role.community, roles=["mitglied"], subject="Treffen", text="Bald."
    )
    page = reverse("admin:communities_groupmessage_change", args=[message.pk])
    client.force_login(role.user)
    values = form_of(client, page) | {"files-0-title": "Einladung", "files-0-file": upload("e.pdf")}
    values |= {"roles": ["mitglied"]}
    assert client.post(page, values).status_code == 302
    file = MessageFile.objects.get()
    # The mail is for members alone, and so are its files.
    everybody = (role.user, member.user, below.user, guest.user, stranger, None)

    def openers():
        return [opens(client, who, file.get_file_url()) for who in everybody]

    assert openers() == [True, False, False, False, False, False], "a draft is for who writes it"
    send = reverse("admin:communities_groupmessage_step", args=[message.pk, "senden"])
    client.force_login(role.user)
    shown = client.get(send)
    assert "Einladung (PDF" in text(shown)
    other = message.files.create(title="Nachgelegt", file=upload("n.pdf"))
    late = client.post(send, {"seen": shown.context["form"].initial["seen"], "send_at": ""})
    assert "Bitte lesen Sie ihn noch einmal" in text(late)
    other.delete()
    seen = client.get(send).context["form"].initial["seen"]
    client.post(send, {"seen": seen, "send_at": ""})
    [email] = Email.objects.all()
    assert email.attachments == []
    assert "- Einladung: http" in email.text
    assert file.get_file_url() in email.text
    assert openers() == [True, True, False, False, False, False]
    with pytest.raises(NotPossible):
        from_coordinators.confirm(message, send_at=None, now=now)
    client.force_login(role.user)
    assert "files-0-title" not in text(client.get(page))

    GroupMessage.objects.filter(pk=message.pk).update(
        state="entwurf", sent_at=None, with_topic_groups=True
    )
    message.refresh_from_db()
    from_coordinators.confirm(message, send_at=None, now=now)
    plan(now=now)
    assert file.get_file_url() in Email.objects.get(to=below.email).text
    assert openers() == [True, True, True, False, False, False]
    Membership.objects.filter(pk=member.pk).update(state=MembershipState.LEFT)
    assert openers() == [True, False, True, False, False, False]
    # A topic group that was archived before was not written to; one that is archived later was.
    archived = Community.objects.filter(pk=topics.pk)
    archived.update(state=CommunityState.ARCHIVED, archived_at=now - timedelta(days=1))
    assert openers() == [True, False, False, False, False, False]
    archived.update(archived_at=None)  # as of groups from before the portal's time
    assert openers() == [True, False, False, False, False, False]
    archived.update(archived_at=now + timedelta(days=1))
    assert openers() == [True, False, True, False, False, False]

    retention.carry_out(now=now + timedelta(days=731))
    assert not MessageFile.objects.exists()

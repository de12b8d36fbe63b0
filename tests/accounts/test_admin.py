import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.new_account import only_address
from mailing.models import Email, EmailKind
from projects.models import ProjectEditor
from tests.factories import ProjectFactory, UserFactory
from tests.factories.asking import QuestionFactory
from tests.factories.communities import CoordinationFactory, MembershipFactory

pytestmark = pytest.mark.django_db

LIST = "admin:accounts_user_changelist"


def act(client, action, *users):
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    return client.post(reverse(LIST), data, follow=True)


@pytest.fixture
def helpdesk(client):
    """Somebody who may edit accounts, and is no superuser."""
    user = UserFactory(is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="accounts")
    user.user_permissions.set(rights)
    client.force_login(user)
    return user


def test_a_new_account_gets_a_link_to_set_its_password(admin_client):
    address = reverse("admin:accounts_user_add")
    answer = admin_client.post(address, {"email": "neu@example.org", "name": "Neu"})
    assert answer.status_code == 302
    assert not User.objects.get(email="neu@example.org").has_usable_password()
    email = Email.objects.get()
    assert (email.to, email.kind) == ("neu@example.org", EmailKind.ACCESS)
    assert email.subject == "Ihr Konto im Portal der Modellprojekte Smart Cities"
    assert "/konto/password/reset/key/" in email.text


def test_the_welcome_of_new_staff_says_who_made_the_account_and_what_for(admin_client, admin_user):
    User.objects.filter(pk=admin_user.pk).update(name="Ada Amt")
    group = Group.objects.get(name="Redaktion")
    data = {"email": "neu@example.org", "name": "Nora", "is_staff": "on", "groups": [group.pk]}

    admin_client.post(reverse("admin:accounts_user_add"), data)

    assert Email.objects.get().subject == "Ihr Zugang zur Verwaltung des Portals"
    text = Email.objects.get().text
    assert text.startswith(
        "Guten Tag Nora,\n\nAda Amt hat für Sie ein Konto im Portal der Modellprojekte Smart Cities "
        "angelegt. Sie arbeiten in der Verwaltung mit: Redaktion.\n\nHier legen Sie Ihr Passwort fest:\n"
    )
    assert "Danach finden Sie die Verwaltung hier:\nhttp" in text
    assert "vergessen" not in text


def test_a_group_is_given_only_with_the_access_without_which_it_does_nothing(admin_client):
    group = Group.objects.get(name="Betrieb")
    data = {"email": "otto@example.org", "name": "Otto", "groups": [group.pk]}
    answer = admin_client.post(reverse("admin:accounts_user_add"), data)
    assert answer.context["adminform"].form.errors["is_staff"] == [
        "Eine Gruppe wirkt nur mit dem Zugang. Setzen Sie den Haken, oder nehmen Sie die Gruppe weg."
    ]
    assert not Email.objects.exists()


def test_who_set_the_password_by_the_link_of_the_welcome_is_in_without_a_second_mail(admin_client):
    admin_client.post(reverse("admin:accounts_user_add"), {"email": "neu@example.org", "name": "N"})
    link = re.search(r"/konto/password/reset/key/\S+", Email.objects.get().text)[0]
    Email.objects.all().delete()
    person, new = Client(), "Bergziege-Kanne-77"
    form = person.get(link, follow=True)
    person.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    person.post(reverse("account_login"), {"login": "neu@example.org", "password": new})

    assert "_auth_user_id" in person.session
    assert not Email.objects.filter(subject__contains="bestätigen").exists()


def test_an_account_that_named_another_address_confirms_that_itself(client):
    user = UserFactory(email="alt@example.org")
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email="anders@example.org")
    assert only_address(user) is None
    EmailAddress.objects.update(email=user.email, verified=True)
    assert only_address(user) is None


def test_an_address_with_capitals_is_the_one_that_is_stored_in_small_letters(admin_client):
    """The administration keeps what was typed, allauth writes it small: it is no other address."""
    user = UserFactory(email="Eva.Amt@example.org")
    row = EmailAddress.objects.create(user=user, email="eva.amt@example.org", primary=True)
    page = reverse("admin:accounts_user_change", args=[user.pk])

    def is_confirmed() -> bool:
        answer = admin_client.get(page)
        return answer.context["adminform"].model_admin.email_verified(user)

    assert (only_address(user), is_confirmed()) == (row, False)
    EmailAddress.objects.update(verified=True)
    assert (only_address(user), is_confirmed()) == (None, True)


def test_who_deletes_an_account_reads_what_stays_and_no_english(admin_client):
    user = UserFactory(email="weg@example.org", name="Wanda Weg")
    user.emailaddress_set.all().delete()
    session = UserSession.objects.create(
        user=user, ip="192.0.2.7", user_agent="Firefox", session_key="x" * 32
    )
    asked = QuestionFactory(email="weg@example.org")
    page = admin_client.get(reverse("admin:accounts_user_delete", args=[user.pk])).text
    assert "Damit ist nur das Konto weg." in page
    assert "session" not in page.lower().split("zusammenfassung")[1].split("</main>")[0]
    admin_client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})
    assert not UserSession.objects.filter(pk=session.pk).exists()
    asked.refresh_from_db()
    assert asked.email == "weg@example.org"


def test_the_list_says_who_gets_into_the_administration_and_why(admin_client, admin_user):
    editors = UserFactory(email="redaktion@x.example", is_staff=True)
    editors.groups.add(Group.objects.get(name="Redaktion"))
    UserFactory(email="ohne@x.example", is_staff=True)
    UserFactory(email="niemand@x.example")
    CoordinationFactory(user=UserFactory(email="koordination@x.example"))
    MembershipFactory(user=UserFactory(email="mitglied@x.example"))
    ProjectEditor.objects.create(
        project=ProjectFactory(), user=UserFactory(email="projekt@x.example")
    )
    away = UserFactory(email="weg@x.example", is_staff=True, is_active=False)
    away.groups.add(Group.objects.get(name="Redaktion"))

    def reasons(chosen: str) -> dict[str, str]:
        page = admin_client.get(reverse(LIST), {"zugang": chosen}).context["cl"]
        return {user.email: page.model_admin.access(user) for user in page.result_list}

    assert reasons("ja") == {
        admin_user.email: "darf alles",
        "redaktion@x.example": "Redaktion",
        "ohne@x.example": "noch keine Gruppe",
        "koordination@x.example": "Koordination",
        "projekt@x.example": "Projektredaktion",
    }
    assert reasons("nein") == {
        "niemand@x.example": "",
        "mitglied@x.example": "",
        "weg@x.example": "",
    }


def test_the_address_is_its_owners_to_change(admin_client):
    user = UserFactory(email="alt@example.org")
    address = reverse("admin:accounts_user_change", args=[user.pk])
    data = {"email": "neu@example.org", "name": "Anders", "is_active": "on"}
    admin_client.post(address, data | {"_seen": admin_client.get(address).context["seen"]})
    user.refresh_from_db()
    assert (user.email, user.name) == ("alt@example.org", "Anders")
    assert "Anders" not in LogEntry.objects.get().change_message


def test_whoever_edits_accounts_cannot_raise_anybodys_rights(client, helpdesk):
    group = Group.objects.create(name="Alles")
    address = reverse("admin:accounts_user_change", args=[helpdesk.pk])
    data = {"name": "x", "is_active": "on", "is_superuser": "on", "groups": [group.pk]}
    client.post(address, data | {"_seen": client.get(address).context["seen"]})
    helpdesk.refresh_from_db()
    assert (helpdesk.name, helpdesk.is_superuser) == ("x", False)
    assert not helpdesk.groups.exists()
    new = {"email": "neu@example.org", "is_staff": "on", "groups": [group.pk]}
    client.post(reverse("admin:accounts_user_add"), new)
    made = User.objects.get(email="neu@example.org")
    assert (made.is_staff, made.groups.count()) == (False, 0)


def test_only_superusers_edit_superusers(client, helpdesk):
    boss = UserFactory(is_staff=True, is_superuser=True)
    address = reverse("admin:accounts_user_change", args=[boss.pk])
    assert client.post(address, {"name": "weg"}).status_code == 403
    assert (
        client.post(
            reverse("admin:accounts_user_delete", args=[boss.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    Authenticator.objects.create(user=boss, type=Authenticator.Type.TOTP, data={"secret": "x"})
    act(client, "remove_second_factor", boss)
    assert Authenticator.objects.count() == 1
    act(client, "delete_selected", boss)
    assert User.objects.filter(pk=boss.pk, is_active=True).exists()


def test_only_superusers_sign_out_superusers_and_delete_several_accounts_at_once(client, helpdesk):
    boss, user = UserFactory(is_staff=True, is_superuser=True), UserFactory()
    for owner in (boss, user):
        browser = Client()
        browser.force_login(owner)
        UserSession.objects.create(
            user=owner,
            ip="192.0.2.7",
            user_agent="Firefox",
            session_key=browser.session.session_key,
        )

    answer = act(client, "sign_out_everywhere", boss, user)

    assert "1 Anmeldung beendet." in answer.text
    assert [session.user for session in UserSession.objects.all()] == [boss]
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(user.pk)]
    assert "delete_selected" not in answer.text
    delete = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    client.post(reverse(LIST), delete)
    assert User.objects.filter(pk=user.pk).exists()


def test_a_lost_second_factor_is_taken_away_and_noted(admin_client):
    user, other = UserFactory(), UserFactory()
    for owner in (user, other):
        Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = act(admin_client, "remove_second_factor", user)
    assert [factor.user for factor in Authenticator.objects.all()] == [other]
    assert "Zweiter Faktor bei 1 Konto entfernt." in answer.text
    assert LogEntry.objects.get().get_change_message() == "Zweiter Faktor entfernt."


def test_the_list_tells_who_has_a_second_factor(admin_client, admin_user):
    """An app or a key; codes for the day on which either is lost are none by themselves."""
    kinds = Authenticator.Type
    of = {kind: UserFactory() for kind in (kinds.TOTP, kinds.WEBAUTHN, kinds.RECOVERY_CODES)}
    for kind, owner in of.items():
        Authenticator.objects.create(user=owner, type=kind, data={"secret": "x"})

    def listed(chosen: str) -> set[User]:
        page = admin_client.get(reverse(LIST), {"zweiter-faktor": chosen})
        return set(page.context["cl"].result_list)

    assert listed("ja") == {of[kinds.TOTP], of[kinds.WEBAUTHN]}
    assert listed("nein") == {of[kinds.RECOVERY_CODES], admin_user}


def test_signing_out_everywhere_ends_the_sessions(admin_client, client):
    user = UserFactory(password="ein-langes-passwort")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    secrets = {"login": user.email, "password": "ein-langes-passwort"}
    client.post(reverse("account_login"), secrets)
    assert client.get(reverse("account")).status_code == 200
    act(admin_client, "sign_out_everywhere", user)
    assert client.get(reverse("account")).status_code == 302


def test_who_was_shut_out_gets_no_link_for_a_new_password_and_is_not_counted(admin_client):
    user, gone = UserFactory(), UserFactory(is_active=False)

    answer = act(admin_client, "send_password_mail", user, gone)

    assert [mail.to for mail in Email.objects.all()] == [user.email]
    assert "1 E-Mail geschickt." in answer.text
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(user.pk)]


def test_rights_of_a_group_read_as_words(admin_client):
    page = admin_client.get(reverse("admin:auth_group_add"))
    assert "Modellprojekt: ändern" in page.text
    assert "Can change" not in page.text

"""One mailbox has one account, whichever way the second one tries to come about."""

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.new_account import account_for
from mailing.models import Email
from tests.accounts.race import PASSWORD
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

# The same mailbox as `eva@stadt.example`, and the very same address.
SPELLINGS = ["eva+neu@stadt.example", "Eva@Stadt.example", "eva@stadt.example"]
TAKEN = "gibt es schon ein anderes Konto"


@pytest.fixture(autouse=True)
def no_counts_of_before():
    cache.clear()


def account(email: str, *, verified: bool = True) -> User:
    user = UserFactory(email=email, password=PASSWORD, name="Kim")
    EmailAddress.objects.create(user=user, email=email.lower(), verified=verified, primary=True)
    return user


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def wants(user: User, address: str) -> Client:
    """This account wants to change to that address, and has not confirmed it."""
    client = browser_of(user)
    answer = client.post(reverse("account_email"), {"email": address, "action_add": ""})
    assert answer.status_code == 302
    return client


def link_of(address: str) -> str:
    text = Email.objects.filter(to__iexact=address).latest("pk").text
    return re.search(r"http://[^/]+(/konto/\S+)", text)[1]


# Changing the address -------------------------------------------------------------------------------


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_account_does_not_change_to_the_mailbox_of_another(spelling, confirmed):
    first = account("eva@stadt.example", verified=confirmed)
    second = account("kim@stadt.example")
    client = wants(second, spelling)

    page = client.post(link_of(spelling), follow=True).content.decode()

    second.refresh_from_db()
    assert second.email == "kim@stadt.example"
    assert page.count(TAKEN) == 1
    assert list(EmailAddress.objects.filter(verified=True, user=second)) == [
        EmailAddress.objects.get(email="kim@stadt.example")
    ]
    first.refresh_from_db()
    assert first.email == "eva@stadt.example"


def test_adding_an_address_says_the_same_of_a_known_and_an_unknown_mailbox():
    account("eva@stadt.example")
    pages = []
    for address in ("eva+neu@stadt.example", "eva@stadt.example", "fremd@stadt.example"):
        user = account(f"{len(pages)}@dorf.example")
        shown = wants(user, address).get(reverse("account_email")).content.decode()
        main = re.sub(r"csrfmiddlewaretoken\W+value=\W\w+", "", shown.partition("<main")[2])
        pages.append(main.replace(address, "ADRESSE").replace(user.email, "BISHER"))

    assert pages[0] == pages[1] == pages[2]
    assert set(Email.objects.values_list("subject", flat=True)) == {
        "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    }


def test_an_account_changes_to_another_spelling_of_its_own_mailbox():
    user = account("eva@stadt.example")
    client = wants(user, "eva+neu@stadt.example")

    client.post(link_of("eva+neu@stadt.example"))

    user.refresh_from_db()
    assert user.email == "eva+neu@stadt.example"


def test_the_administration_makes_no_second_account_and_says_why(admin_client):
    account("eva@stadt.example")
    sent = {"email": "Eva+2@stadt.example", "name": "Eva"}

    page = admin_client.post(reverse("admin:accounts_user_add"), sent).content.decode()

    assert "Für dieses Postfach gibt es schon ein Konto." in page
    assert User.objects.filter(email__icontains="eva").count() == 1


def test_an_account_that_shared_a_mailbox_before_goes_on_and_leaves_it():
    account("eva@stadt.example")
    younger = account("eva+konto2@dorf.example")
    User.objects.filter(pk=younger.pk).update(shares_mailbox=True, email="eva+konto2@stadt.example")

    younger.refresh_from_db()
    client = wants(younger, "eva@neu.example")
    client.post(link_of("eva@neu.example"))
    younger.refresh_from_db()
    assert (younger.email, younger.shares_mailbox) == ("eva@neu.example", False)


# An address that stands unconfirmed in a stranger's account -----------------------------------------


@pytest.fixture
def stranger() -> User:
    user = account("fremd@stadt.example")
    wants(user, "eva@stadt.example")
    Email.objects.all().delete()
    cache.clear()  # three minutes later: mails to confirm an address are not sent twice at once
    return user


def test_a_new_password_for_an_address_that_another_account_wants_opens_no_account(stranger):
    answers = [
        Client().post(reverse("account_reset_password"), {"email": address})
        for address in ("eva@stadt.example", "niemand@stadt.example")
    ]

    assert [one.headers["Location"] for one in answers] == [
        reverse("account_reset_password_done")
    ] * 2
    mails = Email.objects.order_by("pk")
    assert [mail.subject for mail in mails] == ["Zu dieser Adresse gibt es kein Konto"] * 2
    assert mails[0].text.replace("eva@", "niemand@") == mails[1].text
    assert "/reset/key/" not in mails[0].text


def test_its_owner_signs_up_all_the_same_and_confirms(stranger):
    client, typed = Client(), {"password1": PASSWORD, "password2": PASSWORD}

    client.post(reverse("account_signup"), typed | {"name": "Eva", "email": "eva@stadt.example"})
    client.post(link_of("eva@stadt.example"))

    owner = User.objects.get(email="eva@stadt.example")
    assert EmailAddress.objects.get(verified=True, email="eva@stadt.example").user == owner
    client.post(reverse("account_login"), {"login": owner.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(owner.pk)
    # What the stranger was waiting for does not come any more, not even by the very link.
    pending = EmailAddress.objects.get(user=stranger, verified=False)
    page = browser_of(stranger).post(
        reverse("account_confirm_email", args=[EmailConfirmationHMAC(pending).key]), follow=True
    )
    assert TAKEN in page.content.decode()
    stranger.refresh_from_db()
    assert stranger.email == "fremd@stadt.example"


def test_the_office_sends_a_new_password_to_the_account_alone_that_it_chose(admin_client, stranger):
    made = account_for("eva@stadt.example", name="Eva")
    admin_client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "send_password_mail", "_selected_action": [made.pk]},
    )

    assert [mail.to for mail in Email.objects.all()] == ["eva@stadt.example"]
    Client().get(link_of("eva@stadt.example"))
    client = Client()
    form = client.get(link_of("eva@stadt.example"), follow=True)
    new = "noch ein langer Satz hier"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    stranger.refresh_from_db()
    made.refresh_from_db()
    assert made.check_password(new)
    assert stranger.check_password(PASSWORD)


def test_who_signed_up_with_anothers_address_has_nothing_once_its_owner_sets_a_password():
    thief, owner = Client(), Client()
    typed = {"name": "Dieb", "email": "eva@stadt.example"}
    thief.post(reverse("account_signup"), typed | {"password1": PASSWORD, "password2": PASSWORD})
    owner.post(reverse("account_reset_password"), {"email": "eva+x@stadt.example"})
    form = owner.get(link_of("eva@stadt.example"), follow=True)
    new = "noch ein langer Satz hier"
    owner.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    owner.post(reverse("account_login"), {"login": "eva@stadt.example", "password": new})
    pending = EmailAddress.objects.get()
    owner.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(pending).key]))

    assert EmailAddress.objects.get().verified
    owner.post(reverse("account_login"), {"login": "eva@stadt.example", "password": new})
    assert "_auth_user_id" in owner.session
    thief.post(reverse("account_login"), {"login": "eva@stadt.example", "password": PASSWORD})
    for page in ("account", "account_email_verification_sent", "account_login"):
        thief.get(reverse(page))
        assert "_auth_user_id" not in thief.session

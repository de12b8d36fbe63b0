"""Accounts for people whom the portal gives a task before they ever signed up."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from ground.contention import violated
from ground.mailbox import Mailbox, mailbox_key

_ONE_ACCOUNT = {
    "accounts_one_account_per_mailbox",
    "accounts_email_unique_whatever_the_case",
    "accounts_user_email_key",
    "unique_verified_email",
}


def mailbox_is_taken(error: IntegrityError) -> bool:
    """Whether the database refused because another account has this mailbox."""
    return violated(error) in _ONE_ACCOUNT


def holder(address: str) -> User | None:
    """The account that a mailbox has. One that only wants to change to the address has not got it."""
    return confirmed_account(address) or account_of(address)


def confirmed_account(address: str) -> User | None:
    """The account for which this mailbox is confirmed."""
    rows = EmailAddress.objects.alias(mailbox=Mailbox("email"))
    rows = rows.filter(mailbox=mailbox_key(address), verified=True).select_related("user")
    row = min(
        rows.order_by("pk"), key=lambda row: row.email.lower() != address.lower(), default=None
    )
    return row.user if row else None


def proves(user: User, address: str) -> bool:
    """Whether an account has proved that this mailbox is its own."""
    rows = EmailAddress.objects.alias(mailbox=Mailbox("email"))
    return rows.filter(user=user, mailbox=mailbox_key(address), verified=True).exists()


def account_of(address: str, *, lock: bool = False) -> User | None:
    """The account of this mailbox, confirmed or not; where there are several, that of the very address."""
    users = User.objects.alias(mailbox=Mailbox("email")).filter(mailbox=mailbox_key(address))
    if lock:
        users = users.select_for_update()
    return min(
        users.order_by("pk"), key=lambda user: user.email.lower() != address.lower(), default=None
    )


def account_for(address: str, *, name: str) -> User:
    """The account of the person who reads the mails to an address; a new one without a password if none.

    Another person may have signed up with the address and waits for its owner to confirm it. Their
    password ends here, so that only the owner's mailbox opens the account.
    """
    if user := confirmed_account(address):
        return user
    user = account_of(address, lock=True)
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(address, name=name)
        except IntegrityError as error:
            if not mailbox_is_taken(error):
                raise
        # Between looking and writing another person has signed up with it, or was given a task.
        return account_for(address, name=name)
    if user.last_login is None and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def password_address(user: User) -> str:
    """Where the owner of an account without a password sets one; "" for one that has a password.

    Anyone who reads it can sign in as them: only for an e-mail of `EmailKind.ACCESS`. It works for some days
    (PASSWORD_RESET_TIMEOUT) and dies when it is used.
    """
    if user.has_usable_password():
        return ""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return settings.SITE_URL + path.replace("UID-KEY", key)


def only_address(user: User) -> EmailAddress | None:
    """The address of an account that has confirmed none and named no other, so that its mails go nowhere else."""
    rows = EmailAddress.objects.filter(user=user)
    if rows.filter(verified=True).exists() or rows.exclude(email__iexact=user.email).exists():
        return None
    return rows.first() or EmailAddress(user=user, email=user.email, primary=True)

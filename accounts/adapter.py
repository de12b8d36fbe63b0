import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import wrong_passwords
from accounts.guard import network_key, tally
from accounts.new_account import holder, mailbox_is_taken
from accounts.wording import ACCOUNT_ERRORS
from ground.client_address import client_address
from ground.mailbox import mailbox_key
from ground.mailbox import read as read_address
from mailing import outbox
from mailing.models import EmailKind

# What anyone can have sent to an address by typing it into a form.
_ASKED_FOR = {
    f"account/email/{name}"
    for name in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "password_reset_key",
        "unknown_account",
    )
}
# So many of them in an hour for one mailbox from one network. allauth counts by spelling, and eva+1@,
# eva+2@ … are one mailbox. From another network its owner is still written to.
MOST_ASKED_FOR = 10
HOUR = timedelta(hours=1)
# A web server that listens on a socket knows no address.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing listens on it


# What allauth calls the part that changes the addresses of an account.
ADDRESSES = "allauth.account"


def _has_just_signed_in(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    last = max((record["at"] for record in records), default=0)
    return time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT


class AccountAdapter(DefaultAccountAdapter):
    """Where the portal differs from allauth's defaults."""

    error_messages = DefaultAccountAdapter.error_messages | ACCOUNT_ERRORS

    def clean_email(self, email: str) -> str:
        return read_address(email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Only where no other account has the mailbox: the account keeps its address and is told so."""
        user = email_address.user
        try:
            with transaction.atomic():
                taken = holder(email_address.email)
                if taken in (None, user):
                    user.shares_mailbox = False
                    user.save(update_fields=["shares_mailbox"])
                    return super().confirm_email(request, email_address)
        except IntegrityError as error:
            if not mailbox_is_taken(error):
                raise
        self.add_message(
            request,
            messages.ERROR,
            "account/messages/email_confirmation_failed.txt",
            {"email": email_address.email},
        )
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not once more for an address right after signing in; for everything else always.

        allauth counts a password only when it was asked for once more. A new address is confirmed and
        told to the old one; a second factor and what is stored of a person have no such way back.
        """
        if app == ADDRESSES and self.request and _has_just_signed_in(self.request):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a proxy writes a word instead of an address, the proxy's own; allauth would refuse all."""
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return request.META.get("REMOTE_ADDR") or NO_ADDRESS

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # By address and network, see `_get_login_attempts_cache_key`.
        super().pre_authenticate(request, **credentials)
        if not wrong_passwords.may_try(credentials.get("email", ""), now=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        wrong_passwords.count(credentials.get("email", ""), now=timezone.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Of one address in one network: wrong passwords from elsewhere keep no one out."""
        network = network_key(client_address(request), now=timezone.now())
        return f"{mailbox_key(credentials.get('email', ''))}:{network}"

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        wrong_passwords.forget(credentials.get("email", ""), now=timezone.now())

    def _are_too_many(self, email: str) -> bool:
        now = timezone.now()
        network = network_key(client_address(self.request), now=now) if self.request else ""
        what = f"account-mails:{mailbox_key(email)}:{network}"
        return tally(what, every=HOUR, now=now) > MOST_ASKED_FOR

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put it into the outbox, so that signing up never waits for a mail server."""
        if template_prefix in _ASKED_FOR and self._are_too_many(email):
            return
        letter = outbox.Letter(
            # allauth asks for each of these once, and asking again means another one.
            key=f"{template_prefix}:{uuid4().hex}",
            to=email,
            template=template_prefix,
            body="message",
            context={"email": email, **context},
            kind=EmailKind.ACCESS,
        )
        # allauth often works outside of a transaction.
        with transaction.atomic():
            outbox.enqueue_many([letter])

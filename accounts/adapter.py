from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction

from accounts.wording import ACCOUNT_ERRORS
from mailing import outbox
from mailing.models import EmailKind


class AccountAdapter(DefaultAccountAdapter):
    """Where the portal differs from allauth's defaults."""

    error_messages = DefaultAccountAdapter.error_messages | ACCOUNT_ERRORS

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put it into the outbox, so that signing up never waits for a mail server."""
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

"""The e-mail to a person for whom the office has made an account."""

import uuid
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.new_account import password_address
from mailing import outbox
from mailing.models import EmailKind


def welcome(user: User, *, by: User, now: datetime) -> None:
    """Tell what the account is for and where its password is set; within the caller's transaction."""
    outbox.enqueue(
        key=f"account:{user.pk}:welcome:{uuid.uuid4().hex}",
        to=user.email,
        template="accounts/email/welcome",
        context={
            "user": user,
            "by": by.name,
            "groups": [group.name for group in user.groups.all()],
            "password_url": password_address(user),
            "forgotten_url": settings.SITE_URL + reverse("account_reset_password"),
            "office_url": settings.SITE_URL + reverse("admin:index") if user.is_staff else "",
        },
        kind=EmailKind.ACCESS,
        due_at=now,
    )

"""Memberships of people who took part before they had an account, found again by their address."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.models import User
from accounts.own_data import Person
from communities.models import Membership
from ground.mailbox import Mailbox


def link_account(user: User) -> int:
    """Link an account with the memberships of its confirmed addresses; returns how many were new.

    An address that a person only typed proves nothing, neither here nor there.
    """
    rows = Membership.objects.filter(user=None, anonymised_at=None)
    rows = rows.filter(email_confirmed_at__isnull=False).alias(mailbox=Mailbox("email"))
    return rows.filter(mailbox__in=Person.of_user(user).mailboxes).update(user=user)


@receiver(user_logged_in)
def at_sign_in(user: User, **_signal: Any) -> None:
    link_account(user)


@receiver(email_confirmed)
def at_confirmation(email_address: EmailAddress, **_signal: Any) -> None:
    link_account(email_address.user)

"""The e-mails about memberships: which ones, to whom, with which links.

Each is stored in the transaction of the step it tells of. Its key names the membership and the
version, so that the same step is told once, no matter who repeats it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse

from accounts.new_account import password_address
from communities import links, undo_links
from communities.links import Purpose
from communities.mail.from_coordinators import reply_address
from communities.models import Community, Membership
from ground.clock import deadline
from ground.signed_links import confirm_until
from mailing import outbox
from mailing.models import EmailKind
from office.addresses import admin_page

# A person who sends the same form again is told again, but not for every click.
PAUSE = timedelta(hours=1)

# Which links an e-mail offers. None offers one that its reader cannot use.
PURPOSES = {
    "ask_to_confirm": [Purpose.CONFIRM, Purpose.WITHDRAW],
    "requested": [Purpose.WITHDRAW],
    "already_member": [Purpose.LEAVE],
    "welcome": [Purpose.LEAVE],
    "invited": [Purpose.INVITATION],
    "role_changed": [Purpose.LEAVE],
    "merged": [Purpose.LEAVE],
    "brought": [Purpose.LEAVE],
    "corrected": [Purpose.LEAVE],
    "declined": [],
    "withdrawn": [],
    "left": [],
    "removed": [],
}


def tell(membership: Membership, name: str, *, now: datetime, **context: Any) -> None:
    """Tell the person of a step that concerns their own membership."""
    outbox.enqueue_many([_to_person(membership, name, _key(membership, name), context, now)])


def tell_again(membership: Membership, name: str, *, since: datetime, now: datetime) -> None:
    """Answer a form that changes nothing, once an hour at most; within the first hour not at all.

    `since` is when the person was told before.
    """
    if passed := (now - since) // PAUSE:
        key = _key(membership, f"{name}:again:{passed}")
        outbox.enqueue_many([_to_person(membership, name, key, {}, now)])


def tell_coordinators(
    membership: Membership,
    name: str,
    *,
    now: datetime,
    but_not: AbstractBaseUser | None = None,
) -> int:
    """Tell all who look after the group about a person's step; `but_not` did it. Returns how many.

    Where no one coordinates the group, nor the community above it, the operator hears of it.
    """
    return outbox.enqueue_many(
        _to_responsible(
            membership.community,
            key=_key(membership, f"coordination-{name}"),
            name=name,
            context={"membership": membership, "admin_link": admin_page(membership)},
            reply_to=membership.email,
            now=now,
            but_not=but_not,
        )
    )


def tell_of_group(
    community: Community,
    name: str,
    *,
    now: datetime,
    to: Iterable[Membership],
    but_not: AbstractBaseUser | None = None,
    **context: Any,
) -> None:
    """Tell coordinators what became of a group itself."""
    moment = f"{now:%Y%m%dT%H%M%S}"
    outbox.enqueue_many(
        outbox.Letter(
            key=f"community:{community.pk}:{name}:{moment}:{coordinator.pk}",
            to=coordinator.email,
            template=f"communities/email/coordination_{name}",
            context={**_about(community), "coordinator": coordinator, **context},
            reply_to=settings.OPERATOR["email"],
            due_at=now,
        )
        for coordinator in to
        if but_not is None or coordinator.user_id != but_not.pk
    )


def tell_of_archiving(
    group: Community, *, now: datetime, to: Iterable[Membership], but_not: AbstractBaseUser
) -> None:
    """With the way to take it up again, for those who could have archived it themselves."""
    path = undo_links.path_for(group)
    tell_of_group(
        group,
        "archived",
        now=now,
        to=to,
        but_not=but_not,
        take_up=path and settings.SITE_URL + path,
        take_up_until=now + undo_links.LASTS,
    )


def open_account(membership: Membership, *, now: datetime) -> None:
    """The way into an account that the portal made, or that has no password; else nothing."""
    if where := password_address(membership.user):
        outbox.enqueue_many(
            [
                outbox.Letter(
                    key=_key(membership, "account"),
                    to=membership.user.email,
                    template="communities/email/account",
                    context={
                        **_about(membership.community),
                        "membership": membership,
                        "password_url": where,
                        "forgotten_url": settings.SITE_URL + reverse("account_reset_password"),
                    },
                    kind=EmailKind.ACCESS,
                    due_at=now,
                )
            ]
        )


def responsible(community: Community) -> list[Membership]:
    """Who looks after a group: its coordinators, else those of the community above it.

    Each mailbox once; no one where it is left to the operator.
    """
    for group in (community, community.parent):
        if group is not None:
            rows = Membership.objects.coordinating().filter(community=group)
            if found := list(rows.each_mailbox_once().select_related("user")):
                return found
    return []


def _to_responsible(
    community: Community,
    *,
    key: str,
    name: str,
    context: dict[str, Any],
    reply_to: str,
    now: datetime,
    but_not: AbstractBaseUser | None,
) -> list[outbox.Letter]:
    coordinators = responsible(community)
    people = [
        (str(one.pk), one.email)
        for one in coordinators
        if but_not is None or one.user_id != but_not.pk
    ]
    if not coordinators:
        people = [("operator", settings.OPERATOR["email"])]
    return [
        outbox.Letter(
            key=f"{key}:{who}",
            to=address,
            template=f"communities/email/coordination_{name}",
            context={**_about(community), **context},
            reply_to=reply_to,
            due_at=now,
        )
        for who, address in people
    ]


def _to_person(
    membership: Membership, name: str, key: str, context: dict[str, Any], now: datetime
) -> outbox.Letter:
    def link(purpose: Purpose) -> str:
        return links.address(purpose, links.token_for(membership, purpose, now=now))

    return outbox.Letter(
        key=key,
        to=membership.email,
        template=f"communities/email/{name}",
        context={
            **_about(membership.community),
            "membership": membership,
            "links": {purpose.name.lower(): link(purpose) for purpose in PURPOSES[name]},
            "confirm_until": deadline(confirm_until(now)),
            "invitation_until": deadline(now + links.INVITATION_LASTS),
            **context,
        },
        reply_to=reply_address(membership.community),
        due_at=now,
    )


def _about(community: Community) -> dict[str, Any]:
    return {
        "community": community,
        "community_url": settings.SITE_URL + community.get_absolute_url(),
        "members_url": settings.SITE_URL + community.members_area_url,
        "signup_url": settings.SITE_URL + reverse("account_signup"),
    }


def _key(membership: Membership, name: str) -> str:
    return f"membership:{membership.pk}:v{membership.version}:{name}"

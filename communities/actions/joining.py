"""From the request to the membership: what the person does, and how the coordinators answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import DAY, Guard, Limit, Sender
from accounts.new_account import confirmed_account, proves
from communities.actions.changing import (
    advance,
    lock,
    note,
    read_again,
    require_active,
)
from communities.mail import memberships
from communities.models import (
    LIVE,
    Community,
    HistoryEntry,
    HistoryKind,
    Membership,
    MembershipState,
    Role,
)
from ground.contention import again_after_deadlock
from ground.mailbox import Mailbox
from ground.refusals import NotPossible, Overtaken
from projects.funding import FundingKind, funding_of
from projects.models import Municipality, Project


def _asked_today(sender: Sender, now: datetime) -> int:
    # Only requests count, so the answer does not tell whether a person is a member of anything.
    asked = HistoryEntry.objects.alias(mailbox=Mailbox("membership__email")).filter(
        kind=HistoryKind.REQUESTED, at__gt=now - DAY, membership__requested_at__gt=now - DAY
    )
    return asked.filter(mailbox=sender.mailbox).count()


GUARD = Guard(
    "communities",
    (
        Limit(
            10,
            _asked_today,
            _(
                "Mit dieser E-Mail-Adresse wurden heute schon viele Gruppen angefragt. Bitte "
                "versuchen Sie es morgen noch einmal, oder schreiben Sie uns eine E-Mail."
            ),
        ),
    ),
)
OVER = tuple(state for state in MembershipState if state not in LIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a person fills in who wants to join."""

    community: Community
    name: str
    email: str
    # Whom they represent: one of the three.
    project: Project | None = None
    municipality: Municipality | None = None
    organisation: str = ""
    message: str = ""
    # Whether other members may see them.
    is_visible: bool = False

    def facts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "project": self.project,
            "municipality": self.municipality,
            "organisation": self.organisation,
            "message": self.message,
            "is_visible": self.is_visible,
        }


@again_after_deadlock
def request_membership(
    application: Application, *, now: datetime, by: AbstractBaseUser | None = None, ip: str = ""
) -> Membership:
    """Ask to join, for the first time or once more; sending the same form again sends nothing twice.

    Where `by` has an account with this address confirmed, the request counts at once. Otherwise the
    address gets a link, and no one else hears of it before it is confirmed. Anyone who is a member,
    invited or waiting already is told so at that address only: the caller must not show the
    difference to anybody who has not proved it. A person invited who asks with a proved address is in.

    Raises `NotPossible` for an archived group or one that is not open to non-funded municipalities,
    and `TooMany`.
    """
    with transaction.atomic():
        GUARD.admit(Sender(application.email, ip), now=now)
        group = lock(application.community.pk)
        require_active(group)
        require_open(group, application)
        proved = by if by is not None and _is_confirmed(by, application.email) else None
        known = _known(group, application.email, proved)
        if known is None:
            return _begin(group, application, proved, now)
        return _go_on(known, application, proved, now)


def require_open(group: Community, application: Application) -> None:
    """Raise `NotPossible` for a person who belongs to no model project where one must.

    Coordinators may invite them nevertheless.
    """
    municipality = application.municipality
    funded = application.project is not None or (
        municipality is not None and funding_of(municipality).kind is not FundingKind.NONE
    )
    if not funded and not group.open_to_non_funded:
        raise NotPossible(f"{_NOT_OPEN} {_other_way(group)}")


_NOT_OPEN = gettext_lazy(
    "Diese Gruppe ist für die Modellprojekte da. Gehören Sie zu einem, wählen Sie es bitte aus."
)


def _other_way(group: Community) -> str:
    """Whom to ask nevertheless; not every group has an address."""
    if group.answers_to:
        text = _("Möchten Sie trotzdem mitarbeiten, schreiben Sie bitte der Koordination: %s")
        return text % group.answers_to
    return _(
        "Möchten Sie trotzdem mitarbeiten, stellen Sie bitte unserer Geschäftsstelle eine Frage."
    )


@again_after_deadlock
def confirm(membership: Membership, *, now: datetime) -> Membership:
    """Prove the address of a request, by the link in the e-mail: from now on it counts.

    Raises `Overtaken` if it waits for no proof (any more).
    """
    with transaction.atomic():
        current = read_again(membership)
        if current.email_confirmed_at is not None:
            raise Overtaken(current)
        current = advance(
            current,
            HistoryKind.CONFIRMED,
            expected=[MembershipState.REQUESTED],
            now=now,
            email_confirmed_at=now,
            requested_at=now,
            changed_at=now,
            user=confirmed_account(current.email),
        )
        _tell_of_request(current, now)
    return current


@again_after_deadlock
def approve(membership: Membership, *, by: AbstractBaseUser, now: datetime) -> Membership:
    """Take a person in who has asked. Raises `Overtaken` if they do not ask (any more)."""
    with transaction.atomic():
        _require_confirmed(membership)
        current = advance(
            membership,
            HistoryKind.APPROVED,
            expected=[MembershipState.REQUESTED],
            now=now,
            by=by,
            state=MembershipState.ACTIVE,
            decided_by=by,
        )
        memberships.tell(current, "welcome", now=now)
    return current


@again_after_deadlock
def decline(
    membership: Membership, *, reason: str, by: AbstractBaseUser | None, now: datetime
) -> Membership:
    """Turn a request down with a reason that the person reads. They may ask again later.

    Raises `ValueError` without a reason, `Overtaken` if they do not ask (any more).
    """
    if not reason.strip():
        raise ValueError("People who are declined are told why.")
    with transaction.atomic():
        _require_confirmed(membership)
        current = advance(
            membership,
            HistoryKind.DECLINED,
            expected=[MembershipState.REQUESTED],
            now=now,
            by=by,
            state=MembershipState.DECLINED,
            decided_by=by,
            reason=reason.strip(),
        )
        memberships.tell(current, "declined", now=now)
    return current


@again_after_deadlock
def withdraw(
    membership: Membership, *, now: datetime, by: AbstractBaseUser | None = None
) -> Membership:
    """Take one's own request back. No one hears of one that never counted.

    Raises `Overtaken` if there is none (any more).
    """
    with transaction.atomic():
        current = advance(
            membership,
            HistoryKind.WITHDRAWN,
            expected=[MembershipState.REQUESTED],
            now=now,
            by=by,
            state=MembershipState.WITHDRAWN,
        )
        if current.email_confirmed_at is not None:
            memberships.tell(current, "withdrawn", now=now)
            memberships.tell_coordinators(current, "withdrawn", now=now)
    return current


def accept_invitation(
    current: Membership, *, now: datetime, by: AbstractBaseUser | None, **changes: Any
) -> Membership:
    """Within this package: how a person invited becomes a member. Needs a transaction."""
    current = advance(
        current,
        HistoryKind.ACCEPTED,
        expected=[MembershipState.INVITED],
        now=now,
        by=by,
        state=MembershipState.ACTIVE,
        email_confirmed_at=now,
        **changes,
    )
    memberships.tell(current, "welcome", now=now, was_invited=True)
    memberships.tell_coordinators(current, "accepted", now=now)
    if current.role == Role.COORDINATION:
        memberships.open_account(current, now=now)
    return current


def _is_confirmed(user: AbstractBaseUser, address: str) -> bool:
    return proves(user, address)


def _known(group: Community, email: str, user: AbstractBaseUser | None) -> Membership | None:
    """The row of this address, else of this account under an earlier address."""
    rows = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .with_everything()
        .filter(community=group, anonymised_at=None)
    )
    found = rows.of_mailbox(email).first()
    if found is None and user is not None:
        found = rows.filter(user=user).order_by("pk").first()
    return found


def _begin(
    group: Community, application: Application, proved: AbstractBaseUser | None, now: datetime
) -> Membership:
    membership = Membership.objects.create(
        community=group,
        email=application.email,
        user=proved,
        state=MembershipState.REQUESTED,
        requested_at=now,
        changed_at=now,
        email_confirmed_at=now if proved else None,
        **application.facts(),
    )
    note(membership, HistoryKind.REQUESTED, now=now, by=proved)
    _tell_of_request(membership, now)
    return membership


def _go_on(
    known: Membership, application: Application, proved: AbstractBaseUser | None, now: datetime
) -> Membership:
    match known.state:
        case MembershipState.ACTIVE:
            return _remind(known, "already_member", proved, now)
        case MembershipState.INVITED if proved is None:
            return _remind(known, "invited", proved, now)
        case MembershipState.INVITED:
            facts = application.facts() | {"message": ""}
            return accept_invitation(known, now=now, by=proved, user=proved, **facts)
        case MembershipState.REQUESTED if known.email_confirmed_at is not None:
            return _remind(known, "requested", proved, now)
        case MembershipState.REQUESTED if proved is None and _same(known, application):
            return _ask_again(known, now)
    return _renew(known, application, proved, now)


def _remind(
    known: Membership, name: str, proved: AbstractBaseUser | None, now: datetime
) -> Membership:
    # Who is signed in sees it on the page.
    if proved is None:
        memberships.tell_again(known, name, since=known.changed_at, now=now)
    return known


def _ask_again(known: Membership, now: datetime) -> Membership:
    memberships.tell_again(known, "ask_to_confirm", since=known.requested_at, now=now)
    # The link in the new e-mail lasts as if it were asked now, and so does the request. Nothing else
    # changes: the link in the first one is as good, and the hours count from the first time.
    Membership.objects.filter(pk=known.pk).update(changed_at=now)
    return known


def _same(known: Membership, application: Application) -> bool:
    return all(getattr(known, name) == value for name, value in application.facts().items())


def _renew(
    known: Membership, application: Application, proved: AbstractBaseUser | None, now: datetime
) -> Membership:
    current = advance(
        known,
        HistoryKind.REQUESTED,
        expected=[MembershipState.REQUESTED, *OVER],
        now=now,
        by=proved,
        state=MembershipState.REQUESTED,
        role=Role.MEMBER,
        email=application.email,
        user=proved,
        requested_at=now,
        email_confirmed_at=now if proved else None,
        reason="",
        decided_by=None,
        invited_by=None,
        nudged_at=None,
        **application.facts(),
    )
    _tell_of_request(current, now)
    return current


def _tell_of_request(membership: Membership, now: datetime) -> None:
    if membership.email_confirmed_at is None:
        memberships.tell(membership, "ask_to_confirm", now=now)
        return
    memberships.tell(membership, "requested", now=now)
    memberships.tell_coordinators(membership, "requested", now=now)


def _require_confirmed(membership: Membership) -> None:
    # Confirming raises the version, so what the caller has read is good enough.
    if membership.email_confirmed_at is None:
        raise Overtaken(membership)

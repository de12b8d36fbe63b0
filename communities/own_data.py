"""What the communities store of a person: memberships, their history, experiences they wrote."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.own_data import Part, Person, part
from communities.actions.changing import lock
from communities.models import (
    LIVE,
    Community,
    DigestItem,
    Experience,
    ExperienceState,
    HistoryEntry,
    Membership,
    MembershipState,
)
from ground.mailbox import Mailbox
from office.history import forget_history

# What is emptied; the constraint communities_anonymised_means_nothing_personal names the same.
PERSONAL = ("name", "email", "organisation", "message", "reason")


def export(person: Person) -> Iterator[Part]:
    memberships = memberships_of(person)
    yield from part(memberships)
    for model in (HistoryEntry, DigestItem):
        yield from part(model.objects.filter(membership__in=memberships))
    if person.user:
        yield from part(Experience.objects.filter(written_by=person.user))


def obstacles(person: Person) -> Iterator[str]:
    """A group is not left without anybody who looks after it."""
    for membership in memberships_of(person).coordinating().select_related("community__parent"):
        others = Membership.objects.coordinating().filter(community=membership.community_id)
        if not others.exclude(pk=membership.pk).exists():
            yield _(
                "Sie sind die letzte Koordination von „%(group)s“. Bitte übergeben Sie die "
                "Koordination erst an jemand anderen."
            ) % {"group": membership.community.full_name}
    contacts = Community.objects.alias(mailbox=Mailbox("contact_email")).active()
    for group in contacts.filter(mailbox__in=person.mailboxes).select_related("parent"):
        yield _(
            "Ihre Adresse ist die Kontaktadresse von „%(group)s“. Bitte lassen Sie dort erst eine andere "
            "eintragen."
        ) % {"group": group.full_name}


def hold(person: Person) -> None:
    """Lock the groups that a person coordinates: of two last ones who go at once the second is asked
    again. Needs a transaction, and comes before `obstacles`.
    """
    groups = memberships_of(person).coordinating().order_by("community").values_list("community")
    for (pk,) in groups.distinct():
        lock(pk)


def erase(person: Person, *, now: datetime) -> list[str]:
    """Empty the memberships and keep that there was one; what is published loses its writer only."""
    memberships = list(memberships_of(person).select_for_update(no_key=True).order_by("pk"))
    forget_history(memberships)
    pks = [membership.pk for membership in memberships]
    DigestItem.objects.filter(membership__in=pks).delete()
    rows = Membership.objects.filter(pk__in=pks)
    rows.filter(state__in=LIVE).update(state=MembershipState.LEFT, changed_at=now)
    rows.update(
        **dict.fromkeys(PERSONAL, ""), user=None, anonymised_at=now, version=F("version") + 1
    )
    if person.user:
        Experience.objects.filter(written_by=person.user, state=ExperienceState.DRAFT).delete()
    return [f"membership:{pk}:" for pk in pks]


def memberships_of(person: Person) -> QuerySet[Membership]:
    memberships = Membership.objects.alias(mailbox=Mailbox("email")).filter(anonymised_at=None)
    found = memberships.filter(mailbox__in=person.mailboxes)
    return found | memberships.filter(user=person.user) if person.user else found

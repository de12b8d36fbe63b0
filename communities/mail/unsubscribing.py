"""The links by which members end the group's mails, from any mail and without an account.

Signed and without an end: an old mail must be as good as a new one. They name the memberships and
nothing else, and all they can do is to end mails.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet

from communities.models import MailWish, Membership

_SALT = "communities.mail.unsubscribing"


def address(memberships: Sequence[int]) -> str:
    """The whole address that ends the mails of these memberships; for List-Unsubscribe too."""
    token = signing.dumps(list(memberships), salt=_SALT, compress=True)
    return f"{settings.SITE_URL}/gemeinschaften/abbestellen/{token}/"


def open_token(token: str) -> QuerySet[Membership] | None:
    """The memberships that a token names, as far as they are active; None for a wrong token."""
    try:
        pks = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Membership.objects.active().filter(pk__in=pks).select_related("community__parent")


def unsubscribe(memberships: QuerySet[Membership]) -> int:
    """End the mails; returns for how many memberships that was news. Doing it again is harmless."""
    return memberships.exclude(mail_wish=MailWish.NONE).update(mail_wish=MailWish.NONE)


def collect(memberships: QuerySet[Membership]) -> int:
    """Once a week instead of at once; also brings back mails that were ended."""
    return memberships.update(mail_wish=MailWish.WEEKLY)

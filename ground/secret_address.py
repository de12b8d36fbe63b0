"""Secret addresses: who knows one may read what stands there, until it is taken back.

For calendars that a program fetches by itself, where nobody can sign in.
"""

import secrets
from hmac import compare_digest
from typing import Self

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

# So much of a token finds the row; the rest, 144 random bits, is compared in constant time.
_FINDS = 8
# What is behind a secret address is kept by nobody on the way, and found by no search engine.
HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow"}


def new_token() -> str:
    return secrets.token_urlsafe(24)


class SecretAddress(models.Model):
    """The secret part of one address. Deleting the row takes the address back."""

    token = models.CharField(
        max_length=64,
        unique=True,
        default=new_token,
        error_messages={
            "unique": _("Diese geheime Adresse gibt es schon. Bitte legen Sie noch einmal eine an.")
        },
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    class Meta:
        abstract = True

    @classmethod
    def of(cls, token: str, *, among: QuerySet) -> Self | None:
        """The one with this token among these rows, None for a token that is wrong."""
        if len(token) <= _FINDS or "\0" in token:
            return None
        for row in among.filter(token__startswith=token[:_FINDS]):
            if compare_digest(row.token.encode(), token.encode()):
                return row
        return None

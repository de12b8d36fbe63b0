"""How long the communities keep what they know about people, and what takes it away.

`RULES` is the list that the privacy page tells and the nightly task carries out. A test fails for
any field of any model that could hold something personal and is in no list.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import (
    LIVE,
    CommunityState,
    GroupMessage,
    Membership,
    MembershipState,
    MessageFile,
    MessageState,
)
from communities.own_data import PERSONAL
from ground import retention as keeping
from ground.retention import RetentionRule
from ground.signed_links import lapsed_by
from office.history import forget_history

CAME_TO_NOTHING = timedelta(days=30)
INVITED = timedelta(days=60)
UNANSWERED = timedelta(days=365)
LEFT = timedelta(days=365)
ARCHIVED = timedelta(days=365)
MESSAGES = timedelta(days=730)


def _kept() -> QuerySet[Membership]:
    return Membership.objects.filter(anonymised_at=None)


def _unconfirmed(now: datetime) -> QuerySet:
    return _kept().unconfirmed().filter(changed_at__lte=lapsed_by(now))


def _came_to_nothing(now: datetime) -> QuerySet:
    ends = [MembershipState.DECLINED, MembershipState.WITHDRAWN, MembershipState.REFUSED]
    return _kept().filter(state__in=ends, changed_at__lte=now - CAME_TO_NOTHING)


def _invited(now: datetime) -> QuerySet:
    return _kept().filter(state=MembershipState.INVITED, changed_at__lte=now - INVITED)


def _unanswered(now: datetime) -> QuerySet:
    return _kept().waiting().filter(requested_at__lte=now - UNANSWERED)


def _left(now: datetime) -> QuerySet:
    return _kept().filter(state=MembershipState.LEFT, changed_at__lte=now - LEFT)


def _archived(now: datetime) -> QuerySet:
    return (
        _kept()
        .active()
        .filter(
            community__state=CommunityState.ARCHIVED, community__archived_at__lte=now - ARCHIVED
        )
    )


def _messages(now: datetime) -> QuerySet:
    return GroupMessage.objects.filter(
        state=MessageState.SENT, sent_at__lte=now - MESSAGES
    ).exclude(text="")


def _empty_messages(rows: QuerySet, now: datetime) -> int:
    """The log stays: when, about what, to how many. The files go with the next night's cleaning."""
    pks = list(rows.values_list("pk", flat=True))
    MessageFile.objects.filter(message__in=pks).delete()
    return GroupMessage.objects.filter(pk__in=pks).update(text="")


def _anonymise(ends_as: MembershipState) -> Callable[[QuerySet, datetime], int]:
    """Empty what is personal and keep what is counted: group, role, whom they spoke for, when.

    What was still live ends as `ends_as`; no one is told, for no one waits for it any more.
    """

    def carry_out(rows: QuerySet, now: datetime) -> int:
        pks = list(rows.values_list("pk", flat=True))
        # Locked in one order, so that a person who works on one of them is waited for.
        rows = rows.filter(pk__in=pks).order_by("pk")
        locked = list(rows.select_for_update(no_key=True, of=("self",)))
        forget_history(locked)
        kept = Membership.objects.filter(pk__in=[row.pk for row in locked])
        kept.filter(state__in=LIVE).update(state=ends_as, changed_at=now)
        return kept.update(
            **dict.fromkeys(PERSONAL, ""),
            user=None,
            is_visible=False,
            anonymised_at=now,
            version=F("version") + 1,
        )

    return carry_out


_PERSON = frozenset(f"communities.Membership.{field}" for field in PERSONAL)

RULES = (
    RetentionRule(
        "unconfirmed",
        _(
            "Anfragen, deren Adresse nicht bestätigt wurde: 2 Tage, mindestens bis zum nächsten "
            "Arbeitstag um 12 Uhr, dann anonymisiert."
        ),
        _PERSON,
        _unconfirmed,
        _anonymise(MembershipState.WITHDRAWN),
    ),
    RetentionRule(
        "came-to-nothing",
        _(
            "Abgelehnte und zurückgezogene Anfragen, abgelehnte Einladungen: 30 Tage, dann "
            "anonymisiert."
        ),
        _PERSON,
        _came_to_nothing,
        _anonymise(MembershipState.WITHDRAWN),
    ),
    RetentionRule(
        "invited",
        _("Einladungen ohne Antwort: 60 Tage, dann anonymisiert."),
        _PERSON,
        _invited,
        _anonymise(MembershipState.REFUSED),
    ),
    RetentionRule(
        "unanswered",
        _("Anfragen, über die niemand entschieden hat: 12 Monate, dann anonymisiert."),
        _PERSON,
        _unanswered,
        _anonymise(MembershipState.DECLINED),
    ),
    RetentionRule(
        "left",
        _("Mitgliedschaften: bis 12 Monate nach dem Austritt, dann anonymisiert."),
        _PERSON,
        _left,
        _anonymise(MembershipState.LEFT),
    ),
    RetentionRule(
        "archived",
        _("Mitgliedschaften in archivierten Gruppen: 12 Monate nach dem Ende der Gruppe."),
        _PERSON,
        _archived,
        _anonymise(MembershipState.LEFT),
    ),
    RetentionRule(
        "messages",
        _(
            "Text und Anhänge von Rundmails an eine Gruppe: 24 Monate nach dem Versand, dann gelöscht."
        ),
        frozenset(
            {
                "communities.GroupMessage.text",
                "communities.MessageFile.file",
                "communities.MessageFile.file_name",
                "communities.MessageFile.title",
            }
        ),
        _messages,
        _empty_messages,
    ),
)

carry_out = partial(keeping.carry_out, RULES)

from communities.models.community import (
    Community,
    CommunityKind,
    CommunitySource,
    CommunityState,
    PartnerOrganisation,
    PartnerSupport,
)
from communities.models.experience import Experience, ExperienceKind, ExperienceState
from communities.models.membership import (
    LIVE,
    HistoryEntry,
    HistoryKind,
    MailWish,
    Membership,
    MembershipState,
    Role,
)
from communities.models.message import DigestItem, GroupMessage, MessageFile, MessageState
from communities.models.result import Result, ResultFile, ResultKind, ResultState

__all__ = [
    "LIVE",
    "Community",
    "CommunityKind",
    "CommunitySource",
    "CommunityState",
    "DigestItem",
    "Experience",
    "ExperienceKind",
    "ExperienceState",
    "GroupMessage",
    "HistoryEntry",
    "HistoryKind",
    "MailWish",
    "Membership",
    "MembershipState",
    "MessageFile",
    "MessageState",
    "PartnerOrganisation",
    "PartnerSupport",
    "Result",
    "ResultFile",
    "ResultKind",
    "ResultState",
    "Role",
]

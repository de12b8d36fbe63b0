"""The pages of coordinators. Django's autodiscovery imports this package."""

from communities.admin.communities import CommunityAdmin
from communities.admin.experiences import ExperienceAdmin
from communities.admin.memberships import MembershipAdmin
from communities.admin.messages import GroupMessageAdmin
from communities.admin.results import ResultAdmin

__all__ = [
    "CommunityAdmin",
    "ExperienceAdmin",
    "GroupMessageAdmin",
    "MembershipAdmin",
    "ResultAdmin",
]

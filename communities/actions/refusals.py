"""Why an action did not happen. Nothing was changed then."""

from communities.models import Membership


class NotPossible(Exception):
    """The rules of the groups forbid it; the text is a sentence for whoever wanted it."""


class LastCoordinator(NotPossible):
    """The group would be left without anybody who coordinates it."""


class Overtaken(Exception):
    """Somebody else was faster: the membership is not what it was when it was read."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(membership.pk)
        self.membership = membership

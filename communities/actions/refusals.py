"""Why an action did not happen. Nothing was changed then."""

from ground.refusals import NotPossible


class LastCoordinator(NotPossible):
    """The group would be left without anybody who coordinates it."""

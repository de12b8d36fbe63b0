"""Why something did not happen. Nothing was changed then."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

# Told to who does once more what is done: nothing is changed, and nothing is wrong.
DONE_ALREADY = _("Das war schon erledigt.")


class NotPossible(Exception):
    """The rules forbid it; the text is a sentence for the person who wanted it."""


class Overtaken(Exception):
    """The row is not what it was when it was read, or the step is not possible (any more)."""

    def __init__(self, row: Model | None = None) -> None:
        super().__init__(row and row.pk)
        self.row = row

"""What those read who write words that an e-mail puts behind a greeting."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

GREETED = _("Bitte ohne Anrede: „Guten Tag“ steht in der E-Mail schon davor.")


def greeted_and(more: Any) -> Any:
    """The same, and what else is to be said of the field."""
    return format_lazy("{} {}", GREETED, more)

"""When people are reminded of their date, and what the confirmation says of it beforehand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """Reminds from `before` the start until `until` the start, unless the date was only just made."""

    name: str
    words: Promise
    before: timedelta
    until: timedelta

    def applies(self, *, starts_at: datetime, settled_at: datetime) -> bool:
        """Who has agreed on the date within the period of the rule has just read it."""
        return settled_at < starts_at - self.before


RULES = (
    ReminderRule(
        "week", gettext_lazy("eine Woche"), before=timedelta(days=7), until=timedelta(days=2)
    ),
    ReminderRule("day", gettext_lazy("einen Tag"), before=timedelta(days=1), until=timedelta()),
)


def is_to_come(*, starts_at: datetime, settled_at: datetime, now: datetime) -> bool:
    """Whether a reminder is still left, which can bring what is not known yet."""
    return any(
        rule.applies(starts_at=starts_at, settled_at=settled_at) and now < starts_at - rule.before
        for rule in RULES
    )


def announced(*, starts_at: datetime, settled_at: datetime) -> str:
    """Which reminders are to come, or that none is: then the confirmation has to do."""
    words = [
        str(rule.words)
        for rule in RULES
        if rule.applies(starts_at=starts_at, settled_at=settled_at)
    ]
    if not words:
        return _(
            "Der Termin ist schon bald, eine Erinnerung kommt nicht mehr. Bitte tragen Sie ihn gleich in "
            "Ihren Kalender ein."
        )
    return _("Wir erinnern Sie %s vorher noch einmal.") % _(" und ").join(words)

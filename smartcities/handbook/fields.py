"""Fields of the administration that need more than a sentence, and where the handbook explains them."""

from functools import partial

from django.urls import reverse

from office import handbook
from smartcities.handbook.roles import Role

# By role and anchor on its page; a test holds both against the pages and the forms.
FIELDS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.COORDINATION: {
        "rundmail": ("communities.Community.contact_email", "communities.GroupMessage.roles"),
        "ablegen": ("communities.Result.licence", "communities.Result.file"),
    },
    Role.HOST: {
        "anlegen": (
            "events.Event.audience",
            "events.Event.precision",
            "events.Event.registration_opens_at",
            "events.Seats.waiting_limit",
            "events.AgendaItem.needs_choice",
            "events.EventQuestion.kind",
            "events.ReminderRule.hours",
        ),
    },
    Role.ADVICE: {
        "zeiten": (
            "consulting.Advisor.lead_hours",
            "consulting.Advisor.land",
            "consulting.Slot.mode",
            "consulting.SlotSeries.every_weeks",
        ),
        "abwesenheit": ("consulting.Absence.last_on",),
    },
    Role.PROJECT: {
        "beschreiben": ("projects.Solution.problem", "projects.Solution.maturity"),
        "suchworte": ("projects.Solution.search_words", "projects.Project.search_words"),
        "kosten": ("projects.Cost.purpose", "projects.Cost.for_reusers"),
        "erkenntnisse": ("projects.Lesson.kind",),
        "nachnutzung": ("projects.Reuse.is_planned",),
        "dokumente": ("projects.Document.licence",),
    },
    Role.EDITORS: {
        "pruefen": (
            "projects.Cost.is_certain",
            "projects.Lesson.is_certain",
            "projects.Project.status_is_certain",
        ),
        "woerter": ("finding.Synonyms.narrower",),
        "startseite": ("smartcities.PinnedCase.solution",),
    },
    Role.OPERATION: {"konten": ("accounts.User.groups", "accounts.User.is_staff")},
}


def place(role: Role, anchor: str) -> str:
    return f"{reverse('handbook_role', args=[role.value])}#{anchor}"


handbook.lead(
    {
        name: partial(place, role, anchor)
        for role, anchors in FIELDS.items()
        for anchor, names in anchors.items()
        for name in names
    }
)

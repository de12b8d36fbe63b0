"""Nobody is greeted twice: who writes words that an e-mail puts behind its greeting reads that it does."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

from asking.admin import AnswerForm
from asking.forms import ReplyForm
from communities.admin.messages import MessageForm
from communities.models import GroupMessage
from consulting.admin.forms import WriteForm
from events.admin.reminding import ReminderForm
from events.admin.writing import InvitationForm
from events.admin.writing import MessageForm as EventMessageForm
from mailing.greeting import GREETED
from projects.admin.reuse_statement import QuestionForm
from tests.factories.asking import QuestionFactory

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Words that people have typed, by the last part of their name, and in a line that begins with them.
TYPED = re.compile(
    r"^(?:\{%[^%]*%\})*\{\{ (own_text|reason|"
    r"\w+\.(?:text|answer|question|reason|closing_reason|outcome|message))\b",
    re.MULTILINE,
)

# Where they are typed as a letter,
LETTERS = {
    "asking/email/asker/answered": "question.answer",
    "communities/email/message": "message.text",
    "communities/email/message_test": "message.text",
    "consulting/email/message": "message.text",
    "events/email/invitation": "invitation.text",
    "events/email/message": "message.text",
    "events/email/reminder": "own_text",
    "events/email/reminder_hosts": "own_text",
    "events/email/reminder_waiting": "own_text",
    "events/email/thanks": "own_text",
    "events/email/thanks_hosts": "own_text",
    "projects/email/reuse_question": "statement.question",
}
# and where as a reason, a note or a task, which nobody begins with a greeting.
NO_LETTERS = {
    "accessibility/email/reported": "report.text",
    "communities/email/coordination_requested": "membership.message",
    "communities/email/declined": "membership.reason",
    "communities/email/removed": "membership.reason",
    "consulting/email/called_off": "reason",
    "consulting/email/declined": "consultation.closing_reason",
    "consulting/email/outcome": "consultation.outcome",
    "events/email/task_reminder": "task.text",
    "projects/email/reuse_change_refused": "statement.reason",
    "projects/email/reuse_project_decided": "statement.reason",
    "projects/email/reuse_refused": "statement.reason",
}


def test_it_is_known_of_every_email_that_greets_whether_somebody_writes_a_letter_behind_it():
    found = {}
    for path in TEMPLATES.glob("*/email/**/*_body.txt"):
        text = path.read_text()
        if "Guten Tag" in text and (typed := TYPED.findall(text)):
            (found[str(path.relative_to(TEMPLATES)).removesuffix("_body.txt")],) = set(typed)

    assert found == LETTERS | NO_LETTERS


@pytest.mark.django_db
def test_every_form_for_such_a_letter_says_that_the_greeting_stands_before_it(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    group_message = admin.site._registry[GroupMessage].get_form(request)
    assert issubclass(group_message, MessageForm)
    question = QuestionFactory.build(email="a@kommune.example")
    fields = {
        "asking": AnswerForm(question, admin_user, None).fields["text"],
        "asking by link": ReplyForm().fields["text"],
        "communities": group_message.base_fields["text"],
        "consulting": WriteForm.base_fields["text"],
        "event": EventMessageForm.base_fields["text"],
        "invitation": InvitationForm.base_fields["text"],
        "reminder": ReminderForm.base_fields["text"],
        "reuse": QuestionForm.help_text,
    }

    silent = [
        name
        for name, one in fields.items()
        if str(GREETED) not in str(getattr(one, "help_text", one))
    ]
    assert silent == []

"""Every field of every model that can hold something about a person has a rule, or a reason not to.

Who adds a text field to any model has to say here, or in a rule, what becomes of it.
"""

from datetime import date, time

from django.apps import apps
from django.contrib.admin import site
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.module_loading import import_string

import asking.retention
import communities.retention
import consulting.retention
import events.retention
import projects.retention
import subscribing.retention
from office.history import names_a_person

RULES = (
    *asking.retention.RULES,
    *communities.retention.RULES,
    *consulting.retention.RULES,
    *events.retention.RULES,
    *projects.retention.RULES,
    *subscribing.retention.RULES,
)

CAN_BE_PERSONAL = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.GenericIPAddressField,
    models.BinaryField,
    models.FileField,
    ArrayField,
)

# Carried out elsewhere: the function that does it, and what it takes care of.
CARRIED_OUT_BY = {
    "mailing.retention.purge": {
        f"mailing.Email.{field}"
        for field in (
            "to",
            "reply_to",
            "subject",
            "text",
            "html",
            "attachments",
            "unsubscribe_url",
            "last_error",
        )
    },
    "smartcities.accessibility.barriers.forget": {
        f"smartcities.BarrierReport.{field}" for field in ("text", "page", "email", "note")
    },
    "accounts.retention.carry_out": {
        "accounts.NetworkUse.form",
        "accounts.NetworkUse.network",
        "accounts.NetworkUse.reference",
        "accounts.Tally.key",
        "sessions.Session.session_key",
        "sessions.Session.session_data",
        "usersessions.UserSession.ip",
        "usersessions.UserSession.session_key",
        "usersessions.UserSession.user_agent",
        "usersessions.UserSession.data",
        "admin.LogEntry.object_id",
        "admin.LogEntry.object_repr",
        "admin.LogEntry.change_message",
    },
}

# Live as long as the account and go with it (ON DELETE CASCADE).
AS_LONG_AS_THE_ACCOUNT = {
    "events.PersonalFeed.token",
    "accounts.User.email",
    "accounts.User.name",
    "accounts.User.password",
    "account.EmailAddress.email",
    "account.EmailConfirmation.key",
    "mfa.Authenticator.data",
}

# Published on purpose: the address at which a project or a community wants to be asked.
PUBLISHED = {
    "communities.Community.contact_name",
    "communities.Community.contact_email",
    "events.AgendaItem.speakers",
    "events.Event.contact_name",
    "events.Event.contact_email",
    # Shared with the members or everybody once a coordinator has approved them, like a result.
    "events.Minutes.text",
    "events.MinutesDecision.text",
    "events.MinutesFile.file",
    "events.MinutesFile.file_name",
    "events.MinutesFile.title",
    "events.MinutesItem.text",
    "events.MinutesItem.title",
    "events.MinutesTask.text",
    "projects.Project.contact_name",
    "projects.Project.contact_email",
    "projects.Project.contact_phone",
}

# Says nothing about a person. The editors' texts and the network's facts; ids, words and addresses
# that the portal makes itself.
NOT_PERSONAL_APPS = {"auth", "contenttypes", "finding", "projects"}
# Within these apps the models that people fill in who have no account.
BUT_PERSONAL = {"projects.ReuseStatement"}
NOT_PERSONAL = {
    # Edited, agreed to, and without a name; the Kommune only where it agreed.
    "asking.PublicAnswer.answer",
    "asking.PublicAnswer.asked_by",
    "asking.PublicAnswer.text",
    # What a community is and publishes; its texts are looked over by its coordinators.
    "communities.Community.also_called",
    "communities.Community.check_note",
    "communities.Community.editors_note",
    "communities.Community.name",
    "communities.Community.purpose",
    "communities.Community.questions",
    "communities.Community.slug",
    "communities.Community.working_mode",
    "communities.CommunitySource.text",
    "communities.Experience.again",
    "communities.Experience.context",
    "communities.Experience.operator_model",
    "communities.Experience.partners",
    "communities.Experience.title",
    "communities.Experience.what",
    "communities.GroupMessage.recipients",
    "communities.GroupMessage.roles",
    "communities.GroupMessage.subject",
    "communities.PartnerOrganisation.name",
    "communities.PartnerOrganisation.role",
    "communities.PartnerOrganisation.source",
    "communities.PartnerOrganisation.website",
    "communities.Result.authors",
    "communities.ResultFile.file",
    "communities.ResultFile.file_name",
    "communities.ResultFile.title",
    "communities.Result.file",
    "communities.Result.file_name",
    "communities.Result.licence",
    "communities.Result.link",
    "communities.Result.slug",
    "communities.Result.summary",
    "communities.Result.title",
    "communities.Result.version",
    "consulting.Advisor.meeting_link",
    "consulting.Appointment.meeting_link",
    "consulting.Appointment.place",
    "consulting.ConsultationRequest.building_blocks",
    "consulting.ConsultationRequest.reference",
    "consulting.SeriesBreak.label",
    "consulting.Slot.meeting_link",
    "consulting.Slot.place",
    "consulting.SlotSeries.meeting_link",
    "consulting.SlotSeries.place",
    "events.AgendaItem.room",
    # What hosts ask everybody; what people answer has a rule.
    "events.EventQuestion.options",
    "events.EventQuestion.text",
    "events.AgendaItem.text",
    "events.AgendaItem.title",
    "events.Document.file",
    "events.Document.file_name",
    "events.Document.link",
    "events.Document.title",
    "events.Event.access_note",
    "events.Event.address",
    "events.Event.cancel_reason",
    "events.Event.check_note",
    "events.Event.city",
    "events.Event.date_text",
    "events.Event.description",
    "events.Event.documentation",
    "events.Event.editors_note",
    "events.Event.online_link",
    "events.Event.registration_url",
    "events.Event.slug",
    "events.Event.teaser",
    "events.Event.title",
    "events.Event.venue",
    "events.EventMessage.to",
    "events.EventSource.text",
    # A keyed hash, kept for good: it honours that somebody wants no invitations any more, and does
    # not tell who (`events.mail.invitations`).
    "events.OptOut.address_hash",
    "events.Registration.reference",
    "events.ReminderRule.name",
    "events.ReminderRule.text",
    "mailing.Email.key",
    "smartcities.RegularTask.failure",
    "smartcities.RegularTask.name",
    # What is public of an entry, and of a list what its page is called.
    "subscribing.KnownEntry.facts",
    "subscribing.ListNews.entries",
    "subscribing.ListNews.path",
    "subscribing.ListNews.title",
    "subscribing.WatchedList.seen",
}


def fields_that_can_be_personal() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        # One of a few given words, or worked out from other fields, says nothing new.
        if isinstance(field, CAN_BE_PERSONAL)
        and not field.choices
        and not isinstance(field, models.GeneratedField)
    }


def covered_by_rules() -> set[str]:
    return set().union(*(rule.fields for rule in RULES), *CARRIED_OUT_BY.values())


def test_every_field_that_can_be_personal_has_a_rule_or_a_reason():
    reasons = AS_LONG_AS_THE_ACCOUNT | PUBLISHED | NOT_PERSONAL
    undeclared = {
        field
        for field in fields_that_can_be_personal() - covered_by_rules() - reasons
        if field.split(".")[0] not in NOT_PERSONAL_APPS or field.rpartition(".")[0] in BUT_PERSONAL
    }

    assert undeclared == set()


def test_nothing_is_declared_that_does_not_exist():
    declared = covered_by_rules() | AS_LONG_AS_THE_ACCOUNT | PUBLISHED | NOT_PERSONAL

    assert declared - fields_that_can_be_personal() == set()


def test_nothing_personal_is_declared_harmless_as_well():
    assert covered_by_rules() & (NOT_PERSONAL | PUBLISHED | AS_LONG_AS_THE_ACCOUNT) == set()


def test_the_functions_that_carry_it_out_exist():
    assert all(callable(import_string(path)) for path in CARRIED_OUT_BY)


def filled(model: type[models.Model], *, own: str, of_others: str, depth: int = 2) -> models.Model:
    """A row whose personal fields, and those of the rows that it refers to, say this."""
    personal = covered_by_rules() | AS_LONG_AS_THE_ACCOUNT
    row = model()
    for field in model._meta.concrete_fields:
        if f"{model._meta.label}.{field.name}" in personal and isinstance(field, models.CharField):
            setattr(row, field.name, own)
        elif isinstance(field, models.DateField):
            setattr(row, field.name, timezone.now() if is_moment(field) else date(2026, 3, 2))
        elif isinstance(field, models.TimeField):
            setattr(row, field.name, time(10))
        elif field.is_relation and depth:
            other = filled(field.related_model, own=of_others, of_others=of_others, depth=depth - 1)
            setattr(row, field.name, other)
    return row


def is_moment(field: models.Field) -> bool:
    return isinstance(field, models.DateTimeField)


# What they are called is written by people, but not the name of one: what a file holds, what a list shows.
NOT_CALLED_LIKE_A_PERSON = {"communities.MessageFile", "subscribing.WatchedList"}


def test_the_history_of_the_administration_names_nobody_who_is_not_taken_out_of_it():
    """It keeps what rows are called, long after a person is erased: `office.history` leaves out whom it
    knows to be a person, and `forget_history` empties what is about the person's own rows."""
    rows = set(site._registry)
    parts = {inline.model for admin in site._registry.values() for inline in admin.inlines}

    by_themselves = {
        model._meta.label
        for model in rows | parts
        if "Eva" in str(filled(model, own="Eva", of_others=""))
    }
    by_others = {
        model._meta.label
        for model in rows | parts
        if "Eva" in str(filled(model, own="", of_others="Eva"))
    }

    assert by_themselves - NOT_CALLED_LIKE_A_PERSON == {
        model._meta.label for model in rows if names_a_person(model)
    }
    assert by_others == set()

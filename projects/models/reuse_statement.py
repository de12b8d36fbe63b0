"""That a municipality says of itself: we use this solution, or mean to."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressField, MailboxKeyField, mailbox_key
from projects.models.municipality import Municipality
from projects.models.reuse import Reuse
from projects.models.solution import Solution
from projects.models.sourced import PartialDateField, is_partial_date


class StatementState(models.TextChoices):
    UNCONFIRMED = "unbestaetigt", _("Adresse nicht bestätigt")
    WITH_PROJECT = "beim-projekt", _("beim Projekt")
    QUESTIONED = "rueckfrage", _("Rückfrage an die Kommune")
    AT_OFFICE = "zu-entscheiden", _("zu entscheiden")
    PUBLISHED = "veroeffentlicht", _("veröffentlicht")
    REFUSED = "abgelehnt", _("abgelehnt")
    WITHDRAWN = "zurueckgezogen", _("zurückgezogen")


# Confirmed, and not yet decided.
UNDECIDED = (
    StatementState.WITH_PROJECT,
    StatementState.QUESTIONED,
    StatementState.AT_OFFICE,
)
CHANGEABLE = (*UNDECIDED, StatementState.PUBLISHED)
# The others are over: the same municipality may state it anew.
LIVE = (StatementState.UNCONFIRMED, *CHANGEABLE)


class ProjectSays(models.TextChoices):
    NOTHING = "", _("noch nichts")
    AGREES = "stimmt", _("stimmt zu")
    OBJECTS = "widerspricht", _("widerspricht")


class ReuseStatementQuerySet(models.QuerySet["ReuseStatement"]):
    def with_everything(self) -> Self:
        """With all that e-mails and pages tell of it read along."""
        return self.select_related("solution__project", "municipality", "reuse")

    def of_mailbox(self, address: str) -> Self:
        return self.filter(mailbox=mailbox_key(address), anonymised_at=None)

    def confirmed(self) -> Self:
        """Those of which the address is proved. Nobody sees the others."""
        return self.exclude(state=StatementState.UNCONFIRMED).exclude(confirmed_at=None)

    def for_project(self) -> Self:
        return self.filter(state=StatementState.WITH_PROJECT)

    def for_office(self) -> Self:
        return self.filter(state=StatementState.AT_OFFICE)

    def out_of_time(self, today: date) -> Self:
        """Those on which project or municipality had until yesterday to say something."""
        waiting = (StatementState.WITH_PROJECT, StatementState.QUESTIONED)
        return self.filter(state__in=waiting, respond_by__lt=today)


class ReuseStatement(models.Model):
    """From the form to the decision. What became public of it stands in `reuse`.

    `version` rises with every change: whoever acts on what they have read is told when it is not
    that any more.
    """

    # What is stated, under the same names as in `Reuse`.
    FACTS = ("is_planned", "how", "since", "cost_text", "learned", "contract_until")

    solution = models.ForeignKey(
        Solution, models.CASCADE, related_name="statements", verbose_name=_("Lösung")
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("Kommune"),
    )
    # As the person wrote it, where no list has it.
    written = models.CharField(_("Kommune, wie geschrieben"), max_length=100, blank=True)
    is_planned = models.BooleanField(_("erst geplant"), default=False)
    how = models.CharField(_("wie"), max_length=400, blank=True)
    since = PartialDateField(_("seit"))
    cost_text = models.CharField(_("was es gekostet hat"), max_length=400, blank=True)
    learned = models.CharField(_("was daraus zu lernen ist"), max_length=1000, blank=True)
    contract_until = PartialDateField(_("Vertrag bis"))
    email = AddressField(_("E-Mail-Adresse"), blank=True)
    mailbox = MailboxKeyField(_("Postfach"), blank=True)
    state = models.CharField(
        _("Stand"), max_length=20, choices=StatementState, default=StatementState.UNCONFIRMED
    )
    stated_at = models.DateTimeField(_("abgesendet am"), editable=False)
    # When the municipality last said that it is so.
    confirmed_at = models.DateTimeField(
        _("von der Kommune bestätigt am"), null=True, blank=True, editable=False
    )
    changed_at = models.DateTimeField(_("Stand seit"), editable=False)
    respond_by = models.DateField(_("Antwort bis"), null=True, blank=True, editable=False)
    question = models.CharField(_("Rückfrage des Projekts"), max_length=1000, blank=True)
    answer = models.CharField(_("Antwort der Kommune"), max_length=1000, blank=True)
    project_says = models.CharField(
        _("Das Projekt"),
        max_length=20,
        choices=ProjectSays,
        blank=True,
        default=ProjectSays.NOTHING,
    )
    project_text = models.CharField(_("in seinen Worten"), max_length=1000, blank=True)
    reason = models.CharField(_("Begründung der Ablehnung"), max_length=1000, blank=True)
    # When the municipality was last asked whether it is still so.
    asked_at = models.DateTimeField(_("nachgefragt am"), null=True, blank=True, editable=False)
    reuse = models.OneToOneField(
        Reuse,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="statement",
        verbose_name=_("öffentliche Angabe"),
        error_messages={
            "unique": _("Zu dieser Nachnutzung gehört schon eine Angabe. Bitte ändern Sie diese.")
        },
    )
    # What the public row said before, where a source had told of it already.
    replaced = models.JSONField(_("vorherige Angaben"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)
    # Set when the address is gone; what is public stays.
    anonymised_at = models.DateTimeField(
        _("anonymisiert am"), null=True, blank=True, editable=False
    )

    objects = ReuseStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("Angabe zur Nachnutzung")
        verbose_name_plural = _("Angaben zur Nachnutzung")
        ordering = ["respond_by", "pk"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["mailbox"], name="projects_statement_by_mailbox"),
            models.Index(fields=["state", "respond_by"], name="projects_statement_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "municipality", "written", "mailbox"],
                condition=Q(state__in=LIVE, anonymised_at=None),
                nulls_distinct=False,
                name="projects_one_live_statement",
                violation_error_message=_(
                    "Von dieser Adresse gibt es zu dieser Lösung schon eine Angabe dieser Kommune."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=StatementState.values)
                & Q(project_says__in=ProjectSays.values),
                name="projects_statement_is_known",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(municipality=None) ^ Q(written=""),
                name="projects_statement_of_one_municipality",
                violation_error_message=_(
                    "Die Kommune ist eine aus der Liste oder steht so da, wie sie geschrieben wurde."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_planned=True) | ~Q(how=""),
                name="projects_statement_says_how",
                violation_error_message=_("Bitte sagen, wie die Kommune die Lösung nutzt."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False)
                | Q(state__in=[StatementState.UNCONFIRMED, StatementState.WITHDRAWN]),
                name="projects_statement_is_confirmed_first",
                violation_error_message=_("Erst bestätigt die Kommune ihre Angabe."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[StatementState.WITH_PROJECT, StatementState.QUESTIONED])
                | Q(respond_by__isnull=False),
                name="projects_statement_waits_until_a_day",
                violation_error_message=_("Auf eine Antwort wird bis zu einem Tag gewartet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=StatementState.QUESTIONED) | ~Q(question=""),
                name="projects_statement_question_is_asked",
                violation_error_message=_("Bitte die Rückfrage aufschreiben."),
            ),
            models.CheckConstraint(
                condition=~Q(project_says=ProjectSays.OBJECTS) | ~Q(project_text=""),
                name="projects_statement_objection_says_why",
                violation_error_message=_("Bitte sagen, was an der Angabe nicht stimmt."),
            ),
            models.CheckConstraint(
                condition=~Q(state=StatementState.REFUSED) | ~Q(reason=""),
                name="projects_statement_refused_for_a_reason",
                violation_error_message=_("Bitte die Ablehnung begründen."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) & ~Q(email="")
                | Q(
                    anonymised_at__isnull=False,
                    email="",
                    mailbox="",
                    state=StatementState.PUBLISHED,
                ),
                name="projects_statement_has_an_address",
                violation_error_message=_(
                    "Eine Angabe hat eine Adresse, bis sie veröffentlicht ist und anonymisiert wird."
                ),
            ),
            is_partial_date("since", "projects_statement_since_is_a_date"),
            is_partial_date("contract_until", "projects_statement_contract_ends_on_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.solution}"

    @property
    def name(self) -> str:
        """Of the municipality; reads it, select it along."""
        return self.municipality.name if self.municipality else self.written

    @property
    def project_id(self) -> int:
        """Reads the solution, select it along."""
        return self.solution.project_id

    @property
    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FACTS}

    @property
    def is_public(self) -> bool:
        """Whether something of it is public now, perhaps as it was before a change."""
        return self.reuse_id is not None

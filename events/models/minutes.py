"""The minutes of workshops: what was discussed and decided, and who takes care of what."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.files import KeepsFile, UploadField
from communities.models import CommunityState, Membership, MembershipState
from events.models.event import Event, EventState


class MinutesState(models.TextChoices):
    DRAFT = "entwurf", _("Entwurf")
    APPROVED = "freigegeben", _("freigegeben, nur für Mitglieder")
    PUBLIC = "oeffentlich", _("öffentlich")


# Others than those who write them may read them.
RELEASED = (MinutesState.APPROVED, MinutesState.PUBLIC)


class Minutes(models.Model):
    """What was said and agreed at a workshop of a community (Protokoll)."""

    event = models.OneToOneField(
        Event,
        models.CASCADE,
        related_name="minutes",
        verbose_name=_("Workshop"),
        error_messages={
            "unique": _(
                "Zu diesem Workshop gibt es schon ein Protokoll. Bitte schreiben Sie dort weiter."
            )
        },
    )
    text = models.TextField(
        _("Protokoll"),
        max_length=50000,
        blank=True,
        help_text=_("Alles in einem Text, oder nur, was in keinen der Abschnitte darunter passt."),
    )
    state = models.CharField(
        _("Stand"), max_length=15, choices=MinutesState, default=MinutesState.DRAFT
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )
    approved_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True, editable=False)
    # The members are told once, however often the minutes are taken back to be corrected.
    told_at = models.DateTimeField(
        _("Mitglieder benachrichtigt am"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    class Meta:
        verbose_name = _("Protokoll")
        verbose_name_plural = _("Protokolle")
        ordering = ["-event__starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MinutesState.DRAFT) | Q(approved_at__isnull=False),
                name="events_shared_minutes_are_approved",
                violation_error_message=_("Ein Protokoll, das andere lesen, ist freigegeben."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)

    def get_absolute_url(self) -> str:
        """Reads the event, select it along."""
        return reverse("events:minutes", args=[self.event.slug])

    @property
    def is_empty(self) -> bool:
        parts = (self.items, self.decisions, self.tasks, self.files)
        return not self.text.strip() and not any(rows.exists() for rows in parts)


class MinutesItem(models.Model):
    """One item of the agenda, and what was said about it."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="items", verbose_name=_("Protokoll")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    title = models.CharField(_("Worum es ging"), max_length=200)
    text = models.TextField(_("Was besprochen wurde"), max_length=10000, blank=True)

    class Meta:
        verbose_name = _("Tagesordnungspunkt")
        verbose_name_plural = _("Tagesordnung")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class MinutesDecision(models.Model):
    """What the group has decided."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="decisions", verbose_name=_("Protokoll")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    text = models.TextField(_("Was beschlossen ist"), max_length=2000)

    class Meta:
        verbose_name = _("Beschluss")
        verbose_name_plural = _("Beschlüsse")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class MinutesTaskQuerySet(models.QuerySet["MinutesTask"]):
    def open(self) -> Self:
        """Still to be done, in minutes that others may read: those of a draft have no page."""
        released = self.filter(done_at=None, minutes__state__in=RELEASED)
        return released.exclude(minutes__event__state=EventState.DRAFT)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def reminding(self) -> Self:
        """Open ones of groups that work, whose owner is a member with a mailbox."""
        return (
            self.open()
            .filter(
                minutes__event__community__state=CommunityState.ACTIVE,
                member__state=MembershipState.ACTIVE,
            )
            .exclude(member__email="")
            # An account that was shut down is a person who has left.
            .exclude(member__user__is_active=False)
        )


class MinutesTask(models.Model):
    """What a person has taken on, until when, and whether it is done.

    `version` rises with every change, so that links in older e-mails die.
    """

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="tasks", verbose_name=_("Protokoll")
    )
    text = models.CharField(_("Was zu tun ist"), max_length=500)
    member = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("Wer: ein Mitglied"),
        help_text=_("Wird drei Arbeitstage vorher und einmal nach dem Termin per E-Mail erinnert."),
    )
    owner_name = models.CharField(
        _("oder jemand anderes"),
        max_length=150,
        blank=True,
        help_text=_("Ein Name, wenn es kein Mitglied ist. Bekommt keine E-Mail."),
    )
    due_on = models.DateField(_("fällig am"))
    done_at = models.DateTimeField(_("erledigt am"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("erinnert am"), null=True, blank=True, editable=False)
    overdue_told_at = models.DateTimeField(_("gemahnt am"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)

    objects = MinutesTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("Aufgabe")
        verbose_name_plural = _("Aufgaben")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_at=None), name="events_open_tasks_by_day"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None) | Q(owner_name=""),
                name="events_task_has_one_owner",
                violation_error_message=_(
                    "Bitte entweder ein Mitglied auswählen oder einen Namen schreiben, nicht beides."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def owner(self) -> str:
        """Reads the member, select it along; "" while no one has taken it on."""
        return str(self.member) if self.member_id else self.owner_name

    def is_of(self, user_id: int | None) -> bool:
        """Whether this account has taken it on; reads the member, select it along."""
        return user_id is not None and self.member is not None and self.member.user_id == user_id

    def owner_as_seen_by(self, user_id: int | None, *, writes: bool) -> str:
        """The owner's name within the group; in full for the owner and those who write the minutes.

        For the others without the name of a member who has not agreed to be named, or has left.
        """
        if writes or self.is_of(user_id):
            return self.owner
        if self.member_id and self.member.state != MembershipState.ACTIVE:
            return str(_("ein früheres Mitglied"))
        if self.member_id and not self.member.is_visible:
            return str(_("ein Mitglied"))
        return self.owner


class MinutesFile(KeepsFile):
    """What was shown or handed out. Internal until it is said to be public."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="files", verbose_name=_("Protokoll")
    )
    title = models.CharField(_("Name"), max_length=200)
    file = UploadField(_("Datei"), upload_to="events/minutes", max_length=200)
    is_public = models.BooleanField(
        _("öffentlich, sobald das Protokoll es ist"),
        default=False,
        help_text=_(
            "Ohne Haken sehen die Datei nur die Mitglieder, auch wenn das Protokoll öffentlich ist."
        ),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Anhang")
        verbose_name_plural = _("Anhänge")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_file_url(self) -> str:
        return reverse("events:minutes_file", args=[self.minutes.event.slug, self.pk])

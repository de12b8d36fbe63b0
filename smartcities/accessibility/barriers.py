"""Reports of barriers: whoever meets one says so, and is owed an answer within a month."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressField
from ground.retention import RetentionRule, delete_many
from mailing import outbox

# A month, as § 12b BGG asks; four weeks are never longer than one.
ANSWER_WITHIN = timedelta(days=28)
KEPT_AFTER_ANSWER = timedelta(days=365)


class BarrierReportQuerySet(models.QuerySet["BarrierReport"]):
    def open(self) -> Self:
        return self.filter(answered_at=None)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)


class BarrierReport(models.Model):
    """Something that somebody could not use, read or understand."""

    text = models.TextField(_("Was geht nicht?"), max_length=4000)
    page = models.CharField(_("Auf welcher Seite?"), max_length=300, blank=True)
    email = AddressField(_("E-Mail-Adresse für die Antwort"), blank=True)
    created_at = models.DateTimeField(_("gemeldet am"), editable=False)
    due_on = models.DateField(_("Antwort spätestens am"), editable=False)
    answered_at = models.DateTimeField(
        _("beantwortet am"),
        null=True,
        blank=True,
        help_text=_("Wann Sie geantwortet haben, per E-Mail oder am Telefon."),
    )
    note = models.TextField(
        _("Was wir getan haben"), max_length=4000, blank=True, help_text=_("Nicht öffentlich.")
    )

    objects = BarrierReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("gemeldete Barriere")
        verbose_name_plural = _("gemeldete Barrieren")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=models.F("created_at")),
                name="smartcities_barrier_answered_after_it_was_reported",
                violation_error_message=_("Die Antwort kommt nach der Meldung."),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%d.%m.%Y}"

    def is_overdue(self, today: date) -> bool:
        return self.answered_at is None and self.due_on < today


def report(*, text: str, page: str, email: str, now: datetime) -> BarrierReport:
    """Store a report and the e-mail that tells the operator of it."""
    with transaction.atomic():
        row = BarrierReport.objects.create(
            text=text,
            page=page,
            email=email,
            created_at=now,
            due_on=timezone.localdate(now) + ANSWER_WITHIN,
        )
        outbox.enqueue(
            key=f"barrier:{row.pk}:reported",
            to=settings.OPERATOR["email"],
            template="accessibility/email/reported",
            context={
                "report": row,
                "admin_link": settings.SITE_URL
                + reverse("admin:smartcities_barrierreport_change", args=[row.pk]),
            },
            reply_to=email,
        )
    return row


def forget(*, now: datetime) -> int:
    """Delete reports a year after they were answered."""
    return RULE.apply(now=now)


def _answered_long_ago(now: datetime) -> models.QuerySet[BarrierReport]:
    return BarrierReport.objects.filter(answered_at__lte=now - KEPT_AFTER_ANSWER)


RULE = RetentionRule(
    "barrier-reports",
    _("Gemeldete Barrieren: 365 Tage nach der Antwort, dann gelöscht."),
    frozenset(f"smartcities.BarrierReport.{field}" for field in ("text", "page", "email", "note")),
    _answered_long_ago,
    delete_many,
)

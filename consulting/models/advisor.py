from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from ground.mailbox import AddressField
from ground.secret_address import SecretAddress


class AdvisorQuerySet(models.QuerySet["Advisor"]):
    def active(self):
        return self.filter(is_active=True)


class Advisor(models.Model):
    """Who gives consultations: a colleague with an account, or a person known by name and address.

    The name and the address are written into e-mails and calendar files, so they stand here even
    for a person with an account: what visitors see must not change with a sign-in address.
    """

    # For the history of the administration (office.history).
    names_a_person = True

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="advisor",
        verbose_name=_("Konto"),
        error_messages={
            "unique": _(
                "Mit diesem Konto berät schon jemand. Bitte wählen Sie ein anderes, oder ändern Sie den Eintrag, den es schon gibt."
            )
        },
    )
    name = models.CharField(_("Name"), max_length=150)
    email = AddressField(_("E-Mail-Adresse"))
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    themes = models.ManyToManyField(
        "projects.Theme",
        blank=True,
        related_name="advisors",
        verbose_name=_("Themen"),
        help_text=_("Ohne Auswahl berät die Person zu allen Themen."),
    )
    meeting_link = models.URLField(
        _("Link zum Videoraum"),
        max_length=300,
        blank=True,
        help_text=_("Gilt für alle Online-Termine, bei denen kein eigener Link steht."),
    )
    lead_hours = models.PositiveSmallIntegerField(
        _("Vorlauf in Stunden"),
        default=48,
        help_text=_("So lange vor Beginn ist ein Termin zuletzt buchbar."),
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("buchbar bis in … Tagen"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )
    daily_maximum = models.PositiveSmallIntegerField(
        _("höchstens … Beratungen am Tag"), default=4, validators=[MinValueValidator(1)]
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(
        _("Minuten frei davor"), default=0, validators=[MaxValueValidator(240)]
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        _("Minuten frei danach"), default=15, validators=[MaxValueValidator(240)]
    )
    land = models.CharField(
        _("Feiertage von"),
        max_length=2,
        choices=Land,
        blank=True,
        help_text=_(
            "An Feiertagen dieses Landes legen Terminreihen keine Termine an. Ohne Angabe zählen nur "
            "die bundesweiten."
        ),
    )
    is_active = models.BooleanField(
        _("berät"),
        default=True,
        help_text=_("Ohne Haken werden keine Termine mehr angeboten; gebuchte bleiben bestehen."),
    )

    objects = AdvisorQuerySet.as_manager()

    class Meta:
        verbose_name = _("Beraterin oder Berater")
        verbose_name_plural = _("Beraterinnen und Berater")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="consulting_one_advisor_per_address",
                violation_error_message=_("Mit dieser E-Mail-Adresse berät schon jemand."),
            ),
            models.CheckConstraint(
                condition=Q(daily_maximum__gte=1),
                name="consulting_advisor_takes_one_a_day_at_least",
                violation_error_message=_("Mindestens eine Beratung am Tag muss möglich sein."),
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__range=(1, 366)),
                name="consulting_advisor_looks_a_year_ahead_at_most",
                violation_error_message=_("Termine sind 1 bis 366 Tage im Voraus buchbar."),
            ),
            models.CheckConstraint(
                condition=Q(land__in=["", *Land.values]),
                name="consulting_advisor_keeps_holidays_of_a_land",
                violation_error_message=_("Bitte eines der 16 Länder wählen, oder keines."),
            ),
            models.CheckConstraint(
                condition=Q(buffer_before_minutes__lte=240, buffer_after_minutes__lte=240),
                name="consulting_buffers_are_four_hours_at_most",
                violation_error_message=_(
                    "Vor und nach einem Termin sind höchstens 240 Minuten frei."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def buffer_before(self) -> timedelta:
        return timedelta(minutes=self.buffer_before_minutes)

    @property
    def buffer_after(self) -> timedelta:
        return timedelta(minutes=self.buffer_after_minutes)


class Absence(models.Model):
    """Days on which an advisor is not there; both belong to it. Why is nobody's business.

    As long as it stands, none of the advisor's times on these days is on offer.
    """

    advisor = models.ForeignKey(
        Advisor, models.CASCADE, related_name="absences", verbose_name=_("Beraterin oder Berater")
    )
    first_on = models.DateField(_("abwesend von"))
    last_on = models.DateField(_("bis einschließlich"))

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="consulting_absence_ends_after_it_begins",
                violation_error_message=_("Der letzte Tag liegt am oder nach dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        if self.first_on == self.last_on:
            return f"{self.first_on:%d.%m.%Y}"
        return f"{self.first_on:%d.%m.%Y} bis {self.last_on:%d.%m.%Y}"


class AdvisorFeed(SecretAddress):
    """The secret address of an advisor's own calendar feed. Deleting the row revokes it."""

    advisor = models.OneToOneField(
        Advisor,
        models.CASCADE,
        related_name="feed",
        verbose_name=_("Beraterin oder Berater"),
        error_messages={
            "unique": _(
                "Diesen Kalender gibt es schon. Bitte nehmen Sie seine Adresse erst zurück."
            )
        },
    )

    class Meta:
        verbose_name = _("Kalender einer beratenden Person")
        verbose_name_plural = _("Kalender der beratenden Personen")

    def __str__(self) -> str:
        return str(self.advisor)

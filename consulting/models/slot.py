from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from consulting.models.advisor import Absence, Advisor
from events.models import Event, EventState
from ground.calendar import BERLIN


class Mode(models.TextChoices):
    """How people meet; the values stand in addresses (`?art=online`)."""

    ONLINE = "online", _("online")
    PHONE = "telefon", _("telefonisch")
    ON_SITE = "vor-ort", _("vor Ort")


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, _("montags")
    TUESDAY = 1, _("dienstags")
    WEDNESDAY = 2, _("mittwochs")
    THURSDAY = 3, _("donnerstags")
    FRIDAY = 4, _("freitags")
    SATURDAY = 5, _("samstags")
    SUNDAY = 6, _("sonntags")


class Meeting(models.Model):
    """How and where two people meet: what a slot, a series and a booked time have in common."""

    mode = models.CharField(_("Art"), max_length=10, choices=Mode, default=Mode.ONLINE)
    place = models.CharField(
        _("Ort"),
        max_length=300,
        blank=True,
        help_text=_("Anschrift und Raum, so dass man ohne Rückfrage hinfindet. Nur für „vor Ort“."),
    )
    meeting_link = models.URLField(
        _("Link zum Videoraum"),
        max_length=300,
        blank=True,
        help_text=_("Nur, wenn ein anderer Raum gilt als bei der beratenden Person hinterlegt."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values),
                name="%(app_label)s_%(class)s_mode_is_known",
                violation_error_message=_("Bitte online, telefonisch oder vor Ort wählen."),
            ),
            models.CheckConstraint(
                condition=Q(mode=Mode.ON_SITE) & ~Q(place="") | ~Q(mode=Mode.ON_SITE) & Q(place=""),
                name="%(app_label)s_%(class)s_has_a_place_on_site",
                violation_error_message=_(
                    "Ein Termin vor Ort braucht einen Ort, ein anderer hat keinen."
                ),
            ),
            models.CheckConstraint(
                condition=Q(mode=Mode.ONLINE) | Q(meeting_link=""),
                name="%(app_label)s_%(class)s_link_only_online",
                violation_error_message=_("Einen Videoraum hat nur ein Online-Termin."),
            ),
        ]


class Timed(models.Model):
    """What begins and ends. Stored in UTC, said in German local time."""

    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))

    class Meta:
        abstract = True

    @property
    def day(self) -> date:
        """The day in Germany on which it begins."""
        return timezone.localdate(self.starts_at)

    @property
    def clock(self) -> str:
        """„10:00 bis 10:45 Uhr“"""
        begin, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{begin:%H:%M} bis {end:%H:%M} Uhr"

    @property
    def day_in_full(self) -> str:
        """„Dienstag, 14. Januar 2025“"""
        return date_format(self.day, "l, j. F Y")


class TimedMeeting(Timed, Meeting):
    """When, how and where two people meet: a time on offer, or one that is booked."""

    class Meta(Meeting.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.in_full

    @property
    def in_full(self) -> str:
        """Everything one needs to choose it: „Dienstag, 14. Januar 2025, 10:00 bis 10:45 Uhr, online“"""
        return f"{self.day_in_full}, {self.within_day}"

    @property
    def within_day(self) -> str:
        """The same under a heading that names the day: „10:00 bis 10:45 Uhr, online“"""
        parts = [self.clock, str(self.get_mode_display())]
        if self.place:
            parts.append(self.place)
        return ", ".join(parts)


class SlotSeries(Meeting):
    """A rule that publishes times: „dienstags 10–12 Uhr, 45 Minuten, 15 Minuten Pause, bis 30. Juni“.

    The times are German wall-clock times: 10:00 stays 10:00 when the clocks change. What the rule
    means is worked out in `consulting.series`, without the database, so that it can be previewed.
    """

    advisor = models.ForeignKey(
        Advisor, models.CASCADE, related_name="series", verbose_name=_("Beraterin oder Berater")
    )
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=Weekday)
    every_weeks = models.PositiveSmallIntegerField(
        _("alle … Wochen"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    from_time = models.TimeField(_("von"))
    until_time = models.TimeField(_("bis"))
    length_minutes = models.PositiveSmallIntegerField(
        _("Dauer in Minuten"),
        default=45,
        validators=[MinValueValidator(10), MaxValueValidator(480)],
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("Pause danach in Minuten"), default=15, validators=[MaxValueValidator(240)]
    )
    first_on = models.DateField(_("ab"))
    last_on = models.DateField(_("bis einschließlich"))

    class Meta(Meeting.Meta):
        verbose_name = _("Terminreihe")
        verbose_name_plural = _("Terminreihen")
        ordering = ["-first_on", "weekday", "from_time"]
        constraints = [
            *Meeting.Meta.constraints,
            models.CheckConstraint(
                condition=Q(weekday__in=Weekday.values),
                name="consulting_series_weekday_is_one",
                violation_error_message=_("Bitte einen Wochentag wählen."),
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__range=(1, 12)),
                name="consulting_series_repeats_within_twelve_weeks",
                violation_error_message=_("Eine Reihe wiederholt sich alle 1 bis 12 Wochen."),
            ),
            models.CheckConstraint(
                condition=Q(until_time__gt=F("from_time")),
                name="consulting_series_ends_after_it_begins",
                violation_error_message=_("Das Ende muss nach dem Anfang liegen."),
            ),
            models.CheckConstraint(
                condition=Q(length_minutes__range=(10, 480)),
                name="consulting_series_length_makes_sense",
                violation_error_message=_("Ein Termin dauert 10 bis 480 Minuten."),
            ),
            models.CheckConstraint(
                condition=Q(pause_minutes__lte=240),
                name="consulting_series_pause_makes_sense",
                violation_error_message=_("Eine Pause dauert höchstens 240 Minuten."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"))
                & Q(last_on__lte=F("first_on") + timedelta(days=731)),
                name="consulting_series_lasts_two_years_at_most",
                violation_error_message=_(
                    "Der letzte Tag liegt am oder nach dem ersten und höchstens zwei Jahre danach."
                ),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_weekday_display()} {self.from_time:%H:%M} bis {self.until_time:%H:%M} Uhr, "
            f"{self.advisor}"
        )

    def clean(self) -> None:
        super().clean()
        if self.advisor_id is None or self.pause_minutes is None:
            return
        # Two tables, so no constraint can say it; and nothing breaks, every second time would just
        # vanish from the offer as soon as its neighbour is booked.
        needed = self.advisor.buffer_before_minutes + self.advisor.buffer_after_minutes
        if self.pause_minutes < needed:
            raise ValidationError(
                {
                    "pause_minutes": _(
                        "Für %(advisor)s bleiben um jeden Termin %(minutes)s Minuten frei. Bitte "
                        "mindestens so viel Pause lassen."
                    )
                    % {"advisor": self.advisor, "minutes": needed}
                }
            )


class SeriesBreak(models.Model):
    """Days on which a series publishes nothing, holidays for instance; both days belong to it."""

    series = models.ForeignKey(SlotSeries, models.CASCADE, related_name="breaks")
    first_on = models.DateField(_("von"))
    last_on = models.DateField(_("bis einschließlich"))
    label = models.CharField(
        _("Anlass"), max_length=80, blank=True, help_text=_("Zum Beispiel „Osterferien“.")
    )

    class Meta:
        verbose_name = _("Unterbrechung")
        verbose_name_plural = _("Unterbrechungen")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="consulting_break_ends_after_it_begins",
                violation_error_message=_("Der letzte Tag liegt am oder nach dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.first_on:%d.%m.%Y} bis {self.last_on:%d.%m.%Y}"


def is_away() -> Exists:
    """Whether the advisor is away on the day of a time, or of a date."""
    begin = ExpressionWrapper(OuterRef("starts_at"), models.DateTimeField())
    day = TruncDate(begin, tzinfo=BERLIN)
    return Exists(
        Absence.objects.filter(advisor=OuterRef("advisor"), first_on__lte=day, last_on__gte=day)
    )


class SlotQuerySet(models.QuerySet["Slot"]):
    def offered(self):
        """Published and not withdrawn, and the advisor is there on that day.

        Whether a time is still free is `availability`'s business.
        """
        of_no_draft = Q(event=None) | Q(event__state=EventState.PUBLISHED)
        return self.filter(of_no_draft, ~is_away(), is_offered=True, advisor__is_active=True)

    def ahead(self, now: datetime):
        return self.filter(starts_at__gt=now)


class Slot(TimedMeeting):
    """A time at which an advisor is ready to meet a person.

    Not offered publicly are withdrawn times and those that the office made for one proposal.
    """

    advisor = models.ForeignKey(
        Advisor, models.CASCADE, related_name="slots", verbose_name=_("Beraterin oder Berater")
    )
    series = models.ForeignKey(
        SlotSeries,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="slots",
        verbose_name=_("Terminreihe"),
    )
    # A time on site hangs on a roadshow stop or conference: it moves and ends with it.
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultation_slots",
        verbose_name=_("bei der Veranstaltung"),
        help_text=_(
            "Für Beratung vor Ort, zum Beispiel bei einer Roadshow-Station. Wird sie verlegt oder "
            "abgesagt, folgen diese Zeiten, und wer gebucht hat, erfährt es."
        ),
    )
    is_offered = models.BooleanField(_("öffentlich angeboten"), default=True)

    objects = SlotQuerySet.as_manager()

    class Meta(Meeting.Meta):
        verbose_name = _("Termin im Angebot")
        verbose_name_plural = _("Termine im Angebot")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(
                fields=["starts_at"],
                condition=Q(is_offered=True),
                name="consulting_slots_on_offer",
            ),
        ]
        constraints = [
            *Meeting.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(ends_at__lte=F("starts_at") + timedelta(hours=8)),
                name="consulting_slot_ends_after_it_begins",
                violation_error_message=_(
                    "Das Ende muss nach dem Beginn liegen, höchstens 8 Stunden danach."
                ),
            ),
            models.CheckConstraint(
                condition=Q(event=None) | Q(mode=Mode.ON_SITE),
                name="consulting_slot_of_an_event_is_on_site",
                violation_error_message=_(
                    "Bei einer Veranstaltung findet die Beratung vor Ort statt."
                ),
            ),
            models.UniqueConstraint(
                fields=["advisor", "starts_at", "ends_at", "mode"],
                name="consulting_slot_published_once",
                violation_error_message=_("Diesen Termin gibt es schon."),
            ),
        ]

    @property
    def blocked(self) -> DateTimeTZRange:
        """The time that a booking takes from the advisor: with the buffers before and after."""
        return DateTimeTZRange(
            self.starts_at - self.advisor.buffer_before, self.ends_at + self.advisor.buffer_after
        )

    def meeting(self) -> dict[str, Any]:
        """What a booking of this time copies, so that it stays what people were told."""
        link = self.meeting_link
        if self.mode == Mode.ONLINE and not link:
            link = self.advisor.meeting_link
        return {"mode": self.mode, "place": self.place, "meeting_link": link}

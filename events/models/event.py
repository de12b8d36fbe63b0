import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from events import dates
from events.dates import Precision
from ground.land import Land
from ground.mailbox import AddressField
from ground.names import ADDRESS_TAKEN
from projects.models import Project, Theme
from projects.models.sourced import SourceNote


class EventKind(models.TextChoices):
    """The values stand in addresses (`?art=roadshow`)."""

    REGIONAL_CONFERENCE = "regionalkonferenz", _("Regionalkonferenz")
    ROADSHOW = "roadshow", _("Roadshow-Station")
    CONGRESS = "kongress", _("Kongress")
    COMMUNITY_WORKSHOP = "aeg-workshop", _("AEG-Workshop")
    TOPIC_WORKSHOP = "themenwerkstatt", _("Themenwerkstatt")
    PEER_LEARNING = "peer-learning", _("Peer Learning")
    KICK_OFF = "kick-off", _("Kick-off")
    EXTERNAL = "extern", _("Externer Termin")


class EventState(models.TextChoices):
    """Whether it is over is no state: the clock tells (`Event.is_past`)."""

    DRAFT = "entwurf", _("Entwurf")
    PUBLISHED = "veroeffentlicht", _("veröffentlicht")
    CANCELLED = "abgesagt", _("abgesagt")


class Format(models.TextChoices):
    UNKNOWN = "", _("nicht bekannt")
    ON_SITE = "vor-ort", _("vor Ort")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("vor Ort und online")


class Audience(models.TextChoices):
    ALL = "alle", _("alle")
    MODEL_PROJECTS = "modellprojekte", _("Modellprojekte")
    NON_FUNDED = "nicht-gefoerderte", _("nicht geförderte Kommunen")
    COMMUNITY = "mitglieder", _("Mitglieder der Gemeinschaft")


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """What everybody may see; a cancelled event stays, so that no one travels for nothing."""
        return self.filter(state__in=[EventState.PUBLISHED, EventState.CANCELLED])

    def published(self) -> Self:
        return self.filter(state=EventState.PUBLISHED)

    def upcoming(self, now: datetime) -> Self:
        """Not over yet, the next one first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> Self:
        """Over, the latest first."""
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def visits(self) -> Self:
        """Without those that are part of another event: one journey is one entry for the reader."""
        return self.filter(part_of=None)


class Event(models.Model):
    """A conference, roadshow stop, workshop … of the network.

    `starts_at` and `ends_at` are moments (stored in UTC). Where only days or months are known they
    are the German midnights around them, for sorting and for knowing what is over; what people read
    is `when`, which never says more than `precision` knows. `sequence` rises with every change that
    calendars must follow (RFC 5545), `uid` never changes.
    """

    slug = models.SlugField(_("Adresse"), max_length=120, unique=True, error_messages=ADDRESS_TAKEN)
    uid = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        unique=True,
        error_messages={
            "unique": _("Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf.")
        },
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    kind = models.CharField(_("Art"), max_length=20, choices=EventKind)
    number = models.PositiveSmallIntegerField(
        _("Nummer"),
        null=True,
        blank=True,
        help_text=_("Die wievielte ihrer Art, zum Beispiel bei Regionalkonferenzen."),
    )
    title = models.CharField(_("Titel"), max_length=200)
    teaser = models.CharField(_("Kurz gesagt"), max_length=400, blank=True)
    description = models.TextField(_("Beschreibung"), blank=True)
    state = models.CharField(
        _("Stand"), max_length=20, choices=EventState, default=EventState.DRAFT, editable=False
    )
    cancel_reason = models.CharField(
        _("Grund der Absage"), max_length=500, blank=True, editable=False
    )
    cancelled_at = models.DateTimeField(_("abgesagt am"), null=True, blank=True, editable=False)

    precision = models.CharField(
        _("Wie genau der Termin feststeht"),
        max_length=10,
        choices=Precision,
        default=Precision.TIME,
    )
    starts_at = models.DateTimeField(_("Beginn"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Ende"), null=True, blank=True)
    date_text = models.CharField(
        _("Termin in Worten"),
        max_length=100,
        blank=True,
        help_text=_("Wenn er nur ungefähr feststeht, zum Beispiel „März/April 2022“."),
    )
    format = models.CharField(_("Form"), max_length=10, choices=Format, blank=True, default="")
    venue = models.CharField(_("Veranstaltungsort"), max_length=200, blank=True)
    address = models.CharField(_("Anschrift"), max_length=200, blank=True)
    city = models.CharField(_("Stadt oder Gemeinde"), max_length=120, blank=True)
    land = models.CharField(_("Land"), max_length=2, choices=Land, blank=True)
    latitude = models.FloatField(_("geografische Breite"), null=True, blank=True)
    longitude = models.FloatField(_("geografische Länge"), null=True, blank=True)
    online_link = models.URLField(
        _("Link zum Videoraum"),
        max_length=300,
        blank=True,
        help_text=_(
            "Bekommen nur Menschen mit einem Platz, per E-Mail. Steht auf keiner Seite und in keinem "
            "öffentlichen Kalender."
        ),
    )
    access_note = models.TextField(
        _("Barrierefreiheit vor Ort"),
        max_length=1000,
        blank=True,
        help_text=_("Zum Beispiel: stufenlos, Induktionsschleife im Saal, Gebärdensprache."),
    )

    part_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("Teil von"),
        help_text=_("Eine Roadshow-Station am Tag und Ort einer Regionalkonferenz: ein Besuch."),
    )
    series = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="dates",
        verbose_name=_("Reihe"),
        help_text=_("Bei Peer Learning: der Auftakt, zu dem dieser weitere Termin gehört."),
    )
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Gemeinschaft oder Themengruppe"),
    )
    host_projects = models.ManyToManyField(
        Project, blank=True, related_name="hosted_events", verbose_name=_("Gastgeber")
    )
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="events", verbose_name=_("Themen")
    )
    audience = models.CharField(_("Für wen"), max_length=20, choices=Audience, default=Audience.ALL)

    takes_registrations = models.BooleanField(_("Anmeldung über das Portal"), default=False)
    registration_url = models.URLField(_("Anmeldung anderswo"), max_length=300, blank=True)
    registration_opens_at = models.DateTimeField(_("Anmeldung ab"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(
        _("Anmeldung bis"),
        null=True,
        blank=True,
        help_text=_("Leer: bis zum Beginn."),
    )
    has_participants_list = models.BooleanField(
        _("Teilnehmende sehen einander"),
        default=False,
        help_text=_("Nur wer bei der Anmeldung zustimmt, steht auf der Liste."),
    )

    contact_name = models.CharField(_("Ansprechperson"), max_length=150, blank=True)
    contact_email = AddressField(_("E-Mail der Ansprechperson"), blank=True)

    documentation = models.TextField(
        _("Rückblick"), blank=True, help_text=_("Was dabei herauskam. Öffentlich nach dem Termin.")
    )
    attendees = models.PositiveIntegerField(_("Teilnehmende, gezählt"), null=True, blank=True)
    check_note = models.CharField(
        _("zu prüfen"),
        max_length=300,
        blank=True,
        help_text=_("Was noch geprüft werden muss. Steht öffentlich dabei."),
    )
    editors_note = models.TextField(
        _("Notiz der Redaktion"), blank=True, help_text=_("Nicht öffentlich.")
    )
    # Since when people have known this time, place and link: who has just read it is not reminded.
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    minutes_nudged_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Veranstaltung")
        verbose_name_plural = _("Veranstaltungen")
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["ends_at", "starts_at"], name="events_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="events_event_ends_after_it_begins",
                violation_error_message=_("Das Ende muss nach dem Beginn liegen."),
            ),
            models.CheckConstraint(
                condition=Q(state=EventState.DRAFT) | Q(starts_at__isnull=False),
                name="events_public_event_has_a_date",
                violation_error_message=_("Ohne Termin bleibt eine Veranstaltung ein Entwurf."),
            ),
            models.CheckConstraint(
                condition=Q(state=EventState.CANCELLED, cancelled_at__isnull=False)
                | ~Q(state=EventState.CANCELLED) & Q(cancelled_at=None),
                name="events_cancelled_at_a_moment",
                violation_error_message=_(
                    "Eine abgesagte Veranstaltung hat einen Zeitpunkt der Absage, eine andere keinen."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(precision=Precision.ROUGH) | ~Q(date_text=""),
                name="events_rough_date_is_worded",
                violation_error_message=_("Ein ungefährer Termin braucht Worte."),
            ),
            models.CheckConstraint(
                condition=Q(takes_registrations=False)
                | Q(precision=Precision.TIME, starts_at__isnull=False),
                name="events_registration_needs_a_time",
                violation_error_message=_(
                    "Anmelden kann man sich nur, wenn Tag und Uhrzeit feststehen."
                ),
            ),
            models.CheckConstraint(
                condition=Q(takes_registrations=False) | Q(registration_url=""),
                name="events_registration_at_one_place",
                violation_error_message=_(
                    "Die Anmeldung läuft entweder über das Portal oder anderswo."
                ),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at=None)
                | Q(registration_closes_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="events_registration_closes_after_it_opens",
                violation_error_message=_("Die Anmeldung endet, nachdem sie begonnen hat."),
            ),
            models.CheckConstraint(
                condition=~Q(audience=Audience.COMMUNITY) | Q(community__isnull=False),
                name="events_members_of_which_community",
                violation_error_message=_(
                    "Bitte die Gemeinschaft nennen, deren Mitglieder gemeint sind."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=EventKind.COMMUNITY_WORKSHOP) | Q(community__isnull=False),
                name="events_community_workshop_has_a_community",
                violation_error_message=_("Ein AEG-Workshop gehört zu einer Gemeinschaft."),
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(part_of=F("pk")),
                name="events_not_part_of_itself",
                violation_error_message=_("Eine Veranstaltung kann nicht Teil ihrer selbst sein."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(47.0, 55.2), longitude__range=(5.5, 15.5)),
                name="events_event_lies_in_germany",
                violation_error_message=_("Diese Koordinaten liegen nicht in Deutschland."),
            ),
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="events_number_once_per_kind",
                violation_error_message=_("Diese Nummer gibt es bei dieser Art schon."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:detail", args=[self.slug])

    @property
    def kind_and_number(self) -> str:
        """„8. Regionalkonferenz“, or the kind alone where it has no number."""
        kind = self.get_kind_display()
        return f"{self.number}. {kind}" if self.number else str(kind)

    @property
    def is_public(self) -> bool:
        return self.state != EventState.DRAFT

    @property
    def is_cancelled(self) -> bool:
        return self.state == EventState.CANCELLED

    def is_past(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    @property
    def when(self) -> str:
        """The date in words, never more exact than `precision`."""
        return dates.in_words(self)

    @property
    def when_for_machines(self) -> str:
        """The beginning for `<time datetime="…">`, "" where it is only known roughly."""
        return dates.for_machines(self)

    @property
    def first_day(self) -> date | None:
        """The first day in Germany; unless the day is known, only good for sorting."""
        return dates.first_day(self)

    @property
    def month(self) -> str:
        """The month in which it begins, in words; of a rough date its own words."""
        return dates.month_in_words(self)

    @property
    def years(self) -> range:
        """The years that it touches."""
        return dates.years(self)

    @property
    def has_time(self) -> bool:
        return self.precision == Precision.TIME

    def registration_open(self, now: datetime) -> bool:
        """Whether the window of registration is open; says nothing about seats."""
        return (
            self.takes_registrations
            and self.state == EventState.PUBLISHED
            and (self.registration_opens_at is None or self.registration_opens_at <= now)
            and now < (self.registration_closes_at or self.starts_at)
            and now < self.starts_at
        )


class EventSource(SourceNote):
    """Where the facts about an event come from."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="sources", verbose_name=_("Veranstaltung")
    )
    is_truncated = models.BooleanField(_("Adresse unvollständig"), default=False)

    class Meta(SourceNote.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event", "text"],
                name="events_source_once",
                violation_error_message=_("Diese Quelle ist schon genannt."),
            ),
        ]

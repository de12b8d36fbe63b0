import secrets
import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from ground.mailbox import AddressField, MailboxKeyField


class BuildingBlock(models.TextChoices):
    """What Start Smart consists of; a Kommune combines freely."""

    INITIAL = "initialberatung", _("Initialberatung")
    WORKSHOP = "themenwerkstatt", _("Themenwerkstatt")
    PEER_LEARNING = "peer-learning", _("Peer Learning")


class Stage(models.TextChoices):
    """Where a Kommune stands, in its own judgement."""

    BEGINNING = "anfang", _("Wir stehen am Anfang")
    STRATEGY = "strategie", _("Wir arbeiten an einer Strategie")
    IMPLEMENTATION = "umsetzung", _("Wir setzen erste Maßnahmen um")
    OPERATION = "betrieb", _("Wir betreiben schon Lösungen")


class Rating(models.TextChoices):
    """The answer to the short question after the date."""

    HELPED = "hat-geholfen", _("Ja, das hat uns geholfen")
    PARTLY = "teils", _("Teils, teils")
    DID_NOT_HELP = "hat-nicht-geholfen", _("Nein, das hat uns nicht geholfen")


class State(models.TextChoices):
    HELD = "held", _("Termin vorgemerkt, Bestätigung fehlt")
    OPEN = "open", _("bei der Geschäftsstelle")
    PROPOSED = "proposed", _("Termin vorgeschlagen, Antwort fehlt")
    CONFIRMED = "confirmed", _("Termin vereinbart")
    DONE = "done", _("erledigt")
    NO_SHOW = "no_show", _("nicht erschienen")
    CANCELLED = "cancelled", _("abgesagt")
    DECLINED = "declined", _("abgelehnt")
    EXPIRED = "expired", _("verfallen")


class Source(models.TextChoices):
    """How a request came to us."""

    FORM = "formular", _("über das Formular")
    PHONE = "telefonisch", _("telefonisch")


RUNNING = (State.HELD, State.OPEN, State.PROPOSED, State.CONFIRMED)
# In which it may have taken place, if its date is over: `can_be_rated`.
RATEABLE = (State.CONFIRMED, State.DONE)
CLOSED = (State.DONE, State.NO_SHOW, State.CANCELLED, State.DECLINED, State.EXPIRED)

# Without 0/O, 1/I/L and vowels: can be read out on the phone and never spells a word.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    return "SM-" + "".join(secrets.choice(_LETTERS) for _letter in range(7))


# How long before its due date an open request warns.
SOON = timedelta(days=2)


class ConsultationRequestQuerySet(models.QuerySet["ConsultationRequest"]):
    def running(self):
        """Those of which something is still to come."""
        return self.filter(state__in=RUNNING)

    def open(self):
        """Those on which the office must act."""
        return self.filter(state=State.OPEN)

    def answered(self):
        """Those of which the Kommune has answered something that no one has dealt with yet."""
        # Asked on its own: joined, a request would come once per answer.
        unread = self.model.objects.filter(
            messages__answer_to__isnull=False, messages__read_at=None
        )
        return self.filter(pk__in=unread.values("pk"))

    def passed(self, *, now: datetime):
        """With a date that has passed, and no one has said how it went."""
        # Asked on its own: joined, a request would come once per released appointment.
        over = self.model.objects.filter(
            state=State.CONFIRMED,
            appointments__released_at=None,
            appointments__is_proposal=False,
            appointments__ends_at__lt=now,
        )
        return self.filter(pk__in=over.values("pk"))

    def while_away(self, *, now: datetime):
        """Agreed, and still to come, for a day on which the advisor is away."""
        dates = self.model._meta.get_field("appointments").related_model.objects
        agreed = dates.filter(is_proposal=False).while_away(now)
        return self.filter(state=State.CONFIRMED, pk__in=agreed.order_by().values("request"))

    def due_soon(self, *, today: date):
        """Open, not late yet, with so little time left that it should be begun."""
        return self.filter(state=State.OPEN, due_on__range=(today, today + SOON))

    def overdue(self, *, today: date, now: datetime):
        """Open past their due date, or passed."""
        return self.filter(state=State.OPEN, due_on__lt=today) | self.passed(now=now)


class ConsultationRequest(models.Model):
    """What a Kommune wants from Start Smart, and what became of it.

    `state` says whose turn it is; the time belonging to it is an `Appointment`. `version` rises with
    every change that people are told of. Two who act on the same version cannot both succeed, links
    in older e-mails die with it, and calendars order by it which invitation is the latest.
    """

    # Made by the form before sending: sending it twice stores it once.
    form_token = models.UUIDField(
        _("Kennung des Formulars"),
        unique=True,
        default=uuid.uuid4,
        editable=False,
        error_messages={
            "unique": _("Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf.")
        },
    )
    # What people quote on the phone.
    reference = models.CharField(
        _("Vorgangsnummer"),
        max_length=12,
        unique=True,
        default=new_reference,
        editable=False,
        error_messages={
            "unique": _("Diese Nummer ist schon vergeben. Bitte senden Sie noch einmal ab.")
        },
    )
    version = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)
    state = models.CharField(
        _("Stand"), max_length=12, choices=State, default=State.OPEN, editable=False
    )
    source = models.CharField(
        _("Eingang"), max_length=12, choices=Source, default=Source.FORM, editable=False
    )
    submitted_at = models.DateTimeField(_("eingegangen am"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("geändert am"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt am"), null=True, blank=True, editable=False)
    # Since when the address is known to belong to who asks: by a link in an e-mail, or by the account. A
    # colleague may agree on a time without it.
    address_proved_at = models.DateTimeField(
        _("Adresse nachgewiesen am"), null=True, blank=True, editable=False
    )
    closed_at = models.DateTimeField(_("abgeschlossen am"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("zu beantworten bis"), null=True, blank=True)
    anonymised_at = models.DateTimeField(
        _("anonymisiert am"), null=True, blank=True, editable=False
    )

    municipality = models.ForeignKey(
        "projects.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultation_requests",
        verbose_name=_("Kommune"),
    )
    municipality_name = models.CharField(
        _("Name der Kommune"),
        max_length=160,
        blank=True,
        help_text=_("Nur, wenn sie nicht in der Liste steht."),
    )
    land = models.CharField(_("Land"), max_length=2, choices=Land)

    building_blocks = ArrayField(
        models.CharField(max_length=20, choices=BuildingBlock), verbose_name=_("Bausteine")
    )
    themes = models.ManyToManyField(
        "projects.Theme",
        blank=True,
        related_name="consultation_requests",
        verbose_name=_("Themen"),
    )
    stage = models.CharField(_("Wo Sie stehen"), max_length=12, choices=Stage)
    question = models.TextField(_("Ihr Anliegen"), max_length=4000)
    solution = models.ForeignKey(
        "projects.Solution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultation_requests",
        verbose_name=_("Lösung, um die es geht"),
    )
    project = models.ForeignKey(
        "projects.Project",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultation_requests",
        verbose_name=_("Modellprojekt, um das es geht"),
    )
    wishes = models.TextField(
        _("Terminwünsche"),
        max_length=2000,
        blank=True,
        help_text=_("Wann es Ihnen passt, wenn kein angebotener Termin passt."),
    )

    contact_name = models.CharField(_("Ihr Name"), max_length=150, blank=True)
    contact_role = models.CharField(_("Ihre Funktion"), max_length=150, blank=True)
    email = AddressField(_("dienstliche E-Mail-Adresse"), blank=True)
    # The address without what does not change the mailbox: one mailbox, one key.
    email_key = MailboxKeyField(blank=True, db_index=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)

    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultation_requests",
        verbose_name=_("zuständig"),
    )
    closing_reason = models.TextField(
        _("Grund der Absage oder Ablehnung"), max_length=2000, blank=True
    )
    outcome = models.TextField(_("Ergebnis"), max_length=8000, blank=True)
    recommended_solutions = models.ManyToManyField(
        "projects.Solution",
        blank=True,
        related_name="recommended_in",
        verbose_name=_("empfohlene Lösungen"),
    )
    recommended_projects = models.ManyToManyField(
        "projects.Project",
        blank=True,
        related_name="recommended_in",
        verbose_name=_("empfohlene Modellprojekte"),
    )
    rating = models.CharField(
        _("Hat die Beratung geholfen?"), max_length=20, choices=Rating, blank=True, editable=False
    )
    rating_comment = models.TextField(_("Rückmeldung"), max_length=2000, blank=True, editable=False)

    objects = ConsultationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Beratungsanfrage")
        verbose_name_plural = _("Beratungsanfragen")
        ordering = ["-submitted_at", "-pk"]
        permissions = [
            ("work_as_office", "Start Smart: Geschäftsstelle (alle Anfragen und Termine)")
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="consulting_requests_queue"),
            models.Index(fields=["-submitted_at"], name="consulting_requests_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RUNNING, closed_at=None)
                | Q(state__in=CLOSED, closed_at__isnull=False),
                name="consulting_closed_exactly_if_dated",
                violation_error_message=_(
                    "Eine abgeschlossene Anfrage hat ein Datum des Abschlusses, eine laufende keines."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=State.CONFIRMED, confirmed_at__isnull=False)
                | Q(state=State.NO_SHOW, confirmed_at__isnull=False)
                | Q(state__in=(State.HELD, State.OPEN, State.PROPOSED), confirmed_at=None)
                | Q(state__in=(State.DONE, State.CANCELLED, State.DECLINED, State.EXPIRED)),
                name="consulting_confirmed_exactly_if_dated",
                violation_error_message=_(
                    "Ein vereinbarter Termin hat ein Datum der Bestätigung, ein offener keines."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, due_on__isnull=False)
                | ~Q(state=State.OPEN) & Q(due_on=None),
                name="consulting_due_exactly_if_open",
                violation_error_message=_(
                    "Eine Frist hat genau die Anfrage, die bei der Geschäftsstelle liegt."
                ),
            ),
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, municipality_name="")
                | Q(municipality=None) & ~Q(municipality_name="")
                | Q(anonymised_at__isnull=False, municipality_name=""),
                name="consulting_request_names_one_municipality",
                violation_error_message=_(
                    "Bitte eine Kommune aus der Liste wählen oder ihren Namen angeben."
                ),
            ),
            models.CheckConstraint(
                condition=Q(land__in=Land.values),
                name="consulting_request_comes_from_a_land",
                violation_error_message=_("Bitte eines der 16 Länder wählen."),
            ),
            models.CheckConstraint(
                condition=Q(building_blocks__len__gte=1)
                & Q(building_blocks__contained_by=BuildingBlock.values),
                name="consulting_request_wants_a_building_block",
                violation_error_message=_("Bitte mindestens einen Baustein wählen."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values),
                name="consulting_stage_is_known",
                violation_error_message=_("Bitte angeben, wo Ihre Kommune steht."),
            ),
            models.CheckConstraint(
                condition=Q(rating__in=["", *Rating.values]),
                name="consulting_rating_is_known",
                violation_error_message=_("Bitte eine der Antworten wählen."),
            ),
            # Both directions: a request that is not anonymised can be answered, and one that is
            # holds nothing personal any more.
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                & ~Q(contact_name="")
                & ~Q(email="")
                & ~Q(email_key="")
                | Q(
                    anonymised_at__isnull=False,
                    closed_at__isnull=False,
                    question="",
                    wishes="",
                    contact_name="",
                    contact_role="",
                    email="",
                    email_key="",
                    phone="",
                    closing_reason="",
                    outcome="",
                    rating_comment="",
                ),
                name="consulting_anonymised_means_nothing_personal",
                violation_error_message=_(
                    "Name und E-Mail-Adresse gehören zu jeder Anfrage, bis sie anonymisiert ist."
                ),
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values),
                name="consulting_source_is_known",
                violation_error_message=_("Anfragen kommen über das Formular oder telefonisch."),
            ),
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("submitted_at")),
                name="consulting_changed_after_submitted",
                violation_error_message=_("Eine Änderung liegt nach dem Eingang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.municipality_label})"

    @property
    def municipality_label(self) -> str:
        """How the Kommune is called; after anonymising a typed one only its Land is left."""
        if self.municipality is not None:
            return str(self.municipality)
        return self.municipality_name or self.get_land_display()

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def wants_appointment(self) -> bool:
        return BuildingBlock.INITIAL in self.building_blocks

    @property
    def may_choose_time(self) -> bool:
        """Whether the person may take one of the free times by themselves, instead of waiting."""
        return self.wants_appointment and self.state in (State.OPEN, State.NO_SHOW)

    @property
    def building_block_labels(self) -> list[str]:
        return [str(BuildingBlock(block).label) for block in self.building_blocks]

    @property
    def theme_labels(self) -> list[str]:
        return [theme.name for theme in self.themes.all()]

    def current_appointment(self):
        """The time that is held or agreed; a released or merely proposed one does not count."""
        return self.appointments.current()

    @property
    def is_agreed(self) -> bool:
        """Whether there is a date that both sides have agreed on."""
        return self.state == State.CONFIRMED and self.current_appointment() is not None

    def standing(self, now: datetime) -> str:
        """How things stand, for the Kommune: a date that is over is not „vereinbart“ any more."""
        if self.is_agreed and self.current_appointment().ends_at <= now:
            return str(_("Der Termin liegt zurück"))
        return self.get_state_display()

    def can_be_rated(self, now: datetime) -> bool:
        """Whether the Kommune can say how it went: for all that we know it took place."""
        if self.state not in RATEABLE or self.anonymised_at is not None:
            return False
        held = self.current_appointment()
        return held is not None and held.ends_at <= now

    def current_proposal(self):
        """The time that the office has proposed and that waits for an answer."""
        return self.appointments.current(is_proposal=True)


class AccessNeeds(models.Model):
    """What a person needs to take part, kept apart from everything else.

    It may say something about a person's health. So it has its own row and its own, shorter life,
    never appears in exports, lists or statistics, and is shown to those who prepare the date.
    """

    request = models.OneToOneField(
        ConsultationRequest,
        models.CASCADE,
        primary_key=True,
        related_name="access_needs",
        verbose_name=_("Anfrage"),
    )
    text = models.TextField(_("Was wir für Sie vorbereiten sollen"), max_length=2000)

    class Meta:
        verbose_name = _("Bedarf für die Teilnahme")
        verbose_name_plural = _("Bedarfe für die Teilnahme")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="consulting_access_needs_say_something",
                violation_error_message=_("Bitte angeben, was gebraucht wird."),
            ),
        ]

    def __str__(self) -> str:
        return self.request.reference

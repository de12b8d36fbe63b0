import secrets
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.programme import AgendaItem, Mode
from ground.mailbox import AddressField, MailboxKeyField
from projects.models import Municipality

# Without 0/O, 1/I/L and vowels: can be read out on the phone and never spells a word.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    return "VA-" + "".join(secrets.choice(_LETTERS) for _letter in range(8))


class RegistrationState(models.TextChoices):
    SEAT = "platz", _("hat einen Platz")
    WAITING = "warteliste", _("auf der Warteliste")
    # A seat is free and kept for this person until `offered_until`; they have to accept.
    OFFERED = "angebot", _("Platz angeboten")
    CANCELLED = "abgemeldet", _("abgemeldet")
    EXPIRED = "verfallen", _("verfallen")


LIVE = (RegistrationState.SEAT, RegistrationState.WAITING, RegistrationState.OFFERED)
# These take a seat from `Seats`.
SEATED = (RegistrationState.SEAT, RegistrationState.OFFERED)


class Need(models.TextChoices):
    """What a person needs to take part; the hosts alone see it, and only until a week after."""

    SIGN_LANGUAGE = "gebaerdensprache", _("Gebärdensprachdolmetschung")
    WRITTEN = "schriftdolmetschung", _("Schriftdolmetschung")
    INDUCTION_LOOP = "induktionsschleife", _("Induktionsschleife")
    STEP_FREE = "stufenlos", _("stufenloser Zugang")
    QUIET_ROOM = "ruhiger-raum", _("ruhiger Raum")
    ASSISTANCE = "assistenz", _("Platz für eine Assistenz")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def seated(self) -> Self:
        """Who has a seat for sure: address confirmed, nothing left to accept."""
        return self.filter(state=RegistrationState.SEAT, confirmed_at__isnull=False)

    def with_address(self) -> Self:
        """Those to whom e-mail can go."""
        return self.exclude(email="")

    def in_line(self) -> Self:
        """The waiting list in order of arrival."""
        return self.filter(state=RegistrationState.WAITING).order_by("arrival")


class Registration(models.Model):
    """That a person wants to come. One live registration per address and event.

    `state` says whether there is a seat; `confirmed_at` whether the address is confirmed. An
    unconfirmed one keeps its seat or place in line until `hold_until`. `arrival` is drawn from a
    database sequence while the seats' row is locked, so its order is the order of arrival.
    `version` rises with every change that people are told of, so that old links die.
    """

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="registrations", verbose_name=_("Veranstaltung")
    )
    reference = models.CharField(
        _("Nummer"),
        max_length=12,
        unique=True,
        default=new_reference,
        editable=False,
        error_messages={
            "unique": _("Diese Nummer ist schon vergeben. Bitte senden Sie noch einmal ab.")
        },
    )
    # One per submitted form: sending the same form twice registers once.
    submission = models.UUIDField(_("Kennung des Formulars"), default=uuid.uuid4, editable=False)
    # Who registered colleagues along; they share cancelling and changing only for themselves.
    registered_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="colleagues",
        verbose_name=_("angemeldet durch"),
    )
    # Whether the form named colleagues. What the person is told must not depend on who of them was
    # registered already, so it is not asked of the rows.
    named_colleagues = models.BooleanField(
        _("andere mit angemeldet"), default=False, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="registrations",
        verbose_name=_("Konto"),
    )
    name = models.CharField(_("Name"), max_length=150)
    # Empty for a person who came to the door and gave none; no e-mail goes to them.
    email = AddressField(_("E-Mail-Adresse"), blank=True)
    # "a+b@x.de" and "A@X.de" are one person.
    email_key = MailboxKeyField()
    organisation = models.CharField(_("Organisation"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="event_registrations",
        verbose_name=_("Kommune"),
    )
    mode = models.CharField(_("Teilnahme"), max_length=10, choices=Mode)
    # Speakers, moderation, the team. `Seats` are for those who take part: these neither take one
    # nor wait, so that the capacity says how many people may register, whatever the programme.
    contributes = models.BooleanField(_("wirkt mit"), default=False, editable=False)
    state = models.CharField(_("Stand"), max_length=12, choices=RegistrationState, editable=False)
    arrival = models.BigIntegerField(_("Reihenfolge des Eingangs"), editable=False)
    hold_until = models.DateTimeField(_("vorgemerkt bis"), null=True, blank=True, editable=False)
    offered_until = models.DateTimeField(_("angeboten bis"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(
        _("Adresse bestätigt am"), null=True, blank=True, editable=False
    )
    # The same, but not by the word of a host: by a link in an e-mail, or by the account.
    address_proved_at = models.DateTimeField(
        _("Adresse nachgewiesen am"), null=True, blank=True, editable=False
    )
    seated_at = models.DateTimeField(_("Platz seit"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("beendet am"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)
    catering_note = models.CharField(_("Hinweis zur Verpflegung"), max_length=300, blank=True)
    on_participants_list = models.BooleanField(
        _("darf auf die Liste der Teilnehmenden"), default=False
    )
    attended_at = models.DateTimeField(_("anwesend seit"), null=True, blank=True, editable=False)
    # The tap at the door that counts: of several, also late ones of a telephone that was offline, the
    # one that was made last.
    attendance_noted_at = models.DateTimeField(
        _("Anwesenheit zuletzt vermerkt am"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("angemeldet am"), editable=False)
    changed_at = models.DateTimeField(_("Stand seit"), editable=False)
    anonymised_at = models.DateTimeField(
        _("anonymisiert am"), null=True, blank=True, editable=False
    )
    sessions = models.ManyToManyField(
        AgendaItem,
        through="SessionChoice",
        related_name="registrations",
        blank=True,
        verbose_name=_("gewählte Programmpunkte"),
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anmeldung")
        verbose_name_plural = _("Anmeldungen")
        ordering = ["arrival"]
        permissions = [("work_on_events", "Darf alle Veranstaltungen verwalten")]
        indexes = [
            models.Index(
                fields=["event", "mode", "arrival"],
                condition=Q(state="warteliste"),
                name="events_waiting_in_line",
            ),
            models.Index(fields=["event", "state"], name="events_registrations_by_state"),
            models.Index(
                fields=["hold_until"],
                condition=Q(hold_until__isnull=False),
                name="events_registrations_held",
            ),
            models.Index(
                fields=["offered_until"],
                condition=Q(offered_until__isnull=False),
                name="events_registrations_offered",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email_key"],
                condition=Q(state__in=["platz", "warteliste", "angebot"], anonymised_at=None)
                & ~Q(email_key=""),
                name="events_one_live_registration_per_person",
                violation_error_message=_("Mit dieser Adresse sind Sie schon angemeldet."),
            ),
            models.UniqueConstraint(
                fields=["submission", "email_key"],
                condition=Q(anonymised_at=None),
                name="events_form_counts_once",
                violation_error_message=_("Dieses Formular ist schon angekommen."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values) & Q(mode__in=Mode.values),
                name="events_registration_is_known",
                violation_error_message=_(
                    "Diesen Stand oder diese Art der Teilnahme gibt es nicht."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, closed_at=None)
                | ~Q(state__in=LIVE) & Q(closed_at__isnull=False),
                name="events_registration_closed_at_a_moment",
                violation_error_message=_(
                    "Eine beendete Anmeldung hat einen Zeitpunkt des Endes, eine laufende keinen."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="angebot", offered_until__isnull=False)
                | ~Q(state="angebot") & Q(offered_until=None),
                name="events_offer_lasts_until",
                violation_error_message=_("Eine Frist hat genau der angebotene Platz."),
            ),
            models.CheckConstraint(
                condition=Q(hold_until=None) | Q(confirmed_at=None, state__in=LIVE),
                name="events_only_unconfirmed_are_held",
                violation_error_message=_(
                    "Vorgemerkt ist nur, wessen Adresse noch nicht bestätigt ist."
                ),
            ),
            models.CheckConstraint(
                condition=Q(contributes=False) | ~Q(state__in=["warteliste", "angebot"]),
                name="events_contributors_do_not_wait",
                violation_error_message=_("Wer mitwirkt, braucht keinen Platz und wartet nicht."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(
                    name="",
                    email="",
                    email_key="",
                    organisation="",
                    catering_note="",
                    user=None,
                    on_participants_list=False,
                ),
                name="events_anonymised_means_nothing_personal",
                violation_error_message=_(
                    "Eine anonymisierte Anmeldung enthält nichts Persönliches mehr."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def has_firm_seat(self) -> bool:
        return self.state == RegistrationState.SEAT and self.confirmed_at is not None

    @property
    def represents(self) -> str:
        """The Kommune or organisation, in a word; reads the municipality, select it along."""
        return str(self.municipality or self.organisation or "")


class SessionChoice(models.Model):
    """That a person comes to one item of the programme."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="choices", verbose_name=_("Anmeldung")
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="choices", verbose_name=_("Programmpunkt")
    )

    class Meta:
        verbose_name = _("gewählter Programmpunkt")
        verbose_name_plural = _("gewählte Programmpunkte")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "item"],
                name="events_item_chosen_once",
                violation_error_message=_("Dieser Programmpunkt ist schon gewählt."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)


class ParticipantNeeds(models.Model):
    """What a person needs to take part. Apart from the rest because it may tell of their health."""

    registration = models.OneToOneField(
        Registration,
        models.CASCADE,
        related_name="needs",
        verbose_name=_("Anmeldung"),
        error_messages={
            "unique": _("Zu dieser Anmeldung steht das schon da. Bitte ändern Sie, was dasteht.")
        },
    )
    needs = ArrayField(
        models.CharField(max_length=30, choices=Need),
        default=list,
        blank=True,
        verbose_name=_("Bedarf"),
    )
    text = models.CharField(_("Weiteres"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Bedarf für die Teilnahme")
        verbose_name_plural = _("Bedarfe für die Teilnahme")
        constraints = [
            models.CheckConstraint(
                condition=Q(needs__contained_by=Need.values),
                name="events_needs_are_known",
                violation_error_message=_("Bitte nur Angaben aus der Liste wählen."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(Need(value).label) for value in self.needs) or self.text

    @property
    def in_full(self) -> str:
        """Everything that has to be prepared, in words."""
        return ", ".join([*(str(Need(value).label) for value in self.needs), self.text]).strip(", ")

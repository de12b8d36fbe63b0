from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class Mode(models.TextChoices):
    """How a person takes part; the values stand in forms and addresses."""

    ON_SITE = "vor-ort", _("vor Ort")
    ONLINE = "online", _("online")


# So few seats are „nur noch wenige“.
FEW = 5


class Offer(models.TextChoices):
    """What is said of the seats of an event: coarsely, and without those that are only held."""

    ENOUGH = "genug", _("genug Platz")
    FREE = "frei", _("noch Plätze frei")
    FEW = "wenige", _("nur noch wenige Plätze frei")
    WAITING = "warteliste", _("ausgebucht, Warteliste möglich")
    FULL = "voll", _("ausgebucht")


def better(*offers: Offer | None) -> Offer:
    """The one with the best chance of a seat."""
    order = list(Offer)
    return min((offer for offer in offers if offer is not None), key=order.index)


class SeatsQuerySet(models.QuerySet["Seats"]):
    def as_shown(self) -> Self:
        """With what `offer` needs: how many seats and places in line no one has confirmed yet."""
        unproved = Q(event__registrations__mode=F("mode"), event__registrations__confirmed_at=None)

        def number(*states: str) -> Count:
            found = unproved & Q(event__registrations__state__in=states)
            return Count("event__registrations", filter=found)

        counted = self.annotate(held=number("platz", "angebot"), held_in_line=number("warteliste"))
        # Counting drops the order of the model.
        return counted.order_by("-mode")

    def offers(self) -> dict[int, Offer]:
        """By the event's primary key, the best that is left of its seats."""
        found: dict[int, Offer] = {}
        for row in self.as_shown():
            found[row.event_id] = better(found.get(row.event_id), row.offer)
        return found


class Seats(models.Model):
    """The seats of one event in one mode, and how many are taken: what registrations compete for.

    A seat is only taken by a conditional UPDATE of this row, and the CHECK holds whatever the code
    does, so there is no overselling by construction. Without `capacity` there is no limit. `waiting`
    counts the waiting list. A seat that is offered to a person on the waiting list counts as taken.
    """

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="seats", verbose_name=_("Veranstaltung")
    )
    mode = models.CharField(_("Teilnahme"), max_length=10, choices=Mode)
    capacity = models.PositiveIntegerField(
        _("Plätze"), null=True, blank=True, help_text=_("Leer: ohne Grenze.")
    )
    taken = models.PositiveIntegerField(_("vergeben"), default=0, editable=False)
    waiting_limit = models.PositiveIntegerField(
        _("Plätze auf der Warteliste"),
        default=0,
        help_text=_("0: keine Warteliste."),
    )
    waiting = models.PositiveIntegerField(_("auf der Warteliste"), default=0, editable=False)

    objects = SeatsQuerySet.as_manager()

    class Meta:
        verbose_name = _("Platzkontingent")
        verbose_name_plural = _("Plätze")
        ordering = ["-mode"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "mode"],
                name="events_seats_once_per_mode",
                violation_error_message=_("Plätze dieser Art gibt es hier schon."),
            ),
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values),
                name="events_seats_mode_is_known",
                violation_error_message=_("Plätze gibt es vor Ort oder online."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")),
                name="events_seats_never_oversold",
                violation_error_message=_(
                    "So viele Plätze sind schon vergeben. Weniger kann es nicht geben."
                ),
            ),
            models.CheckConstraint(
                condition=Q(waiting__lte=F("waiting_limit")),
                name="events_waiting_list_never_too_long",
                violation_error_message=_(
                    "So viele Menschen warten schon. Kürzer kann die Warteliste nicht werden."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}: {self.taken} von {self.capacity or 'unbegrenzt'}"

    @property
    def free(self) -> int | None:
        """Seats left, None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken

    @property
    def offer(self) -> Offer:
        """What to say of them; of rows read by `as_shown`.

        Seats that are only held do not count: their number would tell whether an address that
        a person has just sent was registered before.
        """
        if self.capacity is None:
            return Offer.ENOUGH
        waiting = self.waiting - self.held_in_line
        free = 0 if waiting > 0 else self.capacity - self.taken + self.held
        if free > 0:
            return Offer.FEW if free <= FEW else Offer.FREE
        return Offer.WAITING if waiting < self.waiting_limit else Offer.FULL

    @property
    def waiting_free(self) -> int:
        """How many more can wait."""
        return self.waiting_limit - self.waiting


class AgendaItem(models.Model):
    """One item of the programme. With `needs_choice` people choose it when they register."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="agenda", verbose_name=_("Veranstaltung")
    )
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"), null=True, blank=True)
    title = models.CharField(_("Titel"), max_length=200)
    text = models.TextField(_("Beschreibung"), max_length=2000, blank=True)
    speakers = models.CharField(_("mit"), max_length=300, blank=True)
    room = models.CharField(_("Raum"), max_length=100, blank=True)
    needs_choice = models.BooleanField(
        _("wird bei der Anmeldung gewählt"),
        default=False,
        help_text=_("Zum Beispiel ein Workshop mit begrenzten Plätzen."),
    )
    capacity = models.PositiveIntegerField(
        _("Plätze"), null=True, blank=True, help_text=_("Leer: ohne Grenze.")
    )
    taken = models.PositiveIntegerField(_("vergeben"), default=0, editable=False)

    class Meta:
        verbose_name = _("Programmpunkt")
        verbose_name_plural = _("Programm")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="events_item_ends_after_it_begins",
                violation_error_message=_("Das Ende muss nach dem Beginn liegen."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")),
                name="events_item_never_oversold",
                violation_error_message=_(
                    "So viele Plätze sind schon vergeben. Weniger kann es nicht geben."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> date:
        """The day in Germany on which it begins."""
        return timezone.localdate(self.starts_at)

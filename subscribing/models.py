"""Who wants to be told of which lists, and what the lists held when they were last told of."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from ground.mailbox import AddressField, MailboxKeyField

# As long as an index can hold it; a choice that says more was not made by hand.
LONGEST_QUERY = 2000


class ListName(models.TextChoices):
    """The lists that can be subscribed; the values stand in addresses."""

    PROJECTS = "projekte", _("Modellprojekte")
    SOLUTIONS = "loesungen", _("Lösungen")
    EVENTS = "veranstaltungen", _("Veranstaltungen")
    RESULTS = "ergebnisse", _("Ergebnisse")
    EXPERIENCES = "erfahrungen", _("Erfahrungen")
    REUSES = "nachnutzungen", _("Nachnutzungen")


class Subscriber(models.Model):
    """One mailbox. It gets one e-mail a week at most, however many lists it has subscribed."""

    email = AddressField(_("E-Mail-Adresse"))
    mailbox = MailboxKeyField(_("Postfach"))
    created_at = models.DateTimeField(_("angelegt am"), editable=False)

    class Meta:
        verbose_name = _("Postfach mit Abonnements")
        verbose_name_plural = _("Postfächer mit Abonnements")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox"],
                name="subscribing_one_subscriber_per_mailbox",
                violation_error_message=_("Dieses Postfach gibt es hier schon."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class WatchedListQuerySet(models.QuerySet["WatchedList"]):
    def wanted(self) -> Self:
        """Those that a confirmed subscription wants to be told of."""
        return self.filter(
            Exists(Subscription.objects.filter(list=OuterRef("pk")).confirmed())
        ).order_by("pk")

    def counted(self) -> Self:
        """With the number of those who are told, as `subscribers`."""
        confirmed = Q(subscriptions__confirmed_at__isnull=False)
        return self.annotate(subscribers=Count("subscriptions", filter=confirmed))


class WatchedList(models.Model):
    """A list with its filters, one row for all who have subscribed it."""

    name = models.CharField(_("Liste"), max_length=20, choices=ListName)
    # As in the address of its page, the shortest that means this.
    query = models.CharField(_("Auswahl"), max_length=LONGEST_QUERY, blank=True)
    # The keys of all that ever stood in it since: what comes back is not new.
    seen = ArrayField(models.BigIntegerField(), verbose_name=_("bekannte Einträge"), default=list)
    created_at = models.DateTimeField(_("abonniert seit"), editable=False)

    objects = WatchedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnierte Liste")
        verbose_name_plural = _("abonnierte Listen")
        ordering = ["name", "query"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["name", "query"],
                name="subscribing_list_once",
                violation_error_message=_("Diese Liste gibt es mit dieser Auswahl schon."),
            ),
            models.CheckConstraint(
                condition=Q(name__in=ListName.values),
                name="subscribing_list_is_known",
                violation_error_message=_("Diese Liste kann niemand abonnieren."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.query}".strip()


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def with_everything(self) -> Self:
        return self.select_related("subscriber", "list", "event")


class Subscription(models.Model):
    """That a mailbox wants to be told of a list each week, or once when people can register.

    It is deleted when it is over: nothing remembers that there was one.
    """

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="subscriptions", verbose_name=_("Postfach")
    )
    list = models.ForeignKey(
        WatchedList,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("Liste"),
    )
    event = models.ForeignKey(
        Event,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("Veranstaltung, deren Anmeldung öffnet"),
    )
    asked_at = models.DateTimeField(_("abonniert am"), editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt am"), null=True, blank=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Abonnement")
        verbose_name_plural = _("Abonnements")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "list", "event"],
                nulls_distinct=False,
                name="subscribing_each_subscription_once",
                violation_error_message=_("Das hat dieses Postfach schon abonniert."),
            ),
            models.CheckConstraint(
                condition=Q(list=None) ^ Q(event=None),
                name="subscribing_subscription_of_one_thing",
                violation_error_message=_("Abonniert wird eine Liste oder eine Anmeldung."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_at__gte=models.F("asked_at")),
                name="subscribing_confirmed_after_it_was_asked",
                violation_error_message=_("Bestätigt wird, was vorher abonniert wurde."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class KnownEntry(models.Model):
    """What was public of an entry when the lists were last told of, as a short hash of each fact."""

    list_name = models.CharField(_("Liste"), max_length=20, choices=ListName)
    entry = models.BigIntegerField(_("Eintrag"))
    facts = models.JSONField(_("Angaben"))

    class Meta:
        verbose_name = _("bekannter Eintrag")
        verbose_name_plural = _("bekannte Einträge")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["list_name", "entry"],
                name="subscribing_entry_known_once",
                violation_error_message=_("Diesen Eintrag kennt die Liste schon."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_name} {self.entry}"


class Edition(models.Model):
    """What was new in a week: found out once, then told to each mailbox once."""

    # The day on which the week begins.
    week = models.DateField(_("Woche ab"), primary_key=True)
    found_at = models.DateTimeField(_("ermittelt am"))

    class Meta:
        verbose_name = _("Ausgabe der Wochenmail")
        verbose_name_plural = _("Ausgaben der Wochenmail")
        default_permissions = ()

    def __str__(self) -> str:
        return self.week.isoformat()


class ListNews(models.Model):
    """What was new in one list in one week. There is none for a list without anything new."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="news")
    list = models.ForeignKey(WatchedList, models.CASCADE, related_name="news")
    title = models.TextField(_("Liste in Worten"))
    path = models.TextField(_("Seite der Liste"))
    # [{"entry": 7, "why": "changed", "title": "…", "path": "/loesungen/…/", "changed": ["Kosten"]}, …]
    entries = models.JSONField(_("Einträge"))

    class Meta:
        verbose_name = _("Neues in einer Liste")
        verbose_name_plural = _("Neues in Listen")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "list"],
                name="subscribing_news_of_a_list_once_a_week",
                violation_error_message=_("Was in dieser Woche neu ist, steht schon fest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.list_id}"

import uuid
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressField

# A worker renews its claim while it lives, so this is how long the e-mails of a dead one wait.
LEASE = timedelta(seconds=15)

# An e-mail that should have gone this long ago is not just waiting any more.
OVERDUE = timedelta(minutes=5)

OPEN = Q(sent_at=None, refused_at=None, missed_at=None)

# How the last error of an e-mail begins that is not to blame: the server takes nothing from us.
IN_TROUBLE = "Der Mailserver nimmt zurzeit nichts von uns an: "

# What is left of the words of an e-mail that no one needs any more.
EMPTY: dict[str, Any] = {
    "subject": "",
    "text": "",
    "html": "",
    "attachments": [],
    "unsubscribe_url": "",
}


class EmailKind(models.TextChoices):
    """What an e-mail is for. It decides about its headers and how long its text is kept."""

    TRANSACTIONAL = "transactional", _("zu einem Vorgang")
    BULK = "bulk", _("Rundmail, abbestellbar")
    # Anyone who reads one of these can sign in as the recipient. The office never sees the text, and
    # nothing of it stays once it is sent, refused or missed.
    ACCESS = "access", _("Zugang zu einem Konto")


def in_time(now: datetime) -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=now)


def sendable_again(now: datetime) -> Q:
    """Its text is still there, and its time is not over."""
    return in_time(now) & Q(missed_at=None) & ~Q(text="")


def waiting(now: datetime) -> Q:
    return OPEN & in_time(now) & Q(due_at__gte=now - OVERDUE, last_error="")


def stuck(now: datetime) -> Q:
    return OPEN & in_time(now) & (Q(due_at__lt=now - OVERDUE) | ~Q(last_error=""))


class EmailQuerySet(models.QuerySet["Email"]):
    def open(self) -> Self:
        """Neither sent nor refused nor missed: the portal still owes these."""
        return self.filter(OPEN)

    def due(self, now: datetime) -> Self:
        """Open, their time has come and is not over, and no living worker has them."""
        return self._unattended(now).filter(in_time(now), due_at__lte=now)

    def overtaken(self, now: datetime) -> Self:
        """Open, but what they say is no use any more, and no living worker has them."""
        return self._unattended(now).filter(expires_at__lte=now)

    def _unattended(self, now: datetime) -> Self:
        return self.open().filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def waiting(self, now: datetime) -> Self:
        """Open and nothing is wrong with them."""
        return self.filter(waiting(now))

    def stuck(self, now: datetime) -> Self:
        """Open, but a try has failed or they should have gone long ago."""
        return self.filter(stuck(now))

    def in_trouble(self) -> Self:
        """Open, and the mail server would not have taken any other either."""
        return self.open().filter(last_error__startswith=IN_TROUBLE)

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def refused(self) -> Self:
        """Given up: the recipient's server refused for good, or it never worked for days."""
        return self.filter(refused_at__isnull=False)

    def refused_since_yesterday(self, now: datetime) -> Self:
        """Those that somebody should look at: older ones have been seen, or will not be mended."""
        return self.filter(refused_at__gt=now - timedelta(days=1))

    def refused_by_server(self) -> Self:
        """Of these the ones that a server has refused for good (5xx), as long as its words are kept."""
        return self.refused().filter(last_error__startswith="5")

    def missed(self, now: datetime) -> Self:
        """Not sent in time. Counts from the moment itself, before anybody has written it down."""
        return self.filter(Q(missed_at__isnull=False) | OPEN & Q(expires_at__lte=now))

    def close(self, **ending: Any) -> int:
        """End them, however that is; return how many. Of what opens an account no word stays."""
        left = {
            name: Case(
                When(kind=EmailKind.ACCESS, then=Value(nothing, Email._meta.get_field(name))),
                default=F(name),
            )
            for name, nothing in EMPTY.items()
        }
        return self.update(claim=None, claimed_until=None, **left, **ending)


class Email(models.Model):
    """One outgoing e-mail, stored in the transaction that caused it.

    It is open until it has one of `sent_at`, `refused_at` and `missed_at`; there is no other state to
    contradict them.
    """

    # Spells what the e-mail is about, for example "consultation-request:17:received". A second
    # e-mail about the same thing cannot be stored. Holds ids, never names or addresses.
    key = models.CharField(
        _("Schlüssel"),
        max_length=200,
        unique=True,
        error_messages={
            "unique": _(
                "Diese E-Mail ist schon gespeichert. Bitte senden Sie sie aus der Liste der E-Mails erneut."
            )
        },
    )
    kind = models.CharField(
        _("Art"), max_length=20, choices=EmailKind, default=EmailKind.TRANSACTIONAL
    )

    to = AddressField(_("an"), blank=True)
    reply_to = AddressField(_("Antwort an"), blank=True)
    subject = models.CharField(_("Betreff"), max_length=200, blank=True)
    text = models.TextField(_("Text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    # [{"name": "termin.ics", "type": "text/calendar; method=REQUEST", "base64": "…"}, …]
    attachments = models.JSONField(_("Anhänge"), default=list, blank=True)
    unsubscribe_url = models.CharField(_("Adresse zum Abbestellen"), max_length=500, blank=True)
    # Random, so that it cannot be guessed, and stored, so that every try carries the same Message-ID.
    message_token = models.UUIDField(default=uuid.uuid4, editable=False)

    created_at = models.DateTimeField(_("angelegt am"), default=timezone.now)
    due_at = models.DateTimeField(_("fällig am"), default=timezone.now)
    # For what is only true until a moment: from then on it is not sent any more, but closed as missed.
    expires_at = models.DateTimeField(_("nur bis"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    last_error = models.CharField(_("letzter Fehler"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True)
    refused_at = models.DateTimeField(_("abgelehnt am"), null=True, blank=True)
    missed_at = models.DateTimeField(_("verpasst am"), null=True, blank=True)
    purged_at = models.DateTimeField(_("Inhalt gelöscht am"), null=True, blank=True)

    # Which run of which worker has it in hand, and until when it is believed to live.
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(_("in Arbeit bis"), null=True, editable=False)

    objects = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("E-Mail")
        verbose_name_plural = _("E-Mails")
        ordering = ["-pk"]
        permissions = [("send_again_email", "Darf E-Mails erneut senden")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=OPEN, name="mailing_email_open"),
            models.Index(
                fields=["refused_at"],
                condition=Q(refused_at__isnull=False),
                name="mailing_email_refused",
            ),
            models.Index(
                fields=["expires_at"],
                condition=OPEN & Q(expires_at__isnull=False),
                name="mailing_email_expiring",
            ),
            models.Index(
                fields=["sent_at"],
                condition=Q(sent_at__isnull=False, purged_at=None),
                name="mailing_email_unpurged",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, refused_at=None)
                | Q(sent_at=None, missed_at=None)
                | Q(refused_at=None, missed_at=None),
                name="mailing_email_ends_one_way",
                violation_error_message=_(
                    "Eine E-Mail ist gesendet, abgelehnt oder verpasst, nie mehreres."
                ),
            ),
            models.CheckConstraint(
                condition=Q(missed_at=None)
                | Q(expires_at__isnull=False, missed_at__gte=F("expires_at")),
                name="mailing_email_missed_after_it_expired",
                violation_error_message=_(
                    "Verpasst ist nur, was eine Frist hatte, die vorbei ist."
                ),
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_until=None)
                | (OPEN & Q(claim__isnull=False, claimed_until__isnull=False)),
                name="mailing_email_only_open_ones_are_claimed",
                violation_error_message=_(
                    "In Arbeit ist nur eine offene E-Mail, und immer mit einer Frist."
                ),
            ),
            models.CheckConstraint(
                condition=Q(purged_at=None)
                | (~OPEN & Q(to="", reply_to="", subject="", text="", html="", unsubscribe_url="")),
                name="mailing_email_purged_is_closed_and_empty",
                violation_error_message=_(
                    "Eine geleerte E-Mail ist abgeschlossen und enthält nichts mehr."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind="access")
                | OPEN
                | Q(subject="", text="", html="", attachments=[]),
                name="mailing_email_access_ends_without_words",
                violation_error_message=_("Von einem Zugang bleibt nach dem Versand kein Wort."),
            ),
            models.CheckConstraint(
                condition=~Q(to="") | Q(purged_at__isnull=False),
                name="mailing_email_has_a_recipient",
                violation_error_message=_("Eine E-Mail braucht eine Adresse."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="bulk") | ~Q(unsubscribe_url="") | Q(purged_at__isnull=False),
                name="mailing_email_bulk_can_be_unsubscribed",
                violation_error_message=_("Eine Rundmail braucht eine Adresse zum Abbestellen."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def state(self, now: datetime) -> str:
        """In a word, the same as the query sets say."""
        if self.sent_at:
            return _("gesendet")
        if self.refused_at:
            return _("abgelehnt")
        if self.missed_at or (self.expires_at and self.expires_at <= now):
            return _("verpasst")
        return _("hängt") if self.last_error or self.due_at < now - OVERDUE else _("wartet")

    @property
    def message_id(self) -> str:
        """The same for every try, so that a mailbox can tell a repeated delivery."""
        return f"<{self.message_token.hex}@{message_id_host()}>"


def message_id_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

"""How long subscriptions are kept, and what takes them away.

`RULES` is the list that the privacy page tells and the nightly task carries out. What people end
themselves is gone at once (`actions`).
"""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ground import retention as keeping
from ground.retention import RetentionRule
from ground.signed_links import lapsed_by
from subscribing.mail import weekly
from subscribing.models import Subscriber, Subscription, WatchedList

# So many weekly e-mails in a row that the server of the mailbox has refused for good end all of it, if
# they lie together like this. For longer the outbox does not know why one was not taken.
REFUSALS, WITHIN = 3, timedelta(weeks=4)


def _unconfirmed(now: datetime) -> QuerySet:
    return Subscription.objects.filter(confirmed_at=None, asked_at__lte=lapsed_by(now))


def _unreachable(now: datetime) -> QuerySet:
    refused = weekly.refused(REFUSALS, since=now - WITHIN, now=now)
    return Subscriber.objects.filter(pk__in=refused)


def _over(now: datetime) -> QuerySet:
    """Of events that are cancelled, or so late that nobody registers any more."""
    open_events = Q(event__state="veroeffentlicht", event__starts_at__gt=now)
    return Subscription.objects.exclude(event=None).exclude(open_events)


def _of_no_one(now: datetime) -> QuerySet:
    return Subscriber.objects.filter(
        ~Exists(Subscription.objects.filter(subscriber=OuterRef("pk"))), created_at__lt=now
    )


def _lists_of_no_one(now: datetime) -> QuerySet:
    return WatchedList.objects.filter(
        ~Exists(Subscription.objects.filter(list=OuterRef("pk"))), created_at__lt=now
    )


_ADDRESS = frozenset({"subscribing.Subscriber.email", "subscribing.Subscriber.mailbox"})

RULES = (
    RetentionRule(
        "unconfirmed",
        _(
            "Abonnements, die nicht bestätigt wurden: 2 Tage, mindestens bis zum nächsten "
            "Arbeitstag um 12 Uhr, dann gelöscht."
        ),
        frozenset(),
        _unconfirmed,
        keeping.delete,
    ),
    RetentionRule(
        "over",
        _(
            "Die Bitte um Nachricht, wann eine Anmeldung öffnet: bis wir geschrieben haben, höchstens "
            "bis zur Veranstaltung."
        ),
        frozenset(),
        _over,
        keeping.delete,
    ),
    RetentionRule(
        "unreachable",
        _(
            "Abonnements, deren Wochenmails Ihr Mailserver in vier Wochen dreimal nacheinander endgültig "
            "abgelehnt hat, und nicht nur uns als Absender: in der Nacht danach gelöscht."
        ),
        frozenset(),
        _unreachable,
        keeping.delete,
    ),
    RetentionRule(
        "of-no-one",
        _("Ihre Adresse: bis Ihr letztes Abonnement endet, dann sofort gelöscht."),
        _ADDRESS,
        _of_no_one,
        keeping.delete,
    ),
    RetentionRule(
        "lists",
        _(
            "Welche Filter und Suchwörter eine abonnierte Liste hat: bis in die Nacht, nachdem die "
            "Letzten sie abbestellt haben. Wer es war, steht nicht dabei."
        ),
        frozenset({"subscribing.WatchedList.query"}),
        _lists_of_no_one,
        keeping.delete,
    ),
)

carry_out = partial(keeping.carry_out, RULES)

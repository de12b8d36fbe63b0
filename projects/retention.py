"""How long the catalogue keeps what people state of a reuse, and when owners were asked; what takes it away.

`RULES` is the list that the privacy page tells and the nightly task carries out. What has become public
is a fact about a municipality and stays; the address of the person who stated it does not.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.own_data import delete_with_history
from ground import retention as keeping
from ground.retention import RetentionRule
from ground.signed_links import lapsed_by
from office.history import forget_history
from projects.actions import steps
from projects.models import UNDECIDED, OwnerAsk, Reuse, ReuseStatement, StatementState

OVER = timedelta(days=30)
UNDECIDED_FOR = timedelta(days=365)
NOT_SAID_AGAIN = timedelta(days=730)
ASKED = timedelta(days=730)
# What is emptied where the rest stays; the constraint projects_statement_has_an_address says so, too.
EMPTIED = ("email", "mailbox", "question", "answer", "reason")


def anonymise(statements: QuerySet[ReuseStatement], *, now: datetime) -> int:
    """Empty what is personal of published statements; what is public stays. Needs a transaction."""
    rows = statements.order_by("pk").select_for_update(no_key=True, of=("self",))
    pks = [row.pk for row in rows]
    forget_history(ReuseStatement.objects.filter(pk__in=pks))
    return ReuseStatement.objects.filter(pk__in=pks).update(
        **dict.fromkeys(EMPTIED, ""), anonymised_at=now, version=F("version") + 1
    )


def forget_change(statement: ReuseStatement) -> None:
    """Let a change that nobody has decided about come to nothing; reads what is public, select it along."""
    ReuseStatement.objects.filter(pk=statement.pk).update(
        state=StatementState.PUBLISHED, respond_by=None, **steps.as_published(statement)
    )


def _unconfirmed(now: datetime) -> QuerySet:
    return ReuseStatement.objects.filter(confirmed_at=None, changed_at__lte=lapsed_by(now))


def _over(now: datetime) -> QuerySet:
    ends = (StatementState.REFUSED, StatementState.WITHDRAWN)
    return ReuseStatement.objects.filter(
        state__in=ends, confirmed_at__isnull=False, changed_at__lte=now - OVER
    )


def _undecided(now: datetime) -> QuerySet:
    return ReuseStatement.objects.filter(
        state__in=UNDECIDED, reuse=None, changed_at__lte=now - UNDECIDED_FOR
    )


def _not_said_again(now: datetime) -> QuerySet:
    # Of what is public a change may wait for a decision.
    public = Q(state=StatementState.PUBLISHED) | Q(state__in=UNDECIDED, reuse__isnull=False)
    return ReuseStatement.objects.filter(
        public, anonymised_at=None, confirmed_at__lte=now - NOT_SAID_AGAIN
    )


def _asked_long_ago(now: datetime) -> QuerySet:
    return OwnerAsk.objects.filter(asked_at__lte=now - ASKED)


def _leave_in_doubt(rows: QuerySet, now: datetime) -> int:
    """The public row says that nobody has confirmed it since."""
    # Locked as they are by now: what is just decided or said again counts. Then what is public is read.
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = list(locked.prefetch_related("reuse"))
    for row in found:
        if row.reuse is None:
            continue
        forget_change(row)
        day = date_format(timezone.localtime(row.confirmed_at), "j. F Y")
        note = _t("Seit dem %(day)s hat die Kommune das nicht mehr bestätigt.") % {"day": day}
        Reuse.objects.filter(pk=row.reuse_id).update(is_certain=False, note=note)
    pks = [row.pk for row in found]
    return anonymise(ReuseStatement.objects.filter(pk__in=pks), now=now)


_ALL = frozenset(
    f"projects.ReuseStatement.{field}"
    for field in (
        "written", "how", "since", "cost_text", "learned", "contract_until", "email", "mailbox",
        "question", "answer", "project_text", "reason", "replaced",
    )
)  # fmt: skip

RULES = (
    RetentionRule(
        "unconfirmed",
        _(
            "Angaben, deren Adresse nicht bestätigt wurde: 2 Tage, mindestens bis zum nächsten "
            "Arbeitstag um 12 Uhr, dann gelöscht."
        ),
        _ALL,
        _unconfirmed,
        delete_with_history,
    ),
    RetentionRule(
        "over",
        _("Zurückgezogene und abgelehnte Angaben: 30 Tage, dann gelöscht."),
        _ALL,
        _over,
        delete_with_history,
    ),
    RetentionRule(
        "undecided",
        _("Angaben, über die niemand entschieden hat: 12 Monate, dann gelöscht."),
        _ALL,
        _undecided,
        delete_with_history,
    ),
    RetentionRule(
        "not-said-again",
        _(
            "Die Adresse zu einer veröffentlichten Angabe: bis 24 Monate, nachdem die Kommune sie "
            "zuletzt bestätigt hat. Die Angabe selbst bleibt mit dem Vermerk „zu prüfen“ öffentlich."
        ),
        frozenset(f"projects.ReuseStatement.{field}" for field in EMPTIED),
        _not_said_again,
        _leave_in_doubt,
    ),
    RetentionRule(
        "owners-asked",
        _(
            "Wann wir eine Projektredaktion zuletzt gefragt haben, ob ihre Einträge noch stimmen: "
            "24 Monate, dann gelöscht."
        ),
        frozenset(),
        _asked_long_ago,
        keeping.delete,
    ),
)

carry_out = partial(keeping.carry_out, RULES)

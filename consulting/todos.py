"""What waits for the office of Start Smart and for those who advise."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consulting.models import Appointment, ConsultationRequest
from consulting.scope import advised_by, is_office
from ground.clock import deadline
from office import todos
from office.todos import Todo

# A week and the weekend before it; more is in the calendar.
AHEAD = timedelta(days=9)
MOST_AHEAD = 10


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    """Answers are the office's; how a consultation went, whoever gave it can say as well."""
    if not user.has_perm("consulting.view_consultationrequest"):
        return
    requests = ConsultationRequest.objects.all()
    if is_office(user):
        yield from _unanswered(requests, now)
    else:
        requests = requests.filter(advised_by(user))
        yield from _assigned(requests, now)
    answered = requests.answered().count()
    if answered:
        text = ngettext(
            "%d Kommune hat Ihnen geantwortet", "%d Kommunen haben Ihnen geantwortet", answered
        )
        yield Todo(text % answered, _list("antwort=ja"))
    away = requests.while_away(now=now).count()
    if away:
        text = ngettext(
            "%d Termin fällt in eine Abwesenheit", "%d Termine fallen in eine Abwesenheit", away
        )
        yield Todo(text % away, _list("abwesend=ja"))
    passed = requests.passed(now=now).count()
    if passed:
        text = ngettext(
            "%d Beratung ist vorbei: Hat sie stattgefunden?",
            "%d Beratungen sind vorbei: Haben sie stattgefunden?",
            passed,
        )
        yield Todo(text % passed, _list("stand=confirmed&ueberfaellig=ja"), is_overdue=True)


def _unanswered(requests: QuerySet[ConsultationRequest], now: datetime) -> Iterator[Todo]:
    number = requests.open().count()
    text = ngettext(
        "%d Anfrage an Start Smart ist offen", "%d Anfragen an Start Smart sind offen", number
    )
    yield from _open(requests, text, number, now)


def _assigned(requests: QuerySet[ConsultationRequest], now: datetime) -> Iterator[Todo]:
    number = requests.open().count()
    text = ngettext(
        "%d offene Anfrage liegt bei Ihnen", "%d offene Anfragen liegen bei Ihnen", number
    )
    yield from _open(requests, text, number, now)


def _open(
    requests: QuerySet[ConsultationRequest], text: str, number: int, now: datetime
) -> Iterator[Todo]:
    """With those that are late, and those that will be in a few days."""
    if not number:
        return
    today = timezone.localdate(now)
    late = requests.open().overdue(today=today, now=now).count()
    soon = requests.due_soon(today=today).count()
    said = _(", davon in den nächsten Tagen fällig: %d") % soon if soon else ""
    yield Todo(text % number + todos.late(late) + said, _list("stand=open"), bool(late))


def _list(chosen: str) -> str:
    return f"{reverse('admin:consulting_consultationrequest_changelist')}?{chosen}"


def ahead(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    """The consultations that one gives oneself."""
    if not user.has_perm("consulting.view_consultationrequest"):
        return
    own = Appointment.objects.blocking().filter(
        advisor__user=user, is_proposal=False, ends_at__gt=now, starts_at__lt=now + AHEAD
    )
    for one in own.select_related("request__municipality").order_by("starts_at")[:MOST_AHEAD]:
        yield Todo(
            _("Beratung: %(who)s, %(when)s, %(how)s")
            % {
                "who": one.request.municipality_label,
                "when": deadline(one.starts_at),
                "how": one.get_mode_display(),
            },
            reverse("admin:consulting_consultationrequest_change", args=[one.request_id]),
        )


todos.register("consulting", waiting_for)
todos.register_ahead("consulting", ahead)

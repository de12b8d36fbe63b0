"""What waits for somebody in the administration: the start page says it before anything else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.mail import nudges
from communities.models import (
    Experience,
    ExperienceState,
    Membership,
    MembershipState,
    Result,
    ResultState,
)
from communities.scope import looked_after_by, works_in_administration
from consulting.models import ConsultationRequest
from events.hosting import hosted_by, hosts_something
from events.models import EventState, Minutes, MinutesState
from mailing.models import Email
from projects.editing import edited_by
from projects.models import ReuseStatement
from smartcities.accessibility.barriers import BarrierReport

# Who was there still remembers; before that nobody is hurried.
MINUTES_AFTER = timedelta(days=1)


class Todo(NamedTuple):
    """One line with the place where it is dealt with. What is overdue says so in words as well."""

    text: str
    url: str
    is_overdue: bool = False


def todos_of(user: AbstractBaseUser, *, now: datetime) -> list[Todo]:
    """What somebody has to act on, most urgent first; the same few queries however much it is."""
    todos = [*_requests(user, now), *_consultations(user, now), *_barriers(user, now)]
    todos += [*_workshops(user, now), *_drafts(user), *_mails(user, now)]
    todos += [*_reuses(user)]
    return sorted(todos, key=lambda todo: not todo.is_overdue)


def _requests(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not works_in_administration(user):
        return
    waiting = Membership.objects.waiting().filter(
        state=MembershipState.REQUESTED, community__in=looked_after_by(user).values("pk")
    )
    number = waiting.count()
    if not number:
        return
    late = nudges.overdue(now=now).filter(pk__in=waiting.values("pk")).count()
    text = ngettext(
        "%d Mensch möchte in Ihre Gruppe", "%d Menschen möchten in Ihre Gruppen", number
    )
    url = f"{reverse('admin:communities_membership_changelist')}?state__exact=angefragt"
    yield Todo(text % number + _late(late), url, bool(late))


def _workshops(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not hosts_something(user):
        return
    without = hosted_by(user).filter(
        community__isnull=False,
        state=EventState.PUBLISHED,
        ends_at__lt=now - MINUTES_AFTER,
        ends_at__gt=now - timedelta(days=365),
        minutes=None,
    )
    for event in without.order_by("-ends_at")[:5]:
        yield Todo(
            _("Protokoll fehlt: %(event)s, %(when)s") % {"event": event, "when": event.when},
            f"{reverse('admin:events_minutes_add')}?event={event.pk}",
        )
    drafts = Minutes.objects.filter(event__in=hosted_by(user).values("pk"))
    number = drafts.filter(state=MinutesState.DRAFT).count()
    if number:
        text = ngettext("%d Protokoll ist ein Entwurf", "%d Protokolle sind Entwürfe", number)
        url = f"{reverse('admin:events_minutes_changelist')}?state__exact=entwurf"
        yield Todo(text % number, url)


def _drafts(user: AbstractBaseUser) -> Iterator[Todo]:
    if not works_in_administration(user):
        return
    own = looked_after_by(user).values("pk")
    experiences = Experience.objects.filter(community__in=own, state=ExperienceState.DRAFT).count()
    if experiences:
        text = ngettext(
            "%d Erfahrung wartet auf Freigabe", "%d Erfahrungen warten auf Freigabe", experiences
        )
        url = f"{reverse('admin:communities_experience_changelist')}?state__exact=entwurf"
        yield Todo(text % experiences, url)
    results = Result.objects.filter(community__in=own, state=ResultState.DRAFT).count()
    if results:
        text = ngettext(
            "%d Ergebnis ist noch ein Entwurf", "%d Ergebnisse sind noch Entwürfe", results
        )
        url = f"{reverse('admin:communities_result_changelist')}?state__exact=entwurf"
        yield Todo(text % results, url)


def _consultations(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not user.has_perm("consulting.work_as_office"):
        return
    number = ConsultationRequest.objects.open().count()
    if number:
        late = ConsultationRequest.objects.overdue(today=timezone.localdate(now), now=now).count()
        text = ngettext(
            "%d Anfrage an Start Smart ist offen", "%d Anfragen an Start Smart sind offen", number
        )
        url = reverse("admin:consulting_consultationrequest_changelist")
        yield Todo(text % number + _late(late), url, bool(late))


def _barriers(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not user.has_perm("smartcities.view_barrierreport"):
        return
    number = BarrierReport.objects.open().count()
    if number:
        late = BarrierReport.objects.overdue(timezone.localdate(now)).count()
        text = ngettext(
            "%d gemeldete Barriere ist unbeantwortet",
            "%d gemeldete Barrieren sind unbeantwortet",
            number,
        )
        url = f"{reverse('admin:smartcities_barrierreport_changelist')}?stand=offen"
        yield Todo(text % number + _late(late), url, bool(late))


def _reuses(user: AbstractBaseUser) -> Iterator[Todo]:
    """What the office decides, and what the projects that somebody edits have to say."""
    url = reverse("admin:projects_reusestatement_changelist")
    if user.has_perm("projects.change_reusestatement"):
        number = ReuseStatement.objects.for_office().count()
        if number:
            text = ngettext(
                "Über %d Angabe zur Nachnutzung ist zu entscheiden",
                "Über %d Angaben zur Nachnutzung ist zu entscheiden",
                number,
            )
            yield Todo(text % number, f"{url}?state__exact=zu-entscheiden")
    own = ReuseStatement.objects.for_project().filter(solution__project__in=edited_by(user))
    if number := own.count():
        text = ngettext(
            "%d Kommune sagt, dass sie eine Ihrer Lösungen nachnutzt",
            "%d Kommunen sagen, dass sie eine Ihrer Lösungen nachnutzen",
            number,
        )
        yield Todo(text % number, f"{url}?state__exact=beim-projekt")


def _mails(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not user.has_perm("mailing.view_email"):
        return
    number = Email.objects.stuck(now).count()
    if number:
        text = ngettext("%d E-Mail hängt", "%d E-Mails hängen", number)
        yield Todo(text % number, reverse("admin:mailing_email_changelist"), is_overdue=True)


def _late(number: int) -> str:
    return _(", davon überfällig: %d") % number if number else ""

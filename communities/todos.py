"""What waits for those who look after communities."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import ngettext

from communities.mail import nudges
from communities.models import Experience, ExperienceState, Membership, Result, ResultState
from communities.scope import looked_after_by, works_in_administration
from office import todos
from office.todos import Todo


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if works_in_administration(user):
        yield from _requests(user, now)
        yield from _drafts(user)


def _requests(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    waiting = Membership.objects.waiting().filter(community__in=looked_after_by(user).values("pk"))
    number = waiting.count()
    if number:
        late = nudges.overdue(now=now).filter(pk__in=waiting.values("pk")).count()
        text = ngettext(
            "%d Mensch möchte in Ihre Gruppe", "%d Menschen möchten in Ihre Gruppen", number
        )
        url = f"{reverse('admin:communities_membership_changelist')}?state__exact=angefragt"
        yield Todo(text % number + todos.late(late), url, bool(late))


def _drafts(user: AbstractBaseUser) -> Iterator[Todo]:
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


todos.register("communities", waiting_for)

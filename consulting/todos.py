"""What waits for the office of Start Smart and for those who advise."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from consulting.models import ConsultationRequest
from consulting.scope import advised_by, is_office
from office import todos
from office.todos import Todo


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    """Answers are the office's; how a consultation went, whoever gave it can say as well."""
    if not user.has_perm("consulting.view_consultationrequest"):
        return
    requests = ConsultationRequest.objects.all()
    if is_office(user):
        yield from _unanswered(requests, now)
    else:
        requests = requests.filter(advised_by(user))
        yield from _assigned(requests)
    answered = requests.answered().count()
    if answered:
        text = ngettext(
            "%d Kommune hat Ihnen geantwortet", "%d Kommunen haben Ihnen geantwortet", answered
        )
        yield Todo(text % answered, _list("antwort=ja"))
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
    if number:
        late = requests.open().overdue(today=timezone.localdate(now), now=now).count()
        text = ngettext(
            "%d Anfrage an Start Smart ist offen", "%d Anfragen an Start Smart sind offen", number
        )
        yield Todo(text % number + todos.late(late), _list("stand=open"), bool(late))


def _assigned(requests: QuerySet[ConsultationRequest]) -> Iterator[Todo]:
    number = requests.open().count()
    if number:
        text = ngettext(
            "%d offene Anfrage liegt bei Ihnen", "%d offene Anfragen liegen bei Ihnen", number
        )
        yield Todo(text % number, _list("stand=open"))


def _list(chosen: str) -> str:
    return f"{reverse('admin:consulting_consultationrequest_changelist')}?{chosen}"


todos.register("consulting", waiting_for)

"""Whose is which question: the office's all, editors' those to their projects, coordinators' those given to them."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from asking.models import WITH_OTHERS, AnsweredBy, Kind, Question, State
from communities.scope import coordinated_by
from projects.editing import edited_by

if TYPE_CHECKING:
    from accounts.models import User


def is_office(user: "User | AnonymousUser") -> bool:
    return user.has_perm("asking.change_question")


def sees_all(user: "User | AnonymousUser") -> bool:
    return user.has_perm("asking.view_question")


def seen_by(user: "User | AnonymousUser") -> QuerySet[Question]:
    """What a person may read: nothing that no one has confirmed, which may be anybody's joke."""
    rows = Question.objects.confirmed()
    if sees_all(user):
        return rows
    return rows.exclude(state=State.WITHDRAWN).filter(of_projects(user) | of_groups(user))


def of_projects(user: "User | AnonymousUser") -> Q:
    return Q(kind=Kind.PEER, project__in=edited_by(user).values("pk"))


def of_groups(user: "User | AnonymousUser") -> Q:
    """Given to a group, as long as it has to answer, or where it did."""
    theirs = Q(state=State.WITH_GROUP) | Q(answered_by=AnsweredBy.GROUP)
    return theirs & Q(group__in=coordinated_by(user).values("pk"))


def waiting_for(user: "User | AnonymousUser") -> QuerySet[Question]:
    """What this person has to answer now."""
    return Question.objects.filter(
        Q(state=State.WITH_PROJECT) & of_projects(user)
        | Q(state=State.WITH_GROUP) & of_groups(user)
        | (Q(state=State.AT_OFFICE) if is_office(user) else Q(pk=None))
    )


def answers_as(question: Question, user: "User | AnonymousUser") -> AnsweredBy | None:
    """In whose name a person may answer this question now; None if not at all."""
    own = Question.objects.filter(pk=question.pk)
    if question.state in (State.WITH_PROJECT, State.AT_OFFICE) and own.filter(of_projects(user)):
        return AnsweredBy.PROJECT
    if question.state == State.WITH_GROUP and own.filter(of_groups(user)):
        return AnsweredBy.GROUP
    if question.state in (State.AT_OFFICE, *WITH_OTHERS) and is_office(user):
        return AnsweredBy.OFFICE
    return None

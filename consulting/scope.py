"""Who may act for the office of Start Smart, and what is the business of those who only advise."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from consulting.models import Appointment


def is_office(user: AbstractBaseUser) -> bool:
    return user.has_perm("consulting.work_as_office")


def advised_by(user: AbstractBaseUser) -> Q:
    """Requests with a time of this advisor; when it is moved to another person, it is theirs.

    And those that the office has made an advisor responsible for.
    """
    own = Appointment.objects.blocking().filter(request=OuterRef("pk"), advisor__user=user)
    return Q(Exists(own)) | Q(responsible=user, responsible__advisor__is_active=True)


def colleagues() -> QuerySet[Any]:
    """Who can be made responsible: the office, and advisors with an account in the administration."""
    office = ModelBackend().with_perm("consulting.work_as_office")
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    return staff.filter(Q(pk__in=office.values("pk")) | Q(advisor__is_active=True)).order_by(
        "name", "email"
    )

"""Who may act for the office of Start Smart, and what is the business of those who only advise."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef

from consulting.models import Appointment


def is_office(user: AbstractBaseUser) -> bool:
    return user.has_perm("consulting.work_as_office")


def advised_by(user: AbstractBaseUser) -> Exists:
    """Requests with a time of this advisor; when it is moved to another person, it is theirs."""
    own = Appointment.objects.blocking().filter(request=OuterRef("pk"), advisor__user=user)
    return Exists(own)

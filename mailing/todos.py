"""What waits for those who run the portal: e-mails that hang or were refused."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import ngettext

from mailing.models import Email
from office import todos
from office.todos import Todo


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not user.has_perm("mailing.view_email"):
        return
    rows = reverse("admin:mailing_email_changelist")
    if number := Email.objects.stuck(now).count():
        text = ngettext("%d E-Mail hängt", "%d E-Mails hängen", number) % number
        yield Todo(text, f"{rows}?stand=haengt", is_overdue=True)
    if number := Email.objects.refused_since_yesterday(now).count():
        text = ngettext(
            "%d E-Mail ist seit gestern abgelehnt worden",
            "%d E-Mails sind seit gestern abgelehnt worden",
            number,
        )
        yield Todo(text % number, f"{rows}?stand=seit-gestern-abgelehnt")


todos.register("mailing", waiting_for)

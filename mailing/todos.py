"""What waits for those who run the portal: e-mails that hang."""

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
    number = Email.objects.stuck(now).count()
    if number:
        text = ngettext("%d E-Mail hängt", "%d E-Mails hängen", number) % number
        url = f"{reverse('admin:mailing_email_changelist')}?stand=haengt"
        yield Todo(text, url, is_overdue=True)


todos.register("mailing", waiting_for)

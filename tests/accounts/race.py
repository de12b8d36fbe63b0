"""What several processes do with one mailbox, or one count, at the same moment; see `tests.rivals`."""

from datetime import datetime, timedelta

PASSWORD = "ein langes Passwort hier"


def sign_up(address: str) -> int:
    """Send the form in a browser of one's own; the status of the answer."""
    from django.test import Client  # noqa: PLC0415 -- Django is set up in the process
    from django.urls import reverse  # noqa: PLC0415 -- the same

    typed = {"name": "Eva", "email": address, "password1": PASSWORD, "password2": PASSWORD}
    return Client(headers={"host": "localhost"}).post(reverse("account_signup"), typed).status_code


def confirm(user: int, link: str) -> str:
    """Confirm an address in the browser of its account; what the next page says."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 -- the same
    from django.test import Client  # noqa: PLC0415 -- the same

    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(pk=user))
    return client.post(link, follow=True).content.decode()


def give_a_task(address: str) -> int:
    """The account of a person who is made a coordinator."""
    from django.db import transaction  # noqa: PLC0415 -- the same

    from accounts.new_account import account_for  # noqa: PLC0415 -- the same

    with transaction.atomic():
        return account_for(address, name="Eva").pk


def count(what: str, times: int, now: datetime) -> list[int]:
    from accounts.guard import tally  # noqa: PLC0415 -- the same

    return [tally(what, every=timedelta(hours=1), now=now) for _time in range(times)]

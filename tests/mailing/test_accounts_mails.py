"""The e-mails about accounts are allauth's to decide, but they leave through the outbox."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from mailing.models import Email, EmailKind
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_forgotten_password_is_an_email_in_the_outbox_whose_link_works(client):
    UserFactory(email="erika@example.org", name="Erika <b>Muster</b>", password="vergessen-2023")

    client.post(reverse("account_reset_password"), {"email": "erika@example.org"})

    assert mail.outbox == []
    email = Email.objects.get()
    assert (email.kind, email.to) == (EmailKind.ACCESS, "erika@example.org")
    assert email.subject == "Neues Passwort festlegen"
    assert email.text.startswith("Guten Tag Erika <b>Muster</b>,\n\n")
    assert "Erika &lt;b&gt;Muster&lt;/b&gt;" in email.html
    link = next(line for line in email.text.splitlines() if "/konto/" in line)
    page = client.get(urlsplit(link).path, follow=True)
    assert page.status_code == 200
    assert "password1" in page.content.decode()

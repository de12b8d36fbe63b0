import factory

from mailing.models import Email


class EmailFactory(factory.django.DjangoModelFactory):
    """An ordinary e-mail that is due."""

    class Meta:
        model = Email

    key = factory.Sequence(lambda number: f"test:{number}")
    to = factory.Sequence(lambda number: f"person-{number}@example.org")
    subject = "Ihre Anmeldung"
    text = "Guten Tag,\n\nSie sind angemeldet.\n"

"""Sentences of our own for what can be there only once; no table changes."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import events.models.registration
import ground.secret_address


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0013_seats_note_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=120,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4,
                editable=False,
                error_messages={
                    "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                },
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="eventmessage",
            name="form_token",
            field=models.UUIDField(
                default=uuid.uuid4,
                editable=False,
                error_messages={
                    "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                },
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="minutes",
            name="event",
            field=models.OneToOneField(
                error_messages={
                    "unique": "Zu diesem Workshop gibt es schon ein Protokoll. Bitte schreiben Sie dort weiter."
                },
                on_delete=django.db.models.deletion.CASCADE,
                related_name="minutes",
                to="events.event",
                verbose_name="Workshop",
            ),
        ),
        migrations.AlterField(
            model_name="optout",
            name="address_hash",
            field=models.CharField(
                error_messages={
                    "unique": "Diese Adresse ist schon abgemeldet. Es ist nichts mehr zu tun."
                },
                max_length=64,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="participantneeds",
            name="registration",
            field=models.OneToOneField(
                error_messages={
                    "unique": "Zu dieser Anmeldung steht das schon da. Bitte ändern Sie, was dasteht."
                },
                on_delete=django.db.models.deletion.CASCADE,
                related_name="needs",
                to="events.registration",
                verbose_name="Anmeldung",
            ),
        ),
        migrations.AlterField(
            model_name="personalfeed",
            name="token",
            field=models.CharField(
                default=ground.secret_address.new_token,
                error_messages={
                    "unique": "Diese geheime Adresse gibt es schon. Bitte legen Sie noch einmal eine an."
                },
                max_length=64,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="personalfeed",
            name="user",
            field=models.OneToOneField(
                error_messages={
                    "unique": "Diesen Kalender gibt es schon. Bitte nehmen Sie seine Adresse erst zurück."
                },
                on_delete=django.db.models.deletion.CASCADE,
                related_name="event_feed",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Konto",
            ),
        ),
        migrations.AlterField(
            model_name="registration",
            name="reference",
            field=models.CharField(
                default=events.models.registration.new_reference,
                editable=False,
                error_messages={
                    "unique": "Diese Nummer ist schon vergeben. Bitte senden Sie noch einmal ab."
                },
                max_length=12,
                unique=True,
                verbose_name="Nummer",
            ),
        ),
    ]

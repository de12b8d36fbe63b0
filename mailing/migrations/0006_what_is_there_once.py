"""Sentences of our own for what can be there only once; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mailing", "0005_german_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="email",
            name="key",
            field=models.CharField(
                error_messages={
                    "unique": "Diese E-Mail ist schon gespeichert. Bitte senden Sie sie aus der Liste der E-Mails erneut."
                },
                max_length=200,
                unique=True,
                verbose_name="Schlüssel",
            ),
        ),
    ]

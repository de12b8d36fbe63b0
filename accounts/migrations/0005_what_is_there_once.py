"""Sentences of our own for what can be there only once; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_ask_one_mailbox"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                error_messages={
                    "unique": "Mit dieser E-Mail-Adresse gibt es schon ein Konto. Bitte suchen Sie es in der Liste der Konten."
                },
                max_length=254,
                unique=True,
                verbose_name="E-Mail-Adresse",
            ),
        ),
    ]

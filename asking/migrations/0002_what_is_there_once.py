"""Sentences of our own for what can be there only once; no table changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("asking", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publicanswer",
            name="source",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                error_messages={
                    "unique": "Diese Frage ist schon veröffentlicht. Bitte ändern Sie die Antwort, die schon dasteht."
                },
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="published",
                to="asking.question",
                verbose_name="Frage",
            ),
        ),
    ]

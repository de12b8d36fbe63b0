"""Sentences of our own for what can be there only once; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0015_roles_a_words_of_states"),
    ]

    operations = [
        migrations.AlterField(
            model_name="partnerorganisation",
            name="name",
            field=models.CharField(
                error_messages={
                    "unique": "Diese Organisation gibt es schon. Bitte wählen Sie sie aus der Liste."
                },
                max_length=150,
                unique=True,
                verbose_name="Name",
            ),
        ),
        migrations.AlterField(
            model_name="result",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=80,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
    ]

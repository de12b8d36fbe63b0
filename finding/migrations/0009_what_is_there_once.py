"""Sentences of our own for what can be there only once; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0008_search_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="searchword",
            name="word",
            field=models.CharField(
                error_messages={
                    "unique": "Dieses Wort steht schon im Suchindex. Bitte bauen Sie ihn neu."
                },
                max_length=200,
                unique=True,
            ),
        ),
    ]

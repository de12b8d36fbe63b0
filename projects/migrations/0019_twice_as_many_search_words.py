"""Room for twice as many words by which people look for a thing; nothing stored changes."""

import django.contrib.postgres.fields
from django.db import migrations, models


def _search_words() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=60),
        blank=True,
        default=list,
        help_text=(
            "Durch Kommas getrennt: Mit welchen Wörtern suchen Menschen danach, die den Namen nicht "
            "kennen? Zum Beispiel „Bauhof, Glatteis, Streusalz“. Keine Namen von Personen."
        ),
        size=80,
        verbose_name="Suchworte",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0018_what_is_there_once"),
    ]

    operations = [
        migrations.AlterField("project", "search_words", _search_words()),
        migrations.AlterField("solution", "search_words", _search_words()),
    ]

"""Words know where they stand; all is built anew from the catalogue."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0005_missed_word_sentence"),
    ]

    operations = [
        migrations.RunSQL(
            "DELETE FROM projects_searchdocument; DELETE FROM projects_searchword; "
            "DELETE FROM projects_searchstate",
            "DELETE FROM projects_searchdocument; DELETE FROM projects_searchword; "
            "DELETE FROM projects_searchstate",
        ),
        migrations.RemoveIndex(model_name="searchdocument", name="projects_search_vector"),
        migrations.AddField(
            model_name="searchword",
            name="best_fields",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name="searchword",
            name="found_in",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name="searchword",
            name="places",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name="searchstate",
            name="build",
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AddField(
            model_name="searchstate",
            name="changes_by_itself_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="searchstate",
            name="milliseconds",
            field=models.PositiveIntegerField(default=0),
        ),
    ]

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Only what the column is called in the code: the table stays, so old code works on."""

    dependencies = [("smartcities", "0004_pinned_case")]

    operations = [
        migrations.AlterField(
            "regulartask",
            "first_started_at",
            models.DateTimeField(
                "bekannt seit",
                db_column="first_started_at",
                db_default=django.db.models.functions.datetime.Now(),
            ),
        ),
        migrations.RenameField("regulartask", "first_started_at", "known_since"),
    ]

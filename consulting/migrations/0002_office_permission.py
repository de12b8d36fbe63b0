from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consulting", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="consultationrequest",
            options={
                "ordering": ["-submitted_at", "-pk"],
                "permissions": [
                    ("work_as_office", "Start Smart: Geschäftsstelle (alle Anfragen und Termine)")
                ],
                "verbose_name": "Beratungsanfrage",
                "verbose_name_plural": "Beratungsanfragen",
            },
        ),
    ]

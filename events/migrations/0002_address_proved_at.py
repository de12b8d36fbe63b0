from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="address_proved_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="Adresse nachgewiesen am"
            ),
        ),
    ]

"""Entries of a history are called so, here and in consulting; a step is what somebody does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communities", "0006_office_permission")]

    operations = [
        migrations.RenameModel("Transition", "HistoryEntry"),
        migrations.AlterField(
            "historyentry",
            "membership",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="history",
                to="communities.membership",
            ),
        ),
    ]

"""Entries of a history are called so, here and in communities; a step is what somebody does.

The constraints keep what they check and get the table's new name: renaming needs no look at the rows.
"""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    "confirmed", "scheduled", "moved", "proposed", "accepted", "refused", "cancelled", "declined",
    "held_meeting", "no_show", "outcome", "rated", "expired", "event_moved", "event_gone", "anonymised",
]  # fmt: skip

ONE_PER_VERSION = ("consulting_one_step_per_version", "consulting_one_history_entry_per_version")
KIND_IS_KNOWN = ("consulting_step_kind_is_known", "consulting_history_kind_is_known")


def renamed(old: str, new: str) -> migrations.RunSQL:
    sql = "ALTER TABLE consulting_historyentry RENAME CONSTRAINT {} TO {}"
    return migrations.RunSQL(sql.format(old, new), sql.format(new, old))


class Migration(migrations.Migration):
    dependencies = [("consulting", "0005_event_pages_notice_times")]

    operations = [
        migrations.RenameModel("Step", "HistoryEntry"),
        migrations.AlterField(
            "historyentry",
            "request",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="history",
                to="consulting.consultationrequest",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            [renamed(*ONE_PER_VERSION), renamed(*KIND_IS_KNOWN)],
            [
                migrations.RemoveConstraint("historyentry", ONE_PER_VERSION[0]),
                migrations.RemoveConstraint("historyentry", KIND_IS_KNOWN[0]),
                migrations.AddConstraint(
                    "historyentry",
                    models.UniqueConstraint(
                        fields=("request", "version"),
                        name=ONE_PER_VERSION[1],
                        violation_error_message="Diese Änderung ist schon festgehalten.",
                    ),
                ),
                migrations.AddConstraint(
                    "historyentry",
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", KINDS)),
                        name=KIND_IS_KNOWN[1],
                        violation_error_message="Diese Art von Änderung gibt es nicht.",
                    ),
                ),
            ],
        ),
    ]

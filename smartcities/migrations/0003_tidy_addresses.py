from django.db import migrations

from ground.mailbox import tidy_stored

STORED = [
    ("consulting", "ConsultationRequest", ["email"]),
    ("consulting", "Draft", ["email"]),
    ("consulting", "Advisor", ["email"]),
    ("events", "Registration", ["email"]),
    ("events", "Event", ["contact_email"]),
    ("projects", "Project", ["contact_email"]),
    ("mailing", "Email", ["to", "reply_to"]),
    ("smartcities", "BarrierReport", ["email"]),
]
# Tidied as the addresses are, a key stays the key of its address.
KEYS = [
    ("consulting", "ConsultationRequest", ["email_key"]),
    # Somebody registered twice for one event keeps both: the second one under its old key.
    ("events", "Registration", ["email_key"]),
]


def bring_along(apps, _schema_editor):
    """People and addresses stay; what nobody sees in them goes."""
    for app, model, fields in STORED + KEYS:
        tidy_stored(apps.get_model(app, model), *fields)


class Migration(migrations.Migration):
    dependencies = [
        ("smartcities", "0002_barrier_report"),
        ("consulting", "0006_history_entries"),
        ("events", "0007_mailbox_key"),
        ("projects", "0009_search_moves_downstairs"),
        ("mailing", "0002_expiry"),
    ]

    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]

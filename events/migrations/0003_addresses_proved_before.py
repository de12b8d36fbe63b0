from django.db import migrations
from django.db.models import F


def note_proofs(apps, _schema_editor):
    """Whoever registered with an account had proved the address; of the others it is not known."""
    registrations = apps.get_model("events", "Registration").objects
    with_account = registrations.filter(user__isnull=False, address_proved_at=None)
    with_account.exclude(confirmed_at=None).update(address_proved_at=F("confirmed_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_address_proved_at"),
    ]

    operations = [migrations.RunPython(note_proofs, migrations.RunPython.noop)]

from django.db import migrations, models
from django.db.models import Q

ENDED = ~Q(sent_at=None, refused_at=None, missed_at=None)


def empty(apps, schema_editor):
    """Refused and missed ones kept their links until now."""
    emails = apps.get_model("mailing", "Email").objects.filter(ENDED, kind="access")
    emails.update(subject="", text="", html="", attachments=[])


class Migration(migrations.Migration):
    dependencies = [("mailing", "0002_expiry")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="email",
            constraint=models.CheckConstraint(
                condition=~Q(kind="access")
                | Q(missed_at=None, refused_at=None, sent_at=None)
                | Q(attachments=[], html="", subject="", text=""),
                name="mailing_email_access_ends_without_words",
            ),
        ),
    ]

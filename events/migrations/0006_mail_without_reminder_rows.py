"""The outbox proves who was reminded: its keys name the person, the rule and the beginning.

Going back makes an empty table; nobody is reminded twice all the same, by the same keys.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0005_rules_that_make_sense")]

    operations = [migrations.DeleteModel(name="Reminder")]

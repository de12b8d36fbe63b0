"""Search and the catalogue's version live in `finding` now; their tables stay as they are."""

from django.db import migrations

MOVED = ["CatalogueVersion", "SearchDocument", "SearchState", "SearchWord", "Synonyms"]


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_search_recipe"),
        ("finding", "0001_moved_from_projects"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name) for name in MOVED]
        ),
    ]

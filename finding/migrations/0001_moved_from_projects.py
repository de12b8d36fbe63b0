"""Search and the catalogue's version come from `projects`; their tables stay as they are."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

import finding.models.search

MOVED = ["catalogueversion", "searchdocument", "searchstate", "searchword", "synonyms"]


def rename_content_types(apps, old, new):
    """History and rights hang on the content type, so they move along."""
    types = apps.get_model("contenttypes", "ContentType").objects
    types.filter(app_label=old, model__in=MOVED).update(app_label=new)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0008_search_recipe"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="CatalogueVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.BigIntegerField(default=0)),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Stand des Katalogs",
                        "verbose_name_plural": "Stand des Katalogs",
                        "db_table": "projects_catalogueversion",
                    },
                ),
                migrations.CreateModel(
                    name="SearchState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("version", models.BigIntegerField()),
                        ("recipe", models.CharField(default="", max_length=32)),
                        ("milliseconds", models.PositiveIntegerField()),
                    ],
                    options={
                        "verbose_name": "Stand der Suche",
                        "verbose_name_plural": "Stand der Suche",
                        "db_table": "projects_searchstate",
                    },
                ),
                migrations.CreateModel(
                    name="Synonyms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "words",
                            models.CharField(
                                help_text="Durch Kommas getrennt, zum Beispiel „Twin, Zwilling“. Wer eines davon sucht, findet alle.",
                                max_length=300,
                                verbose_name="Wörter",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Gruppe gleichbedeutender Wörter",
                        "verbose_name_plural": "gleichbedeutende Wörter",
                        "db_table": "projects_synonyms",
                        "ordering": ["words"],
                    },
                ),
                migrations.CreateModel(
                    name="SearchDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=20)),
                        ("object_id", models.BigIntegerField()),
                        ("title", models.CharField(max_length=200)),
                        ("name_text", models.TextField()),
                        ("topic_text", models.TextField(blank=True)),
                        ("body_text", models.TextField(blank=True)),
                        (
                            "vector",
                            models.GeneratedField(
                                db_persist=True,
                                expression=finding.models.search._Joined(
                                    models.Func(
                                        models.Func(
                                            models.Func(
                                                models.Value("simple"),
                                                function="",
                                                template="%(expressions)s::regconfig",
                                            ),
                                            models.Func(
                                                django.db.models.functions.text.Lower(
                                                    models.Func(
                                                        django.db.models.functions.text.Replace(
                                                            django.db.models.functions.text.Replace(
                                                                django.db.models.functions.text.Replace(
                                                                    django.db.models.functions.text.Replace(
                                                                        django.db.models.functions.text.Replace(
                                                                            django.db.models.functions.text.Replace(
                                                                                django.db.models.functions.text.Replace(
                                                                                    django.db.models.functions.text.Replace(
                                                                                        django.db.models.functions.text.Replace(
                                                                                            django.db.models.functions.text.Replace(
                                                                                                django.db.models.functions.text.Replace(
                                                                                                    django.db.models.functions.text.Replace(
                                                                                                        models.F(
                                                                                                            "name_text"
                                                                                                        ),
                                                                                                        models.Value(
                                                                                                            "ä"
                                                                                                        ),
                                                                                                        models.Value(
                                                                                                            "ae"
                                                                                                        ),
                                                                                                    ),
                                                                                                    models.Value(
                                                                                                        "Ä"
                                                                                                    ),
                                                                                                    models.Value(
                                                                                                        "ae"
                                                                                                    ),
                                                                                                ),
                                                                                                models.Value(
                                                                                                    "ö"
                                                                                                ),
                                                                                                models.Value(
                                                                                                    "oe"
                                                                                                ),
                                                                                            ),
                                                                                            models.Value(
                                                                                                "Ö"
                                                                                            ),
                                                                                            models.Value(
                                                                                                "oe"
                                                                                            ),
                                                                                        ),
                                                                                        models.Value(
                                                                                            "ü"
                                                                                        ),
                                                                                        models.Value(
                                                                                            "ue"
                                                                                        ),
                                                                                    ),
                                                                                    models.Value(
                                                                                        "Ü"
                                                                                    ),
                                                                                    models.Value(
                                                                                        "ue"
                                                                                    ),
                                                                                ),
                                                                                models.Value("ß"),
                                                                                models.Value("ss"),
                                                                            ),
                                                                            models.Value("ẞ"),
                                                                            models.Value("ss"),
                                                                        ),
                                                                        models.Value("æ"),
                                                                        models.Value("ae"),
                                                                    ),
                                                                    models.Value("Æ"),
                                                                    models.Value("ae"),
                                                                ),
                                                                models.Value("œ"),
                                                                models.Value("oe"),
                                                            ),
                                                            models.Value("Œ"),
                                                            models.Value("oe"),
                                                        ),
                                                        models.Value(
                                                            "áàâãåāçćčďéèêëěėíìîïłľńñňóòôõøřśšșťúùûůýźżžÁÀÂÃÅĀÇĆČĎÉÈÊËĚĖÍÌÎÏŁĽŃÑŇÓÒÔÕØŘŚŠȘŤÚÙÛŮÝŹŻŽ„“”‚‘’\"'»«›‹()[]{}!?,;:"
                                                        ),
                                                        models.Value(
                                                            "aaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzzaaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzz"
                                                        ),
                                                        function="translate",
                                                    )
                                                ),
                                                models.Value("[^a-z0-9]+"),
                                                models.Value(" "),
                                                models.Value("g"),
                                                function="regexp_replace",
                                            ),
                                            function="to_tsvector",
                                        ),
                                        models.Func(
                                            models.Value("A"), template='%(expressions)s::"char"'
                                        ),
                                        function="setweight",
                                    ),
                                    models.Func(
                                        models.Func(
                                            models.Func(
                                                models.Value("simple"),
                                                function="",
                                                template="%(expressions)s::regconfig",
                                            ),
                                            models.Func(
                                                django.db.models.functions.text.Lower(
                                                    models.Func(
                                                        django.db.models.functions.text.Replace(
                                                            django.db.models.functions.text.Replace(
                                                                django.db.models.functions.text.Replace(
                                                                    django.db.models.functions.text.Replace(
                                                                        django.db.models.functions.text.Replace(
                                                                            django.db.models.functions.text.Replace(
                                                                                django.db.models.functions.text.Replace(
                                                                                    django.db.models.functions.text.Replace(
                                                                                        django.db.models.functions.text.Replace(
                                                                                            django.db.models.functions.text.Replace(
                                                                                                django.db.models.functions.text.Replace(
                                                                                                    django.db.models.functions.text.Replace(
                                                                                                        models.F(
                                                                                                            "topic_text"
                                                                                                        ),
                                                                                                        models.Value(
                                                                                                            "ä"
                                                                                                        ),
                                                                                                        models.Value(
                                                                                                            "ae"
                                                                                                        ),
                                                                                                    ),
                                                                                                    models.Value(
                                                                                                        "Ä"
                                                                                                    ),
                                                                                                    models.Value(
                                                                                                        "ae"
                                                                                                    ),
                                                                                                ),
                                                                                                models.Value(
                                                                                                    "ö"
                                                                                                ),
                                                                                                models.Value(
                                                                                                    "oe"
                                                                                                ),
                                                                                            ),
                                                                                            models.Value(
                                                                                                "Ö"
                                                                                            ),
                                                                                            models.Value(
                                                                                                "oe"
                                                                                            ),
                                                                                        ),
                                                                                        models.Value(
                                                                                            "ü"
                                                                                        ),
                                                                                        models.Value(
                                                                                            "ue"
                                                                                        ),
                                                                                    ),
                                                                                    models.Value(
                                                                                        "Ü"
                                                                                    ),
                                                                                    models.Value(
                                                                                        "ue"
                                                                                    ),
                                                                                ),
                                                                                models.Value("ß"),
                                                                                models.Value("ss"),
                                                                            ),
                                                                            models.Value("ẞ"),
                                                                            models.Value("ss"),
                                                                        ),
                                                                        models.Value("æ"),
                                                                        models.Value("ae"),
                                                                    ),
                                                                    models.Value("Æ"),
                                                                    models.Value("ae"),
                                                                ),
                                                                models.Value("œ"),
                                                                models.Value("oe"),
                                                            ),
                                                            models.Value("Œ"),
                                                            models.Value("oe"),
                                                        ),
                                                        models.Value(
                                                            "áàâãåāçćčďéèêëěėíìîïłľńñňóòôõøřśšșťúùûůýźżžÁÀÂÃÅĀÇĆČĎÉÈÊËĚĖÍÌÎÏŁĽŃÑŇÓÒÔÕØŘŚŠȘŤÚÙÛŮÝŹŻŽ„“”‚‘’\"'»«›‹()[]{}!?,;:"
                                                        ),
                                                        models.Value(
                                                            "aaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzzaaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzz"
                                                        ),
                                                        function="translate",
                                                    )
                                                ),
                                                models.Value("[^a-z0-9]+"),
                                                models.Value(" "),
                                                models.Value("g"),
                                                function="regexp_replace",
                                            ),
                                            function="to_tsvector",
                                        ),
                                        models.Func(
                                            models.Value("B"), template='%(expressions)s::"char"'
                                        ),
                                        function="setweight",
                                    ),
                                    models.Func(
                                        models.Func(
                                            models.Func(
                                                models.Value("simple"),
                                                function="",
                                                template="%(expressions)s::regconfig",
                                            ),
                                            models.Func(
                                                django.db.models.functions.text.Lower(
                                                    models.Func(
                                                        django.db.models.functions.text.Replace(
                                                            django.db.models.functions.text.Replace(
                                                                django.db.models.functions.text.Replace(
                                                                    django.db.models.functions.text.Replace(
                                                                        django.db.models.functions.text.Replace(
                                                                            django.db.models.functions.text.Replace(
                                                                                django.db.models.functions.text.Replace(
                                                                                    django.db.models.functions.text.Replace(
                                                                                        django.db.models.functions.text.Replace(
                                                                                            django.db.models.functions.text.Replace(
                                                                                                django.db.models.functions.text.Replace(
                                                                                                    django.db.models.functions.text.Replace(
                                                                                                        models.F(
                                                                                                            "body_text"
                                                                                                        ),
                                                                                                        models.Value(
                                                                                                            "ä"
                                                                                                        ),
                                                                                                        models.Value(
                                                                                                            "ae"
                                                                                                        ),
                                                                                                    ),
                                                                                                    models.Value(
                                                                                                        "Ä"
                                                                                                    ),
                                                                                                    models.Value(
                                                                                                        "ae"
                                                                                                    ),
                                                                                                ),
                                                                                                models.Value(
                                                                                                    "ö"
                                                                                                ),
                                                                                                models.Value(
                                                                                                    "oe"
                                                                                                ),
                                                                                            ),
                                                                                            models.Value(
                                                                                                "Ö"
                                                                                            ),
                                                                                            models.Value(
                                                                                                "oe"
                                                                                            ),
                                                                                        ),
                                                                                        models.Value(
                                                                                            "ü"
                                                                                        ),
                                                                                        models.Value(
                                                                                            "ue"
                                                                                        ),
                                                                                    ),
                                                                                    models.Value(
                                                                                        "Ü"
                                                                                    ),
                                                                                    models.Value(
                                                                                        "ue"
                                                                                    ),
                                                                                ),
                                                                                models.Value("ß"),
                                                                                models.Value("ss"),
                                                                            ),
                                                                            models.Value("ẞ"),
                                                                            models.Value("ss"),
                                                                        ),
                                                                        models.Value("æ"),
                                                                        models.Value("ae"),
                                                                    ),
                                                                    models.Value("Æ"),
                                                                    models.Value("ae"),
                                                                ),
                                                                models.Value("œ"),
                                                                models.Value("oe"),
                                                            ),
                                                            models.Value("Œ"),
                                                            models.Value("oe"),
                                                        ),
                                                        models.Value(
                                                            "áàâãåāçćčďéèêëěėíìîïłľńñňóòôõøřśšșťúùûůýźżžÁÀÂÃÅĀÇĆČĎÉÈÊËĚĖÍÌÎÏŁĽŃÑŇÓÒÔÕØŘŚŠȘŤÚÙÛŮÝŹŻŽ„“”‚‘’\"'»«›‹()[]{}!?,;:"
                                                        ),
                                                        models.Value(
                                                            "aaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzzaaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzz"
                                                        ),
                                                        function="translate",
                                                    )
                                                ),
                                                models.Value("[^a-z0-9]+"),
                                                models.Value(" "),
                                                models.Value("g"),
                                                function="regexp_replace",
                                            ),
                                            function="to_tsvector",
                                        ),
                                        models.Func(
                                            models.Value("C"), template='%(expressions)s::"char"'
                                        ),
                                        function="setweight",
                                    ),
                                ),
                                output_field=django.contrib.postgres.search.SearchVectorField(),
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Sucheintrag",
                        "verbose_name_plural": "Sucheinträge",
                        "db_table": "projects_searchdocument",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["vector"], name="projects_search_vector"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "object_id"), name="projects_found_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchWord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("word", models.CharField(max_length=200, unique=True)),
                        ("documents", models.PositiveIntegerField()),
                        ("stem", models.CharField(db_index=True, max_length=200)),
                        ("spelling", models.CharField(max_length=200)),
                    ],
                    options={
                        "verbose_name": "Wort der Suche",
                        "verbose_name_plural": "Wörter der Suche",
                        "db_table": "projects_searchword",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass(
                                    models.F("word"), name="gin_trgm_ops"
                                ),
                                name="projects_search_word_near",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass(
                                    models.F("stem"), name="gin_trgm_ops"
                                ),
                                name="projects_search_word_parts",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(
            lambda apps, editor: rename_content_types(apps, "projects", "finding"),
            lambda apps, editor: rename_content_types(apps, "finding", "projects"),
        ),
    ]

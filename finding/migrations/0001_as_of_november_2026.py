import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import finding.models.search
from finding.triggers import created, notes_change, raises_version

# Triggers name the part whose version they raise; those of the catalogue name none.
RAISE = """
CREATE FUNCTION projects_raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    raised bigint := nextval('projects_catalogueversion_number');
BEGIN
    INSERT INTO projects_catalogueversion (id, number, changed_at)
    VALUES (1, raised, statement_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, changed_at = excluded.changed_at;
    INSERT INTO finding_partversion (part, number)
    VALUES (coalesce(TG_ARGV[0], 'catalogue'), raised)
    ON CONFLICT (part) DO UPDATE SET number = excluded.number;
    PERFORM pg_notify('portal_versions', '');
    RETURN NULL;
END $$
"""

# For what many change at once. Nothing public is another by these changes, so neither the version of the
# catalogue rises, which would have the search built again, nor does anything ring: who keeps pages looks
# several times a second anyway.
NOTE = """
CREATE FUNCTION finding_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO finding_partchange (part) VALUES (TG_ARGV[0]);
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    replaces = [
        ("finding", "0001_moved_from_projects"),
        ("finding", "0002_search_compounds"),
        ("finding", "0003_part_versions"),
        ("finding", "0004_sentences"),
        ("finding", "0005_missed_word_sentence"),
        ("finding", "0006_search_index"),
        ("finding", "0007_changes_of_parts"),
        ("finding", "0008_search_words"),
        ("finding", "0009_what_is_there_once"),
    ]

    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        # A sequence never gives a number twice, not even after a rollback or an emptied table.
        migrations.RunSQL(
            [
                "CREATE SEQUENCE projects_catalogueversion_number",
                RAISE,
                NOTE,
            ],
            [
                "DROP FUNCTION finding_note_change()",
                "DROP FUNCTION projects_raise_catalogue_version()",
                "DROP SEQUENCE projects_catalogueversion_number",
            ],
        ),
        migrations.CreateModel(
            name="CatalogueVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            name="PartChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=30)),
            ],
            options={
                "verbose_name": "Änderung eines Teils",
                "verbose_name_plural": "Änderungen der Teile",
            },
        ),
        migrations.CreateModel(
            name="PartVersion",
            fields=[
                ("part", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "Stand eines Teils",
                "verbose_name_plural": "Stände der Teile",
            },
        ),
        migrations.CreateModel(
            name="SearchState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField()),
                ("recipe", models.CharField(default="", max_length=32)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("build", models.UUIDField(default=uuid.uuid4)),
                ("changes_by_itself_at", models.DateTimeField(null=True)),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="Durch Kommas getrennt, zum Beispiel „Twin, Zwilling“. Wer eines davon sucht, findet alle. Auch mehrere Wörter sind möglich: „künstliche Intelligenz, KI“.",
                        max_length=500,
                        verbose_name="Wörter",
                    ),
                ),
                (
                    "narrower",
                    models.CharField(
                        blank=True,
                        help_text="Durch Kommas getrennt: was eine Art davon ist. Wer „Rufbus“ sucht, findet unter „Bus“ auch anderes, aber erst nach dem Rufbus selbst.",
                        max_length=500,
                        verbose_name="engere Wörter",
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
            name="MissedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40, verbose_name="Wort")),
                ("week", models.DateField(verbose_name="Woche ab")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="Suchen")),
            ],
            options={
                "verbose_name": "Suche ohne Treffer",
                "verbose_name_plural": "Suchen ohne Treffer",
                "ordering": ["-week", "-count", "word"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("word", "week"),
                        name="finding_missed_once_a_week",
                        violation_error_message="Dieses Wort ist in dieser Woche schon gezählt.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("name_text", models.TextField()),
                ("lead_text", models.TextField(blank=True)),
                ("body_text", models.TextField(blank=True)),
                ("topic_text", models.TextField(blank=True)),
                ("search_words", models.TextField(blank=True)),
                ("further_words", models.TextField(blank=True)),
                ("quality", models.PositiveSmallIntegerField(default=0)),
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
                                                                                                models.Func(
                                                                                                    models.F(
                                                                                                        "name_text"
                                                                                                    ),
                                                                                                    template="normalize(%(expressions)s, NFKC)",
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
                                                                                models.Value("ü"),
                                                                                models.Value("ue"),
                                                                            ),
                                                                            models.Value("Ü"),
                                                                            models.Value("ue"),
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
                                models.Func(models.Value("A"), template='%(expressions)s::"char"'),
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
                                                                                                models.Func(
                                                                                                    models.F(
                                                                                                        "lead_text"
                                                                                                    ),
                                                                                                    template="normalize(%(expressions)s, NFKC)",
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
                                                                                models.Value("ü"),
                                                                                models.Value("ue"),
                                                                            ),
                                                                            models.Value("Ü"),
                                                                            models.Value("ue"),
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
                                models.Func(models.Value("B"), template='%(expressions)s::"char"'),
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
                                                                                                models.Func(
                                                                                                    models.F(
                                                                                                        "search_words"
                                                                                                    ),
                                                                                                    template="normalize(%(expressions)s, NFKC)",
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
                                                                                models.Value("ü"),
                                                                                models.Value("ue"),
                                                                            ),
                                                                            models.Value("Ü"),
                                                                            models.Value("ue"),
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
                                models.Func(models.Value("C"), template='%(expressions)s::"char"'),
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
                                                                                                models.Func(
                                                                                                    models.F(
                                                                                                        "body_text"
                                                                                                    ),
                                                                                                    template="normalize(%(expressions)s, NFKC)",
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
                                                                                models.Value("ü"),
                                                                                models.Value("ue"),
                                                                            ),
                                                                            models.Value("Ü"),
                                                                            models.Value("ue"),
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
                                models.Func(models.Value("C"), template='%(expressions)s::"char"'),
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
                                                                                                models.Func(
                                                                                                    models.F(
                                                                                                        "topic_text"
                                                                                                    ),
                                                                                                    template="normalize(%(expressions)s, NFKC)",
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
                                                                                models.Value("ü"),
                                                                                models.Value("ue"),
                                                                            ),
                                                                            models.Value("Ü"),
                                                                            models.Value("ue"),
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
                                models.Func(models.Value("D"), template='%(expressions)s::"char"'),
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
                                                                                                models.Func(
                                                                                                    models.F(
                                                                                                        "further_words"
                                                                                                    ),
                                                                                                    template="normalize(%(expressions)s, NFKC)",
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
                                                                                models.Value("ü"),
                                                                                models.Value("ue"),
                                                                            ),
                                                                            models.Value("Ü"),
                                                                            models.Value("ue"),
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
                                models.Func(models.Value("C"), template='%(expressions)s::"char"'),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "object_id"),
                        name="projects_found_once",
                        violation_error_message="Dieser Eintrag steht schon in der Suche.",
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        error_messages={
                            "unique": "Dieses Wort steht schon im Suchindex. Bitte bauen Sie ihn neu."
                        },
                        max_length=200,
                        unique=True,
                    ),
                ),
                ("documents", models.PositiveIntegerField()),
                ("stem", models.CharField(db_index=True, max_length=200)),
                ("spelling", models.CharField(max_length=200)),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("found_in", models.BinaryField(default=bytes)),
                ("best_fields", models.BinaryField(default=bytes)),
                ("places", models.BinaryField(default=bytes)),
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
                        fields=["parts"], name="finding_word_parts"
                    ),
                ],
            },
        ),
        created(
            # Other words mean the same now, so lists find something else.
            raises_version("projects_synonyms"),
            # Each build is noted: whoever shows what was found may keep it until the next.
            notes_change("projects_searchstate", part="search"),
        ),
    ]

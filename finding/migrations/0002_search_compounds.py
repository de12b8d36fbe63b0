"""Texts get a lead and their unwritten words, words their parts; all is built anew from the catalogue."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

import finding.models.search

# What migration 0004 of projects shipped; `load_network` brings the thesaurus.
FIRST_GROUPS = [
    "Twin, Zwilling",
    "Starkregen, Hochwasser, Überflutung",
    "ÖPNV, Nahverkehr, Bus",
    "Bürgerbeteiligung, Partizipation, Mitwirkung",
    "Senioren, Ältere",
    "Open Source, quelloffen",
    "Funknetz, LoRaWAN",
    "Fahrrad, Radverkehr",
    "KI, Künstliche Intelligenz",
]


def drop_first_groups(apps, schema_editor):
    apps.get_model("finding", "Synonyms").objects.filter(words__in=FIRST_GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0001_moved_from_projects"),
    ]

    operations = [
        migrations.RunSQL(
            "DELETE FROM projects_searchdocument; DELETE FROM projects_searchword; "
            "DELETE FROM projects_searchstate",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(drop_first_groups, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="searchdocument", name="projects_search_vector"),
        migrations.RemoveField(model_name="searchdocument", name="vector"),
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
            },
        ),
        migrations.RemoveIndex(
            model_name="searchword",
            name="projects_search_word_parts",
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="further_words",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="lead_text",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="quality",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="searchword",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="synonyms",
            name="narrower",
            field=models.CharField(
                blank=True,
                help_text="Durch Kommas getrennt: was eine Art davon ist. Wer „Rufbus“ sucht, findet unter „Bus“ auch anderes, aber erst nach dem Rufbus selbst.",
                max_length=500,
                verbose_name="engere Wörter",
            ),
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="vector",
            field=models.GeneratedField(
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
                                                                                models.Value("ö"),
                                                                                models.Value("oe"),
                                                                            ),
                                                                            models.Value("Ö"),
                                                                            models.Value("oe"),
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
                                                                                models.Value("ö"),
                                                                                models.Value("oe"),
                                                                            ),
                                                                            models.Value("Ö"),
                                                                            models.Value("oe"),
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
                                                                                models.Value("ö"),
                                                                                models.Value("oe"),
                                                                            ),
                                                                            models.Value("Ö"),
                                                                            models.Value("oe"),
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
                                                                                models.Value("ö"),
                                                                                models.Value("oe"),
                                                                            ),
                                                                            models.Value("Ö"),
                                                                            models.Value("oe"),
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
                                                                                models.Value("ö"),
                                                                                models.Value("oe"),
                                                                            ),
                                                                            models.Value("Ö"),
                                                                            models.Value("oe"),
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
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["vector"], name="projects_search_vector"
            ),
        ),
        migrations.AlterField(
            model_name="synonyms",
            name="words",
            field=models.CharField(
                help_text="Durch Kommas getrennt, zum Beispiel „Twin, Zwilling“. Wer eines davon sucht, findet alle. Auch mehrere Wörter sind möglich: „künstliche Intelligenz, KI“.",
                max_length=500,
                verbose_name="Wörter",
            ),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["parts"], name="finding_word_parts"
            ),
        ),
        migrations.AddConstraint(
            model_name="missedword",
            constraint=models.UniqueConstraint(
                fields=("word", "week"), name="finding_missed_once_a_week"
            ),
        ),
    ]

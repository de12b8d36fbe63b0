import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import projects.models.licence
import projects.models.sourced
from finding.triggers import created, raises_version

WATCHED = [
    "projects_buildingblock",
    "projects_cost",
    "projects_document",
    "projects_lesson",
    "projects_municipality",
    "projects_networkfact",
    "projects_product",
    "projects_project",
    "projects_project_themes",
    "projects_projectmunicipality",
    "projects_reachedphase",
    "projects_reuse",
    "projects_solution",
    "projects_solution_technologies",
    "projects_solution_themes",
    "projects_source",
    "projects_technology",
    "projects_theme",
]


class Migration(migrations.Migration):
    replaces = [
        ("projects", "0001_initial"),
        ("projects", "0002_catalogue_version"),
        ("projects", "0003_loaded_facts_and_source_notes"),
        ("projects", "0004_search"),
        ("projects", "0005_municipality_lookup"),
        ("projects", "0006_project_editor"),
        ("projects", "0007_loaded_kinds_of_later_apps"),
        ("projects", "0008_search_recipe"),
        ("projects", "0009_search_moves_downstairs"),
        ("projects", "0010_fact_sheets"),
        ("projects", "0011_sheets_raise_version"),
        ("projects", "0012_uploaded_table"),
        ("projects", "0013_sentences"),
        ("projects", "0014_revision"),
        ("projects", "0015_reuse_statement"),
        ("projects", "0016_owner_ask"),
        ("projects", "0017_search_words"),
        ("projects", "0018_what_is_there_once"),
        ("projects", "0019_twice_as_many_search_words"),
    ]

    initial = True

    dependencies = [
        ("finding", "0001_as_of_november_2026"),
        ("accounts", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        error_messages={
                            "unique": "Dieses Thema gibt es schon. Bitte nehmen Sie das vorhandene, oder einen anderen Namen."
                        },
                        max_length=80,
                        unique=True,
                        verbose_name="Name",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        error_messages={
                            "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                        },
                        max_length=80,
                        unique=True,
                        verbose_name="Adresse",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
            ],
            options={
                "verbose_name": "Thema",
                "verbose_name_plural": "Themen",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        error_messages={
                            "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                        },
                        max_length=80,
                        unique=True,
                        verbose_name="Adresse",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
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
                                                                                models.F("name"),
                                                                                models.Value("ä"),
                                                                                models.Value("ae"),
                                                                            ),
                                                                            models.Value("Ä"),
                                                                            models.Value("ae"),
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
                        output_field=models.CharField(max_length=400, verbose_name="Sortiername"),
                    ),
                ),
                (
                    "title",
                    models.CharField(blank=True, max_length=200, verbose_name="Titel des Projekts"),
                ),
                (
                    "call_year",
                    models.PositiveSmallIntegerField(
                        choices=[(2019, "2019"), (2020, "2020"), (2021, "2021")],
                        verbose_name="Staffel",
                    ),
                ),
                (
                    "applicant_kind",
                    models.CharField(
                        choices=[
                            ("grossstadt", "Großstadt"),
                            ("mittelstadt", "Mittelstadt"),
                            ("kleinstadt", "Kleinstadt oder Landgemeinde"),
                            ("landkreis", "Landkreis"),
                            ("kooperation", "Interkommunale Kooperation"),
                            ("regionalverband", "Regionalverband"),
                        ],
                        max_length=20,
                        verbose_name="Art der Kommune",
                    ),
                ),
                (
                    "laender",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("BW", "Baden-Württemberg"),
                                ("BY", "Bayern"),
                                ("BE", "Berlin"),
                                ("BB", "Brandenburg"),
                                ("HB", "Bremen"),
                                ("HH", "Hamburg"),
                                ("HE", "Hessen"),
                                ("MV", "Mecklenburg-Vorpommern"),
                                ("NI", "Niedersachsen"),
                                ("NW", "Nordrhein-Westfalen"),
                                ("RP", "Rheinland-Pfalz"),
                                ("SL", "Saarland"),
                                ("SN", "Sachsen"),
                                ("ST", "Sachsen-Anhalt"),
                                ("SH", "Schleswig-Holstein"),
                                ("TH", "Thüringen"),
                            ],
                            max_length=2,
                        ),
                        help_text="Ein Projekt kann in mehreren Ländern liegen.",
                        size=None,
                        verbose_name="Länder",
                    ),
                ),
                (
                    "search_words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="Durch Kommas getrennt: Mit welchen Wörtern suchen Menschen danach, die den Namen nicht kennen? Zum Beispiel „Bauhof, Glatteis, Streusalz“. Keine Namen von Personen.",
                        size=80,
                        verbose_name="Suchworte",
                    ),
                ),
                (
                    "themes_basis",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="Herkunft der Themen"
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="Zusammenfassung")),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="Website")),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=150, verbose_name="Ansprechstelle"),
                ),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="E-Mail der Ansprechstelle"
                    ),
                ),
                (
                    "contact_phone",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="Telefon der Ansprechstelle"
                    ),
                ),
                (
                    "contact_url",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="Seite der Ansprechstelle"
                    ),
                ),
                (
                    "contact_source",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="Quelle der Ansprechstelle"
                    ),
                ),
                (
                    "status_text",
                    models.TextField(
                        blank=True,
                        help_text="Wo es steht und wie es gefördert wird.",
                        verbose_name="Stand des Projekts",
                    ),
                ),
                (
                    "funding_from",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="gefördert ab",
                    ),
                ),
                (
                    "funding_to",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="gefördert bis",
                    ),
                ),
                (
                    "budget",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Budget in Euro"
                    ),
                ),
                (
                    "federal_share",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="davon vom Bund in Euro"
                    ),
                ),
                (
                    "ended_on",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="abgeschlossen",
                    ),
                ),
                (
                    "status_source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle des Stands",
                    ),
                ),
                (
                    "status_is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ beim Stand und bei den Summen.",
                        verbose_name="Stand gesichert",
                    ),
                ),
                (
                    "status_note",
                    models.CharField(
                        blank=True, max_length=600, verbose_name="Anmerkung zum Stand"
                    ),
                ),
                (
                    "population",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Einwohner"),
                ),
                (
                    "population_basis",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="Herkunft der Einwohnerzahl"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        verbose_name="Fläche in km²",
                    ),
                ),
                (
                    "latitude",
                    models.FloatField(blank=True, null=True, verbose_name="geografische Breite"),
                ),
                (
                    "longitude",
                    models.FloatField(blank=True, null=True, verbose_name="geografische Länge"),
                ),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nicht bekannt"),
                            ("umsetzung", "In die Umsetzungsphase gestartet"),
                            ("umsetzung-nach-strategie", "Umsetzungsphase nach Strategiephase"),
                        ],
                        default="",
                        max_length=30,
                        verbose_name="Phase",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(db_index=True, default=True, verbose_name="öffentlich"),
                ),
                (
                    "check_note",
                    models.CharField(
                        blank=True,
                        help_text="Was an diesem Eintrag noch geprüft werden muss. Steht öffentlich dabei.",
                        max_length=300,
                        verbose_name="zu prüfen",
                    ),
                ),
                (
                    "editors_note",
                    models.CharField(
                        blank=True,
                        help_text="Nur für die Redaktion, steht nirgends öffentlich.",
                        max_length=300,
                        verbose_name="interne Notiz",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        related_name="projects",
                        to="projects.theme",
                        verbose_name="Themen",
                    ),
                ),
            ],
            options={
                "verbose_name": "Modellprojekt",
                "verbose_name_plural": "Modellprojekte",
                "ordering": ["sort_name", "pk"],
                "indexes": [
                    models.Index(fields=["sort_name"], name="projects_project_sort"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["laender"], name="projects_project_laender"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("call_year__in", [2019, 2020, 2021])),
                        name="projects_call_year_was_held",
                        violation_error_message="Staffeln gab es 2019, 2020 und 2021.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "applicant_kind__in",
                                [
                                    "grossstadt",
                                    "mittelstadt",
                                    "kleinstadt",
                                    "landkreis",
                                    "kooperation",
                                    "regionalverband",
                                ],
                            )
                        ),
                        name="projects_applicant_kind_is_known",
                        violation_error_message="Bitte eine der Arten wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "laender__contained_by",
                                [
                                    "BW",
                                    "BY",
                                    "BE",
                                    "BB",
                                    "HB",
                                    "HH",
                                    "HE",
                                    "MV",
                                    "NI",
                                    "NW",
                                    "RP",
                                    "SL",
                                    "SN",
                                    "ST",
                                    "SH",
                                    "TH",
                                ],
                            ),
                            ("laender__len__gte", 1),
                        ),
                        name="projects_project_lies_in_a_land",
                        violation_error_message="Ein Projekt liegt in mindestens einem der 16 Länder.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__range", (47.0, 55.2)), ("longitude__range", (5.5, 15.5))
                            ),
                            _connector="OR",
                        ),
                        name="projects_project_lies_in_germany",
                        violation_error_message="Diese Koordinaten liegen nicht in Deutschland.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status_source", ""), _negated=True),
                            models.Q(
                                ("budget", None),
                                ("ended_on", ""),
                                ("federal_share", None),
                                ("funding_from", ""),
                                ("funding_to", ""),
                                ("status_text", ""),
                            ),
                            _connector="OR",
                        ),
                        name="projects_project_status_has_source",
                        violation_error_message="Bitte die Quelle des Stands nennen: eine Internetadresse, einen Titel mit Datum oder „Angabe des Projekts“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status_is_certain", True),
                            models.Q(("status_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_project_unsure_status_says_what",
                        violation_error_message="Bitte sagen, was am Stand zu prüfen ist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("funding_from", ""),
                            ("funding_to", ""),
                            ("funding_from__lte", models.F("funding_to")),
                            _connector="OR",
                        ),
                        name="projects_project_funding_runs_forward",
                        violation_error_message="Die Förderung endet nicht, bevor sie beginnt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget", None),
                            ("federal_share", None),
                            ("federal_share__lte", models.F("budget")),
                            _connector="OR",
                        ),
                        name="projects_project_share_is_part_of_the_budget",
                        violation_error_message="Der Anteil des Bundes ist nicht größer als das Budget.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("funding_from", ""),
                            (
                                "funding_from__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_project_funding_from_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("funding_to", ""),
                            (
                                "funding_to__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_project_funding_to_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", ""),
                            (
                                "ended_on__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_project_ended_on_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadedTable",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="Schlüssel",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Dateiname")),
                ("content", models.BinaryField(verbose_name="Inhalt")),
                ("created_at", models.DateTimeField(verbose_name="hochgeladen am")),
            ],
            options={
                "verbose_name": "hochgeladene Tabelle",
                "verbose_name_plural": "hochgeladene Tabellen",
            },
        ),
        migrations.CreateModel(
            name="LoadedFacts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="Art")),
                ("key", models.CharField(max_length=200, verbose_name="Schlüssel")),
                ("row_id", models.BigIntegerField(verbose_name="Zeile")),
                ("facts", models.JSONField(verbose_name="geladene Angaben")),
            ],
            options={
                "verbose_name": "geladener Eintrag",
                "verbose_name_plural": "geladene Einträge",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key"),
                        name="projects_loaded_once",
                        violation_error_message="Dieser Eintrag ist schon geladen.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ars",
                    models.CharField(
                        blank=True,
                        default=None,
                        error_messages={
                            "unique": "Diesen Schlüssel hat schon eine andere Kommune. Bitte vergleichen Sie mit dem amtlichen Verzeichnis."
                        },
                        max_length=12,
                        null=True,
                        unique=True,
                        verbose_name="Regionalschlüssel",
                    ),
                ),
                (
                    "ags",
                    models.CharField(
                        blank=True,
                        default=None,
                        error_messages={
                            "unique": "Diesen Schlüssel hat schon eine andere Kommune. Bitte vergleichen Sie mit dem amtlichen Verzeichnis."
                        },
                        max_length=8,
                        null=True,
                        unique=True,
                        verbose_name="Gemeindeschlüssel (AGS)",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("gemeinde", "Stadt oder Gemeinde"),
                            ("verband", "Gemeindeverband"),
                            ("kreis", "Kreis"),
                            ("region", "Regionalverband"),
                        ],
                        max_length=10,
                        verbose_name="Ebene",
                    ),
                ),
                (
                    "designation",
                    models.CharField(
                        blank=True,
                        help_text="Zum Beispiel „Stadt“, „Landkreis“ oder „Samtgemeinde“.",
                        max_length=60,
                        verbose_name="Bezeichnung",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="So, wie die Leute es sagen: „Halle (Saale)“.",
                        max_length=120,
                        verbose_name="Name",
                    ),
                ),
                ("official_name", models.CharField(max_length=160, verbose_name="amtlicher Name")),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
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
                                                                                models.F("name"),
                                                                                models.Value("ä"),
                                                                                models.Value("ae"),
                                                                            ),
                                                                            models.Value("Ä"),
                                                                            models.Value("ae"),
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
                        output_field=models.CharField(max_length=400, verbose_name="Sortiername"),
                    ),
                ),
                (
                    "land",
                    models.CharField(
                        choices=[
                            ("BW", "Baden-Württemberg"),
                            ("BY", "Bayern"),
                            ("BE", "Berlin"),
                            ("BB", "Brandenburg"),
                            ("HB", "Bremen"),
                            ("HH", "Hamburg"),
                            ("HE", "Hessen"),
                            ("MV", "Mecklenburg-Vorpommern"),
                            ("NI", "Niedersachsen"),
                            ("NW", "Nordrhein-Westfalen"),
                            ("RP", "Rheinland-Pfalz"),
                            ("SL", "Saarland"),
                            ("SN", "Sachsen"),
                            ("ST", "Sachsen-Anhalt"),
                            ("SH", "Schleswig-Holstein"),
                            ("TH", "Thüringen"),
                        ],
                        max_length=2,
                        verbose_name="Land",
                    ),
                ),
                (
                    "postcode",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        max_length=5,
                        verbose_name="Postleitzahl der Verwaltung",
                    ),
                ),
                (
                    "population",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Einwohner"),
                ),
                (
                    "population_on",
                    models.DateField(blank=True, null=True, verbose_name="Stand der Einwohnerzahl"),
                ),
                (
                    "latitude",
                    models.FloatField(blank=True, null=True, verbose_name="geografische Breite"),
                ),
                (
                    "longitude",
                    models.FloatField(blank=True, null=True, verbose_name="geografische Länge"),
                ),
                (
                    "listed_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="Stand des Verzeichnisses"
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="Gesetzt, wenn das amtliche Verzeichnis sie nicht mehr führt.",
                        null=True,
                        verbose_name="aufgelöst am",
                    ),
                ),
                (
                    "kreis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gemeinden_of_kreis",
                        to="projects.municipality",
                        verbose_name="Kreis",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="projects.municipality",
                        verbose_name="aufgegangen in",
                    ),
                ),
                (
                    "verband",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gemeinden_of_verband",
                        to="projects.municipality",
                        verbose_name="Verband",
                    ),
                ),
            ],
            options={
                "verbose_name": "Kommune",
                "verbose_name_plural": "Kommunen",
                "ordering": ["sort_name", "pk"],
                "indexes": [
                    models.Index(fields=["sort_name"], name="projects_municipality_sort"),
                    models.Index(
                        fields=["sort_name"],
                        name="projects_municipality_begins",
                        opclasses=["varchar_pattern_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("sort_name"), name="gin_trgm_ops"
                        ),
                        name="projects_municipality_near",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("level", "gemeinde"),
                                models.Q(
                                    ("ars", None), ("ars__regex", "^\\d{12}$"), _connector="OR"
                                ),
                            ),
                            models.Q(
                                ("level", "verband"),
                                models.Q(
                                    ("ars", None), ("ars__regex", "^\\d{9}$"), _connector="OR"
                                ),
                            ),
                            models.Q(
                                ("level", "kreis"),
                                models.Q(
                                    ("ars", None), ("ars__regex", "^\\d{5}$"), _connector="OR"
                                ),
                            ),
                            models.Q(("ars", None), ("level", "region")),
                            _connector="OR",
                        ),
                        name="projects_ars_fits_the_level",
                        violation_error_message="Der Regionalschlüssel hat 12 Ziffern für eine Gemeinde, 9 für einen Verband und 5 für einen Kreis.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ags", None),
                            models.Q(("ags__regex", "^\\d{8}$"), ("level", "gemeinde")),
                            models.Q(("ags__regex", "^\\d{5}$"), ("level", "kreis")),
                            _connector="OR",
                        ),
                        name="projects_ags_fits_the_level",
                        violation_error_message="Der Gemeindeschlüssel (AGS) hat 8 Ziffern für eine Gemeinde und 5 für einen Kreis.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "land__in",
                                [
                                    "BW",
                                    "BY",
                                    "BE",
                                    "BB",
                                    "HB",
                                    "HH",
                                    "HE",
                                    "MV",
                                    "NI",
                                    "NW",
                                    "RP",
                                    "SL",
                                    "SN",
                                    "ST",
                                    "SH",
                                    "TH",
                                ],
                            )
                        ),
                        name="projects_municipality_lies_in_a_land",
                        violation_error_message="Bitte eines der 16 Länder wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor", None), ("ended_on__isnull", False), _connector="OR"
                        ),
                        name="projects_only_ended_municipalities_have_a_successor",
                        violation_error_message="Eine Nachfolgerin hat nur, wer aufgelöst ist: Bitte das Datum angeben.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("successor", models.F("id")), _negated=True),
                        name="projects_nobody_succeeds_themselves",
                        violation_error_message="Eine Kommune kann nicht ihre eigene Nachfolgerin sein.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__range", (47.0, 55.2)), ("longitude__range", (5.5, 15.5))
                            ),
                            _connector="OR",
                        ),
                        name="projects_municipality_lies_in_germany",
                        violation_error_message="Diese Koordinaten liegen nicht in Deutschland.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("programm", "Programm"),
                            ("transferstelle", "Koordinierungs- und Transferstelle"),
                            ("gemeinschaften", "Arbeits- und Entwicklungsgemeinschaften"),
                            ("start-smart", "Start Smart"),
                            ("skalierung", "Skalierung"),
                            ("nachnutzung", "Nachnutzung"),
                        ],
                        max_length=20,
                        verbose_name="Thema",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="Angabe")),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
            ],
            options={
                "verbose_name": "Angabe zum Netzwerk",
                "verbose_name_plural": "Angaben zum Netzwerk",
                "ordering": ["topic", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("text",),
                        name="projects_network_fact_once",
                        violation_error_message="Diese Angabe gibt es schon.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                [
                                    "programm",
                                    "transferstelle",
                                    "gemeinschaften",
                                    "start-smart",
                                    "skalierung",
                                    "nachnutzung",
                                ],
                            )
                        ),
                        name="projects_network_fact_topic_is_known",
                        violation_error_message="Bitte eines der Themen wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="projects_network_fact_has_source",
                        violation_error_message="Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnerAsk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="gefragt am")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="erinnert am"),
                ),
                (
                    "user",
                    models.OneToOneField(
                        error_messages={
                            "unique": "Diese Projektredaktion ist schon gefragt. Bitte warten Sie auf ihre Antwort."
                        },
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owner_ask",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Projektredaktion",
                    ),
                ),
            ],
            options={
                "verbose_name": "Frage an eine Projektredaktion",
                "verbose_name_plural": "Fragen an Projektredaktionen",
                "ordering": ["-asked_at"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reminded_at", None),
                            ("reminded_at__gt", models.F("asked_at")),
                            _connector="OR",
                        ),
                        name="projects_owner_is_asked_before_reminded",
                        violation_error_message="Erinnert wird nach der ersten Frage.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "slug",
                    models.SlugField(
                        error_messages={
                            "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                        },
                        max_length=120,
                        unique=True,
                        verbose_name="Adresse",
                    ),
                ),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
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
                                                                                models.F("name"),
                                                                                models.Value("ä"),
                                                                                models.Value("ae"),
                                                                            ),
                                                                            models.Value("Ä"),
                                                                            models.Value("ae"),
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
                        output_field=models.CharField(max_length=400, verbose_name="Sortiername"),
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "maker",
                    models.CharField(
                        blank=True,
                        help_text="Eine Organisation, keine Person.",
                        max_length=200,
                        verbose_name="Hersteller oder Gemeinschaft",
                    ),
                ),
                (
                    "licence",
                    projects.models.licence.LicenceField(
                        blank=True,
                        help_text="Nach SPDX, zum Beispiel „EUPL-1.2“. Nur, wenn eine Lizenzdatei oder der Hersteller sie nennt.",
                        max_length=200,
                        verbose_name="Lizenz",
                    ),
                ),
                (
                    "repository",
                    models.URLField(blank=True, max_length=300, verbose_name="Quellcode"),
                ),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="Website")),
            ],
            options={
                "verbose_name": "Produkt",
                "verbose_name_plural": "Produkte",
                "ordering": ["sort_name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sort_name",),
                        name="projects_product_once",
                        violation_error_message="Dieses Produkt gibt es schon.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="projects_product_has_source",
                        violation_error_message="Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectEditor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editors",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edited_projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Konto",
                    ),
                ),
            ],
            options={
                "verbose_name": "Projektredaktion",
                "verbose_name_plural": "Projektredaktionen",
                "ordering": ["project__sort_name", "user__email"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "user"),
                        name="projects_editor_once_per_project",
                        violation_error_message="Dieses Konto bearbeitet das Projekt schon.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectMunicipality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_lead", models.BooleanField(default=False, verbose_name="federführend")),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="projects.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "beteiligte Kommune",
                "verbose_name_plural": "beteiligte Kommunen",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "municipality"),
                        name="projects_municipality_once_per_project",
                        violation_error_message="Diese Kommune ist schon beteiligt.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_lead", True)),
                        fields=("project",),
                        name="projects_one_lead_per_project",
                        violation_error_message="Federführend kann nur eine Kommune sein.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Technology",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                (
                    "slug",
                    models.SlugField(
                        error_messages={
                            "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                        },
                        max_length=80,
                        unique=True,
                        verbose_name="Adresse",
                    ),
                ),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
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
                                                                                models.F("name"),
                                                                                models.Value("ä"),
                                                                                models.Value("ae"),
                                                                            ),
                                                                            models.Value("Ä"),
                                                                            models.Value("ae"),
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
                        output_field=models.CharField(max_length=400, verbose_name="Sortiername"),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("technologie", "Technologie"),
                            ("software", "Software"),
                            ("standard", "Standard oder Schnittstelle"),
                        ],
                        default="technologie",
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
            ],
            options={
                "verbose_name": "Technologie",
                "verbose_name_plural": "Technologien",
                "ordering": ["sort_name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sort_name",),
                        name="projects_technology_once",
                        violation_error_message="Diese Technologie gibt es schon.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["technologie", "software", "standard"])),
                        name="projects_technology_kind_is_known",
                        violation_error_message="Bitte eine der Arten wählen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Solution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        error_messages={
                            "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                        },
                        max_length=160,
                        unique=True,
                        verbose_name="Adresse",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
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
                                                                                models.F("name"),
                                                                                models.Value("ä"),
                                                                                models.Value("ae"),
                                                                            ),
                                                                            models.Value("Ä"),
                                                                            models.Value("ae"),
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
                        output_field=models.CharField(max_length=400, verbose_name="Sortiername"),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("app", "App"),
                            ("beteiligung", "Beteiligung"),
                            ("bildung", "Bildung"),
                            ("datenplattform", "Datenplattform"),
                            ("digitaler-zwilling", "Digitaler Zwilling"),
                            ("energie", "Energie"),
                            ("gesundheit-pflege", "Gesundheit und Pflege"),
                            ("katastrophenschutz", "Katastrophenschutz"),
                            ("klima-umwelt", "Klima und Umwelt"),
                            ("kultur-tourismus", "Kultur und Tourismus"),
                            ("mobilitaet", "Mobilität"),
                            ("ort-labor", "Ort oder Labor"),
                            ("sensorik", "Sensorik"),
                            ("sonstiges", "Sonstiges"),
                            ("strategie-organisation", "Strategie und Organisation"),
                            ("verwaltung", "Verwaltung"),
                            ("wirtschaft", "Wirtschaft"),
                        ],
                        max_length=30,
                        verbose_name="Art",
                    ),
                ),
                (
                    "problem",
                    models.TextField(
                        blank=True,
                        help_text="Welche Not oder Aufgabe die Lösung angeht.",
                        verbose_name="Problem",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "how_it_works",
                    models.TextField(
                        blank=True,
                        help_text="Wie sie arbeitet, Schritt für Schritt.",
                        verbose_name="Funktionsweise",
                    ),
                ),
                (
                    "maturity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nicht bekannt"),
                            ("geplant", "geplant"),
                            ("pilot", "Pilot oder Test"),
                            ("umsetzung", "in Umsetzung"),
                            ("betrieb", "in Betrieb"),
                            ("abgeschlossen", "abgeschlossen"),
                            ("eingestellt", "eingestellt"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Reife",
                    ),
                ),
                (
                    "maturity_as_of",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="Stand der Reife",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nicht bekannt"),
                            ("geplant", "Wirkung geplant"),
                            ("erprobt", "erprobt"),
                            ("gemessen", "Wirkung gemessen"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Nachweis",
                    ),
                ),
                (
                    "evidence_text",
                    models.TextField(blank=True, verbose_name="was erprobt oder gemessen wurde"),
                ),
                (
                    "open_source",
                    models.CharField(
                        choices=[("ja", "ja"), ("nein", "nein"), ("unbekannt", "nicht bekannt")],
                        default="unbekannt",
                        max_length=10,
                        verbose_name="quelloffen",
                    ),
                ),
                (
                    "licence",
                    projects.models.licence.LicenceField(
                        blank=True,
                        help_text="Nach SPDX, zum Beispiel „EUPL-1.2“. Nur, wenn eine Lizenzdatei oder der Hersteller sie nennt.",
                        max_length=200,
                        verbose_name="Lizenz",
                    ),
                ),
                (
                    "repository",
                    models.URLField(blank=True, max_length=300, verbose_name="Quellcode"),
                ),
                ("url", models.URLField(blank=True, max_length=400, verbose_name="eigene Seite")),
                (
                    "partners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="Organisationen, keine Personen.",
                        size=None,
                        verbose_name="Partner",
                    ),
                ),
                (
                    "staff_text",
                    models.CharField(blank=True, max_length=200, verbose_name="Personal"),
                ),
                (
                    "duration_text",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="Dauer der Einführung"
                    ),
                ),
                (
                    "ended_on",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="beendet",
                    ),
                ),
                (
                    "why_ended",
                    models.CharField(blank=True, max_length=400, verbose_name="warum beendet"),
                ),
                (
                    "search_words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="Durch Kommas getrennt: Mit welchen Wörtern suchen Menschen danach, die den Namen nicht kennen? Zum Beispiel „Bauhof, Glatteis, Streusalz“. Keine Namen von Personen.",
                        size=80,
                        verbose_name="Suchworte",
                    ),
                ),
                (
                    "unsure",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("problem", "Problem"),
                                ("description", "Beschreibung"),
                                ("how_it_works", "Funktionsweise"),
                                ("maturity", "Reife"),
                                ("evidence", "Nachweis"),
                                ("open_source", "quelloffen"),
                                ("licence", "Lizenz"),
                                ("repository", "Quellcode"),
                                ("technologies", "Technologien"),
                                ("partners", "Partner"),
                                ("effort", "Personal und Dauer"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="Bei diesen Angaben steht öffentlich „zu prüfen“.",
                        size=None,
                        verbose_name="zu prüfen",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "confirmed_on",
                    models.DateField(
                        blank=True,
                        help_text="Tag, an dem das Projekt die Angaben zuletzt bestätigt hat.",
                        null=True,
                        verbose_name="zuletzt bestätigt am",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "product",
                    models.OneToOneField(
                        blank=True,
                        error_messages={
                            "unique": "Dieses Produkt hat schon eine andere Lösung als Seite. Bitte wählen Sie ein anderes Produkt."
                        },
                        help_text="Wenn andere Lösungen auf dieser aufbauen: ihr Name als Produkt.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="solution",
                        to="projects.product",
                        verbose_name="ist selbst das Produkt",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="solutions",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "technologies",
                    models.ManyToManyField(
                        blank=True,
                        related_name="solutions",
                        to="projects.technology",
                        verbose_name="Technologien",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        related_name="solutions",
                        to="projects.theme",
                        verbose_name="Themen",
                    ),
                ),
            ],
            options={
                "verbose_name": "Lösung",
                "verbose_name_plural": "Lösungen",
                "ordering": ["sort_name", "pk"],
                "indexes": [models.Index(fields=["sort_name"], name="projects_solution_sort")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "name"),
                        name="projects_solution_name_once_per_project",
                        violation_error_message="Dieses Projekt hat schon eine Lösung dieses Namens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "app",
                                    "beteiligung",
                                    "bildung",
                                    "datenplattform",
                                    "digitaler-zwilling",
                                    "energie",
                                    "gesundheit-pflege",
                                    "katastrophenschutz",
                                    "klima-umwelt",
                                    "kultur-tourismus",
                                    "mobilitaet",
                                    "ort-labor",
                                    "sensorik",
                                    "sonstiges",
                                    "strategie-organisation",
                                    "verwaltung",
                                    "wirtschaft",
                                ],
                            )
                        ),
                        name="projects_solution_kind_is_known",
                        violation_error_message="Bitte eine der Arten wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "maturity__in",
                                [
                                    "",
                                    "geplant",
                                    "pilot",
                                    "umsetzung",
                                    "betrieb",
                                    "abgeschlossen",
                                    "eingestellt",
                                ],
                            )
                        ),
                        name="projects_solution_maturity_is_known",
                        violation_error_message="Bitte eine der Reifestufen wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_source__in", ["ja", "nein", "unbekannt"])),
                        name="projects_solution_open_source_is_known",
                        violation_error_message="Bitte ja, nein oder nicht bekannt wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repository", ""),
                            models.Q(("open_source", "nein"), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_closed_source_has_no_repository",
                        violation_error_message="Wer einen Quellcode angibt, kann nicht „nicht quelloffen“ sein.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evidence__in", ["", "geplant", "erprobt", "gemessen"])
                        ),
                        name="projects_solution_evidence_is_known",
                        violation_error_message="Bitte geplant, erprobt oder gemessen wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence", "gemessen"), _negated=True),
                            models.Q(("evidence_text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_solution_measured_says_what",
                        violation_error_message="Bitte sagen, was gemessen wurde.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "unsure__contained_by",
                                [
                                    "problem",
                                    "description",
                                    "how_it_works",
                                    "maturity",
                                    "evidence",
                                    "open_source",
                                    "licence",
                                    "repository",
                                    "technologies",
                                    "partners",
                                    "effort",
                                ],
                            )
                        ),
                        name="projects_solution_unsure_facts_are_known",
                        violation_error_message="Bitte nur Angaben dieser Seite als zu prüfen markieren.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unsure__len", 0),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_solution_unsure_says_what",
                        violation_error_message="Bitte in der Anmerkung sagen, was zu prüfen ist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("why_ended", ""),
                            models.Q(("ended_on", ""), _negated=True),
                            ("maturity__in", ["eingestellt", "abgeschlossen"]),
                            _connector="OR",
                        ),
                        name="projects_solution_ended_before_why",
                        violation_error_message="Warum sie beendet ist, steht nur bei einer beendeten Lösung.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("maturity_as_of", ""),
                            (
                                "maturity_as_of__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_solution_maturity_as_of_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", ""),
                            (
                                "ended_on__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_solution_ended_on_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reuse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Eine Kommune oder Organisation, keine Person.",
                        max_length=200,
                        verbose_name="wer nachnutzt",
                    ),
                ),
                (
                    "is_planned",
                    models.BooleanField(
                        default=False,
                        help_text="Die Kommune möchte nachnutzen und tut es noch nicht. Zählt nicht mit.",
                        verbose_name="erst geplant",
                    ),
                ),
                ("how", models.CharField(blank=True, max_length=400, verbose_name="wie")),
                (
                    "since",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="seit",
                    ),
                ),
                (
                    "cost_text",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="was es gekostet hat"
                    ),
                ),
                (
                    "learned",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="was daraus zu lernen ist"
                    ),
                ),
                (
                    "contract_until",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="Vertrag bis",
                    ),
                ),
                (
                    "project_note",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="Ergänzung des Projekts"
                    ),
                ),
                (
                    "stated_by",
                    models.CharField(
                        choices=[
                            ("quelle", "unabhängige Quelle"),
                            ("nachnutzende", "Kommune, die nachnutzt"),
                            ("anbietende", "Projekt oder Hersteller der Lösung"),
                        ],
                        default="quelle",
                        max_length=20,
                        verbose_name="Angabe von",
                    ),
                ),
                (
                    "confirmed_on",
                    models.DateField(
                        blank=True,
                        help_text="Leer, solange nur andere es sagen.",
                        null=True,
                        verbose_name="von der Kommune bestätigt am",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reuses",
                        to="projects.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reuses",
                        to="projects.product",
                        verbose_name="Produkt",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reuses",
                        to="projects.project",
                        verbose_name="Modellprojekt, das nachnutzt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reuses",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Nachnutzung",
                "verbose_name_plural": "Nachnutzungen",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product__isnull", True), ("solution__isnull", False)),
                            models.Q(("product__isnull", False), ("solution__isnull", True)),
                            _connector="OR",
                        ),
                        name="projects_reuse_of_one_thing",
                        violation_error_message="Nachgenutzt wird eine Lösung oder ein Produkt.",
                    ),
                    models.UniqueConstraint(
                        fields=("solution", "product", "name"),
                        name="projects_reuse_once",
                        nulls_distinct=False,
                        violation_error_message="Diese Nachnutzung ist schon genannt.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("municipality__isnull", False)),
                        fields=("solution", "product", "municipality"),
                        name="projects_reuse_once_per_municipality",
                        nulls_distinct=False,
                        violation_error_message="Diese Kommune ist hier schon genannt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stated_by__in", ["quelle", "nachnutzende", "anbietende"])
                        ),
                        name="projects_reuse_stated_by_is_known",
                        violation_error_message="Bitte wählen, von wem die Angabe stammt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stated_by", "quelle"), _negated=True),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_reuse_by_source_names_it",
                        violation_error_message="Bitte die Quelle nennen, die das sagt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since", ""),
                            (
                                "since__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_reuse_since_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_until", ""),
                            (
                                "contract_until__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_reuse_contract_ends_on_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vorgefunden", "vorgefunden"),
                            ("geaendert", "geändert"),
                            ("hergestellt", "wiederhergestellt"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="wann")),
                ("is_by_project", models.BooleanField(default=False, verbose_name="vom Projekt")),
                (
                    "sheet",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="Fassung",
                    ),
                ),
                ("changes", models.JSONField(default=list, verbose_name="Änderungen")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="von",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Fassung einer Lösung",
                "verbose_name_plural": "Fassungen von Lösungen",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["at"], name="projects_revision_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["vorgefunden", "geaendert", "hergestellt"])
                        ),
                        name="projects_revision_kind_is_known",
                        violation_error_message="Bitte eine der Arten wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_by_project", False), ("kind", "geaendert"), _connector="OR"
                        ),
                        name="projects_revision_by_project_is_a_change",
                        violation_error_message="Projekte ändern Fassungen, sonst nichts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReuseStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "written",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="Kommune, wie geschrieben"
                    ),
                ),
                ("is_planned", models.BooleanField(default=False, verbose_name="erst geplant")),
                ("how", models.CharField(blank=True, max_length=400, verbose_name="wie")),
                (
                    "since",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="seit",
                    ),
                ),
                (
                    "cost_text",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="was es gekostet hat"
                    ),
                ),
                (
                    "learned",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="was daraus zu lernen ist"
                    ),
                ),
                (
                    "contract_until",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="Vertrag bis",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse"),
                ),
                (
                    "mailbox",
                    models.CharField(
                        blank=True, editable=False, max_length=254, verbose_name="Postfach"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unbestaetigt", "Adresse nicht bestätigt"),
                            ("beim-projekt", "beim Projekt"),
                            ("rueckfrage", "Rückfrage an die Kommune"),
                            ("zu-entscheiden", "zu entscheiden"),
                            ("veroeffentlicht", "veröffentlicht"),
                            ("abgelehnt", "abgelehnt"),
                            ("zurueckgezogen", "zurückgezogen"),
                        ],
                        default="unbestaetigt",
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                ("stated_at", models.DateTimeField(editable=False, verbose_name="abgesendet am")),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="von der Kommune bestätigt am",
                    ),
                ),
                ("changed_at", models.DateTimeField(editable=False, verbose_name="Stand seit")),
                (
                    "respond_by",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="Antwort bis"
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="Rückfrage des Projekts"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="Antwort der Kommune"
                    ),
                ),
                (
                    "project_says",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "noch nichts"),
                            ("stimmt", "stimmt zu"),
                            ("widerspricht", "widerspricht"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Das Projekt",
                    ),
                ),
                (
                    "project_text",
                    models.CharField(blank=True, max_length=1000, verbose_name="in seinen Worten"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="Begründung der Ablehnung"
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="nachgefragt am"
                    ),
                ),
                (
                    "replaced",
                    models.JSONField(
                        blank=True, editable=False, null=True, verbose_name="vorherige Angaben"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="Fassung"),
                ),
                (
                    "anonymised_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="anonymisiert am"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="projects.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "reuse",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        error_messages={
                            "unique": "Zu dieser Nachnutzung gehört schon eine Angabe. Bitte ändern Sie diese."
                        },
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="statement",
                        to="projects.reuse",
                        verbose_name="öffentliche Angabe",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Angabe zur Nachnutzung",
                "verbose_name_plural": "Angaben zur Nachnutzung",
                "ordering": ["respond_by", "pk"],
                "default_permissions": ("view", "change"),
                "indexes": [
                    models.Index(fields=["mailbox"], name="projects_statement_by_mailbox"),
                    models.Index(
                        fields=["state", "respond_by"], name="projects_statement_by_state"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("anonymised_at", None),
                            (
                                "state__in",
                                (
                                    "unbestaetigt",
                                    "beim-projekt",
                                    "rueckfrage",
                                    "zu-entscheiden",
                                    "veroeffentlicht",
                                ),
                            ),
                        ),
                        fields=("solution", "municipality", "written", "mailbox"),
                        name="projects_one_live_statement",
                        nulls_distinct=False,
                        violation_error_message="Von dieser Adresse gibt es zu dieser Lösung schon eine Angabe dieser Kommune.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "unbestaetigt",
                                    "beim-projekt",
                                    "rueckfrage",
                                    "zu-entscheiden",
                                    "veroeffentlicht",
                                    "abgelehnt",
                                    "zurueckgezogen",
                                ],
                            ),
                            ("project_says__in", ["", "stimmt", "widerspricht"]),
                        ),
                        name="projects_statement_is_known",
                        violation_error_message="Diesen Stand gibt es nicht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("municipality", None), ("written", ""), _connector="XOR"
                        ),
                        name="projects_statement_of_one_municipality",
                        violation_error_message="Die Kommune ist eine aus der Liste oder steht so da, wie sie geschrieben wurde.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_planned", True),
                            models.Q(("how", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_statement_says_how",
                        violation_error_message="Bitte sagen, wie die Kommune die Lösung nutzt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", False),
                            ("state__in", ["unbestaetigt", "zurueckgezogen"]),
                            _connector="OR",
                        ),
                        name="projects_statement_is_confirmed_first",
                        violation_error_message="Erst bestätigt die Kommune ihre Angabe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["beim-projekt", "rueckfrage"]), _negated=True),
                            ("respond_by__isnull", False),
                            _connector="OR",
                        ),
                        name="projects_statement_waits_until_a_day",
                        violation_error_message="Auf eine Antwort wird bis zu einem Tag gewartet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rueckfrage"), _negated=True),
                            models.Q(("question", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_statement_question_is_asked",
                        violation_error_message="Bitte die Rückfrage aufschreiben.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("project_says", "widerspricht"), _negated=True),
                            models.Q(("project_text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_statement_objection_says_why",
                        violation_error_message="Bitte sagen, was an der Angabe nicht stimmt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "abgelehnt"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="projects_statement_refused_for_a_reason",
                        violation_error_message="Bitte die Ablehnung begründen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("anonymised_at", None), models.Q(("email", ""), _negated=True)
                            ),
                            models.Q(
                                ("anonymised_at__isnull", False),
                                ("email", ""),
                                ("mailbox", ""),
                                ("state", "veroeffentlicht"),
                            ),
                            _connector="OR",
                        ),
                        name="projects_statement_has_an_address",
                        violation_error_message="Eine Angabe hat eine Adresse, bis sie veröffentlicht ist und anonymisiert wird.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since", ""),
                            (
                                "since__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_statement_since_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_until", ""),
                            (
                                "contract_until__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_statement_contract_ends_on_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReachedPhase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("p1", "P1 Ideenfindung"),
                            ("p2", "P2 Konzept und Prototyp"),
                            ("p3", "P3 Pilot"),
                            ("p4", "P4 Verstetigung"),
                            ("p5", "P5 Transfer"),
                        ],
                        max_length=2,
                        verbose_name="Phase",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        help_text="Woran man erkennt, dass die Phase erreicht ist.",
                        max_length=400,
                        verbose_name="Beleg",
                    ),
                ),
                (
                    "as_of",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Skalierungsphase",
                "verbose_name_plural": "Skalierungsphasen",
                "ordering": ["phase", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("solution", "phase"),
                        name="projects_phase_once_per_solution",
                        violation_error_message="Diese Phase ist schon genannt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ["p1", "p2", "p3", "p4", "p5"])),
                        name="projects_scaling_phase_is_known",
                        violation_error_message="Bitte eine der Phasen P1 bis P5 wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True),
                        name="projects_scaling_phase_has_evidence",
                        violation_error_message="Bitte sagen, woran man die Phase erkennt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("as_of", ""),
                            (
                                "as_of__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_scaling_as_of_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="projects_scaling_has_source",
                        violation_error_message="Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ausschreibung", "Ausschreibung oder Leistungsbeschreibung"),
                            ("vertrag", "Vertrag oder Vereinbarung"),
                            ("konzept", "Konzept oder Strategie"),
                            ("schulung", "Anleitung oder Schulung"),
                            ("bericht", "Bericht oder Auswertung"),
                            ("quellcode", "weiterer Quellcode"),
                            ("sonstiges", "Sonstiges"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                ("url", models.URLField(max_length=500, verbose_name="Adresse")),
                (
                    "licence",
                    projects.models.licence.LicenceField(
                        blank=True,
                        help_text="Nach SPDX, zum Beispiel „EUPL-1.2“. Nur, wenn eine Lizenzdatei oder der Hersteller sie nennt.",
                        max_length=200,
                        verbose_name="Lizenz",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Dokument",
                "verbose_name_plural": "Dokumente",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("project__isnull", True), ("solution__isnull", False)),
                            models.Q(("project__isnull", False), ("solution__isnull", True)),
                            _connector="OR",
                        ),
                        name="projects_document_belongs_to_one",
                        violation_error_message="Ein Dokument gehört zu einer Lösung oder einem Modellprojekt.",
                    ),
                    models.UniqueConstraint(
                        fields=("solution", "project", "url"),
                        name="projects_document_once",
                        nulls_distinct=False,
                        violation_error_message="Dieses Dokument ist schon genannt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "ausschreibung",
                                    "vertrag",
                                    "konzept",
                                    "schulung",
                                    "bericht",
                                    "quellcode",
                                    "sonstiges",
                                ],
                            )
                        ),
                        name="projects_document_kind_is_known",
                        violation_error_message="Bitte eine der Arten wählen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="wofür")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="0 heißt kostenlos; leer, wenn die Quelle keine Summe nennt.",
                        max_digits=12,
                        null=True,
                        verbose_name="Betrag in Euro",
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("gesamt", "insgesamt"),
                            ("einmalig", "einmalig"),
                            ("je-jahr", "je Jahr"),
                            ("foerderung", "Förderung"),
                            ("davon", "Teil eines genannten Betrags"),
                            ("je-nutzung", "je Nutzung oder Einheit"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                (
                    "for_reusers",
                    models.BooleanField(
                        default=False,
                        help_text="Was eine Kommune zahlt, die die Lösung übernimmt. Geht der Kostenklasse vor.",
                        verbose_name="Preis für Nachnutzende",
                    ),
                ),
                (
                    "as_of",
                    projects.models.sourced.PartialDateField(
                        blank=True,
                        help_text="Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“.",
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Kosten",
                "verbose_name_plural": "Kosten",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("solution", "purpose"),
                        name="projects_cost_once",
                        violation_error_message="Diese Kosten sind schon genannt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                        name="projects_cost_is_not_negative",
                        violation_error_message="Ein Betrag kann nicht negativ sein.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "period__in",
                                [
                                    "gesamt",
                                    "einmalig",
                                    "je-jahr",
                                    "foerderung",
                                    "davon",
                                    "je-nutzung",
                                ],
                            )
                        ),
                        name="projects_cost_period_is_known",
                        violation_error_message="Bitte wählen, worauf sich der Betrag bezieht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("as_of", ""),
                            (
                                "as_of__regex",
                                "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$",
                            ),
                            _connector="OR",
                        ),
                        name="projects_cost_as_of_is_a_date",
                        violation_error_message="Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="projects_cost_has_source",
                        violation_error_message="Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BuildingBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="Zum Beispiel „Beteiligungssoftware CONSUL“.",
                        max_length=300,
                        verbose_name="was sie übernimmt",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        help_text="Eine Organisation, keine Person.",
                        max_length=200,
                        verbose_name="von wem",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used_in",
                        to="projects.product",
                        verbose_name="Produkt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocks",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Baustein",
                "verbose_name_plural": "Bausteine",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("solution", "text"),
                        name="projects_block_once",
                        violation_error_message="Dieser Baustein ist schon genannt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="projects_block_has_source",
                        violation_error_message="Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="Internetadresse oder Titel mit Datum.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Wofür die Quelle steht. Steht öffentlich dabei.",
                        max_length=200,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "is_truncated",
                    models.BooleanField(default=False, verbose_name="Adresse unvollständig"),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Quelle",
                "verbose_name_plural": "Quellen",
                "ordering": ["position", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "solution", "text"),
                        name="projects_source_once",
                        nulls_distinct=False,
                        violation_error_message="Diese Quelle ist schon genannt.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Internetadresse oder Titel mit Datum. Steht öffentlich dabei.",
                        max_length=500,
                        verbose_name="Quelle",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="geprüft am")),
                (
                    "is_certain",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken steht „zu prüfen“ bei genau dieser Angabe.",
                        verbose_name="gesichert",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei.",
                        max_length=600,
                        verbose_name="Anmerkung",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("erfolgsfaktor", "Erfolgsfaktor"),
                            ("stolperfalle", "Stolperfalle"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("text", models.CharField(max_length=600, verbose_name="Erkenntnis")),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lessons",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lessons",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lessons",
                        to="projects.theme",
                        verbose_name="Thema",
                    ),
                ),
            ],
            options={
                "verbose_name": "Erkenntnis",
                "verbose_name_plural": "Erkenntnisse",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("project__isnull", True),
                                ("solution__isnull", False),
                                ("theme__isnull", True),
                            ),
                            models.Q(
                                ("project__isnull", False),
                                ("solution__isnull", True),
                                ("theme__isnull", True),
                            ),
                            models.Q(
                                ("project__isnull", True),
                                ("solution__isnull", True),
                                ("theme__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="projects_lesson_belongs_to_one",
                        violation_error_message="Eine Erkenntnis gehört zu einer Lösung, einem Modellprojekt oder einem Thema.",
                    ),
                    models.UniqueConstraint(
                        fields=("solution", "project", "theme", "text"),
                        name="projects_lesson_once",
                        nulls_distinct=False,
                        violation_error_message="Diese Erkenntnis ist schon genannt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["erfolgsfaktor", "stolperfalle"])),
                        name="projects_lesson_kind_is_known",
                        violation_error_message="Bitte Erfolgsfaktor oder Stolperfalle wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="projects_lesson_has_source",
                        violation_error_message="Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="project",
            name="municipalities",
            field=models.ManyToManyField(
                related_name="projects",
                through="projects.ProjectMunicipality",
                to="projects.municipality",
                verbose_name="Kommunen",
            ),
        ),
        created(*map(raises_version, WATCHED)),
    ]

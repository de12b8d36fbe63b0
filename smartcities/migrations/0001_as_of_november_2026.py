import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from finding.triggers import created, raises_version


class Migration(migrations.Migration):
    replaces = [
        ("smartcities", "0001_regular_task"),
        ("smartcities", "0002_barrier_report"),
        ("smartcities", "0003_tidy_addresses"),
        ("smartcities", "0004_pinned_case"),
        ("smartcities", "0005_known_since"),
    ]

    initial = True

    dependencies = [
        ("finding", "0001_as_of_november_2026"),
        ("projects", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegularTask",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=100, primary_key=True, serialize=False, verbose_name="Aufgabe"
                    ),
                ),
                (
                    "known_since",
                    models.DateTimeField(
                        db_column="first_started_at",
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="bekannt seit",
                    ),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="zuletzt begonnen")),
                ("succeeded_at", models.DateTimeField(null=True, verbose_name="zuletzt gelungen")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="zuletzt gescheitert")),
                ("failure", models.CharField(blank=True, max_length=100, verbose_name="Fehler")),
            ],
            options={
                "verbose_name": "Regelmäßige Aufgabe",
                "verbose_name_plural": "Regelmäßige Aufgaben",
                "ordering": ["name"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="BarrierReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="Was geht nicht?")),
                (
                    "page",
                    models.CharField(blank=True, max_length=300, verbose_name="Auf welcher Seite?"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="E-Mail-Adresse für die Antwort"
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="gemeldet am")),
                ("due_on", models.DateField(editable=False, verbose_name="Antwort spätestens am")),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Wann Sie geantwortet haben, per E-Mail oder am Telefon.",
                        null=True,
                        verbose_name="beantwortet am",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="Nicht öffentlich.",
                        max_length=4000,
                        verbose_name="Was wir getan haben",
                    ),
                ),
            ],
            options={
                "verbose_name": "gemeldete Barriere",
                "verbose_name_plural": "gemeldete Barrieren",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            ("answered_at__gte", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="smartcities_barrier_answered_after_it_was_reported",
                        violation_error_message="Die Antwort kommt nach der Meldung.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PinnedCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="vom")),
                (
                    "ends_on",
                    models.DateField(
                        help_text="Danach wechselt der Fall wieder jede Woche von selbst.",
                        verbose_name="bis",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pinned",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
            ],
            options={
                "verbose_name": "angehefteter Fall der Startseite",
                "verbose_name_plural": "angeheftete Fälle der Startseite",
                "ordering": ["-begins_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("begins_on"))),
                        name="smartcities_pinned_case_ends_after_it_begins",
                        violation_error_message="Der letzte Tag liegt vor dem ersten.",
                    )
                ],
            },
        ),
        created(raises_version("smartcities_pinnedcase")),
    ]

"""Cases are worked on: messages, absences and holidays, a feed per advisor, requests by phone."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import ground.secret_address


class Migration(migrations.Migration):
    dependencies = [
        ("consulting", "0009_german_names"),
        ("finding", "0003_part_versions"),
        ("projects", "0015_reuse_statement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="abwesend von")),
                ("last_on", models.DateField(verbose_name="bis einschließlich")),
            ],
            options={
                "verbose_name": "Abwesenheit",
                "verbose_name_plural": "Abwesenheiten",
                "ordering": ["first_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AdvisorFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=ground.secret_address.new_token, max_length=64, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
            ],
            options={
                "verbose_name": "Kalender einer beratenden Person",
                "verbose_name_plural": "Kalender der beratenden Personen",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="Nachricht")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="Wann"
                    ),
                ),
                (
                    "read_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="erledigt am"
                    ),
                ),
            ],
            options={
                "verbose_name": "Nachricht zu einer Anfrage",
                "verbose_name_plural": "Nachrichten zu Anfragen",
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="historyentry",
            name="consulting_history_kind_is_known",
        ),
        migrations.AddField(
            model_name="advisor",
            name="land",
            field=models.CharField(
                blank=True,
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
                help_text="An Feiertagen dieses Landes legen Terminreihen keine Termine an. Ohne Angabe zählen nur die bundesweiten.",
                max_length=2,
                verbose_name="Feiertage von",
            ),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="source",
            field=models.CharField(
                choices=[("formular", "über das Formular"), ("telefonisch", "telefonisch")],
                default="formular",
                editable=False,
                max_length=12,
                verbose_name="Eingang",
            ),
        ),
        migrations.AlterField(
            model_name="historyentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmed", "bestätigt"),
                    ("scheduled", "von der Geschäftsstelle vereinbart"),
                    ("moved", "verschoben"),
                    ("proposed", "anderer Termin vorgeschlagen"),
                    ("accepted", "Vorschlag angenommen"),
                    ("refused", "Vorschlag passt nicht"),
                    ("cancelled", "abgesagt"),
                    ("declined", "abgelehnt"),
                    ("held_meeting", "Beratung hat stattgefunden"),
                    ("no_show", "nicht erschienen"),
                    ("outcome", "Ergebnis festgehalten"),
                    ("sent_outcome", "Ergebnis an die Kommune geschickt"),
                    ("called_off", "Termin fällt aus, neue Zeiten angeboten"),
                    ("reopened", "wieder aufgenommen"),
                    ("chose_time", "neue Zeit gewählt"),
                    ("rated", "Rückmeldung gegeben"),
                    ("expired", "verfallen"),
                    ("event_moved", "mit der Veranstaltung verlegt"),
                    ("event_gone", "Veranstaltung entfällt oder passt nicht mehr"),
                    ("anonymised", "anonymisiert"),
                ],
                max_length=14,
                verbose_name="Was",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "land__in",
                        [
                            "",
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
                name="consulting_advisor_keeps_holidays_of_a_land",
                violation_error_message="Bitte eines der 16 Länder wählen, oder keines.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["formular", "telefonisch"])),
                name="consulting_source_is_known",
                violation_error_message="Anfragen kommen über das Formular oder telefonisch.",
            ),
        ),
        migrations.AddConstraint(
            model_name="historyentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "confirmed",
                            "scheduled",
                            "moved",
                            "proposed",
                            "accepted",
                            "refused",
                            "cancelled",
                            "declined",
                            "held_meeting",
                            "no_show",
                            "outcome",
                            "sent_outcome",
                            "called_off",
                            "reopened",
                            "chose_time",
                            "rated",
                            "expired",
                            "event_moved",
                            "event_gone",
                            "anonymised",
                        ],
                    )
                ),
                name="consulting_history_kind_is_known",
                violation_error_message="Diese Art von Änderung gibt es nicht.",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="advisor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="consulting.advisor",
                verbose_name="Beraterin oder Berater",
            ),
        ),
        migrations.AddField(
            model_name="advisorfeed",
            name="advisor",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="feed",
                to="consulting.advisor",
                verbose_name="Beraterin oder Berater",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="answer_to",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answer",
                to="consulting.message",
                verbose_name="Antwort auf",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Wer",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="consulting.consultationrequest",
                verbose_name="Anfrage",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))),
                name="consulting_absence_ends_after_it_begins",
                violation_error_message="Der letzte Tag liegt am oder nach dem ersten.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="consulting_message_says_something",
                violation_error_message="Bitte schreiben Sie etwas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer_to", None), ("read_at", None)),
                    models.Q(("answer_to__isnull", False), ("author", None)),
                    _connector="OR",
                ),
                name="consulting_message_comes_from_one_side",
                violation_error_message="Eine Antwort kommt von der Kommune.",
            ),
        ),
        # The page of an event offers advice there only while an advisor is there.
        migrations.RunSQL(
            "CREATE TRIGGER consulting_absence_raises_version "
            "AFTER INSERT OR UPDATE OR DELETE ON consulting_absence FOR EACH STATEMENT "
            "EXECUTE FUNCTION projects_raise_catalogue_version('events')",
            "DROP TRIGGER consulting_absence_raises_version ON consulting_absence",
        ),
    ]

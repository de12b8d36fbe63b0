"""Who was made responsible stands in the history of a request, and makes no version of it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import consulting.models.request
import ground.secret_address


def forget_what_makes_no_version(apps, schema_editor):
    entries = apps.get_model("consulting", "HistoryEntry").objects
    entries.using(schema_editor.connection.alias).filter(version=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("consulting", "0011_free_times_note_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="historyentry",
            options={
                "ordering": ["pk"],
                "verbose_name": "Verlauf",
                "verbose_name_plural": "Verlauf",
            },
        ),
        migrations.RemoveConstraint(
            model_name="historyentry",
            name="consulting_history_kind_is_known",
        ),
        migrations.AddField(
            model_name="historyentry",
            name="to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="an",
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
                    ("assigned", "zugewiesen"),
                    ("handed_back", "Zuständigkeit abgegeben"),
                    ("answer_done", "Antwort der Kommune erledigt"),
                ],
                max_length=14,
                verbose_name="Was",
            ),
        ),
        migrations.AlterField(
            model_name="historyentry",
            name="version",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="Fassung"),
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
                            "assigned",
                            "handed_back",
                            "answer_done",
                        ],
                    )
                ),
                name="consulting_history_kind_is_known",
                violation_error_message="Diese Art von Änderung gibt es nicht.",
            ),
        ),
        migrations.AddConstraint(
            model_name="historyentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("assigned", "handed_back", "answer_done")),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("version__isnull", False),
                        models.Q(
                            ("kind__in", ("assigned", "handed_back", "answer_done")), _negated=True
                        ),
                    ),
                    _connector="OR",
                ),
                name="consulting_history_of_the_office_makes_no_version",
                violation_error_message="Was nur die Geschäftsstelle betrifft, ist keine neue Fassung der Anfrage.",
            ),
        ),
        migrations.AddConstraint(
            model_name="historyentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", None), ("kind", "assigned"), _connector="OR"),
                name="consulting_history_to_whom_it_is_assigned",
                violation_error_message="Nur eine Zuweisung geht an jemanden.",
            ),
        ),
        migrations.AlterField(
            model_name="advisor",
            name="user",
            field=models.OneToOneField(
                blank=True,
                error_messages={
                    "unique": "Mit diesem Konto berät schon jemand. Bitte wählen Sie ein anderes, oder ändern Sie den Eintrag, den es schon gibt."
                },
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="advisor",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Konto",
            ),
        ),
        migrations.AlterField(
            model_name="advisorfeed",
            name="advisor",
            field=models.OneToOneField(
                error_messages={
                    "unique": "Diesen Kalender gibt es schon. Bitte nehmen Sie seine Adresse erst zurück."
                },
                on_delete=django.db.models.deletion.CASCADE,
                related_name="feed",
                to="consulting.advisor",
                verbose_name="Beraterin oder Berater",
            ),
        ),
        migrations.AlterField(
            model_name="advisorfeed",
            name="token",
            field=models.CharField(
                default=ground.secret_address.new_token,
                error_messages={
                    "unique": "Diese geheime Adresse gibt es schon. Bitte legen Sie noch einmal eine an."
                },
                max_length=64,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="consultationrequest",
            name="form_token",
            field=models.UUIDField(
                default=uuid.uuid4,
                editable=False,
                error_messages={
                    "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                },
                unique=True,
                verbose_name="Kennung des Formulars",
            ),
        ),
        migrations.AlterField(
            model_name="consultationrequest",
            name="reference",
            field=models.CharField(
                default=consulting.models.request.new_reference,
                editable=False,
                error_messages={
                    "unique": "Diese Nummer ist schon vergeben. Bitte senden Sie noch einmal ab."
                },
                max_length=12,
                unique=True,
                verbose_name="Vorgangsnummer",
            ),
        ),
        migrations.AlterField(
            model_name="draft",
            name="continues",
            field=models.UUIDField(
                editable=False,
                error_messages={
                    "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                },
                null=True,
                unique=True,
                verbose_name="setzt fort",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="answer_to",
            field=models.OneToOneField(
                blank=True,
                error_messages={
                    "unique": "Auf diese Nachricht ist schon geantwortet. Bitte schreiben Sie eine neue."
                },
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answer",
                to="consulting.message",
                verbose_name="Antwort auf",
            ),
        ),
        # Backwards first: without it the columns as they were would not fit.
        migrations.RunPython(migrations.RunPython.noop, forget_what_makes_no_version),
    ]

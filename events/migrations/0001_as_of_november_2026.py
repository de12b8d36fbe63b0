import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import communities.files
import events.models.registration
import ground.secret_address
from finding.triggers import created, notes_change, raises_version

WATCHED = [
    "events_document",
    "events_event",
    "events_event_host_projects",
    "events_event_themes",
    "events_eventsource",
    "events_minutes",
]

# Not `taken`, which changes with every registration: pages that show seats are told by those, below.
PROGRAMME = (
    "INSERT OR DELETE OR TRUNCATE "
    "OR UPDATE OF event_id, starts_at, ends_at, title, text, speakers, room, needs_choice, capacity"
)
# A registration whose address is not confirmed yet holds its seat, which counts otherwise.
SEATS = "INSERT OR UPDATE OF event_id, mode, state, confirmed_at OR DELETE OR TRUNCATE"


class Migration(migrations.Migration):
    replaces = [
        ("events", "0001_initial"),
        ("events", "0002_arrival_and_catalogue_version"),
        ("events", "0003_form_tokens_and_moves"),
        ("events", "0004_programme_raises_version"),
        ("events", "0005_rules_that_make_sense"),
        ("events", "0006_mail_without_reminder_rows"),
        ("events", "0007_mailbox_key"),
        ("events", "0008_own_version"),
        ("events", "0009_sentences"),
        ("events", "0010_german_names"),
        ("events", "0011_desk_and_questions"),
        ("events", "0012_minutes"),
        ("events", "0013_seats_note_changes"),
        ("events", "0014_what_is_there_once"),
    ]

    initial = True

    dependencies = [
        ("finding", "0001_as_of_november_2026"),
        ("accounts", "0001_as_of_november_2026"),
        ("communities", "0001_as_of_november_2026"),
        ("projects", "0001_as_of_november_2026"),
    ]

    operations = [
        # Drawn from while the row of the seats is locked, so its order is that of arrival within one waiting list.
        migrations.RunSQL("CREATE SEQUENCE events_arrival", "DROP SEQUENCE events_arrival"),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address_hash",
                    models.CharField(
                        error_messages={
                            "unique": "Diese Adresse ist schon abgemeldet. Es ist nichts mehr zu tun."
                        },
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="am")),
            ],
            options={
                "verbose_name": "Abbestellung",
                "verbose_name_plural": "Abbestellungen",
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                        max_length=120,
                        unique=True,
                        verbose_name="Adresse",
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        error_messages={
                            "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                        },
                        unique=True,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regionalkonferenz", "Regionalkonferenz"),
                            ("roadshow", "Roadshow-Station"),
                            ("kongress", "Kongress"),
                            ("aeg-workshop", "AEG-Workshop"),
                            ("themenwerkstatt", "Themenwerkstatt"),
                            ("peer-learning", "Peer Learning"),
                            ("kick-off", "Kick-off"),
                            ("extern", "Externer Termin"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Die wievielte ihrer Art, zum Beispiel bei Regionalkonferenzen.",
                        null=True,
                        verbose_name="Nummer",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                (
                    "teaser",
                    models.CharField(blank=True, max_length=400, verbose_name="Kurz gesagt"),
                ),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entwurf", "Entwurf"),
                            ("veroeffentlicht", "veröffentlicht"),
                            ("abgesagt", "abgesagt"),
                        ],
                        default="entwurf",
                        editable=False,
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="Grund der Absage"
                    ),
                ),
                (
                    "cancelled_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="abgesagt am"
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("zeit", "mit Uhrzeit"),
                            ("tag", "auf den Tag"),
                            ("monat", "auf den Monat"),
                            ("ungefaehr", "nur ungefähr, in Worten"),
                        ],
                        default="zeit",
                        max_length=10,
                        verbose_name="Wie genau der Termin feststeht",
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="Beginn")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="Ende")),
                (
                    "date_text",
                    models.CharField(
                        blank=True,
                        help_text="Wenn er nur ungefähr feststeht, zum Beispiel „März/April 2022“.",
                        max_length=100,
                        verbose_name="Termin in Worten",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nicht bekannt"),
                            ("vor-ort", "vor Ort"),
                            ("online", "online"),
                            ("hybrid", "vor Ort und online"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Form",
                    ),
                ),
                (
                    "venue",
                    models.CharField(blank=True, max_length=200, verbose_name="Veranstaltungsort"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="Anschrift")),
                (
                    "city",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="Stadt oder Gemeinde"
                    ),
                ),
                (
                    "land",
                    models.CharField(
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
                        max_length=2,
                        verbose_name="Land",
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
                    "online_link",
                    models.URLField(
                        blank=True,
                        help_text="Bekommen nur Menschen mit einem Platz, per E-Mail. Steht auf keiner Seite und in keinem öffentlichen Kalender.",
                        max_length=300,
                        verbose_name="Link zum Videoraum",
                    ),
                ),
                (
                    "access_note",
                    models.TextField(
                        blank=True,
                        help_text="Zum Beispiel: stufenlos, Induktionsschleife im Saal, Gebärdensprache.",
                        max_length=1000,
                        verbose_name="Barrierefreiheit vor Ort",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("alle", "alle"),
                            ("modellprojekte", "Modellprojekte"),
                            ("nicht-gefoerderte", "nicht geförderte Kommunen"),
                            ("mitglieder", "Mitglieder der Gemeinschaft"),
                        ],
                        default="alle",
                        max_length=20,
                        verbose_name="Für wen",
                    ),
                ),
                (
                    "takes_registrations",
                    models.BooleanField(default=False, verbose_name="Anmeldung über das Portal"),
                ),
                (
                    "registration_url",
                    models.URLField(blank=True, max_length=300, verbose_name="Anmeldung anderswo"),
                ),
                (
                    "registration_opens_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Anmeldung ab"),
                ),
                (
                    "registration_closes_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Leer: bis zum Beginn.",
                        null=True,
                        verbose_name="Anmeldung bis",
                    ),
                ),
                (
                    "has_participants_list",
                    models.BooleanField(
                        default=False,
                        help_text="Nur wer bei der Anmeldung zustimmt, steht auf der Liste.",
                        verbose_name="Teilnehmende sehen einander",
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=150, verbose_name="Ansprechperson"),
                ),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="E-Mail der Ansprechperson"
                    ),
                ),
                (
                    "documentation",
                    models.TextField(
                        blank=True,
                        help_text="Was dabei herauskam. Öffentlich nach dem Termin.",
                        verbose_name="Rückblick",
                    ),
                ),
                (
                    "attendees",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="Teilnehmende, gezählt"
                    ),
                ),
                (
                    "check_note",
                    models.CharField(
                        blank=True,
                        help_text="Was noch geprüft werden muss. Steht öffentlich dabei.",
                        max_length=300,
                        verbose_name="zu prüfen",
                    ),
                ),
                (
                    "editors_note",
                    models.TextField(
                        blank=True,
                        help_text="Nicht öffentlich.",
                        verbose_name="Notiz der Redaktion",
                    ),
                ),
                ("moved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("minutes_nudged_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="communities.community",
                        verbose_name="Gemeinschaft oder Themengruppe",
                    ),
                ),
                (
                    "host_projects",
                    models.ManyToManyField(
                        blank=True,
                        related_name="hosted_events",
                        to="projects.project",
                        verbose_name="Gastgeber",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="Eine Roadshow-Station am Tag und Ort einer Regionalkonferenz: ein Besuch.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="events.event",
                        verbose_name="Teil von",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        help_text="Bei Peer Learning: der Auftakt, zu dem dieser weitere Termin gehört.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="dates",
                        to="events.event",
                        verbose_name="Reihe",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        related_name="events",
                        to="projects.theme",
                        verbose_name="Themen",
                    ),
                ),
            ],
            options={
                "verbose_name": "Veranstaltung",
                "verbose_name_plural": "Veranstaltungen",
                "ordering": ["-starts_at", "-pk"],
                "indexes": [models.Index(fields=["ends_at", "starts_at"], name="events_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_at", None), ("starts_at", None)),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="events_event_ends_after_it_begins",
                        violation_error_message="Das Ende muss nach dem Beginn liegen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "entwurf"), ("starts_at__isnull", False), _connector="OR"
                        ),
                        name="events_public_event_has_a_date",
                        violation_error_message="Ohne Termin bleibt eine Veranstaltung ein Entwurf.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("state", "abgesagt")),
                            models.Q(
                                models.Q(("state", "abgesagt"), _negated=True),
                                ("cancelled_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="events_cancelled_at_a_moment",
                        violation_error_message="Eine abgesagte Veranstaltung hat einen Zeitpunkt der Absage, eine andere keinen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("precision", "ungefaehr"), _negated=True),
                            models.Q(("date_text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="events_rough_date_is_worded",
                        violation_error_message="Ein ungefährer Termin braucht Worte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("takes_registrations", False),
                            models.Q(("precision", "zeit"), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="events_registration_needs_a_time",
                        violation_error_message="Anmelden kann man sich nur, wenn Tag und Uhrzeit feststehen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("takes_registrations", False),
                            ("registration_url", ""),
                            _connector="OR",
                        ),
                        name="events_registration_at_one_place",
                        violation_error_message="Die Anmeldung läuft entweder über das Portal oder anderswo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registration_opens_at", None),
                            ("registration_closes_at", None),
                            ("registration_closes_at__gt", models.F("registration_opens_at")),
                            _connector="OR",
                        ),
                        name="events_registration_closes_after_it_opens",
                        violation_error_message="Die Anmeldung endet, nachdem sie begonnen hat.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "mitglieder"), _negated=True),
                            ("community__isnull", False),
                            _connector="OR",
                        ),
                        name="events_members_of_which_community",
                        violation_error_message="Bitte die Gemeinschaft nennen, deren Mitglieder gemeint sind.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "aeg-workshop"), _negated=True),
                            ("community__isnull", False),
                            _connector="OR",
                        ),
                        name="events_community_workshop_has_a_community",
                        violation_error_message="Ein AEG-Workshop gehört zu einer Gemeinschaft.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("part_of", None),
                            models.Q(("part_of", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="events_not_part_of_itself",
                        violation_error_message="Eine Veranstaltung kann nicht Teil ihrer selbst sein.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__range", (47.0, 55.2)), ("longitude__range", (5.5, 15.5))
                            ),
                            _connector="OR",
                        ),
                        name="events_event_lies_in_germany",
                        violation_error_message="Diese Koordinaten liegen nicht in Deutschland.",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "number"),
                        name="events_number_once_per_kind",
                        violation_error_message="Diese Nummer gibt es bei dieser Art schon.",
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
                    "file_name",
                    models.CharField(
                        blank=True, editable=False, max_length=150, verbose_name="Dateiname"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("vorher", "Unterlage zur Veranstaltung"),
                            ("nachher", "Dokumentation"),
                        ],
                        default="nachher",
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("oeffentlich", "öffentlich"),
                            ("teilnehmende", "nur für Teilnehmende"),
                        ],
                        default="teilnehmende",
                        help_text="Neues ist intern, bis Sie hier „öffentlich“ auswählen.",
                        max_length=15,
                        verbose_name="Sichtbar",
                    ),
                ),
                (
                    "file",
                    communities.files.UploadField(
                        blank=True,
                        max_length=200,
                        upload_to="events/documents",
                        verbose_name="Datei",
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="Link")),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Unterlage",
                "verbose_name_plural": "Unterlagen",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), _negated=True),
                            models.Q(("link", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="events_document_can_be_opened",
                        violation_error_message="Bitte eine Datei oder einen Link angeben.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="Beginn")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="Ende")),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                (
                    "text",
                    models.TextField(blank=True, max_length=2000, verbose_name="Beschreibung"),
                ),
                ("speakers", models.CharField(blank=True, max_length=300, verbose_name="mit")),
                ("room", models.CharField(blank=True, max_length=100, verbose_name="Raum")),
                (
                    "needs_choice",
                    models.BooleanField(
                        default=False,
                        help_text="Zum Beispiel ein Workshop mit begrenzten Plätzen.",
                        verbose_name="wird bei der Anmeldung gewählt",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveIntegerField(
                        blank=True, help_text="Leer: ohne Grenze.", null=True, verbose_name="Plätze"
                    ),
                ),
                (
                    "taken",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="vergeben"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Programmpunkt",
                "verbose_name_plural": "Programm",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="events_item_ends_after_it_begins",
                        violation_error_message="Das Ende muss nach dem Beginn liegen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity", None),
                            ("taken__lte", models.F("capacity")),
                            _connector="OR",
                        ),
                        name="events_item_never_oversold",
                        violation_error_message="So viele Plätze sind schon vergeben. Weniger kann es nicht geben.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "form_token",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        error_messages={
                            "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                        },
                        unique=True,
                    ),
                ),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("platz", "Menschen mit Platz"),
                                ("warteliste", "Menschen auf der Warteliste"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="an wen",
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="Betreff")),
                ("text", models.TextField(max_length=20000, verbose_name="Nachricht")),
                ("sent_at", models.DateTimeField(editable=False, verbose_name="gesendet am")),
                (
                    "recipients",
                    models.PositiveIntegerField(editable=False, verbose_name="Empfänger"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="geschrieben von",
                    ),
                ),
            ],
            options={
                "verbose_name": "Nachricht an Teilnehmende",
                "verbose_name_plural": "Nachrichten an Teilnehmende",
                "ordering": ["-sent_at"],
            },
        ),
        migrations.CreateModel(
            name="EventQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        choices=[(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)], verbose_name="Reihenfolge"
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="Fragen Sie nur, was Sie für diese Veranstaltung brauchen, und nichts über die Gesundheit: Danach fragt das Formular schon selbst, und es löscht diese Angaben früher.",
                        max_length=200,
                        verbose_name="Frage",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "freie Antwort"),
                            ("auswahl", "eine Antwort zur Auswahl"),
                        ],
                        default="text",
                        max_length=10,
                        verbose_name="Antwort",
                    ),
                ),
                (
                    "options",
                    models.TextField(
                        blank=True,
                        help_text="Nur bei einer Auswahl: jede Antwort in eine eigene Zeile.",
                        max_length=1000,
                        verbose_name="Auswahl",
                    ),
                ),
                (
                    "is_required",
                    models.BooleanField(default=False, verbose_name="muss beantwortet werden"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
            ],
            options={
                "verbose_name": "eigene Frage",
                "verbose_name_plural": "eigene Fragen an alle, die sich anmelden",
                "ordering": ["event", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "position"),
                        name="events_question_has_its_place",
                        violation_error_message="An dieser Stelle steht schon eine Frage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1), ("position__lte", 5)),
                        name="events_few_questions",
                        violation_error_message="Mehr als fünf eigene Fragen sind nicht möglich.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "text"), ("options", "")),
                            models.Q(("kind", "auswahl"), models.Q(("options", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="events_question_offers_answers",
                        violation_error_message="Eine Auswahl braucht Antworten, eine freie Antwort hat keine.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventSource",
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
                    "is_truncated",
                    models.BooleanField(default=False, verbose_name="Adresse unvollständig"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="events.event",
                        verbose_name="Veranstaltung",
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
                        fields=("event", "text"),
                        name="events_source_once",
                        violation_error_message="Diese Quelle ist schon genannt.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="Betreff")),
                ("text", models.TextField(max_length=20000, verbose_name="Einladung")),
                (
                    "addresses",
                    models.TextField(
                        blank=True,
                        help_text="Eine je Zeile oder durch Kommas getrennt.",
                        verbose_name="E-Mail-Adressen",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("entwurf", "Entwurf"), ("gesendet", "gesendet")],
                        default="entwurf",
                        editable=False,
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="angelegt am",
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="gesendet am"
                    ),
                ),
                (
                    "recipients",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="Empfänger"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="geschrieben von",
                    ),
                ),
            ],
            options={
                "verbose_name": "Einladung",
                "verbose_name_plural": "Einladungen",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "entwurf"),
                            models.Q(
                                ("addresses", ""), ("sent_at__isnull", False), ("state", "gesendet")
                            ),
                            _connector="OR",
                        ),
                        name="events_sent_invitation_keeps_no_addresses",
                        violation_error_message="Eine gesendete Einladung hat einen Zeitpunkt und keine Adressen mehr.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Alles in einem Text, oder nur, was in keinen der Abschnitte darunter passt.",
                        max_length=50000,
                        verbose_name="Protokoll",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entwurf", "Entwurf"),
                            ("freigegeben", "freigegeben, nur für Mitglieder"),
                            ("oeffentlich", "öffentlich"),
                        ],
                        default="entwurf",
                        max_length=15,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="freigegeben am"
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="Mitglieder benachrichtigt am",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="freigegeben von",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        error_messages={
                            "unique": "Zu diesem Workshop gibt es schon ein Protokoll. Bitte schreiben Sie dort weiter."
                        },
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="minutes",
                        to="events.event",
                        verbose_name="Workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "Protokoll",
                "verbose_name_plural": "Protokolle",
                "ordering": ["-event__starts_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "entwurf"), ("approved_at__isnull", False), _connector="OR"
                        ),
                        name="events_shared_minutes_are_approved",
                        violation_error_message="Ein Protokoll, das andere lesen, ist freigegeben.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="Was beschlossen ist")),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="events.minutes",
                        verbose_name="Protokoll",
                    ),
                ),
            ],
            options={
                "verbose_name": "Beschluss",
                "verbose_name_plural": "Beschlüsse",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MinutesFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file_name",
                    models.CharField(
                        blank=True, editable=False, max_length=150, verbose_name="Dateiname"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "file",
                    communities.files.UploadField(
                        max_length=200, upload_to="events/minutes", verbose_name="Datei"
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Ohne Haken sehen die Datei nur die Mitglieder, auch wenn das Protokoll öffentlich ist.",
                        verbose_name="öffentlich, sobald das Protokoll es ist",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="events.minutes",
                        verbose_name="Protokoll",
                    ),
                ),
            ],
            options={
                "verbose_name": "Anhang",
                "verbose_name_plural": "Anhänge",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MinutesItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Worum es ging")),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="Was besprochen wurde"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="events.minutes",
                        verbose_name="Protokoll",
                    ),
                ),
            ],
            options={
                "verbose_name": "Tagesordnungspunkt",
                "verbose_name_plural": "Tagesordnung",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MinutesTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="Was zu tun ist")),
                (
                    "owner_name",
                    models.CharField(
                        blank=True,
                        help_text="Ein Name, wenn es kein Mitglied ist. Bekommt keine E-Mail.",
                        max_length=150,
                        verbose_name="oder jemand anderes",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="fällig am")),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="erledigt am"
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="erinnert am"
                    ),
                ),
                (
                    "overdue_told_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="gemahnt am"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="Fassung"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        help_text="Wird drei Arbeitstage vorher und einmal nach dem Termin per E-Mail erinnert.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tasks",
                        to="communities.membership",
                        verbose_name="Wer: ein Mitglied",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="events.minutes",
                        verbose_name="Protokoll",
                    ),
                ),
            ],
            options={
                "verbose_name": "Aufgabe",
                "verbose_name_plural": "Aufgaben",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["due_on"],
                        name="events_open_tasks_by_day",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("member", None), ("owner_name", ""), _connector="OR"),
                        name="events_task_has_one_owner",
                        violation_error_message="Bitte entweder ein Mitglied auswählen oder einen Namen schreiben, nicht beides.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalFeed",
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
                        default=ground.secret_address.new_token,
                        error_messages={
                            "unique": "Diese geheime Adresse gibt es schon. Bitte legen Sie noch einmal eine an."
                        },
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                (
                    "user",
                    models.OneToOneField(
                        error_messages={
                            "unique": "Diesen Kalender gibt es schon. Bitte nehmen Sie seine Adresse erst zurück."
                        },
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="event_feed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Konto",
                    ),
                ),
            ],
            options={
                "verbose_name": "persönlicher Kalender",
                "verbose_name_plural": "persönliche Kalender",
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=events.models.registration.new_reference,
                        editable=False,
                        error_messages={
                            "unique": "Diese Nummer ist schon vergeben. Bitte senden Sie noch einmal ab."
                        },
                        max_length=12,
                        unique=True,
                        verbose_name="Nummer",
                    ),
                ),
                (
                    "submission",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, verbose_name="Kennung des Formulars"
                    ),
                ),
                (
                    "named_colleagues",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="andere mit angemeldet"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="Name")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse"),
                ),
                (
                    "email_key",
                    models.CharField(editable=False, max_length=254, verbose_name="Postfach"),
                ),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=200, verbose_name="Organisation"),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("vor-ort", "vor Ort"), ("online", "online")],
                        max_length=10,
                        verbose_name="Teilnahme",
                    ),
                ),
                (
                    "contributes",
                    models.BooleanField(default=False, editable=False, verbose_name="wirkt mit"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("platz", "hat einen Platz"),
                            ("warteliste", "auf der Warteliste"),
                            ("angebot", "Platz angeboten"),
                            ("abgemeldet", "abgemeldet"),
                            ("verfallen", "verfallen"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "arrival",
                    models.BigIntegerField(editable=False, verbose_name="Reihenfolge des Eingangs"),
                ),
                (
                    "hold_until",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="vorgemerkt bis"
                    ),
                ),
                (
                    "offered_until",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="angeboten bis"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="Adresse bestätigt am"
                    ),
                ),
                (
                    "seated_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="Platz seit"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="beendet am"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="Fassung"),
                ),
                (
                    "catering_note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="Hinweis zur Verpflegung"
                    ),
                ),
                (
                    "on_participants_list",
                    models.BooleanField(
                        default=False, verbose_name="darf auf die Liste der Teilnehmenden"
                    ),
                ),
                (
                    "attended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="anwesend seit"
                    ),
                ),
                (
                    "attendance_noted_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="Anwesenheit zuletzt vermerkt am",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="angemeldet am")),
                ("changed_at", models.DateTimeField(editable=False, verbose_name="Stand seit")),
                (
                    "anonymised_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="anonymisiert am"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="event_registrations",
                        to="projects.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="colleagues",
                        to="events.registration",
                        verbose_name="angemeldet durch",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="registrations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Konto",
                    ),
                ),
            ],
            options={
                "verbose_name": "Anmeldung",
                "verbose_name_plural": "Anmeldungen",
                "ordering": ["arrival"],
                "permissions": [("work_on_events", "Darf alle Veranstaltungen verwalten")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "warteliste")),
                        fields=["event", "mode", "arrival"],
                        name="events_waiting_in_line",
                    ),
                    models.Index(fields=["event", "state"], name="events_registrations_by_state"),
                    models.Index(
                        condition=models.Q(("hold_until__isnull", False)),
                        fields=["hold_until"],
                        name="events_registrations_held",
                    ),
                    models.Index(
                        condition=models.Q(("offered_until__isnull", False)),
                        fields=["offered_until"],
                        name="events_registrations_offered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("anonymised_at", None),
                            ("state__in", ["platz", "warteliste", "angebot"]),
                            models.Q(("email_key", ""), _negated=True),
                        ),
                        fields=("event", "email_key"),
                        name="events_one_live_registration_per_person",
                        violation_error_message="Mit dieser Adresse sind Sie schon angemeldet.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("anonymised_at", None)),
                        fields=("submission", "email_key"),
                        name="events_form_counts_once",
                        violation_error_message="Dieses Formular ist schon angekommen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["platz", "warteliste", "angebot", "abgemeldet", "verfallen"],
                            ),
                            ("mode__in", ["vor-ort", "online"]),
                        ),
                        name="events_registration_is_known",
                        violation_error_message="Diesen Stand oder diese Art der Teilnahme gibt es nicht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("state__in", ("platz", "warteliste", "angebot")),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ("platz", "warteliste", "angebot")), _negated=True
                                ),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="events_registration_closed_at_a_moment",
                        violation_error_message="Eine beendete Anmeldung hat einen Zeitpunkt des Endes, eine laufende keinen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("offered_until__isnull", False), ("state", "angebot")),
                            models.Q(
                                models.Q(("state", "angebot"), _negated=True),
                                ("offered_until", None),
                            ),
                            _connector="OR",
                        ),
                        name="events_offer_lasts_until",
                        violation_error_message="Eine Frist hat genau der angebotene Platz.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hold_until", None),
                            models.Q(
                                ("confirmed_at", None),
                                ("state__in", ("platz", "warteliste", "angebot")),
                            ),
                            _connector="OR",
                        ),
                        name="events_only_unconfirmed_are_held",
                        violation_error_message="Vorgemerkt ist nur, wessen Adresse noch nicht bestätigt ist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contributes", False),
                            models.Q(("state__in", ["warteliste", "angebot"]), _negated=True),
                            _connector="OR",
                        ),
                        name="events_contributors_do_not_wait",
                        violation_error_message="Wer mitwirkt, braucht keinen Platz und wartet nicht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("anonymised_at", None),
                            models.Q(
                                ("catering_note", ""),
                                ("email", ""),
                                ("email_key", ""),
                                ("name", ""),
                                ("on_participants_list", False),
                                ("organisation", ""),
                                ("user", None),
                            ),
                            _connector="OR",
                        ),
                        name="events_anonymised_means_nothing_personal",
                        violation_error_message="Eine anonymisierte Anmeldung enthält nichts Persönliches mehr.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParticipantNeeds",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("gebaerdensprache", "Gebärdensprachdolmetschung"),
                                ("schriftdolmetschung", "Schriftdolmetschung"),
                                ("induktionsschleife", "Induktionsschleife"),
                                ("stufenlos", "stufenloser Zugang"),
                                ("ruhiger-raum", "ruhiger Raum"),
                                ("assistenz", "Platz für eine Assistenz"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Bedarf",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="Weiteres")),
                (
                    "registration",
                    models.OneToOneField(
                        error_messages={
                            "unique": "Zu dieser Anmeldung steht das schon da. Bitte ändern Sie, was dasteht."
                        },
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="events.registration",
                        verbose_name="Anmeldung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Bedarf für die Teilnahme",
                "verbose_name_plural": "Bedarfe für die Teilnahme",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "needs__contained_by",
                                [
                                    "gebaerdensprache",
                                    "schriftdolmetschung",
                                    "induktionsschleife",
                                    "stufenlos",
                                    "ruhiger-raum",
                                    "assistenz",
                                ],
                            )
                        ),
                        name="events_needs_are_known",
                        violation_error_message="Bitte nur Angaben aus der Liste wählen.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EventAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="Antwort")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="events.eventquestion",
                        verbose_name="Frage",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="events.registration",
                        verbose_name="Anmeldung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Antwort auf eine eigene Frage",
                "verbose_name_plural": "Antworten auf eigene Fragen",
                "ordering": ["question__position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("registration", "question"),
                        name="events_question_answered_once",
                        violation_error_message="Diese Frage ist schon beantwortet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="events_answer_says_something",
                        violation_error_message="Eine Antwort ohne Worte ist keine.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.SlugField(
                        help_text="„woche“, „tag“, „warteliste“, „gastgeber“ und „danach“ ersetzen, was sonst gilt.",
                        max_length=30,
                        verbose_name="Kennung",
                    ),
                ),
                (
                    "anchor",
                    models.CharField(
                        choices=[("vorher", "vor dem Beginn"), ("nachher", "nach dem Ende")],
                        default="vorher",
                        max_length=10,
                        verbose_name="wann",
                    ),
                ),
                (
                    "hours",
                    models.PositiveIntegerField(
                        help_text="Wie viele Stunden vorher oder nachher. 24 ist ein Tag.",
                        verbose_name="Stunden",
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("platz", "Menschen mit Platz"),
                            ("warteliste", "Menschen auf der Warteliste"),
                            ("gastgeber", "Gastgeber und Ansprechpersonen"),
                        ],
                        default="platz",
                        max_length=12,
                        verbose_name="an",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Steht am Anfang der E-Mail.",
                        max_length=4000,
                        verbose_name="eigener Text",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="wird gesendet")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_rules",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Erinnerung",
                "verbose_name_plural": "Erinnerungen",
                "ordering": ["anchor", "-hours", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "name"),
                        name="events_rule_once_per_event",
                        violation_error_message="Diese Erinnerung gibt es hier schon.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__range", (0, 1440))),
                        name="events_rule_within_sixty_days",
                        violation_error_message="Höchstens 1440 Stunden, also 60 Tage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor", "vorher"), ("hours", 0), _negated=True),
                        name="events_rule_before_is_before",
                        violation_error_message="Vor dem Beginn heißt: mindestens eine Stunde vorher.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("anchor", "nachher"), ("to", "warteliste"), _negated=True
                        ),
                        name="events_rule_nobody_waits_after",
                        violation_error_message="Nach dem Ende wartet niemand mehr: Bitte einen anderen Kreis wählen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seats",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("vor-ort", "vor Ort"), ("online", "online")],
                        max_length=10,
                        verbose_name="Teilnahme",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveIntegerField(
                        blank=True, help_text="Leer: ohne Grenze.", null=True, verbose_name="Plätze"
                    ),
                ),
                (
                    "taken",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="vergeben"),
                ),
                (
                    "waiting_limit",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="0: keine Warteliste.",
                        verbose_name="Plätze auf der Warteliste",
                    ),
                ),
                (
                    "waiting",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="auf der Warteliste"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="events.event",
                        verbose_name="Veranstaltung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Platzkontingent",
                "verbose_name_plural": "Plätze",
                "ordering": ["-mode"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "mode"),
                        name="events_seats_once_per_mode",
                        violation_error_message="Plätze dieser Art gibt es hier schon.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["vor-ort", "online"])),
                        name="events_seats_mode_is_known",
                        violation_error_message="Plätze gibt es vor Ort oder online.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity", None),
                            ("taken__lte", models.F("capacity")),
                            _connector="OR",
                        ),
                        name="events_seats_never_oversold",
                        violation_error_message="So viele Plätze sind schon vergeben. Weniger kann es nicht geben.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waiting__lte", models.F("waiting_limit"))),
                        name="events_waiting_list_never_too_long",
                        violation_error_message="So viele Menschen warten schon. Kürzer kann die Warteliste nicht werden.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="events.agendaitem",
                        verbose_name="Programmpunkt",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="events.registration",
                        verbose_name="Anmeldung",
                    ),
                ),
            ],
            options={
                "verbose_name": "gewählter Programmpunkt",
                "verbose_name_plural": "gewählte Programmpunkte",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("registration", "item"),
                        name="events_item_chosen_once",
                        violation_error_message="Dieser Programmpunkt ist schon gewählt.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="registration",
            name="sessions",
            field=models.ManyToManyField(
                blank=True,
                related_name="registrations",
                through="events.SessionChoice",
                to="events.agendaitem",
                verbose_name="gewählte Programmpunkte",
            ),
        ),
        created(
            *(raises_version(table, part="events") for table in WATCHED),
            raises_version("events_agendaitem", part="events", moment=PROGRAMME),
            notes_change("events_registration", part="seats", moment=SEATS),
            notes_change("events_seats", part="seats"),
        ),
    ]

import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import consulting.models.appointment
import consulting.models.request
import ground.secret_address
from finding.triggers import created, notes_change, raises_version

# The page of an event says that one can be advised there: times that hang on an event change it, all others
# are none of its business.
AT_EVENT = {
    "consulting_slot_at_event_raises_version": (
        "INSERT OR UPDATE OF event_id, is_offered",
        "NEW.event_id IS NOT NULL",
    ),
    "consulting_slot_off_event_raises_version": ("DELETE", "OLD.event_id IS NOT NULL"),
    "consulting_slot_leaves_event_raises_version": (
        "UPDATE OF event_id",
        "OLD.event_id IS NOT NULL AND NEW.event_id IS NULL",
    ),
}
FREE_TIMES = [
    "consulting_absence",
    "consulting_advisor",
    "consulting_appointment",
    "consulting_slot",
]


class Migration(migrations.Migration):
    replaces = [
        ("consulting", "0001_initial"),
        ("consulting", "0002_office_permission"),
        ("consulting", "0003_network_use_moved_to_accounts"),
        ("consulting", "0004_times_on_site"),
        ("consulting", "0005_event_pages_notice_times"),
        ("consulting", "0006_history_entries"),
        ("consulting", "0007_draft_continues"),
        ("consulting", "0008_version_of_events"),
        ("consulting", "0009_german_names"),
        ("consulting", "0010_advice"),
        ("consulting", "0011_free_times_note_changes"),
        ("consulting", "0012_who_is_responsible"),
    ]

    initial = True

    dependencies = [
        ("finding", "0001_as_of_november_2026"),
        ("accounts", "0001_as_of_november_2026"),
        ("events", "0001_as_of_november_2026"),
        ("projects", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsultationRequest",
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
                        verbose_name="Kennung des Formulars",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
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
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="Fassung"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Termin vorgemerkt, Bestätigung fehlt"),
                            ("open", "bei der Geschäftsstelle"),
                            ("proposed", "Termin vorgeschlagen, Antwort fehlt"),
                            ("confirmed", "Termin vereinbart"),
                            ("done", "erledigt"),
                            ("no_show", "nicht erschienen"),
                            ("cancelled", "abgesagt"),
                            ("declined", "abgelehnt"),
                            ("expired", "verfallen"),
                        ],
                        default="open",
                        editable=False,
                        max_length=12,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("formular", "über das Formular"), ("telefonisch", "telefonisch")],
                        default="formular",
                        editable=False,
                        max_length=12,
                        verbose_name="Eingang",
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="eingegangen am",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="geändert am",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="bestätigt am"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="abgeschlossen am"
                    ),
                ),
                (
                    "due_on",
                    models.DateField(blank=True, null=True, verbose_name="zu beantworten bis"),
                ),
                (
                    "anonymised_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="anonymisiert am"
                    ),
                ),
                (
                    "municipality_name",
                    models.CharField(
                        blank=True,
                        help_text="Nur, wenn sie nicht in der Liste steht.",
                        max_length=160,
                        verbose_name="Name der Kommune",
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
                    "building_blocks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("initialberatung", "Initialberatung"),
                                ("themenwerkstatt", "Themenwerkstatt"),
                                ("peer-learning", "Peer Learning"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="Bausteine",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("anfang", "Wir stehen am Anfang"),
                            ("strategie", "Wir arbeiten an einer Strategie"),
                            ("umsetzung", "Wir setzen erste Maßnahmen um"),
                            ("betrieb", "Wir betreiben schon Lösungen"),
                        ],
                        max_length=12,
                        verbose_name="Wo Sie stehen",
                    ),
                ),
                ("question", models.TextField(max_length=4000, verbose_name="Ihr Anliegen")),
                (
                    "wishes",
                    models.TextField(
                        blank=True,
                        help_text="Wann es Ihnen passt, wenn kein angebotener Termin passt.",
                        max_length=2000,
                        verbose_name="Terminwünsche",
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=150, verbose_name="Ihr Name"),
                ),
                (
                    "contact_role",
                    models.CharField(blank=True, max_length=150, verbose_name="Ihre Funktion"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="dienstliche E-Mail-Adresse"
                    ),
                ),
                (
                    "email_key",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=254,
                        verbose_name="Postfach",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                (
                    "closing_reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="Grund der Absage oder Ablehnung"
                    ),
                ),
                ("outcome", models.TextField(blank=True, max_length=8000, verbose_name="Ergebnis")),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hat-geholfen", "Ja, das hat uns geholfen"),
                            ("teils", "Teils, teils"),
                            ("hat-nicht-geholfen", "Nein, das hat uns nicht geholfen"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="Hat die Beratung geholfen?",
                    ),
                ),
                (
                    "rating_comment",
                    models.TextField(
                        blank=True, editable=False, max_length=2000, verbose_name="Rückmeldung"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultation_requests",
                        to="projects.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consultation_requests",
                        to="projects.project",
                        verbose_name="Modellprojekt, um das es geht",
                    ),
                ),
                (
                    "recommended_projects",
                    models.ManyToManyField(
                        blank=True,
                        related_name="recommended_in",
                        to="projects.project",
                        verbose_name="empfohlene Modellprojekte",
                    ),
                ),
                (
                    "recommended_solutions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="recommended_in",
                        to="projects.solution",
                        verbose_name="empfohlene Lösungen",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consultation_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="zuständig",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consultation_requests",
                        to="projects.solution",
                        verbose_name="Lösung, um die es geht",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        related_name="consultation_requests",
                        to="projects.theme",
                        verbose_name="Themen",
                    ),
                ),
            ],
            options={
                "verbose_name": "Beratungsanfrage",
                "verbose_name_plural": "Beratungsanfragen",
                "ordering": ["-submitted_at", "-pk"],
                "permissions": [
                    ("work_as_office", "Start Smart: Geschäftsstelle (alle Anfragen und Termine)")
                ],
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="consulting_requests_queue"),
                    models.Index(fields=["-submitted_at"], name="consulting_requests_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("state__in", ("held", "open", "proposed", "confirmed")),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                (
                                    "state__in",
                                    ("done", "no_show", "cancelled", "declined", "expired"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="consulting_closed_exactly_if_dated",
                        violation_error_message="Eine abgeschlossene Anfrage hat ein Datum des Abschlusses, eine laufende keines.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", False), ("state", "confirmed")),
                            models.Q(("confirmed_at__isnull", False), ("state", "no_show")),
                            models.Q(
                                ("confirmed_at", None), ("state__in", ("held", "open", "proposed"))
                            ),
                            ("state__in", ("done", "cancelled", "declined", "expired")),
                            _connector="OR",
                        ),
                        name="consulting_confirmed_exactly_if_dated",
                        violation_error_message="Ein vereinbarter Termin hat ein Datum der Bestätigung, ein offener keines.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", False), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("due_on", None)),
                            _connector="OR",
                        ),
                        name="consulting_due_exactly_if_open",
                        violation_error_message="Eine Frist hat genau die Anfrage, die bei der Geschäftsstelle liegt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality__isnull", False), ("municipality_name", "")),
                            models.Q(
                                ("municipality", None),
                                models.Q(("municipality_name", ""), _negated=True),
                            ),
                            models.Q(("anonymised_at__isnull", False), ("municipality_name", "")),
                            _connector="OR",
                        ),
                        name="consulting_request_names_one_municipality",
                        violation_error_message="Bitte eine Kommune aus der Liste wählen oder ihren Namen angeben.",
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
                        name="consulting_request_comes_from_a_land",
                        violation_error_message="Bitte eines der 16 Länder wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("building_blocks__len__gte", 1),
                            (
                                "building_blocks__contained_by",
                                ["initialberatung", "themenwerkstatt", "peer-learning"],
                            ),
                        ),
                        name="consulting_request_wants_a_building_block",
                        violation_error_message="Bitte mindestens einen Baustein wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["anfang", "strategie", "umsetzung", "betrieb"])
                        ),
                        name="consulting_stage_is_known",
                        violation_error_message="Bitte angeben, wo Ihre Kommune steht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rating__in", ["", "hat-geholfen", "teils", "hat-nicht-geholfen"])
                        ),
                        name="consulting_rating_is_known",
                        violation_error_message="Bitte eine der Antworten wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("anonymised_at", None),
                                models.Q(("contact_name", ""), _negated=True),
                                models.Q(("email", ""), _negated=True),
                                models.Q(("email_key", ""), _negated=True),
                            ),
                            models.Q(
                                ("anonymised_at__isnull", False),
                                ("closed_at__isnull", False),
                                ("closing_reason", ""),
                                ("contact_name", ""),
                                ("contact_role", ""),
                                ("email", ""),
                                ("email_key", ""),
                                ("outcome", ""),
                                ("phone", ""),
                                ("question", ""),
                                ("rating_comment", ""),
                                ("wishes", ""),
                            ),
                            _connector="OR",
                        ),
                        name="consulting_anonymised_means_nothing_personal",
                        violation_error_message="Name und E-Mail-Adresse gehören zu jeder Anfrage, bis sie anonymisiert ist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["formular", "telefonisch"])),
                        name="consulting_source_is_known",
                        violation_error_message="Anfragen kommen über das Formular oder telefonisch.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("changed_at__gte", models.F("submitted_at"))),
                        name="consulting_changed_after_submitted",
                        violation_error_message="Eine Änderung liegt nach dem Eingang.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data", models.JSONField(default=dict, verbose_name="Eingaben")),
                (
                    "continues",
                    models.UUIDField(
                        editable=False,
                        error_messages={
                            "unique": "Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf."
                        },
                        null=True,
                        unique=True,
                        verbose_name="setzt fort",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="begonnen am",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="geändert am"
                    ),
                ),
            ],
            options={
                "verbose_name": "angefangene Anfrage",
                "verbose_name_plural": "angefangene Anfragen",
                "ordering": ["-changed_at"],
            },
        ),
        migrations.CreateModel(
            name="Advisor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="Name")),
                ("email", models.EmailField(max_length=254, verbose_name="E-Mail-Adresse")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                (
                    "meeting_link",
                    models.URLField(
                        blank=True,
                        help_text="Gilt für alle Online-Termine, bei denen kein eigener Link steht.",
                        max_length=300,
                        verbose_name="Link zum Videoraum",
                    ),
                ),
                (
                    "lead_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        help_text="So lange vor Beginn ist ein Termin zuletzt buchbar.",
                        verbose_name="Vorlauf in Stunden",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="buchbar bis in … Tagen",
                    ),
                ),
                (
                    "daily_maximum",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="höchstens … Beratungen am Tag",
                    ),
                ),
                (
                    "buffer_before_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(240)],
                        verbose_name="Minuten frei davor",
                    ),
                ),
                (
                    "buffer_after_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[django.core.validators.MaxValueValidator(240)],
                        verbose_name="Minuten frei danach",
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
                        help_text="An Feiertagen dieses Landes legen Terminreihen keine Termine an. Ohne Angabe zählen nur die bundesweiten.",
                        max_length=2,
                        verbose_name="Feiertage von",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Ohne Haken werden keine Termine mehr angeboten; gebuchte bleiben bestehen.",
                        verbose_name="berät",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Ohne Auswahl berät die Person zu allen Themen.",
                        related_name="advisors",
                        to="projects.theme",
                        verbose_name="Themen",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
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
            ],
            options={
                "verbose_name": "Beraterin oder Berater",
                "verbose_name_plural": "Beraterinnen und Berater",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="consulting_one_advisor_per_address",
                        violation_error_message="Mit dieser E-Mail-Adresse berät schon jemand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("daily_maximum__gte", 1)),
                        name="consulting_advisor_takes_one_a_day_at_least",
                        violation_error_message="Mindestens eine Beratung am Tag muss möglich sein.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon_days__range", (1, 366))),
                        name="consulting_advisor_looks_a_year_ahead_at_most",
                        violation_error_message="Termine sind 1 bis 366 Tage im Voraus buchbar.",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("buffer_after_minutes__lte", 240), ("buffer_before_minutes__lte", 240)
                        ),
                        name="consulting_buffers_are_four_hours_at_most",
                        violation_error_message="Vor und nach einem Termin sind höchstens 240 Minuten frei.",
                    ),
                ],
            },
        ),
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
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="consulting.advisor",
                        verbose_name="Beraterin oder Berater",
                    ),
                ),
            ],
            options={
                "verbose_name": "Abwesenheit",
                "verbose_name_plural": "Abwesenheiten",
                "ordering": ["first_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="consulting_absence_ends_after_it_begins",
                        violation_error_message="Der letzte Tag liegt am oder nach dem ersten.",
                    )
                ],
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
                    "advisor",
                    models.OneToOneField(
                        error_messages={
                            "unique": "Diesen Kalender gibt es schon. Bitte nehmen Sie seine Adresse erst zurück."
                        },
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed",
                        to="consulting.advisor",
                        verbose_name="Beraterin oder Berater",
                    ),
                ),
            ],
            options={
                "verbose_name": "Kalender einer beratenden Person",
                "verbose_name_plural": "Kalender der beratenden Personen",
            },
        ),
        migrations.CreateModel(
            name="HistoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Fassung"),
                ),
                (
                    "kind",
                    models.CharField(
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
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="Wann"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Wer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="consulting.consultationrequest",
                        verbose_name="Anfrage",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="an",
                    ),
                ),
            ],
            options={
                "verbose_name": "Verlauf",
                "verbose_name_plural": "Verlauf",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "version"),
                        name="consulting_one_history_entry_per_version",
                        violation_error_message="Diese Änderung ist schon festgehalten.",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("assigned", "handed_back", "answer_done")),
                                ("version__isnull", True),
                            ),
                            models.Q(
                                ("version__isnull", False),
                                models.Q(
                                    ("kind__in", ("assigned", "handed_back", "answer_done")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="consulting_history_of_the_office_makes_no_version",
                        violation_error_message="Was nur die Geschäftsstelle betrifft, ist keine neue Fassung der Anfrage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to", None), ("kind", "assigned"), _connector="OR"),
                        name="consulting_history_to_whom_it_is_assigned",
                        violation_error_message="Nur eine Zuweisung geht an jemanden.",
                    ),
                ],
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
                (
                    "answer_to",
                    models.OneToOneField(
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
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Wer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="consulting.consultationrequest",
                        verbose_name="Anfrage",
                    ),
                ),
            ],
            options={
                "verbose_name": "Nachricht zu einer Anfrage",
                "verbose_name_plural": "Nachrichten zu Anfragen",
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="consulting_message_says_something",
                        violation_error_message="Bitte schreiben Sie etwas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer_to", None), ("read_at", None)),
                            models.Q(("answer_to__isnull", False), ("author", None)),
                            _connector="OR",
                        ),
                        name="consulting_message_comes_from_one_side",
                        violation_error_message="Eine Antwort kommt von der Kommune.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=8000, verbose_name="interne Notiz")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="Wann"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Wer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="consulting.consultationrequest",
                        verbose_name="Anfrage",
                    ),
                ),
            ],
            options={
                "verbose_name": "interne Notiz",
                "verbose_name_plural": "interne Notizen",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SlotSeries",
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
                        choices=[
                            ("online", "online"),
                            ("telefon", "telefonisch"),
                            ("vor-ort", "vor Ort"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Anschrift und Raum, so dass man ohne Rückfrage hinfindet. Nur für „vor Ort“.",
                        max_length=300,
                        verbose_name="Ort",
                    ),
                ),
                (
                    "meeting_link",
                    models.URLField(
                        blank=True,
                        help_text="Nur, wenn ein anderer Raum gilt als bei der beratenden Person hinterlegt.",
                        max_length=300,
                        verbose_name="Link zum Videoraum",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "montags"),
                            (1, "dienstags"),
                            (2, "mittwochs"),
                            (3, "donnerstags"),
                            (4, "freitags"),
                            (5, "samstags"),
                            (6, "sonntags"),
                        ],
                        verbose_name="Wochentag",
                    ),
                ),
                (
                    "every_weeks",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="alle … Wochen",
                    ),
                ),
                ("from_time", models.TimeField(verbose_name="von")),
                ("until_time", models.TimeField(verbose_name="bis")),
                (
                    "length_minutes",
                    models.PositiveSmallIntegerField(
                        default=45,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="Dauer in Minuten",
                    ),
                ),
                (
                    "pause_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[django.core.validators.MaxValueValidator(240)],
                        verbose_name="Pause danach in Minuten",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="ab")),
                ("last_on", models.DateField(verbose_name="bis einschließlich")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="consulting.advisor",
                        verbose_name="Beraterin oder Berater",
                    ),
                ),
            ],
            options={
                "verbose_name": "Terminreihe",
                "verbose_name_plural": "Terminreihen",
                "ordering": ["-first_on", "weekday", "from_time"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["online", "telefon", "vor-ort"])),
                        name="consulting_slotseries_mode_is_known",
                        violation_error_message="Bitte online, telefonisch oder vor Ort wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "vor-ort"), models.Q(("place", ""), _negated=True)),
                            models.Q(models.Q(("mode", "vor-ort"), _negated=True), ("place", "")),
                            _connector="OR",
                        ),
                        name="consulting_slotseries_has_a_place_on_site",
                        violation_error_message="Ein Termin vor Ort braucht einen Ort, ein anderer hat keinen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "online"), ("meeting_link", ""), _connector="OR"
                        ),
                        name="consulting_slotseries_link_only_online",
                        violation_error_message="Einen Videoraum hat nur ein Online-Termin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__in", [0, 1, 2, 3, 4, 5, 6])),
                        name="consulting_series_weekday_is_one",
                        violation_error_message="Bitte einen Wochentag wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_weeks__range", (1, 12))),
                        name="consulting_series_repeats_within_twelve_weeks",
                        violation_error_message="Eine Reihe wiederholt sich alle 1 bis 12 Wochen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_time__gt", models.F("from_time"))),
                        name="consulting_series_ends_after_it_begins",
                        violation_error_message="Das Ende muss nach dem Anfang liegen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("length_minutes__range", (10, 480))),
                        name="consulting_series_length_makes_sense",
                        violation_error_message="Ein Termin dauert 10 bis 480 Minuten.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pause_minutes__lte", 240)),
                        name="consulting_series_pause_makes_sense",
                        violation_error_message="Eine Pause dauert höchstens 240 Minuten.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on__gte", models.F("first_on")),
                            (
                                "last_on__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("first_on"),
                                    "+",
                                    models.Value(datetime.timedelta(days=731)),
                                ),
                            ),
                        ),
                        name="consulting_series_lasts_two_years_at_most",
                        violation_error_message="Der letzte Tag liegt am oder nach dem ersten und höchstens zwei Jahre danach.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Slot",
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
                        choices=[
                            ("online", "online"),
                            ("telefon", "telefonisch"),
                            ("vor-ort", "vor Ort"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Anschrift und Raum, so dass man ohne Rückfrage hinfindet. Nur für „vor Ort“.",
                        max_length=300,
                        verbose_name="Ort",
                    ),
                ),
                (
                    "meeting_link",
                    models.URLField(
                        blank=True,
                        help_text="Nur, wenn ein anderer Raum gilt als bei der beratenden Person hinterlegt.",
                        max_length=300,
                        verbose_name="Link zum Videoraum",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="Beginn")),
                ("ends_at", models.DateTimeField(verbose_name="Ende")),
                (
                    "is_offered",
                    models.BooleanField(default=True, verbose_name="öffentlich angeboten"),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="consulting.advisor",
                        verbose_name="Beraterin oder Berater",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        help_text="Für Beratung vor Ort, zum Beispiel bei einer Roadshow-Station. Wird sie verlegt oder abgesagt, folgen diese Zeiten, und wer gebucht hat, erfährt es.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultation_slots",
                        to="events.event",
                        verbose_name="bei der Veranstaltung",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="slots",
                        to="consulting.slotseries",
                        verbose_name="Terminreihe",
                    ),
                ),
            ],
            options={
                "verbose_name": "Termin im Angebot",
                "verbose_name_plural": "Termine im Angebot",
                "ordering": ["starts_at", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_offered", True)),
                        fields=["starts_at"],
                        name="consulting_slots_on_offer",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["online", "telefon", "vor-ort"])),
                        name="consulting_slot_mode_is_known",
                        violation_error_message="Bitte online, telefonisch oder vor Ort wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "vor-ort"), models.Q(("place", ""), _negated=True)),
                            models.Q(models.Q(("mode", "vor-ort"), _negated=True), ("place", "")),
                            _connector="OR",
                        ),
                        name="consulting_slot_has_a_place_on_site",
                        violation_error_message="Ein Termin vor Ort braucht einen Ort, ein anderer hat keinen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "online"), ("meeting_link", ""), _connector="OR"
                        ),
                        name="consulting_slot_link_only_online",
                        violation_error_message="Einen Videoraum hat nur ein Online-Termin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("starts_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"),
                                    "+",
                                    models.Value(datetime.timedelta(seconds=28800)),
                                ),
                            ),
                        ),
                        name="consulting_slot_ends_after_it_begins",
                        violation_error_message="Das Ende muss nach dem Beginn liegen, höchstens 8 Stunden danach.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("event", None), ("mode", "vor-ort"), _connector="OR"),
                        name="consulting_slot_of_an_event_is_on_site",
                        violation_error_message="Bei einer Veranstaltung findet die Beratung vor Ort statt.",
                    ),
                    models.UniqueConstraint(
                        fields=("advisor", "starts_at", "ends_at", "mode"),
                        name="consulting_slot_published_once",
                        violation_error_message="Diesen Termin gibt es schon.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
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
                        choices=[
                            ("online", "online"),
                            ("telefon", "telefonisch"),
                            ("vor-ort", "vor Ort"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Anschrift und Raum, so dass man ohne Rückfrage hinfindet. Nur für „vor Ort“.",
                        max_length=300,
                        verbose_name="Ort",
                    ),
                ),
                (
                    "meeting_link",
                    models.URLField(
                        blank=True,
                        help_text="Nur, wenn ein anderer Raum gilt als bei der beratenden Person hinterlegt.",
                        max_length=300,
                        verbose_name="Link zum Videoraum",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="Beginn")),
                ("ends_at", models.DateTimeField(verbose_name="Ende")),
                (
                    "blocked",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        editable=False, verbose_name="belegt"
                    ),
                ),
                (
                    "is_proposal",
                    models.BooleanField(default=False, editable=False, verbose_name="Vorschlag"),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="vorgemerkt bis"
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="fest seit"
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="freigegeben am"
                    ),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="consulting.advisor",
                        verbose_name="Beraterin oder Berater",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="consulting.consultationrequest",
                        verbose_name="Anfrage",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="appointments",
                        to="consulting.slot",
                        verbose_name="angebotene Zeit",
                    ),
                ),
            ],
            options={
                "verbose_name": "Beratungstermin",
                "verbose_name_plural": "Beratungstermine",
                "ordering": ["starts_at", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("expires_at__isnull", False), ("released_at", None)),
                        fields=["expires_at"],
                        name="consulting_appointments_lapse",
                    ),
                    models.Index(
                        condition=models.Q(("released_at", None)),
                        fields=["starts_at"],
                        name="consulting_appointments_ahead",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["online", "telefon", "vor-ort"])),
                        name="consulting_appointment_mode_is_known",
                        violation_error_message="Bitte online, telefonisch oder vor Ort wählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "vor-ort"), models.Q(("place", ""), _negated=True)),
                            models.Q(models.Q(("mode", "vor-ort"), _negated=True), ("place", "")),
                            _connector="OR",
                        ),
                        name="consulting_appointment_has_a_place_on_site",
                        violation_error_message="Ein Termin vor Ort braucht einen Ort, ein anderer hat keinen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "online"), ("meeting_link", ""), _connector="OR"
                        ),
                        name="consulting_appointment_link_only_online",
                        violation_error_message="Einen Videoraum hat nur ein Online-Termin.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("released_at", None)),
                        expressions=[("advisor", "="), ("blocked", "&&")],
                        name="consulting_no_double_booking",
                        violation_error_message="Diese Zeit ist nicht mehr frei.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("released_at", None)),
                        fields=("request", "is_proposal"),
                        name="consulting_one_time_and_one_proposal_per_request",
                        violation_error_message="Für diese Anfrage gibt es schon einen Termin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="consulting_appointment_ends_after_it_begins",
                        violation_error_message="Das Ende muss nach dem Beginn liegen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "blocked__contains",
                                consulting.models.appointment.TsTzRange(
                                    "starts_at",
                                    "ends_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                            )
                        ),
                        name="consulting_appointment_blocks_at_least_itself",
                        violation_error_message="Die belegte Zeit muss den Termin umfassen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_proposal", False), ("settled_at", None), _connector="OR"
                        ),
                        name="consulting_proposal_is_not_settled",
                        violation_error_message="Ein Vorschlag ist noch nicht fest vereinbart.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", False),
                            models.Q(("expires_at", None), ("settled_at__isnull", False)),
                            models.Q(("expires_at__isnull", False), ("settled_at", None)),
                            _connector="OR",
                        ),
                        name="consulting_appointment_is_settled_or_lapses",
                        violation_error_message="Ein Termin ist entweder fest vereinbart oder nur bis zu einer Frist vorgemerkt.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeriesBreak",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="von")),
                ("last_on", models.DateField(verbose_name="bis einschließlich")),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="Zum Beispiel „Osterferien“.",
                        max_length=80,
                        verbose_name="Anlass",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breaks",
                        to="consulting.slotseries",
                    ),
                ),
            ],
            options={
                "verbose_name": "Unterbrechung",
                "verbose_name_plural": "Unterbrechungen",
                "ordering": ["first_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="consulting_break_ends_after_it_begins",
                        violation_error_message="Der letzte Tag liegt am oder nach dem ersten.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessNeeds",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="access_needs",
                        serialize=False,
                        to="consulting.consultationrequest",
                        verbose_name="Anfrage",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        max_length=2000, verbose_name="Was wir für Sie vorbereiten sollen"
                    ),
                ),
            ],
            options={
                "verbose_name": "Bedarf für die Teilnahme",
                "verbose_name_plural": "Bedarfe für die Teilnahme",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="consulting_access_needs_say_something",
                        violation_error_message="Bitte angeben, was gebraucht wird.",
                    )
                ],
            },
        ),
        created(
            *(
                raises_version(
                    "consulting_slot",
                    part="events",
                    moment=moment,
                    scope=f"FOR EACH ROW WHEN ({condition})",
                    name=name,
                )
                for name, (moment, condition) in AT_EVENT.items()
            ),
            # … and only while an advisor is there and advises.
            raises_version(
                "consulting_absence", part="events", moment="INSERT OR UPDATE OR DELETE"
            ),
            raises_version(
                "consulting_advisor",
                part="events",
                moment="UPDATE OF is_active",
                scope="FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active)",
            ),
            *(notes_change(table, part="free times") for table in FREE_TIMES),
        ),
    ]

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import communities.files
from finding.triggers import created, raises_version

WATCHED = [
    "communities_community",
    "communities_community_example_projects",
    "communities_community_projects",
    "communities_communitysource",
    "communities_experience",
    "communities_partnerorganisation",
    "communities_partnersupport",
    "communities_result",
    "communities_result_projects",
    "communities_result_solutions",
    "communities_resultfile",  # the page of a public result shows its public files
]


class Migration(migrations.Migration):
    replaces = [
        ("communities", "0001_initial"),
        ("communities", "0002_flat_tree_and_catalogue_version"),
        ("communities", "0003_archived_without_a_moment"),
        ("communities", "0004_weekly_digest"),
        ("communities", "0005_ways_to_end"),
        ("communities", "0006_office_permission"),
        ("communities", "0007_history_entries"),
        ("communities", "0008_mailbox_key"),
        ("communities", "0009_own_version"),
        ("communities", "0010_sentences"),
        ("communities", "0011_german_names"),
        ("communities", "0012_ways_of_members"),
        ("communities", "0013_minutes"),
        ("communities", "0014_one_letter_a_week"),
        ("communities", "0015_roles_a_words_of_states"),
        ("communities", "0016_what_is_there_once"),
    ]

    initial = True

    dependencies = [
        ("finding", "0001_as_of_november_2026"),
        ("accounts", "0001_as_of_november_2026"),
        ("projects", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerOrganisation",
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
                            "unique": "Diese Organisation gibt es schon. Bitte wählen Sie sie aus der Liste."
                        },
                        max_length=150,
                        unique=True,
                        verbose_name="Name",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=200, verbose_name="Aufgabe")),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="Website")),
                ("source", models.CharField(blank=True, max_length=500, verbose_name="Quelle")),
            ],
            options={
                "verbose_name": "Partnerorganisation",
                "verbose_name_plural": "Partnerorganisationen",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Community",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(parent=None, then=models.Value(1)), default=models.Value(2)
                        ),
                        output_field=models.SmallIntegerField(verbose_name="Ebene"),
                    ),
                ),
                (
                    "parent_level",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(parent=None, then=models.Value(None)),
                            default=models.Value(1),
                        ),
                        output_field=models.SmallIntegerField(null=True),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("aeg", "Arbeits- und Entwicklungsgemeinschaft"),
                            ("themengruppe", "Themengruppe"),
                            ("fruehere-gruppe", "frühere Arbeitsgruppe"),
                        ],
                        default="themengruppe",
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("slug", models.SlugField(max_length=80, verbose_name="Adresse")),
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
                    "also_called",
                    models.CharField(
                        blank=True,
                        help_text="Andere Namen, durch Kommas getrennt.",
                        max_length=300,
                        verbose_name="auch genannt",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        help_text="Steht öffentlich auf ihrer Seite.",
                        verbose_name="Woran die Gruppe arbeitet",
                    ),
                ),
                (
                    "questions",
                    models.TextField(
                        blank=True,
                        help_text="Eine Frage je Zeile. Öffentlich.",
                        verbose_name="Leitfragen",
                    ),
                ),
                (
                    "working_mode",
                    models.TextField(
                        blank=True,
                        help_text="Wie oft und wie die Gruppe sich trifft. Öffentlich.",
                        verbose_name="Arbeitsweise",
                    ),
                ),
                (
                    "founded_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="gegründet im Jahr"
                    ),
                ),
                (
                    "founded_month",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="und Monat"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "aktiv"), ("archived", "archiviert")],
                        default="active",
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "archived_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="archiviert am"
                    ),
                ),
                (
                    "open_to_non_funded",
                    models.BooleanField(
                        default=False,
                        help_text="Wer nicht zu einem Modellprojekt gehört, darf dann auch anfragen.",
                        verbose_name="offen für nicht geförderte Kommunen",
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
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "example_projects",
                    models.ManyToManyField(
                        blank=True,
                        related_name="example_for_communities",
                        to="projects.project",
                        verbose_name="Beispiele für das Thema",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merged_groups",
                        to="communities.community",
                        verbose_name="aufgegangen in",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nur bei Themengruppen: die Gemeinschaft, zu der sie gehört.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topic_groups",
                        to="communities.community",
                        verbose_name="gehört zu",
                    ),
                ),
                (
                    "projects",
                    models.ManyToManyField(
                        blank=True,
                        related_name="communities",
                        to="projects.project",
                        verbose_name="beteiligte Modellprojekte",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="communities",
                        to="projects.theme",
                        verbose_name="Thema",
                    ),
                ),
            ],
            options={
                "verbose_name": "Gemeinschaft oder Themengruppe",
                "verbose_name_plural": "Gemeinschaften und Themengruppen",
                "ordering": ["sort_name", "pk"],
                "permissions": [("work_on_communities", "Darf alle Gemeinschaften verwalten")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("parent", "slug"),
                        name="communities_address_is_unique",
                        nulls_distinct=False,
                        violation_error_message="Diese Adresse ist schon vergeben.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "themengruppe"), ("parent__isnull", False)),
                            models.Q(("kind__in", ["aeg", "fruehere-gruppe"]), ("parent", None)),
                            _connector="OR",
                        ),
                        name="communities_topic_groups_belong_to_one",
                        violation_error_message="Eine Themengruppe gehört zu einer Gemeinschaft, alle anderen gehören zu keiner.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "archived"), ("archived_at", None), _connector="OR"
                        ),
                        name="communities_only_archived_have_a_moment",
                        violation_error_message="Einen Zeitpunkt der Archivierung hat nur eine archivierte Gruppe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("founded_month", None),
                            models.Q(
                                ("founded_month__range", (1, 12)), ("founded_year__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="communities_founded_in_a_month_of_a_year",
                        violation_error_message="Ein Monat (1 bis 12) gehört zu einem Jahr.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="communities_not_merged_into_itself",
                        violation_error_message="Eine Gruppe kann nicht in sich selbst aufgehen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "with_topic_groups",
                    models.BooleanField(
                        default=False,
                        help_text="Wer in mehreren ist, bekommt die Nachricht trotzdem nur einmal.",
                        verbose_name="auch an die Themengruppen",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("mitglied", "Mitglied"),
                                ("koordination", "Koordination"),
                                ("begleitung", "fachliche Begleitung"),
                                ("gast", "Gast"),
                            ],
                            max_length=20,
                        ),
                        help_text="Welche Rollen die Nachricht bekommen.",
                        size=None,
                        verbose_name="an wen",
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="Betreff")),
                (
                    "text",
                    models.TextField(
                        help_text="Nur Text. Leerzeilen trennen Absätze.",
                        max_length=20000,
                        verbose_name="Nachricht",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entwurf", "Entwurf"),
                            ("geplant", "geplant"),
                            ("gesendet", "gesendet"),
                        ],
                        default="entwurf",
                        editable=False,
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                ("send_at", models.DateTimeField(blank=True, null=True, verbose_name="senden am")),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="gesendet am"
                    ),
                ),
                (
                    "recipients",
                    models.JSONField(default=dict, editable=False, verbose_name="Empfänger"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="communities.community",
                        verbose_name="Gruppe",
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
                "verbose_name": "Rundmail",
                "verbose_name_plural": "Rundmails",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("roles__len__gte", 1),
                            (
                                "roles__contained_by",
                                ["mitglied", "koordination", "begleitung", "gast"],
                            ),
                        ),
                        name="communities_message_has_recipients",
                        violation_error_message="Bitte mindestens eine Rolle auswählen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "gesendet")),
                            models.Q(
                                models.Q(("state", "gesendet"), _negated=True), ("sent_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="communities_message_sent_at_a_moment",
                        violation_error_message="Eine gesendete Rundmail hat einen Zeitpunkt des Versands, eine andere keinen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "geplant"), _negated=True),
                            ("send_at__isnull", False),
                            _connector="OR",
                        ),
                        name="communities_scheduled_message_has_a_time",
                        violation_error_message="Bitte angeben, wann die geplante Rundmail hinausgehen soll.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="Name")),
                ("email", models.EmailField(max_length=254, verbose_name="E-Mail-Adresse")),
                (
                    "shares_mailbox",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="teilt sich ein Postfach"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("mitglied", "Mitglied"),
                            ("koordination", "Koordination"),
                            ("begleitung", "fachliche Begleitung"),
                            ("gast", "Gast"),
                        ],
                        default="mitglied",
                        max_length=20,
                        verbose_name="Rolle",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("angefragt", "angefragt"),
                            ("eingeladen", "eingeladen"),
                            ("aktiv", "aktiv"),
                            ("abgelehnt", "abgelehnt"),
                            ("zurueckgezogen", "zurückgezogen"),
                            ("ausgeschlagen", "ausgeschlagen"),
                            ("ausgetreten", "nicht mehr dabei"),
                        ],
                        default="angefragt",
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "organisation",
                    models.CharField(
                        blank=True,
                        help_text="Wenn es weder ein Modellprojekt noch eine Kommune ist.",
                        max_length=200,
                        verbose_name="Organisation",
                    ),
                ),
                (
                    "is_visible",
                    models.BooleanField(
                        default=False,
                        help_text="Nur mit Einverständnis der Person.",
                        verbose_name="für andere Mitglieder sichtbar",
                    ),
                ),
                (
                    "mail_wish",
                    models.CharField(
                        choices=[
                            ("sofort", "jede Nachricht sofort"),
                            ("woechentlich", "einmal in der Woche gesammelt, montags"),
                            ("keine", "keine Rundmails"),
                        ],
                        default="sofort",
                        max_length=20,
                        verbose_name="Rundmails",
                    ),
                ),
                (
                    "message",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="Nachricht zur Anfrage"
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="Begründung der Ablehnung"
                    ),
                ),
                (
                    "email_confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="Adresse bestätigt am"
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        null=True,
                        verbose_name="angefragt am",
                    ),
                ),
                ("changed_at", models.DateTimeField(editable=False, verbose_name="Stand seit")),
                (
                    "nudged_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="erinnert am"
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
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="communities.community",
                        verbose_name="Gruppe",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entschieden von",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="eingeladen von",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="memberships",
                        to="projects.municipality",
                        verbose_name="vertritt die Kommune",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="memberships",
                        to="projects.project",
                        verbose_name="vertritt das Modellprojekt",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Konto",
                    ),
                ),
            ],
            options={
                "verbose_name": "Mitgliedschaft",
                "verbose_name_plural": "Mitgliedschaften",
                "ordering": ["name", "pk"],
                "indexes": [
                    models.Index(
                        fields=["community", "state"], name="communities_members_by_state"
                    ),
                    models.Index(
                        models.Func(
                            django.db.models.functions.text.Lower("email"),
                            models.Value("^([^+@]+)\\+[^@]*@"),
                            models.Value("\\1@"),
                            function="REGEXP_REPLACE",
                            output_field=models.CharField(),
                        ),
                        name="communities_member_by_mailbox",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("community"),
                        models.Func(
                            django.db.models.functions.text.Lower("email"),
                            models.Value("^([^+@]+)\\+[^@]*@"),
                            models.Value("\\1@"),
                            function="REGEXP_REPLACE",
                            output_field=models.CharField(),
                        ),
                        condition=models.Q(("anonymised_at", None), ("shares_mailbox", False)),
                        name="communities_one_membership_per_address",
                        violation_error_message="Mit dieser Adresse gibt es hier schon einen Eintrag.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["mitglied", "koordination", "begleitung", "gast"]),
                            (
                                "state__in",
                                [
                                    "angefragt",
                                    "eingeladen",
                                    "aktiv",
                                    "abgelehnt",
                                    "zurueckgezogen",
                                    "ausgeschlagen",
                                    "ausgetreten",
                                ],
                            ),
                        ),
                        name="communities_membership_is_known",
                        violation_error_message="Diese Rolle oder diesen Stand gibt es nicht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "angefragt"), _negated=True),
                            ("requested_at__isnull", False),
                            _connector="OR",
                        ),
                        name="communities_request_has_a_moment",
                        violation_error_message="Eine Anfrage hat einen Zeitpunkt, zu dem sie kam.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "koordination"), _negated=True),
                            models.Q(("state", "aktiv"), _negated=True),
                            ("user__isnull", False),
                            _connector="OR",
                        ),
                        name="communities_coordination_has_an_account",
                        violation_error_message="Die Koordination braucht ein Konto.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("anonymised_at", None),
                            models.Q(
                                ("email", ""),
                                ("message", ""),
                                ("name", ""),
                                ("organisation", ""),
                                ("reason", ""),
                                ("user", None),
                                models.Q(
                                    ("state__in", ("angefragt", "eingeladen", "aktiv")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="communities_anonymised_means_nothing_personal",
                        violation_error_message="Eine anonymisierte Mitgliedschaft ist beendet und enthält nichts Persönliches mehr.",
                    ),
                ],
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
                ("version", models.PositiveIntegerField(verbose_name="Fassung")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("angefragt", "Aufnahme angefragt"),
                            ("bestaetigt", "Adresse bestätigt"),
                            ("eingeladen", "eingeladen"),
                            ("angenommen", "Einladung angenommen"),
                            ("aufgenommen", "aufgenommen"),
                            ("abgelehnt", "abgelehnt"),
                            ("zurueckgezogen", "Anfrage zurückgezogen"),
                            ("ausgeschlagen", "Einladung ausgeschlagen"),
                            ("ausgetreten", "ausgetreten"),
                            ("entfernt", "aus der Gruppe genommen"),
                            ("rolle", "Rolle geändert"),
                            ("uebernommen", "in eine andere Gruppe der Gemeinschaft übernommen"),
                            ("berichtigt", "Name oder Adresse berichtigt"),
                            ("zusammengefuehrt", "mit einer anderen Gruppe zusammengeführt"),
                        ],
                        max_length=20,
                        verbose_name="Schritt",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="am")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="durch",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="communities.membership",
                        verbose_name="Mitgliedschaft",
                    ),
                ),
            ],
            options={
                "verbose_name": "Schritt",
                "verbose_name_plural": "Schritte",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DigestItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField(editable=False, null=True, verbose_name="Woche ab")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest_items",
                        to="communities.groupmessage",
                        verbose_name="Rundmail",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest_items",
                        to="communities.membership",
                        verbose_name="Mitgliedschaft",
                    ),
                ),
            ],
            options={
                "verbose_name": "Nachricht für den Wochenbrief",
                "verbose_name_plural": "Nachrichten für den Wochenbrief",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "membership"),
                        name="communities_once_in_a_digest",
                        violation_error_message="Diese Nachricht steht schon im Wochenbrief.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageFile",
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
                        max_length=200, upload_to="communities/messages", verbose_name="Datei"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="communities.groupmessage",
                        verbose_name="Rundmail",
                    ),
                ),
            ],
            options={
                "verbose_name": "Anhang",
                "verbose_name_plural": "Anhänge",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PartnerSupport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="communities.community",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supports",
                        to="communities.partnerorganisation",
                        verbose_name="Organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "begleitende Organisation",
                "verbose_name_plural": "begleitende Organisationen",
                "ordering": ["partner__name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "partner"),
                        name="communities_partner_once",
                        violation_error_message="Diese Organisation begleitet die Gruppe schon.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
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
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leitfaden", "Leitfaden"),
                            ("vorlage", "Vorlage"),
                            ("quellcode", "Quellcode"),
                            ("empfehlung", "Empfehlung"),
                            ("erfahrungsbericht", "Erfahrungsbericht"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                (
                    "summary",
                    models.TextField(blank=True, max_length=4000, verbose_name="Worum es geht"),
                ),
                (
                    "file",
                    communities.files.UploadField(
                        blank=True,
                        help_text="So sichtbar wie das Ergebnis selbst. Weitere Dateien tragen Sie unten ein.",
                        max_length=200,
                        upload_to="communities/results",
                        verbose_name="Datei",
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="Link")),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="Zum Beispiel „CC BY 4.0“ oder „EUPL-1.2“: was andere damit tun dürfen.",
                        max_length=100,
                        verbose_name="Lizenz",
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=40, verbose_name="Version")),
                (
                    "authors",
                    models.CharField(
                        blank=True,
                        help_text="Organisationen, keine Personen.",
                        max_length=300,
                        verbose_name="erarbeitet von",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entwurf", "Entwurf"),
                            ("mitglieder", "für Mitglieder"),
                            ("oeffentlich", "öffentlich"),
                        ],
                        default="entwurf",
                        max_length=20,
                        verbose_name="Sichtbar",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="veröffentlicht am"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="communities.community",
                        verbose_name="Gruppe",
                    ),
                ),
                (
                    "projects",
                    models.ManyToManyField(
                        blank=True,
                        related_name="results",
                        to="projects.project",
                        verbose_name="Modellprojekte",
                    ),
                ),
                (
                    "solutions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="results",
                        to="projects.solution",
                        verbose_name="Lösungen",
                    ),
                ),
            ],
            options={
                "verbose_name": "Arbeitsergebnis",
                "verbose_name_plural": "Arbeitsergebnisse",
                "ordering": ["-published_at", "title", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "entwurf"),
                            models.Q(("file", ""), _negated=True),
                            models.Q(("link", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="communities_result_can_be_opened",
                        violation_error_message="Ein Ergebnis braucht eine Datei oder einen Link.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "oeffentlich"), _negated=True),
                            models.Q(
                                ("published_at__isnull", False),
                                models.Q(("licence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="communities_public_result_has_a_licence",
                        violation_error_message="Bevor ein Ergebnis öffentlich wird, braucht es eine Lizenz.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultFile",
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
                        max_length=200, upload_to="communities/result-files", verbose_name="Datei"
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Ohne Haken ist die Datei intern: Nur die Mitglieder der Gruppe können sie herunterladen, auch wenn das Ergebnis öffentlich ist.",
                        verbose_name="öffentlich, sobald das Ergebnis es ist",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Reihenfolge"),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="communities.result",
                        verbose_name="Arbeitsergebnis",
                    ),
                ),
            ],
            options={
                "verbose_name": "weitere Datei",
                "verbose_name_plural": "weitere Dateien",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommunitySource",
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
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="communities.community",
                        verbose_name="Gemeinschaft",
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
                        fields=("community", "text"),
                        name="communities_source_once",
                        violation_error_message="Diese Quelle ist schon genannt.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Experience",
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
                            ("erfolgsfaktor", "Erfolgsfaktor"),
                            ("stolperfalle", "Stolperfalle"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="In einem Satz")),
                ("what", models.TextField(max_length=4000, verbose_name="Was ist passiert?")),
                (
                    "context",
                    models.TextField(
                        blank=True, max_length=4000, verbose_name="Unter welchen Umständen?"
                    ),
                ),
                (
                    "again",
                    models.TextField(
                        blank=True, max_length=4000, verbose_name="Was würden wir wieder so machen?"
                    ),
                ),
                (
                    "operator_model",
                    models.CharField(
                        blank=True,
                        help_text="Wer betreibt es, zum Beispiel die Stadtwerke.",
                        max_length=200,
                        verbose_name="Betreibermodell",
                    ),
                ),
                ("partners", models.CharField(blank=True, max_length=300, verbose_name="Partner")),
                (
                    "state",
                    models.CharField(
                        choices=[("entwurf", "Entwurf"), ("oeffentlich", "öffentlich")],
                        default="entwurf",
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="veröffentlicht am"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="angelegt am")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="geändert am")),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="experiences",
                        to="communities.community",
                        verbose_name="Gruppe",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="experiences",
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
                        related_name="experiences",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="experiences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="geschrieben von",
                    ),
                ),
            ],
            options={
                "verbose_name": "Erfahrung",
                "verbose_name_plural": "Erfahrungen",
                "ordering": ["-published_at", "title", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("community__isnull", False),
                            ("project__isnull", False),
                            ("solution__isnull", False),
                            _connector="OR",
                        ),
                        name="communities_experience_is_about_something",
                        violation_error_message="Bitte sagen, wozu die Erfahrung gehört: Gruppe, Modellprojekt oder Lösung.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "oeffentlich"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="communities_public_experience_has_a_moment",
                        violation_error_message="Eine öffentliche Erfahrung hat einen Zeitpunkt der Veröffentlichung.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="community",
            name="partners",
            field=models.ManyToManyField(
                related_name="communities",
                through="communities.PartnerSupport",
                to="communities.partnerorganisation",
                verbose_name="begleitende Partner",
            ),
        ),
        # At once, as the next operation refers to it: those of a new table come after all operations.
        migrations.AddConstraint(
            model_name="community",
            constraint=models.UniqueConstraint(
                fields=("id", "level"),
                name="communities_id_and_level",
                violation_error_message="Diese Gruppe gibt es schon.",
            ),
        ),
        # A topic group refers to (id, 1): to a row of the first level. A row with topic groups can therefore
        # not become one itself, and a circle would need a row that is on both levels.
        migrations.RunSQL(
            "ALTER TABLE communities_community ADD CONSTRAINT communities_tree_has_two_levels "
            "FOREIGN KEY (parent_id, parent_level) REFERENCES communities_community (id, level)",
            "ALTER TABLE communities_community DROP CONSTRAINT communities_tree_has_two_levels",
        ),
        created(*(raises_version(table, part="communities") for table in WATCHED)),
    ]

import django.db.models.deletion
from django.db import migrations, models

from finding.triggers import created, raises_version


class Migration(migrations.Migration):
    replaces = [("asking", "0001_initial"), ("asking", "0002_what_is_there_once")]

    initial = True

    dependencies = [
        ("finding", "0001_as_of_november_2026"),
        ("communities", "0001_as_of_november_2026"),
        ("projects", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
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
                            ("projekt", "Frage an ein Modellprojekt"),
                            ("frage", "Frage an uns"),
                            ("fehler", "Fehler auf einer Seite"),
                        ],
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                ("page", models.CharField(blank=True, max_length=300, verbose_name="Seite")),
                (
                    "situation",
                    models.TextField(blank=True, max_length=1500, verbose_name="wie die Lage ist"),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="Frage oder Hinweis")),
                (
                    "written",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="Kommune, wie geschrieben"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="Name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
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
                    "may_publish",
                    models.BooleanField(
                        default=False, verbose_name="Antwort darf öffentlich werden"
                    ),
                ),
                (
                    "may_name",
                    models.BooleanField(default=False, verbose_name="mit dem Namen der Kommune"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unbestaetigt", "Adresse nicht bestätigt"),
                            ("beim-projekt", "beim Projekt"),
                            ("bei-gruppe", "bei einer Gemeinschaft"),
                            ("bei-kommune", "bei einer Kommune, die es nutzt"),
                            ("bei-uns", "bei der Geschäftsstelle"),
                            ("beantwortet", "beantwortet"),
                            ("start-smart", "als Anfrage bei Start Smart"),
                            ("zurueckgezogen", "zurückgezogen"),
                        ],
                        default="unbestaetigt",
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                ("asked_at", models.DateTimeField(editable=False, verbose_name="abgesendet am")),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="bestätigt am"
                    ),
                ),
                ("changed_at", models.DateTimeField(editable=False, verbose_name="Stand seit")),
                (
                    "due_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="Antwort bis"
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="erinnert am"
                    ),
                ),
                (
                    "passed_on_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="ohne Antwort zurück am"
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=8000, verbose_name="Antwort")),
                ("called_on", models.DateField(blank=True, null=True, verbose_name="angerufen am")),
                (
                    "answered_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("projekt", "das Modellprojekt"),
                            ("gruppe", "die Koordination einer Gemeinschaft"),
                            ("kommune", "eine Kommune, die es nutzt"),
                            ("geschaeftsstelle", "die Geschäftsstelle"),
                        ],
                        max_length=20,
                        verbose_name="beantwortet von",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="beantwortet am"
                    ),
                ),
                (
                    "helped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ja", "Ja, das hilft uns weiter"),
                            ("teils", "Teils, teils"),
                            ("nein", "Nein, das hilft uns nicht"),
                        ],
                        max_length=10,
                        verbose_name="Hat es geholfen?",
                    ),
                ),
                (
                    "helped_text",
                    models.CharField(blank=True, max_length=1000, verbose_name="in eigenen Worten"),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="Fassung"),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="received_questions",
                        to="communities.community",
                        verbose_name="Gemeinschaft",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="projects.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "reuse_statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="projects.reusestatement",
                        verbose_name="Kommune, die es nutzt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="projects.theme",
                        verbose_name="Thema",
                    ),
                ),
            ],
            options={
                "verbose_name": "Frage oder Hinweis",
                "verbose_name_plural": "Fragen und Hinweise",
                "ordering": ["due_on", "pk"],
                "default_permissions": ("view", "change"),
                "indexes": [
                    models.Index(fields=["mailbox"], name="asking_question_by_mailbox"),
                    models.Index(fields=["state", "due_on"], name="asking_question_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["projekt", "frage", "fehler"]),
                            (
                                "state__in",
                                [
                                    "unbestaetigt",
                                    "beim-projekt",
                                    "bei-gruppe",
                                    "bei-kommune",
                                    "bei-uns",
                                    "beantwortet",
                                    "start-smart",
                                    "zurueckgezogen",
                                ],
                            ),
                            (
                                "answered_by__in",
                                ["", "projekt", "gruppe", "kommune", "geschaeftsstelle"],
                            ),
                            ("helped__in", ["", "ja", "teils", "nein"]),
                        ),
                        name="asking_question_is_known",
                        violation_error_message="Diesen Stand gibt es nicht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="asking_question_says_something",
                        violation_error_message="Bitte schreiben, worum es geht.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "projekt"), ("project__isnull", False)),
                            models.Q(
                                models.Q(("kind", "projekt"), _negated=True),
                                ("project", None),
                                ("solution", None),
                            ),
                            _connector="OR",
                        ),
                        name="asking_question_goes_to_a_project",
                        violation_error_message="Eine Frage an ein Modellprojekt nennt es.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality", None), ("written", ""), _connector="OR"),
                            models.Q(
                                models.Q(("kind", "projekt"), _negated=True),
                                ("municipality__isnull", False),
                                models.Q(("written", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="asking_question_of_one_municipality",
                        violation_error_message="Die Kommune ist eine aus der Liste oder steht so da, wie sie geschrieben wurde.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "fehler"),
                            models.Q(
                                models.Q(("email", ""), _negated=True),
                                models.Q(("name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="asking_question_can_be_answered",
                        violation_error_message="Wer fragt, nennt Namen und E-Mail-Adresse.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", False),
                            ("state__in", ["unbestaetigt", "zurueckgezogen"]),
                            _connector="OR",
                        ),
                        name="asking_question_is_confirmed_first",
                        violation_error_message="Erst wird die Adresse bestätigt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", False),
                                (
                                    "state__in",
                                    ("beim-projekt", "bei-gruppe", "bei-kommune", "bei-uns"),
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        ("beim-projekt", "bei-gruppe", "bei-kommune", "bei-uns"),
                                    ),
                                    _negated=True,
                                ),
                                ("due_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="asking_question_waits_until_a_day",
                        violation_error_message="Eine Frist hat genau die Frage, die auf eine Antwort wartet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "beantwortet"), _negated=True),
                            models.Q(
                                models.Q(("answered_by", ""), _negated=True),
                                ("answered_at__isnull", False),
                                models.Q(
                                    models.Q(("answer", ""), _negated=True),
                                    ("called_on__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="asking_answer_says_something",
                        violation_error_message="Bitte die Antwort aufschreiben oder den Anruf nennen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("may_name", False), ("may_publish", True), _connector="OR"
                        ),
                        name="asking_named_only_if_published",
                        violation_error_message="Die Kommune wird nur genannt, wenn die Antwort öffentlich werden darf.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="Frage")),
                ("answer", models.TextField(max_length=8000, verbose_name="Antwort")),
                (
                    "asked_by",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="gefragt von"
                    ),
                ),
                (
                    "answered_by",
                    models.CharField(
                        choices=[
                            ("projekt", "das Modellprojekt"),
                            ("gruppe", "die Koordination einer Gemeinschaft"),
                            ("kommune", "eine Kommune, die es nutzt"),
                            ("geschaeftsstelle", "die Geschäftsstelle"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="beantwortet von",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(editable=False, verbose_name="veröffentlicht am"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_answers",
                        to="projects.project",
                        verbose_name="Modellprojekt",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="public_answers",
                        to="projects.solution",
                        verbose_name="Lösung",
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        error_messages={
                            "unique": "Diese Frage ist schon veröffentlicht. Bitte ändern Sie die Antwort, die schon dasteht."
                        },
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="published",
                        to="asking.question",
                        verbose_name="Frage",
                    ),
                ),
            ],
            options={
                "verbose_name": "öffentliche Antwort",
                "verbose_name_plural": "öffentliche Antworten",
                "ordering": ["-published_on", "-pk"],
                "default_permissions": ("view", "change", "delete"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                        ),
                        name="asking_public_answer_says_both",
                        violation_error_message="Öffentlich werden Frage und Antwort.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "answered_by__in",
                                ["projekt", "gruppe", "kommune", "geschaeftsstelle"],
                            )
                        ),
                        name="asking_public_answer_says_by_whom",
                        violation_error_message="Bitte sagen, wer geantwortet hat.",
                    ),
                ],
            },
        ),
        # It stands on sheets, which are kept until the version of the catalogue rises.
        created(raises_version("asking_publicanswer")),
    ]

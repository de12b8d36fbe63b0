import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("subscribing", "0001_initial")]

    initial = True

    dependencies = [
        ("events", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "week",
                    models.DateField(primary_key=True, serialize=False, verbose_name="Woche ab"),
                ),
                ("found_at", models.DateTimeField(verbose_name="ermittelt am")),
            ],
            options={
                "verbose_name": "Ausgabe der Wochenmail",
                "verbose_name_plural": "Ausgaben der Wochenmail",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="KnownEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "list_name",
                    models.CharField(
                        choices=[
                            ("projekte", "Modellprojekte"),
                            ("loesungen", "Lösungen"),
                            ("veranstaltungen", "Veranstaltungen"),
                            ("ergebnisse", "Ergebnisse"),
                            ("erfahrungen", "Erfahrungen"),
                            ("nachnutzungen", "Nachnutzungen"),
                        ],
                        max_length=20,
                        verbose_name="Liste",
                    ),
                ),
                ("entry", models.BigIntegerField(verbose_name="Eintrag")),
                ("facts", models.JSONField(verbose_name="Angaben")),
            ],
            options={
                "verbose_name": "bekannter Eintrag",
                "verbose_name_plural": "bekannte Einträge",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("list_name", "entry"),
                        name="subscribing_entry_known_once",
                        violation_error_message="Diesen Eintrag kennt die Liste schon.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="E-Mail-Adresse")),
                (
                    "mailbox",
                    models.CharField(editable=False, max_length=254, verbose_name="Postfach"),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="angelegt am")),
            ],
            options={
                "verbose_name": "Postfach mit Abonnements",
                "verbose_name_plural": "Postfächer mit Abonnements",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mailbox",),
                        name="subscribing_one_subscriber_per_mailbox",
                        violation_error_message="Dieses Postfach gibt es hier schon.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchedList",
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
                        choices=[
                            ("projekte", "Modellprojekte"),
                            ("loesungen", "Lösungen"),
                            ("veranstaltungen", "Veranstaltungen"),
                            ("ergebnisse", "Ergebnisse"),
                            ("erfahrungen", "Erfahrungen"),
                            ("nachnutzungen", "Nachnutzungen"),
                        ],
                        max_length=20,
                        verbose_name="Liste",
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=2000, verbose_name="Auswahl")),
                (
                    "seen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="bekannte Einträge",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="abonniert seit")),
            ],
            options={
                "verbose_name": "abonnierte Liste",
                "verbose_name_plural": "abonnierte Listen",
                "ordering": ["name", "query"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "query"),
                        name="subscribing_list_once",
                        violation_error_message="Diese Liste gibt es mit dieser Auswahl schon.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__in",
                                [
                                    "projekte",
                                    "loesungen",
                                    "veranstaltungen",
                                    "ergebnisse",
                                    "erfahrungen",
                                    "nachnutzungen",
                                ],
                            )
                        ),
                        name="subscribing_list_is_known",
                        violation_error_message="Diese Liste kann niemand abonnieren.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(editable=False, verbose_name="abonniert am")),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="bestätigt am"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="events.event",
                        verbose_name="Veranstaltung, deren Anmeldung öffnet",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="subscribing.subscriber",
                        verbose_name="Postfach",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="subscribing.watchedlist",
                        verbose_name="Liste",
                    ),
                ),
            ],
            options={
                "verbose_name": "Abonnement",
                "verbose_name_plural": "Abonnements",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscriber", "list", "event"),
                        name="subscribing_each_subscription_once",
                        nulls_distinct=False,
                        violation_error_message="Das hat dieses Postfach schon abonniert.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("list", None), ("event", None), _connector="XOR"),
                        name="subscribing_subscription_of_one_thing",
                        violation_error_message="Abonniert wird eine Liste oder eine Anmeldung.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            ("confirmed_at__gte", models.F("asked_at")),
                            _connector="OR",
                        ),
                        name="subscribing_confirmed_after_it_was_asked",
                        violation_error_message="Bestätigt wird, was vorher abonniert wurde.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.TextField(verbose_name="Liste in Worten")),
                ("path", models.TextField(verbose_name="Seite der Liste")),
                ("entries", models.JSONField(verbose_name="Einträge")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news",
                        to="subscribing.edition",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news",
                        to="subscribing.watchedlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "Neues in einer Liste",
                "verbose_name_plural": "Neues in Listen",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "list"),
                        name="subscribing_news_of_a_list_once_a_week",
                        violation_error_message="Was in dieser Woche neu ist, steht schon fest.",
                    )
                ],
            },
        ),
    ]

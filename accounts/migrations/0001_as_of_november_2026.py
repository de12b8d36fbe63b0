import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import accounts.models


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_network_use"),
        ("accounts", "0003_mailbox_key"),
        ("accounts", "0004_ask_one_mailbox"),
        ("accounts", "0005_what_is_there_once"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(default=0)),
                ("over_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "Zählung",
                "verbose_name_plural": "Zählungen",
            },
        ),
        migrations.CreateModel(
            name="NetworkUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=30)),
                ("network", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("reference", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name": "Absendung aus einem Netz",
                "verbose_name_plural": "Absendungen je Netz",
                "indexes": [
                    models.Index(fields=["network", "form", "at"], name="accounts_network_use")
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={
                            "unique": "Mit dieser E-Mail-Adresse gibt es schon ein Konto. Bitte suchen Sie es in der Liste der Konten."
                        },
                        max_length=254,
                        unique=True,
                        verbose_name="E-Mail-Adresse",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="Name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Darf sich in der Verwaltung anmelden.",
                        verbose_name="Zugang zur Verwaltung",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Statt ein Konto zu löschen, kann es hier stillgelegt werden.",
                        verbose_name="aktiv",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="angelegt am",
                    ),
                ),
                (
                    "shares_mailbox",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        verbose_name="teilt sich ein Postfach mit einem älteren Konto",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "Konto",
                "verbose_name_plural": "Konten",
                "ordering": ["email"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="accounts_email_unique_whatever_the_case",
                        violation_error_message="Mit dieser E-Mail-Adresse gibt es schon ein Konto.",
                    ),
                    models.UniqueConstraint(
                        models.Func(
                            django.db.models.functions.text.Lower("email"),
                            models.Value("^([^+@]+)\\+[^@]*@"),
                            models.Value("\\1@"),
                            function="REGEXP_REPLACE",
                            output_field=models.CharField(),
                        ),
                        condition=models.Q(("shares_mailbox", False)),
                        name="accounts_one_account_per_mailbox",
                        violation_error_message="Für dieses Postfach gibt es schon ein Konto.",
                    ),
                ],
            },
            managers=[
                ("objects", accounts.models.UserManager()),
            ],
        ),
    ]

import uuid

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("mailing", "0001_outbox"),
        ("mailing", "0002_expiry"),
        ("mailing", "0003_access_ends_without_words"),
        ("mailing", "0004_sentences"),
        ("mailing", "0005_german_names"),
        ("mailing", "0006_what_is_there_once"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Email",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        error_messages={
                            "unique": "Diese E-Mail ist schon gespeichert. Bitte senden Sie sie aus der Liste der E-Mails erneut."
                        },
                        max_length=200,
                        unique=True,
                        verbose_name="Schlüssel",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transactional", "zu einem Vorgang"),
                            ("bulk", "Rundmail, abbestellbar"),
                            ("access", "Zugang zu einem Konto"),
                        ],
                        default="transactional",
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("to", models.EmailField(blank=True, max_length=254, verbose_name="an")),
                (
                    "reply_to",
                    models.EmailField(blank=True, max_length=254, verbose_name="Antwort an"),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="Betreff")),
                ("text", models.TextField(blank=True, verbose_name="Text")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                ("attachments", models.JSONField(blank=True, default=list, verbose_name="Anhänge")),
                (
                    "unsubscribe_url",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="Adresse zum Abbestellen"
                    ),
                ),
                ("message_token", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="angelegt am"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="fällig am"
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="nur bis")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="Versuche")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=500, verbose_name="letzter Fehler"),
                ),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="gesendet am"),
                ),
                (
                    "refused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="abgelehnt am"),
                ),
                (
                    "missed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="verpasst am"),
                ),
                (
                    "purged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Inhalt gelöscht am"),
                ),
                ("claim", models.UUIDField(editable=False, null=True)),
                (
                    "claimed_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="in Arbeit bis"),
                ),
            ],
            options={
                "verbose_name": "E-Mail",
                "verbose_name_plural": "E-Mails",
                "ordering": ["-pk"],
                "permissions": [("send_again_email", "Darf E-Mails erneut senden")],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("missed_at", None), ("refused_at", None), ("sent_at", None)
                        ),
                        fields=["due_at", "id"],
                        name="mailing_email_open",
                    ),
                    models.Index(
                        condition=models.Q(("refused_at__isnull", False)),
                        fields=["refused_at"],
                        name="mailing_email_refused",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("missed_at", None),
                            ("refused_at", None),
                            ("sent_at", None),
                            ("expires_at__isnull", False),
                        ),
                        fields=["expires_at"],
                        name="mailing_email_expiring",
                    ),
                    models.Index(
                        condition=models.Q(("purged_at", None), ("sent_at__isnull", False)),
                        fields=["sent_at"],
                        name="mailing_email_unpurged",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at", None), ("sent_at", None)),
                            models.Q(("missed_at", None), ("sent_at", None)),
                            models.Q(("missed_at", None), ("refused_at", None)),
                            _connector="OR",
                        ),
                        name="mailing_email_ends_one_way",
                        violation_error_message="Eine E-Mail ist gesendet, abgelehnt oder verpasst, nie mehreres.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("missed_at", None),
                            models.Q(
                                ("expires_at__isnull", False),
                                ("missed_at__gte", models.F("expires_at")),
                            ),
                            _connector="OR",
                        ),
                        name="mailing_email_missed_after_it_expired",
                        violation_error_message="Verpasst ist nur, was eine Frist hatte, die vorbei ist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim", None), ("claimed_until", None)),
                            models.Q(
                                ("missed_at", None),
                                ("refused_at", None),
                                ("sent_at", None),
                                ("claim__isnull", False),
                                ("claimed_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="mailing_email_only_open_ones_are_claimed",
                        violation_error_message="In Arbeit ist nur eine offene E-Mail, und immer mit einer Frist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purged_at", None),
                            models.Q(
                                models.Q(
                                    ("missed_at", None),
                                    ("refused_at", None),
                                    ("sent_at", None),
                                    _negated=True,
                                ),
                                ("html", ""),
                                ("reply_to", ""),
                                ("subject", ""),
                                ("text", ""),
                                ("to", ""),
                                ("unsubscribe_url", ""),
                            ),
                            _connector="OR",
                        ),
                        name="mailing_email_purged_is_closed_and_empty",
                        violation_error_message="Eine geleerte E-Mail ist abgeschlossen und enthält nichts mehr.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "access"), _negated=True),
                            models.Q(("missed_at", None), ("refused_at", None), ("sent_at", None)),
                            models.Q(
                                ("attachments", []), ("html", ""), ("subject", ""), ("text", "")
                            ),
                            _connector="OR",
                        ),
                        name="mailing_email_access_ends_without_words",
                        violation_error_message="Von einem Zugang bleibt nach dem Versand kein Wort.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to", ""), _negated=True),
                            ("purged_at__isnull", False),
                            _connector="OR",
                        ),
                        name="mailing_email_has_a_recipient",
                        violation_error_message="Eine E-Mail braucht eine Adresse.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "bulk"), _negated=True),
                            models.Q(("unsubscribe_url", ""), _negated=True),
                            ("purged_at__isnull", False),
                            _connector="OR",
                        ),
                        name="mailing_email_bulk_can_be_unsubscribed",
                        violation_error_message="Eine Rundmail braucht eine Adresse zum Abbestellen.",
                    ),
                ],
            },
        ),
    ]

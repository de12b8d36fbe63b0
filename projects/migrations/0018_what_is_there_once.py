"""Sentences of our own for what can be there only once; no table changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_search_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="municipality",
            name="ags",
            field=models.CharField(
                blank=True,
                default=None,
                error_messages={
                    "unique": "Diesen Schlüssel hat schon eine andere Kommune. Bitte vergleichen Sie mit dem amtlichen Verzeichnis."
                },
                max_length=8,
                null=True,
                unique=True,
                verbose_name="Gemeindeschlüssel (AGS)",
            ),
        ),
        migrations.AlterField(
            model_name="municipality",
            name="ars",
            field=models.CharField(
                blank=True,
                default=None,
                error_messages={
                    "unique": "Diesen Schlüssel hat schon eine andere Kommune. Bitte vergleichen Sie mit dem amtlichen Verzeichnis."
                },
                max_length=12,
                null=True,
                unique=True,
                verbose_name="Regionalschlüssel",
            ),
        ),
        migrations.AlterField(
            model_name="ownerask",
            name="user",
            field=models.OneToOneField(
                error_messages={
                    "unique": "Diese Projektredaktion ist schon gefragt. Bitte warten Sie auf ihre Antwort."
                },
                on_delete=django.db.models.deletion.CASCADE,
                related_name="owner_ask",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Projektredaktion",
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=120,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=80,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
        migrations.AlterField(
            model_name="reusestatement",
            name="reuse",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                error_messages={
                    "unique": "Zu dieser Nachnutzung gehört schon eine Angabe. Bitte ändern Sie diese."
                },
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="statement",
                to="projects.reuse",
                verbose_name="öffentliche Angabe",
            ),
        ),
        migrations.AlterField(
            model_name="solution",
            name="product",
            field=models.OneToOneField(
                blank=True,
                error_messages={
                    "unique": "Dieses Produkt hat schon eine andere Lösung als Seite. Bitte wählen Sie ein anderes Produkt."
                },
                help_text="Wenn andere Lösungen auf dieser aufbauen: ihr Name als Produkt.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="solution",
                to="projects.product",
                verbose_name="ist selbst das Produkt",
            ),
        ),
        migrations.AlterField(
            model_name="solution",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=160,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
        migrations.AlterField(
            model_name="technology",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=80,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
        migrations.AlterField(
            model_name="theme",
            name="name",
            field=models.CharField(
                error_messages={
                    "unique": "Dieses Thema gibt es schon. Bitte nehmen Sie das vorhandene, oder einen anderen Namen."
                },
                max_length=80,
                unique=True,
                verbose_name="Name",
            ),
        ),
        migrations.AlterField(
            model_name="theme",
            name="slug",
            field=models.SlugField(
                error_messages={
                    "unique": "Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere."
                },
                max_length=80,
                unique=True,
                verbose_name="Adresse",
            ),
        ),
    ]

import re

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from ground.names import folded

# What stands in addresses: 8 digits of a Gemeinde; „kreis-“ and 5; „verband-“ and 9; „nr-“ and a number
# of our own for those that no list knows. A Kreis's five digits alone could be anything.
_KEY = re.compile(r"([0-9]{8})|kreis-([0-9]{5})|verband-([0-9]{9})|nr-([0-9]{1,9})")


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def existing(self):
        """Those that have not been merged into another or dissolved."""
        return self.filter(ended_on=None)

    def selectable(self):
        """Those a person can be from, each once.

        The official list names a kreisfreie Stadt also as its own Kreis, and a Gemeinde that works
        for its neighbours also as their Verband; and in a gemeindefreies Gebiet nobody governs.
        """
        return self.existing().exclude(
            Q(level=Municipality.Level.KREIS, designation__in=["Kreisfreie Stadt", "Stadtkreis"])
            | Q(designation__in=["Erfüllende Gemeinde", "Gemeindefreies Gebiet"])
        )

    def funded(self):
        """Those that take part in a model project themselves."""
        return self.filter(projects__is_public=True).distinct()

    def with_key(self, key: str):
        """The one whose address says this, or none. Never fails, whatever stands there."""
        found = _KEY.fullmatch(key)
        if found is None:
            return self.none()
        gemeinde, kreis, verband, number = found.groups()
        if number:
            return self.filter(pk=number)
        if verband:
            return self.filter(level=Municipality.Level.VERBAND, ars=verband)
        if kreis:
            return self.filter(level=Municipality.Level.KREIS, ags=kreis)
        return self.filter(level=Municipality.Level.GEMEINDE, ags=gemeinde)


class Municipality(models.Model):
    """A Kommune: Gemeinde or Stadt, Kreis, or Gemeindeverband, with its official key.

    Keys follow the Gemeindeverzeichnis: the Regionalschlüssel has 12 digits for a Gemeinde, 9 for a
    Verband, 5 for a Kreis; the AGS has 8 digits for a Gemeinde and 5 for a Kreis, Verbände have none.
    A Kommune that is not in that list (a regional association, say) has neither.
    """

    class Level(models.TextChoices):
        GEMEINDE = "gemeinde", _("Stadt oder Gemeinde")
        VERBAND = "verband", _("Gemeindeverband")
        KREIS = "kreis", _("Kreis")
        REGION = "region", _("Regionalverband")

    ars = models.CharField(
        _("Regionalschlüssel"),
        max_length=12,
        unique=True,
        null=True,
        blank=True,
        default=None,
        error_messages={
            "unique": _(
                "Diesen Schlüssel hat schon eine andere Kommune. Bitte vergleichen Sie mit dem amtlichen Verzeichnis."
            )
        },
    )
    ags = models.CharField(
        _("Gemeindeschlüssel (AGS)"),
        max_length=8,
        unique=True,
        null=True,
        blank=True,
        default=None,
        error_messages={
            "unique": _(
                "Diesen Schlüssel hat schon eine andere Kommune. Bitte vergleichen Sie mit dem amtlichen Verzeichnis."
            )
        },
    )
    level = models.CharField(_("Ebene"), max_length=10, choices=Level)
    designation = models.CharField(
        _("Bezeichnung"),
        max_length=60,
        blank=True,
        help_text=_("Zum Beispiel „Stadt“, „Landkreis“ oder „Samtgemeinde“."),
    )
    name = models.CharField(
        _("Name"), max_length=120, help_text=_("So, wie die Leute es sagen: „Halle (Saale)“.")
    )
    official_name = models.CharField(_("amtlicher Name"), max_length=160)
    # The database has no German collation, so what sorts and is looked up is stored folded.
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    land = models.CharField(_("Land"), max_length=2, choices=Land)
    kreis = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gemeinden_of_kreis",
        verbose_name=_("Kreis"),
    )
    verband = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gemeinden_of_verband",
        verbose_name=_("Verband"),
    )
    postcode = models.CharField(
        _("Postleitzahl der Verwaltung"), max_length=5, blank=True, db_index=True
    )
    # Of a Kreis or Verband: the sum of its Gemeinden, and the middle of their people.
    population = models.PositiveIntegerField(_("Einwohner"), null=True, blank=True)
    population_on = models.DateField(_("Stand der Einwohnerzahl"), null=True, blank=True)
    latitude = models.FloatField(_("geografische Breite"), null=True, blank=True)
    longitude = models.FloatField(_("geografische Länge"), null=True, blank=True)
    # The day of the official list that names it last; empty for those that no list names.
    listed_on = models.DateField(_("Stand des Verzeichnisses"), null=True, blank=True)
    ended_on = models.DateField(
        _("aufgelöst am"),
        null=True,
        blank=True,
        help_text=_("Gesetzt, wenn das amtliche Verzeichnis sie nicht mehr führt."),
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("aufgegangen in"),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kommune")
        verbose_name_plural = _("Kommunen")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name"], name="projects_municipality_sort"),
            # What people type is the beginning of a name, a part of it, or nearly it.
            models.Index(
                fields=["sort_name"],
                opclasses=["varchar_pattern_ops"],
                name="projects_municipality_begins",
            ),
            GinIndex(
                OpClass(F("sort_name"), name="gin_trgm_ops"), name="projects_municipality_near"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(level="gemeinde") & (Q(ars=None) | Q(ars__regex=r"^\d{12}$"))
                    | Q(level="verband") & (Q(ars=None) | Q(ars__regex=r"^\d{9}$"))
                    | Q(level="kreis") & (Q(ars=None) | Q(ars__regex=r"^\d{5}$"))
                    | Q(level="region", ars=None)
                ),
                name="projects_ars_fits_the_level",
                violation_error_message=_(
                    "Der Regionalschlüssel hat 12 Ziffern für eine Gemeinde, 9 für einen Verband "
                    "und 5 für einen Kreis."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(ags=None)
                    | Q(level="gemeinde", ags__regex=r"^\d{8}$")
                    | Q(level="kreis", ags__regex=r"^\d{5}$")
                ),
                name="projects_ags_fits_the_level",
                violation_error_message=_(
                    "Der Gemeindeschlüssel (AGS) hat 8 Ziffern für eine Gemeinde und 5 für einen "
                    "Kreis."
                ),
            ),
            models.CheckConstraint(
                condition=Q(land__in=Land.values),
                name="projects_municipality_lies_in_a_land",
                violation_error_message=_("Bitte eines der 16 Länder wählen."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(ended_on__isnull=False),
                name="projects_only_ended_municipalities_have_a_successor",
                violation_error_message=_(
                    "Eine Nachfolgerin hat nur, wer aufgelöst ist: Bitte das Datum angeben."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("id")),
                name="projects_nobody_succeeds_themselves",
                violation_error_message=_("Eine Kommune kann nicht ihre eigene Nachfolgerin sein."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(latitude=None, longitude=None)
                    | Q(latitude__range=(47.0, 55.2), longitude__range=(5.5, 15.5))
                ),
                name="projects_municipality_lies_in_germany",
                violation_error_message=_("Diese Koordinaten liegen nicht in Deutschland."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:municipality", kwargs={"key": self.key})

    @property
    def key(self) -> str:
        """What stands for it in addresses, for good: made of its official key where it has one."""
        if self.level == self.Level.GEMEINDE and self.ags:
            return self.ags
        if self.level == self.Level.KREIS and self.ags:
            return f"kreis-{self.ags}"
        if self.level == self.Level.VERBAND and self.ars:
            return f"verband-{self.ars}"
        return f"nr-{self.pk}"

"""What every researched or stated fact has in common: where it comes from, and whether it is sure."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PARTIAL_DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"


class PartialDateField(models.CharField):
    """A year, a month or a day, as exact as the source says: „2025“, „2025-09“, „2025-09-18“.

    As text these sort in the order of time.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", _("Jahr, Monat oder Tag: „2025“, „2025-09“, „2025-09-18“."))
        super().__init__(*args, **kwargs)


def is_partial_date(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": PARTIAL_DATE}),
        name=name,
        violation_error_message=_(
            "Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“."
        ),
    )


def address_in(source: str) -> str:
    """The address to open, or "" where a source is named in words."""
    is_address = source.startswith(("https://", "http://")) and " " not in source
    return source if is_address else ""


class SourceNote(models.Model):
    """Where facts come from: a page, or a printed text named in words."""

    text = models.CharField(
        _("Quelle"), max_length=500, help_text=_("Internetadresse oder Titel mit Datum.")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    # That the address was noted down shortened: it names the place, but cannot be opened.
    is_truncated = False

    class Meta:
        abstract = True
        verbose_name = _("Quelle")
        verbose_name_plural = _("Quellen")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def url(self) -> str:
        """The address to open, or "" where the source is a printed text or cut short."""
        return "" if self.is_truncated else address_in(self.text)


class Sourced(models.Model):
    """A fact with its own source and its own mark „zu prüfen“."""

    source = models.CharField(
        _("Quelle"),
        max_length=500,
        blank=True,
        help_text=_("Internetadresse oder Titel mit Datum. Steht öffentlich dabei."),
    )
    checked_on = models.DateField(_("geprüft am"), null=True, blank=True)
    is_certain = models.BooleanField(
        _("gesichert"),
        default=True,
        help_text=_("Ohne Haken steht „zu prüfen“ bei genau dieser Angabe."),
    )
    note = models.CharField(
        _("Anmerkung"),
        max_length=600,
        blank=True,
        help_text=_("Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei."),
    )

    class Meta:
        abstract = True

    @property
    def source_url(self) -> str:
        return address_in(self.source)


def has_source(name: str) -> models.CheckConstraint:
    """For facts that are public as soon as they are stored."""
    return models.CheckConstraint(
        condition=~Q(source=""),
        name=name,
        violation_error_message=_(
            "Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst "
            "wissen, hat die Quelle „Angabe des Projekts“."
        ),
    )


def exactly_one(fields: tuple[str, ...], name: str, message: Any) -> models.CheckConstraint:
    condition = Q()
    for field in fields:
        others = {f"{other}__isnull": True for other in fields if other != field}
        condition |= Q(**{f"{field}__isnull": False}, **others)
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)

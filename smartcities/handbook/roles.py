"""For whom there is a page of the handbook."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Values stand in addresses; the order is that of the handbook."""

    MUNICIPALITY = "kommune", _("Kommune")
    COORDINATION = "koordination", _("Koordination einer Gemeinschaft")
    HOST = "gastgeber", _("Gastgeber einer Veranstaltung")
    ADVICE = "beratung", _("Beratung und Geschäftsstelle von Start Smart")
    PROJECT = "projektredaktion", _("Projektredaktion")
    EDITORS = "portalredaktion", _("Portalredaktion")
    OPERATION = "betrieb", _("Betrieb")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class OpendataConfig(AppConfig):
    name = "opendata"
    verbose_name = _("Offene Daten")

    def ready(self) -> None:
        slots.fill("finding.list.results", "opendata/of_list.html")

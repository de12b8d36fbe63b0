from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class SubscribingConfig(AppConfig):
    name = "subscribing"
    verbose_name = _("Abonnements")

    def ready(self) -> None:
        on_account = import_module("subscribing.on_account")
        slots.fill("account.overview", "subscribing/on_account.html", on_account.facts)
        slots.fill("finding.list.head", "subscribing/of_list_short.html")
        slots.fill("finding.list.results", "subscribing/of_list.html")
        slots.fill("finding.list.nothing", "subscribing/of_list.html")
        slots.fill("events.detail", "subscribing/at_event.html")

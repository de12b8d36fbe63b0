from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Veranstaltungen")

    def ready(self) -> None:
        # Has public events found, groups know their workshops, and kept pages when events end.
        import_module("events.entries")
        import_module("events.search")
        import_module("events.of_groups")
        # Says what waits for people in the administration.
        import_module("events.todos")
        # Says what the office counts.
        import_module("events.statistics")
        slots.fill("projects.portrait", "events/on_portrait.html")
        slots.fill("projects.theme", "events/on_theme.html")
        slots.fill("communities.workshops", "events/workshops.html")

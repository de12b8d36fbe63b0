from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Veranstaltungen")

    def ready(self) -> None:
        from projects import home_of_person  # noqa: PLC0415 -- needs the models

        # Has public events found, groups know their workshops, and kept pages when events end.
        import_module("events.entries")
        import_module("events.search")
        of_groups = import_module("events.of_groups")
        slots.fill(
            "communities.past-workshops", "events/past_workshops.html", of_groups.with_minutes
        )
        slots.fill("communities.tasks", "events/tasks_of_group.html", of_groups.with_tasks)
        # Says what waits for people in the administration.
        import_module("events.todos")
        # Says what the office counts.
        import_module("events.statistics")
        on_account = import_module("events.on_account")
        home_of_person.register(on_account.municipalities)
        slots.fill("account.overview", "events/on_account.html", on_account.facts)
        slots.fill("projects.portrait", "events/on_portrait.html")
        slots.fill("projects.theme", "events/on_theme.html")
        slots.fill("communities.workshops", "events/workshops.html")

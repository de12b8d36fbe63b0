from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class ConsultingConfig(AppConfig):
    name = "consulting"
    verbose_name = _("Start Smart")

    def ready(self) -> None:
        """Times on site follow the event they hang on: `events.followers` says how and when."""
        from projects import home_of_person  # noqa: PLC0415 -- needs the models

        # Says until when a page may show what is free.
        availability = import_module("consulting.availability")
        # Says what waits for people in the administration.
        import_module("consulting.todos")
        # Says what the office counts.
        import_module("consulting.statistics")
        on_account = import_module("consulting.on_account")
        home_of_person.register(on_account.municipalities)
        slots.fill("account.overview", "consulting/on_account.html", on_account.facts)
        slots.fill("communities.not-funded", "consulting/for_groups.html")
        slots.fill("projects.not-funded", "consulting/for_not_funded.html")
        slots.fill("projects.beginning", "consulting/after_searching.html")
        slots.fill("projects.portrait.ask", "consulting/about_project.html")
        slots.fill("projects.solution.ask", "consulting/about_solution.html")
        slots.fill("projects.theme.ask", "consulting/about_theme.html")
        slots.fill("events.detail", "consulting/at_event.html", availability.at_event)
        from consulting.actions import on_site  # noqa: PLC0415 -- needs the models
        from events import followers  # noqa: PLC0415 -- the same

        followers.register(
            self.name,
            followers.Follower(moved=on_site.follow_move, cancelled=on_site.follow_cancel),
        )

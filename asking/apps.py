from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class AskingConfig(AppConfig):
    name = "asking"
    verbose_name = _("Fragen und Hinweise")

    def ready(self) -> None:
        # Says what waits for people in the administration.
        import_module("asking.todos")
        # Has what is public found.
        import_module("asking.search")
        # Says what the office counts.
        import_module("asking.statistics")
        from projects import home_of_person  # noqa: PLC0415 -- needs the models

        on_account = import_module("asking.on_account")
        home_of_person.register(on_account.municipalities)
        slots.fill("account.overview", "asking/on_account.html", on_account.facts)
        slots.fill("projects.solution.act", "asking/ask_about_solution.html")
        slots.fill("projects.portrait.act", "asking/ask_about_project.html")
        slots.fill("projects.solution.ask", "asking/about_solution.html")
        slots.fill("projects.portrait.ask", "asking/about_project.html")
        slots.fill("projects.theme.ask", "asking/about_theme.html")
        slots.fill("projects.beginning", "asking/after_searching.html")
        slots.fill("projects.solution", "asking/on_solution.html")
        slots.fill("projects.portrait", "asking/on_project.html")
        slots.fill("communities.no-contact", "asking/instead_of_contact.html")
        slots.fill("page.report", "asking/report_address.html")

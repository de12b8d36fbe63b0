from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Modellprojekte")

    def ready(self) -> None:
        slots.fill("finding.list.search", "projects/home_field.html")
        slots.fill("finding.nothing-found", "projects/beginning.html")
        on_account = import_module("projects.on_account")
        import_module("projects.home_of_person").register(on_account.municipalities)
        slots.fill("account.overview", "projects/on_account.html", on_account.facts)
        # Lets editors of projects into the administration.
        import_module("projects.editing")
        # Says what waits for people in the administration.
        import_module("projects.todos")
        # Says what the office counts.
        import_module("projects.statistics")
        # Has public projects and solutions found.
        import_module("projects.search")

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ground import slots


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Gemeinschaften")

    def ready(self) -> None:
        from projects import home_of_person  # noqa: PLC0415 -- needs the models

        # Waits for accounts whose address is confirmed.
        import_module("communities.memberships_of_accounts")
        # Has communities and what they publish found.
        import_module("communities.search")
        import_module("communities.told")
        # Lets those who coordinate into the administration.
        import_module("communities.scope")
        # Says what waits for people in the administration.
        import_module("communities.todos")
        on_account = import_module("communities.on_account")
        home_of_person.register(on_account.municipalities)
        slots.fill("account.overview", "communities/on_account.html", on_account.facts)
        slots.fill("projects.theme", "communities/on_theme.html")

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailingConfig(AppConfig):
    name = "mailing"
    verbose_name = _("E-Mails")

    def ready(self) -> None:
        # Says what waits for people in the administration.
        import_module("mailing.todos")

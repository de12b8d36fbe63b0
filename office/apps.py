from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The common base of the administration; has no tables of its own."""

    name = "office"

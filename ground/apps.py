from django.apps import AppConfig


class GroundConfig(AppConfig):
    """What knows no domain; has no tables of its own."""

    name = "ground"

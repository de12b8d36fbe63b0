from typing import Any

from django.apps import AppConfig

from ground import form_words


class GroundConfig(AppConfig):
    """What knows no domain; has no tables of its own."""

    name = "ground"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Before any app loads its models and forms: a field takes its words when it is made.
        form_words.speak()

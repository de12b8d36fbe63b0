"""How the inputs of every form come to be HTML, those of the administration and of allauth included."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest


class NothingCutOff(TemplatesSetting):
    """No input has `maxlength`: browsers cut what is pasted without a word.

    The field says how much is too much (`ground.form_words.TOO_LONG`), beside all that was written.
    """

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        _uncut(context.get("widget", {}))
        return super().render(template_name, context, request)


def _uncut(widget: dict[str, Any]) -> None:
    widget.get("attrs", {}).pop("maxlength", None)
    for part in widget.get("subwidgets", ()):
        _uncut(part)

"""Form fields of the administration that need no script and can be heard as well as seen."""

from typing import Any

from django import forms


class Checkboxes(forms.CheckboxSelectMultiple):
    """Boxes to tick as one group with a name; Django's have no name for a screen reader."""

    template_name = "admin/widgets/checkboxes.html"

    def __init__(self, legend: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.legend = legend

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"legend": self.legend}


class NativeDate(forms.DateInput):
    """The browser's own calendar: works with keyboard, zoom and screen reader, in its language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NativeTime(forms.TimeInput):
    """The browser's own field for a time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class NativeDateTime(forms.DateTimeInput):
    """Day and time in one field of the browser. The form's field turns it into an aware moment."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

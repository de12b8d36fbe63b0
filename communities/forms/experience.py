from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from communities.access import inside
from communities.models import Experience
from office.freshness import FreshForm
from projects.models import Project, Solution


class ExperienceForm(FreshForm, forms.ModelForm):
    """An experience as its author writes it. Only coordinators of the group make it public."""

    class Meta:
        model = Experience
        fields = [
            "kind",
            "title",
            "what",
            "context",
            "again",
            "operator_model",
            "partners",
            "community",
            "project",
        ]
        widgets = {"kind": forms.RadioSelect}

    def __init__(
        self, *args: Any, author: User, solution: Solution | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instance.solution = solution
        self.fields["kind"].choices = Experience._meta.get_field("kind").choices
        community = self.fields["community"]
        community.queryset = inside(author).active().select_related("parent").order_by("sort_name")
        community.label_from_instance = lambda group: group.full_name
        community.required = True
        community.empty_label = _("Bitte wählen")
        community.help_text = _("Die Koordination dieser Gruppe liest und veröffentlicht den Text.")
        project = self.fields["project"]
        project.queryset = Project.objects.public().order_by("sort_name", "pk")
        project.empty_label = _("keines")
        for name in ("what", "context", "again"):
            self.fields[name].widget.attrs["rows"] = 4

"""What the public page of an entry looks like, before it is public or after the last change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from finding.conditional import version_of
from ground.private import private
from projects.catalogue import Catalogue, catalogue, including


class WithPreview(admin.ModelAdmin):
    """For entries of a project: the page as the public sees it, for those who see it here."""

    # The way from a row to its project.
    to_project: str

    def preview_of(self, shown: Catalogue, row: Any) -> dict[str, Any]:
        """What `projects/portrait.html` shows of one row."""
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if row := context["original"]:
            address = f"admin:{self.opts.app_label}_{self.opts.model_name}_preview"
            context["preview_url"] = reverse(address, args=[row.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(private(self.preview_view)))
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<int:pk>/vorschau/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.own_object(request, pk)
        shown = including(catalogue(version_of(request)), getattr(row, self.to_project))
        project = getattr(row, "project", row)
        context = {
            **self.preview_of(shown, row),
            "row": row,
            "opts": self.opts,
            "project": project,
        }
        return render(request, "admin/projects/preview.html", context)

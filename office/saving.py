"""„Speichern“ saves, and afterwards the same page is there again: what can be done next stands on it."""

from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from office import way_back


class StaysOpen:
    """Django's three buttons to save make newcomers ask for the difference, and the usual one leads
    away from the page with the next step.
    """

    # Rows of which one adds several in a row have a second button.
    offers_another = True

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["show_save_and_continue"] = False
        if not self.offers_another:
            context["show_save_and_add_another"] = False
        context["ways_back"] = way_back.before(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Model) -> HttpResponse:
        return self._open_again(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        return self._open_again(request, obj) or super().response_post_save_change(request, obj)

    def _open_again(self, request: HttpRequest, obj: Model) -> HttpResponseRedirect | None:
        """None where saving has given the row to others."""
        if not self.has_view_permission(request, obj):
            return None
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        preserved = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        url = reverse(name, args=[obj.pk])
        if kept := way_back.carried_on(request):
            # A browser would keep the spot of the doubt, far below of what is told now.
            return HttpResponseRedirect(
                f"{add_preserved_filters(preserved, f'{url}?{kept}')}#content-start"
            )
        return HttpResponseRedirect(add_preserved_filters(preserved, url))

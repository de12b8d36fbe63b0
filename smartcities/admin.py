"""The front door of the administration: who gets in, and what is the same on all of its pages."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import may_enter
from accounts.models import User
from office.todos import ahead_of, todos_of
from smartcities.doubts import doubts_page
from smartcities.operations.page import operators_page
from smartcities.recent import recent_of
from smartcities.shortcuts import own_of
from smartcities.statistics import statistics_page


class AutocompleteView(AutocompleteJsonView):
    """Lets the admin of a model say how its objects are told apart, and which come first.

    Several places are called Neustadt: `choice_label(obj)` names the Land and the Kreis too, and
    `choice_order(queryset, term)` puts first what was most likely meant.
    """

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}

    def get_queryset(self) -> QuerySet[Model]:
        # PostgreSQL refuses the character; the search box of a list refuses it by its form.
        self.term = self.term.replace("\0", "")
        queryset = super().get_queryset()
        if not queryset.ordered:
            # Counting along drops a model's own order, and then pages might repeat a row.
            queryset = queryset.order_by("pk")
        in_order = getattr(self.model_admin, "choice_order", None)
        return in_order(queryset, self.term) if in_order else queryset


class PortalAdminSite(admin.AdminSite):
    site_title = _("Verwaltung – Modellprojekte Smart Cities")
    site_header = _("Verwaltung der Modellprojekte Smart Cities")
    index_title = _("Willkommen in der Verwaltung")
    site_url = "/"
    empty_value_display = "–"
    final_catch_all_view = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff, coordinators and editors of projects.

        All of them with a second factor where `STAFF_MFA_REQUIRED` says so.
        """
        return self.may_enter(request) and not self._lacks_second_factor(request)

    def may_enter(self, request: HttpRequest) -> bool:
        """Staff by their account, others as long as they have a role: it needs no right of Django."""
        if not hasattr(request, "may_enter_administration"):
            request.may_enter_administration = super().has_permission(request) or (
                request.user.is_authenticated
                and User.objects.filter(may_enter(), pk=request.user.pk).exists()
            )
        return request.may_enter_administration

    def _lacks_second_factor(self, request: HttpRequest) -> bool:
        # Asked several times on a page, answered by one query.
        if not hasattr(request, "lacks_second_factor"):
            # Recovery codes alone are no second factor: they only stand in for a lost one.
            request.lacks_second_factor = settings.STAFF_MFA_REQUIRED and not is_mfa_enabled(
                request.user, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
            )
        return request.lacks_second_factor

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Sign in where everybody signs in, with its rate limits and second factor."""
        if self.may_enter(request) and self._lacks_second_factor(request):
            messages.warning(
                request,
                _(
                    "Für die Verwaltung brauchen Sie einen zweiten Faktor. Bitte richten Sie ihn "
                    "hier ein."
                ),
            )
            return redirect("mfa_index")
        return secure_admin_login(super().login)(request, extra_context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First what waits for this person, then what they mostly do, then everything there is."""
        extra = {
            "todos": todos_of(request.user, now=timezone.now()),
            "ahead": ahead_of(request.user, now=timezone.now()),
            "own": own_of(request.user),
            "recent": recent_of(request, self),
        }
        return super().index(request, extra | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """With a plain name for what Django calls „Authentifizierung und Autorisierung“."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "auth":
                app["name"] = _("Rechte in der Verwaltung")
        return apps

    def get_urls(self) -> list[URLPattern]:
        # Before Django's own of this name, which sends anybody to the page of any row.
        view = self.admin_view(self.view_on_site)
        address = "r/<path:content_type_id>/<path:object_id>/"
        return [
            path(address, view, name="view_on_site"),
            path("zu-pruefen/", self.admin_view(self.doubts_view), name="doubts"),
            path("statistik/", self.admin_view(self.statistics_view), name="statistics"),
            path("betrieb/", self.admin_view(self.operations_view), name="operations"),
            *super().get_urls(),
        ]

    def doubts_view(self, request: HttpRequest) -> HttpResponse:
        return doubts_page(request, self)

    def statistics_view(self, request: HttpRequest) -> HttpResponse:
        return statistics_page(request, self)

    def operations_view(self, request: HttpRequest) -> HttpResponse:
        return operators_page(request, self)

    def view_on_site(
        self, request: HttpRequest, content_type_id: str, object_id: str
    ) -> HttpResponseBase:
        """To the public page of a row that somebody sees here. The address alone would name others'."""
        try:
            model = ContentType.objects.get_for_id(content_type_id).model_class()
        except (ContentType.DoesNotExist, ValueError) as error:
            raise Http404 from error
        model_admin = self._registry.get(model)
        if model_admin is None or not model_admin.has_view_permission(request):
            raise Http404
        if model_admin.get_object(request, object_id) is None:
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return AutocompleteView.as_view(admin_site=self)(request)

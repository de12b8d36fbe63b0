"""Members of a group: who they are, what they decide themselves, and the list of them."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities.admin.inviting import WithInviting
from communities.admin.membership_steps import STEPS
from communities.admin.scope import OwnGroupFilter, OwnGroupsAdmin, WithGroupSteps
from communities.admin.together import TOGETHER
from communities.mail import nudges
from communities.models import Membership, MembershipState
from ground.spreadsheet import csv_response
from office.together import WithTogether


@admin.register(Membership)
class MembershipAdmin(WithInviting, WithTogether, WithGroupSteps, OwnGroupsAdmin):
    steps = STEPS
    together = TOGETHER
    # A day's requests on one page, so that they are chosen with one tick.
    list_per_page = 100
    list_display = ("person", "group", "role", "state", "waits", "represents_shown")
    list_display_links = ("person",)
    list_select_related = ("community__parent", "user", "project", "municipality")
    list_filter = ("state", "role", OwnGroupFilter)
    ordering = ("name", "pk")
    search_fields = ("name",)
    search_help_text = _("Name, E-Mail-Adresse oder Organisation.")
    actions = ("export",)
    history_without_values = ("name", "email", "organisation", "message", "reason")
    readonly_fields = (
        "email",
        "group",
        "role",
        "state",
        "represents_shown",
        "visible_shown",
        "mail_wish",
        "message",
        "reason",
        "requested_at",
        "history_shown",
    )
    change_list_template = "admin/communities/membership_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        # A request whose address no one has confirmed may be anybody's joke.
        rows = super().get_queryset(request).filter(anonymised_at=None)
        return rows.exclude(state=MembershipState.REQUESTED, email_confirmed_at=None)

    def matching(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(email__icontains=word) | Q(organisation__icontains=word)

    def describe(self, row: Membership) -> str:
        """Enough to decide about a person in a list of many."""
        said = [row.name or row.email, row.represents, row.community.full_name]
        return f"{', '.join(one for one in said if one)} ({row.get_state_display()})"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are invited, they say yes themselves

    @admin.display(description=_("Name"), ordering="name")
    def person(self, membership: Membership) -> str:
        return membership.name or membership.email

    @admin.display(description=_("Gruppe"), ordering="community__sort_name")
    def group(self, membership: Membership) -> str:
        return membership.community.full_name

    def get_fieldsets(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        person = ("name", "email", "group", "role", "state", "represents_shown")
        sets: list[Any] = [(None, {"fields": person})]
        if obj is not None and obj.requested_at is not None:
            request_fields = ("requested_at", "message", *(("reason",) if obj.reason else ()))
            sets.append((_("Anfrage"), {"fields": request_fields}))
        wishes = ("visible_shown", "mail_wish")
        sets.append((_("Was die Person selbst entscheidet"), {"fields": wishes}))
        sets.append((_("Verlauf"), {"fields": ("history_shown",)}))
        return sets

    @admin.display(description=_("Andere Mitglieder sehen den Namen"))
    def visible_shown(self, membership: Membership) -> str:
        return _t("ja") if membership.is_visible else _t("nein")

    @admin.display(description=_("vertritt"))
    def represents_shown(self, membership: Membership) -> str:
        return membership.represents

    @admin.display(description=_("wartet"))
    def waits(self, membership: Membership) -> str:
        if membership.state != MembershipState.REQUESTED or membership.requested_at is None:
            return ""
        day = date_format(timezone.localtime(membership.requested_at), "j. F Y")
        if nudges.is_overdue(membership, now=timezone.now()):
            return _t("seit %(day)s – überfällig") % {"day": day}
        return _t("seit %(day)s") % {"day": day}

    @admin.display(description=_("Schritte"))
    def history_shown(self, membership: Membership) -> SafeString:
        entries = membership.history.select_related("by")
        return format_html_join(
            "",
            "<div>{}, {}{}</div>",
            (
                (
                    date_format(timezone.localtime(entry.at), "j. F Y, H:i"),
                    entry.get_kind_display(),
                    f" ({entry.by})" if entry.by else "",
                )
                for entry in entries
            ),
        )

    @admin.action(description=_("Als Tabelle herunterladen (CSV)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse:
        columns = [
            _t("Name"),
            _t("E-Mail"),
            _t("Gruppe"),
            _t("Rolle"),
            _t("Stand"),
            _t("vertritt"),
        ]
        rows = [
            [
                row.name,
                row.email,
                row.community.full_name,
                row.get_role_display(),
                row.get_state_display(),
                row.represents,
            ]
            for row in queryset.select_related("community__parent", "project", "municipality")
        ]
        return csv_response("mitglieder.csv", columns, rows)

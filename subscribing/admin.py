from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finding.listing import Listing
from finding.versions import current, known
from office.base import OnlyRead, PortalAdmin
from subscribing.lists import LISTS
from subscribing.models import WatchedList


@admin.register(WatchedList)
class WatchedListAdmin(OnlyRead, PortalAdmin):
    """Which lists are wanted, and by how many. By whom is nobody's business here: no address is shown."""

    list_display = ("in_words", "subscribers", "created_at")
    list_filter = ("name",)
    search_fields = ("query",)
    ordering = ("name", "query")
    fields = ("in_words", "name", "filters", "subscribers", "created_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[WatchedList]:
        return super().get_queryset(request).counted().defer("seen")

    def matching(self, word: str) -> Q:
        return Q(query__icontains=word)

    @admin.display(description=_("Liste"), ordering="name")
    def in_words(self, watched: WatchedList) -> str:
        return self._described(watched).title

    @admin.display(description=_("Filter"))
    def filters(self, watched: WatchedList) -> str:
        return ", ".join(one.label for one in self._described(watched).active_filters)

    @admin.display(description=_("Abonnements"), ordering="subscribers")
    def subscribers(self, watched: WatchedList) -> int:
        return watched.subscribers

    def _described(self, watched: WatchedList) -> Listing:
        # As old as a page may be: a query for each row would say nothing more.
        version = known() or current()
        return LISTS[watched.name].described(watched.query, version, timezone.now())

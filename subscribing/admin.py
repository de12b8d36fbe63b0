from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finding.versions import current
from office.base import OnlyRead, PortalAdmin
from subscribing.lists import LISTS, Asked
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
        return self._asked(watched).title

    @admin.display(description=_("Filter"))
    def filters(self, watched: WatchedList) -> str:
        return ", ".join(self._asked(watched).filters)

    @admin.display(description=_("Abonnements"), ordering="subscribers")
    def subscribers(self, watched: WatchedList) -> int:
        return watched.subscribers

    def _asked(self, watched: WatchedList) -> Asked:
        return LISTS[watched.name].asked(watched.query, current(), timezone.now())

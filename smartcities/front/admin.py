from django.contrib import admin

from office.base import GuardedAdmin
from smartcities.front.pinned import PinnedCase


@admin.register(PinnedCase)
class PinnedCaseAdmin(GuardedAdmin):
    list_display = ("solution", "begins_on", "ends_on")
    list_select_related = ("solution",)
    autocomplete_fields = ("solution",)
    list_per_page = 50
    show_full_result_count = False

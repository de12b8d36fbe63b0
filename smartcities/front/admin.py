from django.contrib import admin
from django.db import models

from office.base import GuardedAdmin
from office.choices import PlainChoices
from office.widgets import NativeDate
from smartcities.front.pinned import PinnedCase


@admin.register(PinnedCase)
class PinnedCaseAdmin(PlainChoices, GuardedAdmin):
    list_display = ("solution", "begins_on", "ends_on")
    list_select_related = ("solution",)
    autocomplete_fields = ("solution",)
    formfield_overrides = {models.DateField: {"widget": NativeDate}}
    list_per_page = 50
    show_full_result_count = False

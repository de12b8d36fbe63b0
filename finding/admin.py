from django.contrib import admin
from django.db.models import Q

from finding.models import Synonyms
from office.base import PortalAdmin


@admin.register(Synonyms)
class SynonymsAdmin(PortalAdmin):
    list_display = ("words",)
    search_fields = ("words",)
    ordering = ("words",)

    def matching(self, word: str) -> Q:
        return Q(words__icontains=word)

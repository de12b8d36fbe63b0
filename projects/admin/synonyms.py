from django.contrib import admin
from django.db.models import Q

from projects.admin.base import CatalogueAdmin
from projects.models import Synonyms


@admin.register(Synonyms)
class SynonymsAdmin(CatalogueAdmin):
    list_display = ("words",)
    search_fields = ("words",)
    ordering = ("words",)

    def matching(self, word: str) -> Q:
        return Q(words__icontains=word)

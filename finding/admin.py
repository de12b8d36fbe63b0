from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from finding.models import MissedWord, Synonyms
from office.base import OnlyRead, PortalAdmin
from office.markup import link


@admin.register(Synonyms)
class SynonymsAdmin(PortalAdmin):
    list_display = ("words", "narrower")
    search_fields = ("words", "narrower")
    ordering = ("words",)

    def matching(self, word: str) -> Q:
        return Q(words__icontains=word) | Q(narrower__icontains=word)


@admin.register(MissedWord)
class MissedWordAdmin(OnlyRead, PortalAdmin):
    """Read only: what people searched and did not find, with the way to a group of synonyms."""

    list_display = ("word", "count", "week", "add_synonym")
    list_filter = ("week",)
    search_fields = ("word",)
    ordering = ("-week", "-count", "word")

    @admin.display(description=_("Abhilfe"))
    def add_synonym(self, row: MissedWord) -> SafeString:
        address = reverse("admin:finding_synonyms_add")
        return link(f"{address}?{urlencode({'words': row.word})}", str(_("Synonym anlegen")))

    def matching(self, word: str) -> Q:
        return Q(word__icontains=word)

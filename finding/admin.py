from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finding import search
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


class MissedWords(ChangeList):
    """With what became of each word on the page meanwhile: the search is asked once for all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = search.known_by_now(
            {row.word for row in rows}, kinds=[kind.name for kind in search.registered()]
        )
        for row in rows:
            row.is_known, row.found = row.word in found, found.get(row.word)
        self.result_list = rows


@admin.register(MissedWord)
class MissedWordAdmin(OnlyRead, PortalAdmin):
    """Read only: what people searched and did not find, with the way to a group of synonyms."""

    list_display = ("word", "count", "week", "remedy")
    list_filter = ("week",)
    search_fields = ("word",)
    ordering = ("-week", "-count", "word")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MissedWords

    @admin.display(description=_("Abhilfe"))
    def remedy(self, row: Any) -> SafeString | str:
        if row.found:
            return (
                ngettext("Findet jetzt %d Eintrag.", "Findet jetzt %d Einträge.", row.found)
                % row.found
            )
        if not row.is_known:
            address = f"{reverse('admin:finding_synonyms_add')}?{urlencode({'words': row.word})}"
            return link(address, str(_t("Synonym anlegen")))
        groups = f"{reverse('admin:finding_synonyms_changelist')}?{urlencode({'q': row.word})}"
        if row.found is None:
            return link(groups, str(_t("Hat ein Synonym, die Suche kennt es in einer Minute")))
        return link(groups, str(_t("Hat ein Synonym, findet damit aber noch nichts")))

    def matching(self, word: str) -> Q:
        return Q(word__icontains=word)

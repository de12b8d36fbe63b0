from typing import Any

from django.contrib import admin
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from office.markup import link_list
from projects.admin.base import CatalogueAdmin
from projects.admin.choices import label
from projects.admin.filters import EndedFilter, FundedFilter, taking_part
from projects.models import Municipality

# What the official list says. It would come back with the next import, so nobody edits it here.
OFFICIAL_FIELDS = (
    "official_name",
    "level",
    "designation",
    "ars",
    "ags",
    "land",
    "kreis",
    "verband",
    "postcode",
    "population",
    "population_on",
    "latitude",
    "longitude",
    "ended_on",
    "successor",
)


@admin.register(Municipality)
class MunicipalityAdmin(CatalogueAdmin):
    list_display = (
        "name",
        "designation",
        "land",
        "kreis",
        "ags",
        "population",
        "takes_part",
        "ended_on",
    )
    list_select_related = ("kreis",)
    list_filter = ("level", FundedFilter, EndedFilter, "land")
    ordering = ("sort_name", "pk")
    search_help_text = _(
        "Name („Muenster“ findet auch Münster), Anfang des Gemeindeschlüssels oder der Postleitzahl."
    )
    autocomplete_fields = ("kreis", "verband", "successor")
    fieldsets = (
        (None, {"fields": ("name", "official_name", "level", "designation")}),
        (_("Modellprojekte"), {"fields": ("project_links",)}),
        (
            _("Amtliche Schlüssel und Lage"),
            {
                "description": _(
                    "Diese Angaben kommen aus dem Gemeindeverzeichnis des Statistischen Bundesamts "
                    "und werden mit jedem Einlesen erneuert. Bearbeiten lassen sie sich nur bei "
                    "Kommunen, die dort nicht stehen."
                ),
                "fields": ("ars", "ags", "land", "kreis", "verband", "postcode"),
            },
        ),
        (
            _("Einwohner und Koordinaten"),
            {"fields": (("population", "population_on"), ("latitude", "longitude"))},
        ),
        (_("Stand"), {"fields": ("listed_on", "ended_on", "successor")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Municipality]:
        return super().get_queryset(request).annotate(takes_part=taking_part())

    def get_readonly_fields(
        self, request: HttpRequest, obj: Municipality | None = None
    ) -> tuple[str, ...]:
        always = ("project_links", "listed_on")
        return always + OFFICIAL_FIELDS if obj and obj.listed_on else always

    def matching(self, word: str) -> Q:
        if word.isdigit():
            return Q(ags__startswith=word) | Q(ars__startswith=word) | Q(postcode__startswith=word)
        return super().matching(word)

    def choice_label(self, municipality: Municipality) -> str:
        return label(municipality)

    def choice_order(self, queryset: QuerySet[Municipality], term: str) -> QuerySet[Municipality]:
        """Existing ones first, then names that are or begin with the term, then the larger ones."""
        folded = fold(term.strip())
        closeness = Case(
            When(sort_name=folded, then=Value(0)),
            When(sort_name__startswith=folded, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return queryset.select_related("kreis").order_by(
            F("ended_on").desc(nulls_first=True),
            closeness,
            F("population").desc(nulls_last=True),
            "sort_name",
            "pk",
        )

    @admin.display(description=_("Modellprojekt"), boolean=True)
    def takes_part(self, municipality: Any) -> bool:
        return municipality.takes_part

    @admin.display(description=_("beteiligt an"))
    def project_links(self, municipality: Municipality) -> SafeString:
        return link_list(
            [
                (reverse("admin:projects_project_change", args=[project.pk]), project.name)
                for project in municipality.projects.all()
            ]
        )

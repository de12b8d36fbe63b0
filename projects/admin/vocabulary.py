"""What the office keeps for all solutions: products, technologies, facts about the network."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.admin.base import CatalogueAdmin
from projects.admin.facts import ProductReuseInline
from projects.models import NetworkFact, Product, Technology


@admin.register(Technology)
class TechnologyAdmin(CatalogueAdmin):
    list_display = ("name", "kind")
    list_filter = ("kind",)
    ordering = ("sort_name", "pk")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "kind", "slug")


@admin.register(Product)
class ProductAdmin(CatalogueAdmin):
    list_display = ("name", "maker", "licence", "is_certain")
    ordering = ("sort_name", "pk")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ProductReuseInline,)
    fieldsets = (
        (None, {"fields": ("name", "description", "maker", "website")}),
        (_("Quellcode"), {"fields": ("licence", "repository")}),
        (_("Quelle"), {"fields": ("source", "is_certain", "note", "checked_on")}),
        (_("Adresse im Portal"), {"fields": ("slug",)}),
    )


@admin.register(NetworkFact)
class NetworkFactAdmin(CatalogueAdmin):
    list_display = ("text", "topic", "is_certain")
    list_filter = ("topic", "is_certain")
    ordering = ("topic", "position", "pk")
    search_fields = ("text",)
    fields = ("topic", "text", "source", "is_certain", "note", "checked_on", "position")

    def matching(self, word: str) -> Q:
        return Q(text__icontains=word)

"""The last part of an address, made from a title where no one has an opinion about it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ground.names import fold

LONGEST = 70  # the column has room for a number behind it


class SlugFromName:
    """For a ModelForm: an empty `slug` is filled from the field that `slug_stem_from` names."""

    slug_stem_from = "title"
    reserved_slugs: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].label = _("Internetadresse")
            self.fields["slug"].help_text = _(
                "Der letzte Teil der Adresse im Portal. Leer: wird von selbst gewählt."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named = cleaned.get(self.slug_stem_from)
        if "slug" in self.fields and not cleaned.get("slug") and named:
            cleaned["slug"] = self._free_slug(named, cleaned)
        return cleaned

    def rivals(self, cleaned: dict[str, Any]) -> QuerySet[Any]:
        """The rows among which an address is unique."""
        return self._meta.model._base_manager.exclude(pk=self.instance.pk)

    def slug_stem(self, named: str, cleaned: dict[str, Any]) -> str:
        return slugify(fold(named))[:LONGEST].strip("-") or "neu"

    def _free_slug(self: Any, named: str, cleaned: dict[str, Any]) -> str:
        stem = self.slug_stem(named, cleaned)
        slug, number = stem, 2
        rivals = self.rivals(cleaned)
        while slug in self.reserved_slugs or rivals.filter(slug=slug).exists():
            slug, number = f"{stem}-{number}", number + 1
        return slug

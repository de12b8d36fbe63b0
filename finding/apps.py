from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FindingConfig(AppConfig):
    name = "finding"
    verbose_name = _("Suche")

    def ready(self) -> None:
        from finding.same_for_all import clock  # noqa: PLC0415 -- needs the models
        from finding.search import documents  # noqa: PLC0415 -- the same
        from finding.versions import SEARCH  # noqa: PLC0415 -- the same

        clock(SEARCH, documents.next_change)

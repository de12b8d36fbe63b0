from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from office.base import GuardedAdmin, OnlyRead
from smartcities.operations.regular_tasks import RegularTask, scheduled


@admin.register(RegularTask)
class RegularTaskAdmin(OnlyRead, GuardedAdmin):
    list_display = ["name", "state", "started_at", "succeeded_at", "failed_at", "failure"]

    @admin.display(description=_("Stand"))
    def state(self, task: RegularTask) -> str:
        if task.name not in scheduled():
            return _t("gibt es nicht mehr")
        if task.is_overdue(timezone.now(), scheduled()):
            return _t("überfällig")
        return _t("in Ordnung")

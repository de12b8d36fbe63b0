from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from office.base import GuardedAdmin, OnlyRead
from smartcities.operations.regular_tasks import BACKUP, BACKUP_MAY_AGE, RegularTask, scheduled


@admin.register(RegularTask)
class RegularTaskAdmin(OnlyRead, GuardedAdmin):
    list_display = ["name", "state", "started_at", "succeeded_at", "failed_at", "failure"]

    @admin.display(description=_("Stand"))
    def state(self, task: RegularTask) -> str:
        now = timezone.now()
        if task.name == BACKUP:
            is_old = task.succeeded_at is None or task.succeeded_at < now - BACKUP_MAY_AGE
            return _t("überfällig") if is_old else _t("in Ordnung")
        if task.name not in scheduled():
            return _t("gibt es nicht mehr")
        if task.is_overdue(now, scheduled()):
            return _t("überfällig")
        return _t("in Ordnung")

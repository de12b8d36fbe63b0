"""Where pages of the administration are, for e-mails and calendars."""

from django.conf import settings
from django.db.models import Model
from django.urls import reverse


def admin_page(row: Model) -> str:
    """The whole address of a row's page."""
    # By hand: its pages are only known where the administration is mounted.
    opts = row._meta
    page = f"{opts.app_label}/{opts.model_name}/{row.pk}/change/"
    return f"{settings.SITE_URL}{reverse('admin:index')}{page}"

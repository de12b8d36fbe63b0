import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from smartcities.operations import figures_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcities.settings.production")

if settings.METRICS_BIND:
    figures_folder.prepare()

application = get_wsgi_application()

if settings.METRICS_BIND:
    from smartcities.operations import metrics

    metrics.listen(settings.METRICS_BIND)

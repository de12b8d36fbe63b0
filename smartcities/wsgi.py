import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from smartcities.operations import figures_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcities.settings.production")

if settings.METRICS_BIND:
    figures_folder.prepare()

application = get_wsgi_application()
# Else the views are loaded with the first page, after the freeze below.
_ = get_resolver().url_patterns

if settings.METRICS_BIND:
    from smartcities.operations import metrics

    metrics.listen(settings.METRICS_BIND)

# All of this stays as long as the process. Looking through it took a tenth of a second each time, in which
# every visitor waited.
gc.collect()
gc.freeze()

"""Production as it is, but for static files that nobody has collected."""

from smartcities.settings.production import *

STATIC_ROOT = None
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

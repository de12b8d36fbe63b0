"""Settings of the measurements: like production, with what a measurement has to switch off."""

import os
import secrets

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(60))

from smartcities.settings.base import *

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
OPERATOR = {**OPERATOR, "name": "Messung", "address": "Messung", "email": "messung@example.org"}
POSTS_A_MINUTE = 0  # all of a measurement comes from one address
OPEN_DATA_READS_A_MINUTE = 1_000_000_000  # the same, but counted
ROOT_URLCONF = "bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING["root"]["level"] = "WARNING"
TEMPLATES[0]["DIRS"] = [BASE_DIR / "bench" / "templates", *TEMPLATES[0]["DIRS"]]
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # nothing is collected for a measurement
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

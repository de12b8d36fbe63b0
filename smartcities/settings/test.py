"""The tests: like the real thing, except for what would make them slow or reach outside."""

from smartcities.settings.base import *

SECRET_KEY = "only-for-the-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
OPERATOR = {
    "name": "Koordinierungsstelle Beispiel",
    "address": "Musterstraße 1;12345 Musterstadt",
    "email": "betreiber@example.org",
    "phone": "+49 30 1234567",
    "representative": "Erika Muster",
    "data_protection_officer": "datenschutz@example.org",
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A doorbell rung in a test is heard by nobody: tests call what a worker would do.
CELERY_BROKER_URL = "memory://"
# All tests come from one address.
POSTS_A_MINUTE = 0
# What a test has changed it wants to see at once; tests of kept answers switch them on.
KEPT_ANSWERS_MEGABYTES = 0
LISTEN_FOR_VERSIONS = False
STAFF_MFA_REQUIRED = False

"""The try-out on one's own machine. `make run` fills the environment."""

from smartcities.settings.base import *

# The portal's own pages for what is not there and for what goes wrong; `DEBUG=1 make run` shows Django's.
DEBUG = env.bool("DEBUG", False)
# Sessions and tokens of a try-out are worthless elsewhere; `make run` makes a random key per clone.
SECRET_KEY = SECRET_KEY or "only-for-the-try-out"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

OPERATOR = {
    **OPERATOR,
    "name": OPERATOR["name"] or "[Name des Betreibers – bitte ergänzen]",
    "address": OPERATOR["address"] or "[Straße und Hausnummer];[Postleitzahl und Ort]",
    "email": OPERATOR["email"] or "betreiber@example.org",
}
# Who changes a template wants to see it at once.
if DEBUG:
    KEPT_ANSWERS_MEGABYTES = 0
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# E-mails of the try-out become files, and a page shows them.
if not env.str("EMAIL_URL", ""):
    SHOWS_ITS_MAILS = True
    EMAIL_BACKEND = "smartcities.tryout.mails.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mails"
else:
    # An EMAIL_URL without ?timeout= must not mean "wait for ever".
    vars().update(env.dj_email_url("EMAIL_URL") | {"EMAIL_TIMEOUT": EMAIL_TIMEOUT})

# The demo logins of the try-out have none.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", False)

CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", 2)

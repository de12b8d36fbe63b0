"""Settings of `make chaos`: the measurements' own, but with a real mail server and the whole portal."""

import os

from bench.settings import *

ROOT_URLCONF = "smartcities.urls"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["CHAOS_MAIL_PORT"])
EMAIL_TIMEOUT = 3
# One visitor per request, as behind a proxy: nobody may run into the limits of a network.
ALLAUTH_TRUSTED_PROXY_COUNT = 1

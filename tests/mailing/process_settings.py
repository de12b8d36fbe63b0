"""Settings for the processes that tests start: the tests' own, but with a real mail server and broker."""

from environs import Env

from smartcities.settings.test import *  # noqa: F403 - settings build on each other

_env = Env()

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = _env.int("EMAIL_PORT")
CELERY_BROKER_URL = _env.str("REDIS_URL", "memory://")

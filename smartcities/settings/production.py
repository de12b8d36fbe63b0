"""The real thing. Refuses to start half-configured and says everything that is missing at once."""

from django.core.exceptions import ImproperlyConfigured

from smartcities.settings.base import *

DEBUG = False

_required = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "OPERATOR_NAME",
    "OPERATOR_ADDRESS",
    "OPERATOR_EMAIL",
)
_problems = [f"{name} is not set." for name in _required if not env.str(name, "").strip()]
if SECRET_KEY and len(SECRET_KEY) < 50:
    _problems.append("SECRET_KEY is shorter than 50 characters.")
if "*" in ALLOWED_HOSTS:
    _problems.append("ALLOWED_HOSTS must name the hosts, not '*'.")
if env.str("SITE_URL", "") and not SITE_URL.startswith("https://"):
    _problems.append("SITE_URL must start with https://.")
if SHOWS_ITS_MAILS:
    _problems.append(
        "SHOWS_ITS_MAILS is for the try-out alone: whoever reads the e-mails has the keys."
    )
if _problems:
    raise ImproperlyConfigured(
        "The portal does not start half-configured:\n- " + "\n- ".join(_problems)
    )

# An EMAIL_URL without ?timeout= must not mean "wait for ever".
vars().update(env.dj_email_url("EMAIL_URL") | {"EMAIL_TIMEOUT": EMAIL_TIMEOUT})

TEMPLATES[0]["APP_DIRS"] = False
TEMPLATES[0]["OPTIONS"]["loaders"] = [
    (
        "django.template.loaders.cached.Loader",
        [
            "django.template.loaders.filesystem.Loader",
            "django.template.loaders.app_directories.Loader",
        ],
    )
]

# One JSON line for everything that happens, and nothing in it about a person.
LOGGING["formatters"]["plain"] = {"()": "smartcities.operations.logs.JsonLines"}
# Every request has its line already; these would say the same of each 404 once more.
LOGGING["loggers"] |= {"django.request": {"level": "ERROR"}}
# TLS ends at the operator's reverse proxy, which must set (and strip from outside) this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", True)
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
# No environment variable opens the administration to a password alone.
STAFF_MFA_REQUIRED = True

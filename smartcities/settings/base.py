"""What is the same everywhere. Whatever differs between installations comes from the environment.

Every variable is typed: a value that makes no sense stops the start with a sentence that names it.
"""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from environs import Env, validate

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

# The commit that an image was built from; a checkout knows its own.
PORTAL_COMMIT = env.str("PORTAL_COMMIT", "")

# The address under which people reach the portal. Links in e-mails are built from it, because an
# e-mail is often written by a worker that has never seen a request.
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")

# Who runs the portal. Impressum, Datenschutz, Barrierefreiheit and every e-mail name them.
OPERATOR = {
    "name": env.str("OPERATOR_NAME", ""),
    "address": env.str("OPERATOR_ADDRESS", ""),  # lines separated by ";"
    "email": env.str("OPERATOR_EMAIL", ""),
    "phone": env.str("OPERATOR_PHONE", ""),
    "representative": env.str("OPERATOR_REPRESENTATIVE", ""),
    "data_protection_officer": env.str("OPERATOR_DATA_PROTECTION_OFFICER", ""),
}

# The licence of the facts that the portal gives away: docs/operations.md names the choices.
OPEN_DATA_LICENCE = env.str(
    "OPEN_DATA_LICENCE",
    "cc-by-4.0",
    validate=validate.OneOf(["cc-by-4.0", "cc-zero", "dl-de-by-2.0", "dl-de-zero-2.0"]),
)
# How often one network may read the interface and the files in a minute, per process; 0 for no limit.
OPEN_DATA_READS_A_MINUTE = env.int("OPEN_DATA_READS_A_MINUTE", 600)

# Where the nightly snapshot of everything public lies: written by a worker, given out by all of `web`.
OPEN_DATA_FOLDER = env.path("OPEN_DATA_FOLDER", VAR_DIR / "offene-daten")

# Which websites may show a list or the map in a frame (`?einbetten=1`): sources as in a CSP.
EMBEDDING_HOSTS = env.list(
    "EMBEDDING_HOSTS",
    ["https:"],
    validate=lambda hosts: all(map(validate.Regexp(r"[a-z0-9:/.*-]+\Z"), hosts)),
)

# Where the office of Start Smart reads its e-mails; unset, the operator's address.
START_SMART_EMAIL = env.str("START_SMART_EMAIL", "")

INSTALLED_APPS = [
    "smartcities.apps.SmartcitiesConfig",
    "asking",
    "subscribing",
    "opendata",
    "consulting",
    "events",
    "communities",
    "projects",
    "finding",
    "accounts",
    "mailing",
    "office",
    "ground",
    "smartcities.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "django_filters",
    "crispy_forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "smartcities.operations.requests.RequestLog",
    "smartcities.operations.kept_answers.KeptAnswers",
    "smartcities.operations.headers.BrowserLimits",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "smartcities.operations.headers.Copies",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "smartcities.operations.typed_text.TypedText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smartcities.operations.post_limit.PostLimit",
    "accounts.held.HeldText",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

# Where the administration is. Another address keeps it out of the sight of programs that try doors.
ADMIN_PATH = env.str("ADMIN_PATH", "verwaltung/", validate=validate.Regexp(r"[a-z0-9-]+/\Z"))

ROOT_URLCONF = "smartcities.urls"
WSGI_APPLICATION = "smartcities.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smartcities.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "ground.form_renderer.NothingCutOff"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["kern"]
CRISPY_TEMPLATE_PACK = "kern"

# PostgreSQL is the only engine: exclusion constraints, skip-locked claims, German full-text search.
# Connections stay open: opening one costs more than the queries of a page.
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        "postgresql://portal@127.0.0.1:5432/smartcities",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
# A database that does not answer must not hold a page for minutes.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Only rate limits live in this cache. It is a table, so that signing in does not depend on the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "KEY_FUNCTION": "smartcities.operations.cache_keys.hashed",
        # With Django's 300, somebody who tries many addresses would push out the counts of the others.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"

# How many of our own proxies stand before the portal. Limits count by the address that the outermost
# of them saw; allauth and `ground.client_address` both read it here.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# What each process of a web server may keep of finished answers for visitors without a session; 0: none.
KEPT_ANSWERS_MEGABYTES = env.int("KEPT_ANSWERS_MEGABYTES", 32, validate=validate.Range(0, 2000))
# One connection of each web process hears of changes; without it visitors' requests ask for them.
LISTEN_FOR_VERSIONS = True

# Forms that one network, or one person, may send in a minute; 0 for no limit. Whole administrations
# share an address. Tighter limits are where the forms are.
POSTS_A_MINUTE = env.int("POSTS_A_MINUTE", 300)

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# An address to which another account only wants to change does not keep its owner from signing up.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Seconds after signing in, or after the password was asked for once more, in which it is not again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "accounts.wording.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.MFAReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Modellprojekte Smart Cities"
USERSESSIONS_TRACK_ACTIVITY = False
# The administration opens only to staff who have set up a second factor.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", True)

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("kern", BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist"),
    ("htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
    ("fonts", BASE_DIR / "node_modules" / "@fontsource" / "fira-sans" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
# Only the processes of the portal read what people have uploaded; it has no address of its own.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "communities.files.BoundedUploadHandler",
]
UPLOAD_MOST_BYTES = (
    env.int("UPLOAD_MOST_MEGABYTES", 25, validate=validate.Range(1, 500)) * 1_000_000
)

# Only the try-out has a page with what it wrote: a link in an e-mail is as good as a key.
SHOWS_ITS_MAILS = False
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# Seconds that the mail server may take for each of its answers. One that scans before it accepts may
# need more; a shorter wait risks that it accepts what we have given up, and somebody gets it twice.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 30)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# So many days after sending, subject, text, attachments and recipient of an e-mail are emptied.
MAILING_TEXT_RETENTION_DAYS = env.int("MAILING_TEXT_RETENTION_DAYS", 30)

# The broker only carries doorbells ("look into the outbox"). Everything that must not be lost is a
# row in the database, so a broker that is away may slow things down but never lose one.
CELERY_BROKER_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any outage of the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Each process sends over one connection, so this is also the most connections the mail server sees.
# With a server far away they are what makes 11,000 e-mails quick.
CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", 8)
# A process takes one task at a time: none waits behind a long one while another process is idle.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "smartcities.operations.beat:OneRings"
CELERY_BEAT_SCHEDULE = {
    # Shows in /readyz that the clock rings and that workers hear it.
    "heartbeat": {
        "task": "smartcities.tasks.heartbeat",
        "schedule": 20,
        "options": {"expires": 60},
    },
    # What a lost doorbell, a killed worker or a mail server that was away has left behind.
    "mailing-deliver": {
        "task": "mailing.tasks.deliver",
        "schedule": 10,
        "options": {"expires": 60},
    },
    "projects-refresh-search": {
        "task": "projects.tasks.refresh_search",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "finding-fold-changes": {
        "task": "projects.tasks.fold_changes",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "finding-forget-missed-words": {
        "task": "projects.tasks.forget_missed_words",
        "schedule": crontab(hour=3, minute=50),
    },
    "mailing-purge": {"task": "mailing.tasks.purge", "schedule": crontab(hour=3, minute=10)},
    "communities-deliver-messages": {
        "task": "communities.tasks.deliver_messages",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "communities-nudge": {
        "task": "communities.tasks.nudge",
        "schedule": crontab(hour=7, minute=40, day_of_week="mon-fri"),
    },
    "communities-retention": {
        "task": "communities.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=30),
    },
    # After the retention rules have deleted rows with files.
    "communities-remove-files": {
        "task": "communities.tasks.remove_unreferenced_files",
        "schedule": crontab(hour=4, minute=20),
    },
    "consulting-release-expired": {
        "task": "consulting.tasks.release_expired",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "consulting-remind": {
        "task": "consulting.tasks.remind",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 900},
    },
    "events-release-expired": {
        "task": "events.tasks.release_expired",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "events-remind": {
        "task": "events.tasks.remind",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "events-nudge-for-minutes": {
        "task": "events.tasks.nudge_for_minutes",
        "schedule": crontab(hour=7, minute=20),
    },
    "events-remind-of-tasks": {
        "task": "events.tasks.remind_of_tasks",
        "schedule": crontab(hour=7, minute=25),
    },
    "events-retention": {
        "task": "events.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=45),
    },
    "smartcities-barrier-reports": {
        "task": "smartcities.tasks.forget_barrier_reports",
        "schedule": crontab(hour=4, minute=10),
    },
    "accounts-retention": {
        "task": "accounts.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=50),
    },
    "consulting-retention": {
        "task": "consulting.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=40),
    },
    # One run does it all; the others are there for one that was killed, or a Monday without a clock.
    "subscribing-tell-of-the-week": {
        "task": "subscribing.tasks.tell_of_the_week",
        "schedule": crontab(minute="*/30", hour="7-17", day_of_week="mon-fri"),
        "options": {"expires": 1800},
    },
    "subscribing-tell-of-openings": {
        "task": "subscribing.tasks.tell_of_openings",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "subscribing-retention": {
        "task": "subscribing.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=38),
    },
    "opendata-write-snapshot": {
        "task": "opendata.tasks.write_snapshot",
        "schedule": crontab(hour=4, minute=40),
    },
    "asking-remind": {
        "task": "asking.tasks.remind",
        "schedule": crontab(hour=7, minute=50, day_of_week="mon-fri"),
    },
    "asking-pass-on": {
        "task": "asking.tasks.pass_on",
        "schedule": crontab(hour=6, minute=15),
    },
    "asking-retention": {
        "task": "asking.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=37),
    },
    "projects-pass-statements-on": {
        "task": "projects.tasks.pass_statements_on",
        "schedule": crontab(hour=6, minute=10),
    },
    "projects-ask-whether-still-true": {
        "task": "projects.tasks.ask_whether_still_true",
        "schedule": crontab(hour=8, minute=10, day_of_week="mon-fri"),
    },
    "projects-ask-owners": {
        "task": "projects.tasks.ask_owners",
        "schedule": crontab(hour=8, minute=20, day_of_week="mon-fri"),
    },
    "projects-retention": {
        "task": "projects.tasks.carry_out_retention",
        "schedule": crontab(hour=3, minute=35),
    },
    "projects-forget-uploaded-tables": {
        "task": "projects.tasks.forget_uploaded_tables",
        "schedule": crontab(hour=3, minute=55),
    },
    "projects-forget-old-revisions": {
        "task": "projects.tasks.forget_old_revisions",
        "schedule": crontab(hour=3, minute=57),
    },
}

# Nothing comes from another host, nothing is inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.held.refused"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The design system's words for its kinds of notices.
MESSAGE_TAGS = {message_levels.DEBUG: "info", message_levels.ERROR: "danger"}

# Where errors are reported, if the operator runs a Sentry. Reports say which error and where.
SENTRY_DSN = env.str("SENTRY_DSN", "")
# Where Prometheus reads the figures, "127.0.0.1:9100" say; empty, nobody counts. Never a public address.
METRICS_BIND = env.str("METRICS_BIND", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "INFO")},
    # Tells the letters of each name on a certificate.
    "loggers": {"fontTools": {"level": "WARNING"}},
}

"""Settings of the demonstration site: one district, one file.

Everything that differs between machines comes from the environment:

``DEBUG``          1 (default) or 0
``DATABASE_URL``   SQLite in ``var/`` by default, or for example ``postgresql://…``
``REDIS_URL``      moves the cache and the job broker to Redis
``PORT``           port of the web server (8000), part of the addresses in mails
``VAR_DIR``        where the database, media and mails are kept (``var/``)
``DEMO``           1 (default) shows the mailbox at ``/demo/post/``
"""

import os
from pathlib import Path

import dj_database_url

from example_site.outline import OUTLINE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
PORT = os.environ.get("PORT") or "8000"
REDIS_URL = os.environ.get("REDIS_URL", "")


def env_flag(name: str, *, default: bool) -> bool:
    """Whether the environment switches ``name`` on; unset and empty mean ``default``."""
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


DEBUG = env_flag("DEBUG", default=True)
DEMO = env_flag("DEMO", default=True)

# Good enough for a demonstration, whose passwords are public anyway.
SECRET_KEY = os.environ.get("SECRET_KEY") or "demonstration-only-not-a-secret"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *os.environ.get("ALLOWED_HOSTS", "").split()]

INSTALLED_APPS = [
    # First, so that its templates replace those of the app.
    "example_site",
    "ehrenamt_wagtail",
    "wagtail_modeladmin",
    "django_q",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Keeps answers of public pages in Redis; without it off, since web server and jobs are two processes.
    "ehrenamt_wagtail.programme.caching.ProgrammeCacheMiddleware",
    "example_site.security.SecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "example_site.urls"
WSGI_APPLICATION = "example_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Database

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'demo.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Wagtail's search index has columns of its types.
    INSTALLED_APPS.append("django.contrib.postgres")

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # The web server and the job cluster write to one file: writers queue up
    # from the first statement on instead of failing halfway.
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }

# Cache and background jobs

Q_CLUSTER = {
    "name": "ehrenamt",
    "workers": 2,
    "timeout": 60,
    "retry": 120,
    "queue_limit": 20,
    "bulk": 1,
    "poll": 1,
    "ack_failures": True,
    "catch_up": False,
    "label": "Jobs",
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    Q_CLUSTER["redis"] = REDIS_URL
else:
    Q_CLUSTER["orm"] = "default"
    # Says that pages are not cached in the memory of one process; here this is meant.
    SILENCED_SYSTEM_CHECKS = ["ehrenamt.W002"]

# People

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESAME_MAX_AGE = 14 * 24 * 60 * 60  # seconds
SESAME_ONE_TIME = True
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews in a frame
SECURE_REFERRER_POLICY = "same-origin"

# Language and time

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Errors go where whoever runs the site sees them, also without DEBUG.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "loggers": {"django": {"handlers": ["errors"], "level": "INFO"}},
}

# Mail goes to files, one a message; /demo/post/ shows them.

EMAIL_BACKEND = "example_site.mailbox.FileBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "Ehrenamt im Landkreis <ehrenamt@landkreis.example>"
SERVER_EMAIL = "technik@landkreis.example"

# Wagtail

WAGTAIL_SITE_NAME = "Landkreis Böblingen"
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAILADMIN_BASE_URL = f"http://localhost:{PORT}"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no page loads anything from another host
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# The app

EHRENAMT: dict[str, object] = {
    "DISTRICT_NAME": "Landkreis Böblingen",
    "DISTRICT_OUTLINE": OUTLINE,
    "BASE_URL": f"http://localhost:{PORT}",
}

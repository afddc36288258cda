"""The settings of every installation: one file, told apart by environment variables.

Without any variable it runs on a laptop: SQLite, memory cache, http://127.0.0.1:8000.
With PRODUCTION=1 it refuses to start with a setting that is unsafe, and says which.
docs/settings.md lists the variables.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .safety import (
    Environment,
    local_secret_key,
    refuse_no_address,
    refuse_no_days,
    refuse_unknown_database,
    refuse_unsafe,
)

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

# --- What this installation is ----------------------------------------------------------------------

PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = (env.str("SITE_URL", default="") or "http://127.0.0.1:8000").rstrip("/")
refuse_no_address(SITE_URL)

# The database, the uploaded files and the generated key of a local installation; never committed.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", _site.hostname or "localhost"]
)

if PRODUCTION:
    refuse_unsafe(
        secret_key=SECRET_KEY, debug=DEBUG, allowed_hosts=ALLOWED_HOSTS, site_url=SITE_URL
    )
elif not SECRET_KEY:
    SECRET_KEY = local_secret_key(VAR_DIR / "secret_key")

# --- Rooms ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it patches
    "editorial.start.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "taggit",
    "django_prose_editor",  # its static files only: ProseMirror, which editorial/static drives
    # Ours, in the order of imports: each may import only what stands above it.
    "resources",
    "topics",
    "editorial",
    "search",
    "interchange",
    "medline",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "medline.language.PathLanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Behind the check of the CSRF token, which it relies on.
    "editorial.keeping.signing_in.KeepPosted",
]
CSRF_FAILURE_VIEW = "editorial.keeping.signing_in.csrf_failure"

ROOT_URLCONF = "medline.urls"
WSGI_APPLICATION = "medline.wsgi.application"

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
            ],
        },
    },
]

# How many documents of topics a process holds in its memory, some 100 KB each. No page is made of
# one that is out of date: the database says each time whether it still is the live one.
DOCUMENTS_HELD = env.int("DOCUMENTS_HELD", default=200)

# --- Database and cache -----------------------------------------------------------------------------

# A variable that is there and empty, as some ways to start a service write it, says nothing either.
_database_url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
_cache_url = env.str("CACHE_URL", default="") or "locmemcache://medline"
refuse_unknown_database(_database_url)

DATABASES = {"default": env.db_url_config(_database_url)}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes. IMMEDIATE takes the write lock at BEGIN, where waiting
    # works; taken later, SQLite answers "database is locked" at once and no timeout helps.
    # Opening the file anew for each request would take longer than reading a page from it.
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    # Prepared statements save PostgreSQL a millisecond of planning a page. A pooler that gives every
    # transaction another connection (PgBouncer in its transaction mode) cannot keep them.
    _database.setdefault("OPTIONS", {})["prepare_threshold"] = (
        5 if env.bool("DATABASE_PREPARES", default=True) else None
    )

CACHES = {"default": env.cache_url_config(_cache_url)}

# Finished pages in the memory of each process.
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_BYTES", default=64 * 1024 * 1024)
# For how many seconds they are shown while the database does not answer.
STALE_MAX = env.int("STALE_MAX", default=24 * 60 * 60)
# What the deployed code is called; by default a digest of it.
RELEASE = env.str("RELEASE", default="")
# A content delivery network is told to keep pages only if it can be told to drop them.
CDN_PURGE_URL = env.str("CDN_PURGE_URL", default="")
CDN_PURGE_TOKEN = env.str("CDN_PURGE_TOKEN", default="")
CDN_MAX_AGE = env.int("CDN_MAX_AGE", default=300)

# --- Mail -------------------------------------------------------------------------------------------

# On one's own machine mails are written to the terminal; in production nothing is sent until it is set.
CAN_MAIL = not PRODUCTION or bool(env.str("EMAIL_URL", default=""))
_mail = env.email("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"noreply@{_site.hostname or 'localhost'}")
# How many days pass before the same person is reminded of reviews again.
REMINDER_DAYS = env.int("REMINDER_DAYS", default=7)

# --- Languages --------------------------------------------------------------------------------------

LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
# No silent fallback: a Spanish page never shows English that is not labelled as English.
MODELTRANSLATION_FALLBACK_LANGUAGES = ()
# The first part of every public address, per language.
PUBLIC_LANGUAGE_PREFIXES = {"en": "", "es": "spanish/"}

TAGGIT_CASE_INSENSITIVE = True

# --- Files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o644
# The largest form is the links page of one topic. A link posts at most 7 fields, and Django's formsets
# end at 2,000 rows; real topics hold about 60.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Links ------------------------------------------------------------------------------------------

# Days until a link that answered is looked at again, and what makes a link that does not a broken one.
LINK_CHECK_DAYS = env.int("LINK_CHECK_DAYS", default=30)
refuse_no_days(LINK_CHECK_DAYS)
LINK_BROKEN_AFTER = env.int("LINK_BROKEN_AFTER", default=3)
LINK_BROKEN_DAYS = env.int("LINK_BROKEN_DAYS", default=3)

# --- Safety -----------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}

SESSION_ENGINE = "medline.sessions"
# Cookies that travel by https only would make signing in on http://127.0.0.1 impossible.
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# The language of the admin never travels to public pages, so no cache can come to depend on it.
LANGUAGE_COOKIE_PATH = "/admin/"
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
# Both reach beyond this site, to every host below the owner's domain: the owner's decision, so off, and
# the two deployment checks that ask for them are silenced.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# For how many days “who did what” is kept.
AUDIT_DAYS = env.int("AUDIT_DAYS", default=3650)
# Whoever saved a text last does not publish it.
FOUR_EYES = env.bool("FOUR_EYES", default=False)
# Only where a proxy of one's own sets this header and drops the visitor's; else anyone can forge it.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- Logs -------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Without this Django adds handlers of its own: lines twice with DEBUG, none without.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A scanner that sends wrong hosts is answered 400; a traceback of each would fill the log.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Warns at every HEAD request that Django leaves cutting off the body to the server.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}

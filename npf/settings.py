"""Django's settings: the process only. What belongs to one store is a row (DESIGN section 3)."""

import base64
import hashlib
from pathlib import Path

import environ

env = environ.Env()
HERE = Path(__file__).resolve().parent

# The command sets both before Django starts (npf/serve/start.py); without them there is no database to talk to.
DATABASE_URL = env.str("DATABASE_URL", "")
NPF_SECRET_KEYS = [key for key in env.str("NPF_SECRET_KEY", "").split(",") if key]
NPF_PUBLIC_URL = env.str("NPF_PUBLIC_URL", "").rstrip("/")

SECRET_KEY = base64.b64encode(hashlib.sha256(b"django:" + ",".join(NPF_SECRET_KEYS).encode()).digest()).decode()
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "npf.urls"
WSGI_APPLICATION = "npf.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "npf.audit",
    "npf.stores",
    "npf.hooks",
    "npf.orders",
    "npf.shipments",
    "npf.stock",
    "npf.jobs",
    "npf.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": env.db_url_config(DATABASE_URL) if DATABASE_URL else {}}
if DATABASE_URL:
    # A station holds one connection for its whole run: a lease is known by it (npf/stores/leases.py).
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-au"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NPF_PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [NPF_PUBLIC_URL] if NPF_PUBLIC_URL else []

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env.str("NPF_LOG_LEVEL", "WARNING")},
}

"""Django's settings: what follows from the environment, and what is the same everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import dj_email_url
from celery.schedules import schedule

from agentdesk.environment import BASE_DIR as BASE_DIR
from agentdesk.environment import read_environment, read_or_make_secret_key

ENVIRONMENT = read_environment()

DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
SECRET_KEY = read_or_make_secret_key(ENVIRONMENT)
ALLOWED_HOSTS = ENVIRONMENT.hosts
# What links in mail begin with; never what a request says of itself.
BASE_URL = ENVIRONMENT.address
# A comma-separated list: where one fails, the next is asked. The keys stay in the environment.
AGENTDESK_MODEL = ENVIRONMENT.agentdesk_model
AGENTDESK_SMALL_MODEL = ENVIRONMENT.agentdesk_small_model
# Embedded: broker and channel layer live inside the one process that `serve` is.
IS_EMBEDDED = not ENVIRONMENT.redis_url

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "channels",
    "csp",
    "django_htmx",
    "tickets",
    "approvals",
    "agentdesk",
    "agentdesk.people",
    "agentdesk.pages",
    "agentdesk.runs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "agentdesk.static_files.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agentdesk.people.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "agentdesk.urls"
ASGI_APPLICATION = "agentdesk.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
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
    }
]

# --- People ---
AUTH_USER_MODEL = "tickets.Person"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Guessing: five failures for one name from one address, then a quarter of an hour of nothing.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "agentdesk.people.addresses.find_client_address"
AXES_LOCKOUT_CALLABLE = "agentdesk.people.views.refuse_guessing"
# Our own audit log tells who signed in; axes keeps only what it counts.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# --- Database ---
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# IMMEDIATE is what keeps eight writing threads from "database is locked"; WAL alone does not.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# One pool per process: more than a worker has hands for its runs (most wait for a model), and few enough that
# two web processes, two workers and beat stay below PostgreSQL's default of 100 connections.
POSTGRESQL_OPTIONS = {"pool": {"min_size": 1, "max_size": 16, "timeout": 20}, "connect_timeout": 10}
DATABASES: dict[str, dict[str, Any]] = {"default": ENVIRONMENT.database}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    **(SQLITE_OPTIONS if ENVIRONMENT.is_sqlite else POSTGRESQL_OPTIONS),
}
if ENVIRONMENT.is_sqlite:
    ENVIRONMENT.data_dir.mkdir(parents=True, exist_ok=True)

# --- Broker, worker, channel layer, cache ---
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "agentdesk"
CELERY_TIMEZONE = "UTC"
# A beat that nobody came to work off in its own period is dropped: the next one does the same.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": schedule(run_every=seconds), "options": {"expires": max(seconds, 5)}}
    for name, task, seconds in (
        ("seal-audit", "approvals.tasks.seal_audit", 1),
        ("sweep-approvals", "approvals.tasks.sweep_approvals", 5),
        ("sweep-tickets", "approvals.tasks.sweep_tickets", 30),
        ("send-reminders", "agentdesk.people.tasks.send_reminders", 30),
        ("sweep-autonomy", "approvals.tasks.sweep_autonomy", 10),
        ("sweep-evidence", "approvals.tasks.sweep_evidence", 60),
        ("log-audit-head", "approvals.tasks.log_audit_head", 3600),
        ("sweep-bulks", "approvals.tasks.sweep_bulks", 10),
        ("sweep-runs", "agentdesk.runs.tasks.sweep_runs", 5),
        ("sweep-reports", "agentdesk.runs.tasks.sweep_reports", 30),
        ("note-worker", "agentdesk.tasks.note_worker", 5),
    )
}
if IS_EMBEDDED:
    CELERY_BROKER_URL = "memory://localhost/"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"polling_interval": 0.1}
    CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CELERY_BROKER_URL = ENVIRONMENT.redis_url
    # A task whose worker died comes back after this; tasks are short and safe to run twice.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 120,
        "global_keyprefix": f"{ENVIRONMENT.redis_prefix}:celery:",
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [ENVIRONMENT.redis_url], "prefix": f"{ENVIRONMENT.redis_prefix}:channels"},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": ENVIRONMENT.redis_url,
            "KEY_PREFIX": f"{ENVIRONMENT.redis_prefix}:cache",
        }
    }

# --- Mail: nothing is ever sent silently to nowhere; without EMAIL_URL messages stay queued. ---
MAIL_CONFIGURED = bool(ENVIRONMENT.email_url) or DEMO
_mail = dj_email_url.parse(ENVIRONMENT.email_url or f"file://{ENVIRONMENT.data_dir / 'mail'}")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = f"/{_mail['EMAIL_FILE_PATH']}"
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 20
DEFAULT_FROM_EMAIL = _mail.get("DEFAULT_FROM_EMAIL", "AgentDesk <support@localhost>")
SERVER_EMAIL = _mail.get("SERVER_EMAIL", DEFAULT_FROM_EMAIL)

# --- Security ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A shift and then some; it does not outlive the day on a shared machine.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_production
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_production else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trust_proxy else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
API_CALLS_PER_MINUTE = ENVIRONMENT.api_calls_per_minute

# --- Static files, words, logs ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Straight from the source tree: no collectstatic step to forget.
WHITENOISE_USE_FINDERS = True
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "agentdesk.log_lines.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "axes": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
    },
}

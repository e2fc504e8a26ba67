"""Settings shared by every environment; each comes from an environment variable or has a safe default."""

import socket
from pathlib import Path
from typing import Any

import environ

from mentra_site.places import EXAMPLES_HOME as _EXAMPLES_HOME
from mentra_site.places import HOME
from mentra_site.settings.data_folder import find_running_cloud, private_redis_url
from mentra_site.settings.entrance import *
from mentra_site.settings.identity import *
from mentra_site.settings.media import *
from mentra_site.settings.media_server import *
from mentra_site.settings.origins import origin_of
from mentra_site.settings.pages import *
from mentra_site.settings.rest import *
from mentra_site.settings.speech import *
from mentra_site.settings.speech_hosted import *
from mentra_site.version import __version__

VERSION = __version__

env = environ.Env()
environ.Env.read_env(HOME / ".env")

MENTRA_DATA_DIR = Path(env.str("MENTRA_DATA_DIR", default=str(HOME / "var"))).resolve()

DEBUG = env.bool("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("DJANGO_ALLOWED_HOSTS", default=["*"])
DEPLOYMENT_NAME = env.str("DEPLOYMENT_NAME", default="open")

INSTALLED_APPS = [
    "mentra_site",
    "accounts",
    "apps_registry",
    "sessions_app",
    "consoles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "unfold.apps.BasicAppConfig",
    "consoles.operator.admin_config.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mentra_site.origins.OriginMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.acting.acting_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "mentra_site.urls"
ASGI_APPLICATION = "mentra_site.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
STORAGES = storages(str(MENTRA_DATA_DIR / "media"))
STATIC_URL = "static/"
STATIC_ROOT = MENTRA_DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# One file by default; PostgreSQL by DATABASE_URL. SQLite in WAL mode with transactions that take the write
# lock at once: one that starts by reading would fail instead of waiting when it meets another writer.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{MENTRA_DATA_DIR / 'mentra.sqlite3'}")
}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = DATABASES["default"]["ENGINE"].endswith("postgresql")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A server whose machine is gone says nothing: what waits for it must hear of that within seconds, not minutes.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }

# A cloud that `up` runs on this data folder gives the defaults: other commands find it without being told.
_running = find_running_cloud(MENTRA_DATA_DIR)
REDIS_URL = env.str(
    "REDIS_URL", default=_running.redis_url if _running else private_redis_url(MENTRA_DATA_DIR)
)
REDIS_KEY_PREFIX = env.str("REDIS_KEY_PREFIX", default="mentra")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"{REDIS_KEY_PREFIX}:"},
    }
}

# Rate limits of log-in and sign-up are counted here, for all nodes together.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{REDIS_KEY_PREFIX}:cache",
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = f"{REDIS_KEY_PREFIX}-tasks"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Concerns only tasks that are acknowledged late, which ours are not; unset, it is explained at every outage.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# A request that hands over a job must not wait when Redis is away: one more try, a tenth of a second later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_KEY_PREFIX}:",
    "socket_connect_timeout": 2.0,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "mentra_site.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(MENTRA_DATA_DIR / "beat-schedule")

# Identity of this process and addresses. NODE_PUBLIC_URL leads app servers to the node that holds their user.
PUBLIC_URL = env.str("PUBLIC_URL", default=_running.url if _running else "http://127.0.0.1:8000").rstrip("/")
# Behind a proxy or a tunnel, forms come from this origin although the request itself came without TLS.
CSRF_TRUSTED_ORIGINS = [origin_of(PUBLIC_URL)]
NODE_ID = env.str("NODE_ID", default=socket.gethostname())
NODE_PUBLIC_URL = env.str("NODE_PUBLIC_URL", default=PUBLIC_URL).rstrip("/")
UDP_HOST = env.str("UDP_HOST", default="")
UDP_PORT = env.int("UDP_PORT", default=8000)
UDP_BIND_HOST = env.str("UDP_BIND_HOST", default="0.0.0.0")  # noqa: S104 - phones are anywhere

# Core tokens of phones; tokens of the console and of command lines may have a secret of their own.
AUGMENTOS_AUTH_JWT_SECRET = env.str("AUGMENTOS_AUTH_JWT_SECRET", default="")
CONSOLE_AUTH_JWT_SECRET = env.str("CONSOLE_AUTH_JWT_SECRET", default="")
SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="")
CORE_TOKEN_DAYS = env.int("CORE_TOKEN_DAYS", default=60)
CORE_TOKENS_WITHOUT_EXPIRY = env.bool("CORE_TOKENS_WITHOUT_EXPIRY", default=False)

# Lifecycle; all in seconds.
SESSION_GRACE_SECONDS = env.float("SESSION_GRACE_SECONDS", default=300)
APP_GRACE_SECONDS = env.float("APP_GRACE_SECONDS", default=10)
# How often a node asks its event loop how late it is.
EVENT_LOOP_TICK_SECONDS = env.float("EVENT_LOOP_TICK_SECONDS", default=0.25)
HEARTBEAT_SECONDS = env.float("HEARTBEAT_SECONDS", default=10)
APP_START_TIMEOUT_SECONDS = env.float("APP_START_TIMEOUT_SECONDS", default=20)
WEBHOOK_TIMEOUT_SECONDS = env.float("WEBHOOK_TIMEOUT_SECONDS", default=6)
CIRCUIT_FAILURES = env.int("CIRCUIT_FAILURES", default=5)
CIRCUIT_OPEN_SECONDS = env.float("CIRCUIT_OPEN_SECONDS", default=600)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5)
NODE_LOST_SECONDS = env.float("NODE_LOST_SECONDS", default=30)
PARKING_SECONDS = env.float("PARKING_SECONDS", default=30)
SESSIONS_ON_SHUTDOWN = env.str("SESSIONS_ON_SHUTDOWN", default="handover")
HISTORY_DAYS = env.int("HISTORY_DAYS", default=30)
TRANSCRIPT_RETENTION_DAYS = env.float("TRANSCRIPT_RETENTION_DAYS", default=0)
INSPECTOR_HOURS = env.float("INSPECTOR_HOURS", default=24)
INSPECTOR_MESSAGES = env.int("INSPECTOR_MESSAGES", default=5000)

# How often the servers of apps that somebody has are asked whether they are there; 0 for never.
SERVER_CHECK_SECONDS = env.float("SERVER_CHECK_SECONDS", default=300)
WEBHOOK_ALLOW_PRIVATE_NETWORKS = env.bool("WEBHOOK_ALLOW_PRIVATE_NETWORKS", default=False)
# Apps that may list, start and stop the other apps of their users and call their tools (rest §6).
SYSTEM_APP_PACKAGES: list[str] = env.list("SYSTEM_APP_PACKAGES", default=[])
# What phones compare their version with, and the newest official SDK this cloud is tested with.
PHONE_VERSION_REQUIRED = env.str("PHONE_VERSION_REQUIRED", default="0.0.0")
PHONE_VERSION_RECOMMENDED = env.str("PHONE_VERSION_RECOMMENDED", default=PHONE_VERSION_REQUIRED)
SDK_VERSION_LATEST = env.str("SDK_VERSION_LATEST", default="2.1.29")
# What /api/instructions tells apps and their users.
INSTRUCTIONS = env.str("INSTRUCTIONS", default="")
SYSTEM_DASHBOARD_PACKAGE_NAME = env.str("SYSTEM_DASHBOARD_PACKAGE_NAME", default="com.mentra.os")

# One log line per request, without the secrets that some clients put into query strings.
ACCESS_LOG = env.bool("ACCESS_LOG", default=False)

# The seam for analytics events: rows in the database, or PostHog when a key is given.
POSTHOG_API_KEY = env.str("POSTHOG_API_KEY", default="")
POSTHOG_HOST = env.str("POSTHOG_HOST", default="https://us.i.posthog.com")

# Largest WebSocket message taken from a peer, in bytes.
WEBSOCKET_MAX_BYTES = env.int("WEBSOCKET_MAX_BYTES", default=16 * 1024 * 1024)

DEMO_USER_EMAIL = "user@demo.local"
DEMO_DEVELOPER_EMAIL = "developer@demo.local"
EXAMPLES_HOME = _EXAMPLES_HOME
DEMO_APP_PACKAGE = "com.example.hello"
DEMO_CAPTIONS_PACKAGE = "com.example.captions"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"channel layer": {"()": "sessions_app.outages.ChannelLayerLog"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Every task, every round of the clock and Daphne's remarks on itself are lines at INFO; what fails is more.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat", "daphne")
    }
    | {"channels_redis.pubsub": {"filters": ["channel layer"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}

"""Production: nothing is generated, nothing has a well-known default."""

from django.core.exceptions import ImproperlyConfigured

from mentra_site.settings.base import *
from mentra_site.settings.base import NODE_PUBLIC_URL, PUBLIC_URL, env

DEBUG = False

_REQUIRED = (
    "DJANGO_SECRET_KEY",
    "AUGMENTOS_AUTH_JWT_SECRET",
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "DJANGO_ALLOWED_HOSTS",
)
_missing = [name for name in _REQUIRED if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured(f"Set these environment variables before starting: {', '.join(_missing)}.")

# Nodes stand behind a proxy that ends TLS and says so, and that adds the client's address to the end of a list.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)

SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=PUBLIC_URL.startswith("https://"))
# App servers may reach a node inside a network without TLS; probes and sockets are answered before any redirect.
SECURE_REDIRECT_EXEMPT = (
    [] if NODE_PUBLIC_URL.startswith("https://") else [r"^(api|auth|apps|appsettings|tpasettings)(/|$)"]
)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# Other hosts of the domain are not ours to decide about: who runs the cloud switches these two on.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"

# The prefix makes browsers refuse a cookie that another host of the domain, or a page without TLS, tries to set.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True

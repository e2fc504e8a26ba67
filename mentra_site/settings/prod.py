"""Production: nothing is generated, nothing has a well-known default."""

from django.core.exceptions import ImproperlyConfigured

from mentra_site.settings.base import *
from mentra_site.settings.base import env

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

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_CONTENT_TYPE_NOSNIFF = True

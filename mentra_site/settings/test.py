"""Tests inside one process: fixed secrets, fast password hashes, no Redis unless a test brings one."""

from mentra_site.settings.base import *
from mentra_site.settings.base import MIDDLEWARE as SERVED_WITH
from mentra_site.settings.media import storages

SECRET_KEY = "test-only-" + "x" * 40
AUGMENTOS_AUTH_JWT_SECRET = "test-only-" + "y" * 40
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_TASK_ALWAYS_EAGER = True
WEBHOOK_ALLOW_PRIVATE_NETWORKS = True
# Static files are nobody's concern in tests, and WhiteNoise warns about a folder that was never collected.
MIDDLEWARE = [name for name in SERVED_WITH if not name.startswith("whitenoise.")]
STORAGES = storages("") | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

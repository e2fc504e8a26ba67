"""Which media server this deployment uses, as its settings say."""

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sessions_app.media_servers import own
from sessions_app.media_servers.server import MediaServer


def media_server() -> MediaServer | None:
    """Return the media server; None when none is configured. Cheap: keeps no connection."""
    match settings.MEDIA_SERVER:
        case "":
            return None
        case own.NAME:
            return own.OwnServer(settings.MEDIA_SERVER_URL, shared_secret())
        case other:
            raise ImproperlyConfigured(f"MEDIA_SERVER is {other!r}; it can be {own.NAME}.")


def shared_secret() -> str:
    """Return what nodes and our own media server know and nobody else."""
    if settings.MEDIA_SERVER_SECRET:
        return str(settings.MEDIA_SERVER_SECRET)
    return hmac.new(settings.SECRET_KEY.encode(), b"media server", hashlib.sha256).hexdigest()

"""Which media server this deployment uses, as its settings say."""

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sessions_app.media_servers import cloudflare, own
from sessions_app.media_servers.server import MediaServer


def media_server() -> MediaServer | None:
    """Return the media server; None when none is configured. Cheap: keeps no connection."""
    match settings.MEDIA_SERVER:
        case "":
            return None
        case own.NAME:
            return own.OwnServer(settings.MEDIA_SERVER_URL, shared_secret())
        case cloudflare.NAME:
            return cloudflare.CloudflareStream(
                settings.CLOUDFLARE_ACCOUNT_ID,
                settings.CLOUDFLARE_STREAM_TOKEN,
                settings.CLOUDFLARE_API_URL,
                settings.PUBLIC_URL,
            )
        case other:
            known = f"{own.NAME} or {cloudflare.NAME}"
            raise ImproperlyConfigured(f"MEDIA_SERVER is {other!r}; it can be {known}.")


def shared_secret() -> str:
    """Return what nodes and our own media server know and nobody else."""
    if settings.MEDIA_SERVER_SECRET:
        return str(settings.MEDIA_SERVER_SECRET)
    return hmac.new(settings.SECRET_KEY.encode(), b"media server", hashlib.sha256).hexdigest()

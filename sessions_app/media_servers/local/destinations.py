"""Which addresses video is pushed on to: RTMP, and never into private networks (P-62)."""

import socket
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from apps_registry.rules import is_public_address

_PORTS: Final = {"rtmp": 1935, "rtmps": 443}
_MOST_CHARACTERS: Final = 2000


def why_not(url: str) -> str | None:
    """Return why nothing is pushed to an address, None when it may be. Looks up the host: blocks.

    WEBHOOK_ALLOW_PRIVATE_NETWORKS lets private addresses in, for development.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "the address cannot be read"
    is_plain = url.isprintable() and " " not in url and len(url) <= _MOST_CHARACTERS
    if parts.scheme not in _PORTS or not parts.hostname or not is_plain:
        return "an output is an address that begins with rtmp:// or rtmps:// and names a host"
    if settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS:
        return None
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except OSError:
        return f"there is no host {parts.hostname}"
    if not all(is_public_address(address) for address in found):
        return f"{parts.hostname} leads to a private address, which this cloud does not push to"
    return None

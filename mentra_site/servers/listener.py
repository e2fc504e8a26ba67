"""The listening socket of a node, made here so that both servers listen alike."""

import socket

BACKLOG = 1024
# A peer that vanished without a word acknowledges nothing: the kernel ends its connection after this time,
# as long as pings are on their way. Accepted sockets inherit the option.
UNACKNOWLEDGED_MILLISECONDS = 120_000
# What the kernel may keep for a peer that does not read: 2 s of sound. It would keep megabytes, so that a peer that
# reads again would first get sound of a minute ago. Inherited as well.
MOST_UNSENT_BYTES = 64 * 1024
# A connection that has not sent the headers of its first request by then is ended.
LONGEST_HEADERS_SECONDS = 20.0
# An address may carry a text to be read aloud: 4,000 characters of any script, each up to twelve bytes in an address.
MOST_HEADER_BYTES = 64 * 1024


def open_listener(host: str, port: int) -> socket.socket:
    """Bind and listen on `host` and `port` (0 = any free one); raise OSError saying why it cannot be."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLISECONDS)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT_BYTES)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener

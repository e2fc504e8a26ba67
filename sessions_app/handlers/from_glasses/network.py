"""Other ways for sound that the phone proposes (glasses-socket §4.5)."""

import logging

from sessions_app.audio.udp_port import udp_port
from sessions_app.handlers.registry import from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.glasses_to_cloud import (
    LivekitInit,
    UdpRegister,
    UdpUnregister,
)

logger = logging.getLogger(__name__)


@from_glasses(UdpRegister)
def on_udp_register(runtime: SessionRuntime, message: UdpRegister, raw: str) -> None:
    """Take sound by UDP; without an answer to its pings the phone keeps to its socket (media §8.3)."""
    source = runtime.audio.udp
    if message.user_id_hash != source.user_hash:
        logger.warning("%s: its phone registered the hash of somebody else for UDP", runtime.ref.user_id)
    elif udp_port.is_open and not udp_port.register(source):
        logger.warning("%s: no sound by UDP: the hash belongs to another user here", runtime.ref.user_id)


@from_glasses(UdpUnregister)
def on_udp_unregister(runtime: SessionRuntime, message: UdpUnregister, raw: str) -> None:
    """Take no more sound by UDP; the key stays that of the session (P-32)."""
    udp_port.forget(runtime.audio.udp)


@from_glasses(LivekitInit)
def on_livekit_init(runtime: SessionRuntime, message: LivekitInit, raw: str) -> None:
    """Say nothing: without an answer the phone keeps to its socket."""

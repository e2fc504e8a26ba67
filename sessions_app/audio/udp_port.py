"""The UDP port of a node: finds the session of each packet (media §8.3). Bad packets are counted and nothing else."""

import asyncio
import logging
from typing import Any

from sessions_app.audio.datagrams import read_datagram
from sessions_app.audio.udp_source import WATCH_SECONDS, UdpSource
from sessions_app.clock import Clock, SystemClock, Timer
from sessions_app.outbound import metrics

logger = logging.getLogger(__name__)


class UdpPort(asyncio.DatagramProtocol):
    """Sources by hash. A packet of somebody unknown is never answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sources: dict[int, UdpSource] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._timer: Timer | None = None

    def __len__(self) -> int:
        return len(self._sources)

    @property
    def is_open(self) -> bool:
        """Whether packets can arrive."""
        return self._transport is not None

    async def open(self, host: str, port: int) -> None:
        """Listen. A port that is taken is logged: sound then comes by sockets only."""
        try:
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: self, local_addr=(host, port)
            )
        except OSError as problem:
            logger.error("No sound by UDP: %s port %d cannot be used: %s", host, port, problem)
            return
        self._transport = transport

    def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._sources.clear()

    def register(self, source: UdpSource) -> bool:
        """Lead packets to a source; False when another user with the same hash is here or it gave up (P-33)."""
        known = self._sources.get(source.user_hash)
        if source.has_given_up or (known is not None and known.user_id != source.user_id):
            return False
        self._sources[source.user_hash] = source
        self._watch()
        return True

    def forget(self, source: UdpSource) -> None:
        """Lead no more packets to a source; harmless when none are."""
        source.close()
        if self._sources.get(source.user_hash) is source:
            del self._sources[source.user_hash]

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        datagram = read_datagram(data)
        if datagram is None:
            metrics.udp_packets["malformed"] += 1
            return
        source = self._sources.get(datagram.user_hash)
        if source is None:
            metrics.udp_packets["of nobody"] += 1
            return
        metrics.udp_packets["taken"] += 1
        source.take(datagram, (str(addr[0]), int(addr[1])))

    def error_received(self, exc: Exception) -> None:
        logger.debug("UDP: %s", exc)

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = self._clock.call_later(WATCH_SECONDS, self._look)

    def _look(self) -> None:
        """Give up sources that hear nothing although the microphone is on."""
        self._timer = None
        for source in list(self._sources.values()):
            if source.is_silent():
                source.give_up("nothing arrives")
            if source.has_given_up:
                self.forget(source)
        if self._sources:
            self._watch()


udp_port = UdpPort(SystemClock())
metrics.watch("udp_sources", lambda: len(udp_port))

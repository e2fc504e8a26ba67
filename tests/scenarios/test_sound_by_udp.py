"""Sound by UDP as a phone sends it: offered, proven by pings, sealed, in order, and only for whom it is (media §8)."""

import asyncio
import base64
import random
import socket
from collections.abc import AsyncIterator, Iterable

import pytest

from sessions_app.audio.datagrams import Datagram, Seal, hash_of, ping, write_datagram
from tests.support.inbox import Item
from tests.support.stage import Person, Stage
from tests.support.wire import RawApp, RawPhone

FRAME_BYTES = 640


class UdpSender:
    """The UDP half of a phone."""

    def __init__(self, ack: Item, user_id: str) -> None:
        self.user_hash = hash_of(user_id)
        self.key = base64.b64decode(ack["udpEncryption"]["key"]) if "udpEncryption" in ack else b""
        self._address = (ack["udpHost"], ack["udpPort"])
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, sequence: int, payload: bytes, *, key: bytes | None = None) -> None:
        """Send sound, sealed with the session's key or another one."""
        key = self.key if key is None else key
        sealed = Seal(key).close(payload) if key else payload
        self._send(Datagram(self.user_hash, sequence % 65_536, sealed))

    def ping(self) -> None:
        """Ask whether packets arrive."""
        self._send(ping(self.user_hash))

    def _send(self, datagram: Datagram) -> None:
        self._socket.sendto(write_datagram(datagram), self._address)

    def close(self) -> None:
        self._socket.close()


class Scene:
    """A phone that may send by UDP, and an app that hears it."""

    def __init__(self, phone: RawPhone, udp: UdpSender, app: RawApp) -> None:
        self.phone = phone
        self.udp = udp
        self.app = app

    async def register(self) -> None:
        """Prove that UDP works, as a phone does before it uses it."""
        await self.phone.send("udp_register", userIdHash=self.udp.user_hash)
        await self.phone.barrier()
        self.udp.ping()
        await self.phone.take("udp_ping_ack")


@pytest.fixture
async def scenes(stage: Stage) -> AsyncIterator["Scenes"]:
    scenes = Scenes(stage)
    yield scenes
    scenes.close()


class Scenes:
    """Makes scenes and closes their sockets."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._senders: list[UdpSender] = []

    async def play(self, *, sealed: bool) -> Scene:
        """Let a phone connect, with or without a wish for a key, and an app listen."""
        ada = await self._stage.person()
        app = await self._stage.raw_app(ada, permissions=["MICROPHONE"])
        phone = await self._stage.dial(ada.token, path=f"/glasses-ws?udpEncryption={str(sealed).lower()}")
        udp = self._sender(await phone.take("connection_ack"), ada)
        await phone.send("glasses_connection_state", modelName="Even Realities G1", status="CONNECTED")
        listener = await self._stage.start_a(phone, ada, app)
        await listener.subscribe("audio_chunk")
        await phone.take("microphone_state_change", isMicrophoneEnabled=True)
        return Scene(phone, udp, listener)

    def _sender(self, ack: Item, person: Person) -> UdpSender:
        sender = UdpSender(ack, person.email)
        self._senders.append(sender)
        return sender

    def close(self) -> None:
        for sender in self._senders:
            sender.close()


def _frames(count: int) -> list[bytes]:
    noise = random.Random(3)  # noqa: S311 - test data
    return [noise.randbytes(FRAME_BYTES) for _ in range(count)]


async def _in_pieces(udp: UdpSender, packets: Iterable[tuple[int, bytes]]) -> None:
    """Send packets with the pauses that keep the receiver's buffer from overflowing."""
    for place, (number, payload) in enumerate(packets):
        udp.send(number, payload)
        if place % 20 == 19:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("sealed", [True, False])
async def test_sound_arrives_in_order_and_byte_for_byte(scenes: Scenes, sealed: bool) -> None:
    scene = await scenes.play(sealed=sealed)
    assert bool(scene.udp.key) is sealed
    await scene.register()
    sent = _frames(200)
    # Neighbours change places, and the numbers wrap.
    order = [number ^ 1 for number in range(200)]

    await _in_pieces(scene.udp, [(0xFFA0 + number, sent[number]) for number in [0, 1, *order[2:]]])

    assert await scene.app.take_bytes(200 * FRAME_BYTES) == b"".join(sent)


async def test_what_is_lost_does_not_hold_up_the_rest(scenes: Scenes) -> None:
    scene = await scenes.play(sealed=True)
    await scene.register()
    sent = _frames(100)
    kept = [number for number in range(100) if number % 10 != 5]

    await _in_pieces(scene.udp, [(1 + number, sent[number]) for number in kept])

    assert await scene.app.take_bytes(len(kept) * FRAME_BYTES) == b"".join(sent[number] for number in kept)


async def test_nobody_else_is_heard(scenes: Scenes) -> None:
    """Not with another key, not without one, not under another hash, not before the phone registered."""
    scene = await scenes.play(sealed=True)
    udp, (mine, early, forged, plain, foreign) = scene.udp, _frames(5)
    udp.send(1, early)
    await scene.phone.send("udp_register", userIdHash=udp.user_hash + 1)
    await scene.phone.barrier()
    udp.send(2, early)
    await scene.register()

    udp.send(3, forged, key=bytes(32))
    udp.send(3, plain, key=b"")
    udp.user_hash += 1
    udp.send(3, foreign)
    udp.user_hash -= 1
    udp.send(3, mine)

    assert await scene.app.take_bytes(FRAME_BYTES) == mine


async def test_a_phone_that_registers_again_keeps_its_key(scenes: Scenes) -> None:
    scene = await scenes.play(sealed=True)
    await scene.register()
    await scene.phone.send("udp_unregister", userIdHash=scene.udp.user_hash)
    await scene.register()
    (frame,) = _frames(1)

    scene.udp.send(1, frame)

    assert await scene.app.take_bytes(FRAME_BYTES) == frame

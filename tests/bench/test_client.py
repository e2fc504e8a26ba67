"""The light client speaks WebSocket as every server understands it."""

import asyncio

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

from bench.client import BINARY, TEXT, Refused, connect, frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 640, 65_535, 65_536])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_frames_are_masked_and_have_the_shortest_form(opcode: int, size: int) -> None:
    payload = bytes(number % 251 for number in range(size))
    sent = frame(opcode, payload)
    plain = Frame(Opcode(opcode), payload).serialize(mask=False)
    head = len(plain) - size
    assert sent[0] == plain[0]
    assert sent[1] == plain[1] | 0x80
    assert sent[2:head] == plain[2:head]
    mask = sent[head : head + 4]
    assert bytes(byte ^ mask[at % 4] for at, byte in enumerate(sent[head + 4 :])) == payload


async def test_what_a_server_sends_arrives_whole_whatever_its_size() -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    texts: list[bytes] = []
    sounds: list[bytes] = []
    sizes = [0, 125, 126, 640, 70_000]
    has_all = asyncio.Event()

    def take_sound(sound: bytes) -> None:
        sounds.append(sound)
        if len(sounds) == len(sizes):
            has_all.set()

    async with serve(echo, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        client = await connect(port, "/", on_text=texts.append)
        client.on_bytes = take_sound
        for size in sizes:
            client.send_text(b"x" * size)
            client.send_bytes(b"\x07" * size)
        async with asyncio.timeout(5):
            await has_all.wait()
        client.abort()
    assert [len(text) for text in texts] == sizes
    assert [len(sound) for sound in sounds] == sizes


async def test_a_refused_upgrade_is_told() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    with pytest.raises(Refused, match="403"):
        await connect(server.sockets[0].getsockname()[1], "/")
    server.close()

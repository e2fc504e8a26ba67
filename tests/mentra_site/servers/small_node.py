"""A real node process with a tiny application, for tests of the servers: `python -m … SERVER PORT`."""

import asyncio
import os
import sys
import time
from typing import Any

LONGEST_HEADERS_SECONDS = 2.0
POURED = 3_000
open_sockets: set[asyncio.Event] = set()
finished_sends = 0


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Echo, flood or close, by path; HTTP pours, or tells how much of a flood was taken."""
    if scope["type"] == "lifespan":
        await follow_lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/pour":
        await pour(send)
    elif scope["type"] == "http":
        await answer(send, str(finished_sends).encode())
    else:
        await receive()
        await send({"type": "websocket.accept"})
        await PATHS[scope["path"]](receive, send)


async def echo(receive: Any, send: Any) -> None:
    """Send back what comes; leave when told to drain."""
    told = asyncio.Event()
    open_sockets.add(told)
    leaving = asyncio.create_task(told.wait())
    while True:
        receiving = asyncio.create_task(receive())
        await asyncio.wait({receiving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            await send({"type": "websocket.close", "code": 1001, "reason": "Node is stopping"})
            return
        event = receiving.result()
        if event["type"] == "websocket.disconnect":
            print("DISCONNECTED", event["code"], event.get("reason"), flush=True)
            return
        content = {key: event[key] for key in ("text", "bytes") if event.get(key) is not None}
        await send({"type": "websocket.send", **content})


async def flood(_receive: Any, send: Any) -> None:
    """Send as fast as the peer takes it, counting what was taken."""
    global finished_sends  # noqa: PLW0603
    finished_sends = 0
    try:
        while finished_sends < 100_000:
            await send({"type": "websocket.send", "bytes": bytes(16384)})
            finished_sends += 1
    finally:
        print("FLOOD ENDED", flush=True)


async def close(_receive: Any, send: Any) -> None:
    await send({"type": "websocket.close", "code": 1008, "reason": "Invalid API key"})


async def slow(receive: Any, send: Any) -> None:
    """Take one message only after the peer has had time to send many."""
    await asyncio.sleep(1)
    await echo(receive, send)


async def cut(receive: Any, send: Any) -> None:
    """Fill everything up to a peer that does not read, then end its connection; say when it is over."""
    frame = {"type": "websocket.send", "bytes": bytes(16384)}
    sending = asyncio.create_task(send(frame))
    while (await asyncio.wait({sending}, timeout=0.5))[0]:
        sending = asyncio.create_task(send(frame))
    sending.cancel()
    await send({"type": "websocket.close", "code": 1013, "reason": "Too slow", "abort": True})
    while (await receive())["type"] != "websocket.disconnect":
        continue
    print("CUT", flush=True)


async def plain(receive: Any, send: Any) -> None:
    """Send back what comes, with nothing in between."""
    while (event := await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "bytes": event["bytes"]})


async def reluctant(receive: Any, send: Any) -> None:
    """Take half a second to be done with a socket that its peer has closed."""
    while (await receive())["type"] != "websocket.disconnect":
        continue
    print("TOLD", flush=True)
    await asyncio.sleep(0.5)
    print("DONE", flush=True)


async def stall(receive: Any, send: Any) -> None:
    """Stop the whole process for a moment, so that much happens to a socket at once; say what was taken of it."""
    await receive()
    print("STALLED", flush=True)
    time.sleep(0.7)  # noqa: ASYNC251 - nothing else may run
    taken = 0
    while (await receive())["type"] != "websocket.disconnect":
        taken += 1
    print("TOOK", taken, flush=True)


async def pour(send: Any) -> None:
    """Answer in pieces as fast as the peer takes them, counting what was taken."""
    global finished_sends  # noqa: PLW0603
    finished_sends = 0
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while finished_sends < POURED:
        await send({"type": "http.response.body", "body": bytes(16384), "more_body": True})
        finished_sends += 1
    await send({"type": "http.response.body", "body": b"end"})


PATHS = {
    "/stall": stall,
    "/reluctant": reluctant,
    "/plain": plain,
    "/echo": echo,
    "/flood": flood,
    "/close": close,
    "/cut": cut,
    "/slow": slow,
}


async def answer(send: Any, body: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def follow_lifespan(receive: Any, send: Any) -> None:
    await receive()
    await start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def start() -> None:
    print("STARTED", flush=True)


async def drain() -> None:
    print("DRAINING", len(open_sockets), flush=True)
    for told in open_sockets:
        told.set()
    if os.environ.get("HANG_IN_DRAIN"):
        await asyncio.sleep(60)


def main(server: str, port: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.test")
    django.setup()
    from mentra_site.servers import listener as listening

    listening.LONGEST_HEADERS_SECONDS = LONGEST_HEADERS_SECONDS
    listener = listening.open_listener("127.0.0.1", port)
    print("PORT", listener.getsockname()[1], flush=True)
    if server == "daphne":
        from mentra_site.servers.reactor import install_uvloop_reactor

        install_uvloop_reactor()
        from mentra_site.servers import daphne_server

        daphne_server.serve(application, listener, start=start, drain=drain)
    else:
        from mentra_site.servers import uvicorn_server

        uvicorn_server.serve(application, listener, drain=drain)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

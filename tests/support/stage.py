"""Sets the scene of a story on a running cloud: people, phones and apps, all cleared away at the end."""

import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import InvalidHandshake

from tests.support.app_server import AppServer
from tests.support.cloud import Cloud, RegisteredApp
from tests.support.inbox import PATIENCE_SECONDS, Item
from tests.support.ports import free_port
from tests.support.wire import RawApp, RawPhone

GLASSES = "Even Realities G1"
POLL_SECONDS = 0.15
_numbers = itertools.count(1)
_RUN = f"{os.getpid():x}"


@dataclass(frozen=True)
class Person:
    """Someone with an account and a core token."""

    email: str
    token: str


@dataclass
class RawMiniApp:
    """A registered app whose server runs in the test and whose sockets the test opens by hand."""

    record: RegisteredApp
    server: AppServer
    opened: list[RawApp]

    @property
    def package_name(self) -> str:
        return self.record.package_name

    def session_id(self, person: Person) -> str:
        """Return the app session id of app-socket §3.1."""
        return f"{person.email}-{self.package_name}"

    async def invitation(self, person: Person, timeout_seconds: float = PATIENCE_SECONDS) -> Item:
        """Wait for the start webhook of this person (lifecycle §4.1)."""
        return await self.server.webhooks.take(timeout_seconds, type="session_request", userId=person.email)

    async def dial_a(self, websocket_url: str) -> RawApp:
        """Open the socket as family A does, without any message yet."""
        return self._keep(await RawApp.dial_a(websocket_url, self.package_name))

    async def dial_c(self, person: Person, websocket_url: str) -> RawApp:
        """Open the socket as family C does, without any message yet."""
        socket = await RawApp.dial_c(
            websocket_url,
            user_id=person.email,
            package_name=self.package_name,
            api_key=self.record.api_key,
            name=self.package_name,
        )
        return self._keep(socket)

    async def join_a(self, person: Person, timeout_seconds: float = PATIENCE_SECONDS) -> RawApp:
        """Answer the start webhook as family A does and return the socket once it is acked."""
        invitation = await self.invitation(person, timeout_seconds)
        socket = await self.dial_a(invitation["mentraOSWebsocketUrl"])
        await socket.init_a(self.session_id(person), self.package_name, self.record.api_key)
        await socket.take("tpa_connection_ack")
        return socket

    async def join_c(self, person: Person, timeout_seconds: float = PATIENCE_SECONDS) -> RawApp:
        """Answer the start webhook as family C does and return the socket once it is acked."""
        invitation = await self.invitation(person, timeout_seconds)
        socket = await self.dial_c(person, invitation["websocketUrl"])
        await socket.init_c(self.package_name, self.record.api_key)
        await socket.take("tpa_connection_ack")
        return socket

    async def join_at(self, person: Person, node_ws_url: str, *, family: str) -> RawApp:
        """Answer the start webhook at a node of one's own choice, as family "A" or "C" does."""
        await self.invitation(person)
        address = f"{node_ws_url}/app-ws"
        if family == "C":
            socket = await self.dial_c(person, address)
            await socket.init_c(self.package_name, self.record.api_key)
        else:
            socket = await self.dial_a(address)
            await socket.init_a(self.session_id(person), self.package_name, self.record.api_key)
        await socket.take("tpa_connection_ack")
        return socket

    def _keep(self, socket: RawApp) -> RawApp:
        self.opened.append(socket)
        return socket


class Stage:
    """One story on one cloud. Every person and app is new, so stories do not meet."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._phones: list[RawPhone] = []
        self._apps: list[RawMiniApp] = []
        self._endings: list[Callable[[], Awaitable[None]]] = []

    async def person(self, name: str = "ada") -> Person:
        email = f"{name}-{next(_numbers)}.{_RUN}@example.com"
        return Person(email, await asyncio.to_thread(self.cloud.issue_token, email))

    async def phone(self, person: Person, *, glasses: str | None = GLASSES, node: int = 0) -> RawPhone:
        """Connect a phone to a node, wait for its ack and let it report connected `glasses`, if any."""
        phone = await self.dial(person.token, node=node)
        await phone.take("connection_ack", sessionId=person.email)
        if glasses is not None:
            await phone.send("glasses_connection_state", modelName=glasses, status="CONNECTED")
        return phone

    async def dial(self, token: str, *, path: str = "/glasses-ws", node: int = 0) -> RawPhone:
        """Open the glasses socket and nothing else."""
        phone = await RawPhone.dial(self.cloud.node_ws_url(node), token, path=path)
        self._phones.append(phone)
        return phone

    async def until_answering(self, timeout_seconds: float = PATIENCE_SECONDS, *, node: int = 0) -> None:
        """Return once a node answers again; a dying process may still take connections for a moment."""
        async with asyncio.timeout(timeout_seconds):
            while True:
                if await self._answers(node):
                    return
                await asyncio.sleep(POLL_SECONDS)

    async def _answers(self, node: int) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.cloud.port + node)
            writer.write(b"GET /livez HTTP/1.0\r\n\r\n")
            status = await reader.readline()
        except OSError:
            return False
        writer.close()
        return b" 200 " in status

    async def redial(
        self, person: Person, timeout_seconds: float = PATIENCE_SECONDS, *, node: int = 0
    ) -> RawPhone:
        """Open the glasses socket as a phone does after its cloud went away: again and again until it answers."""
        async with asyncio.timeout(timeout_seconds):
            while True:
                try:
                    phone = await self.dial(person.token, node=node)
                    await phone.take("connection_ack")
                except (OSError, InvalidHandshake, AssertionError):
                    await asyncio.sleep(POLL_SECONDS)
                else:
                    return phone

    async def register(
        self,
        owner: Sequence[Person],
        *,
        port: int | None = None,
        permissions: Sequence[str] = (),
        app_type: str = "background",
        developer: Person | None = None,
        package_name: str = "",
    ) -> RegisteredApp:
        """Register a new app with its webhook on 127.0.0.1:`port` and install it for each person."""
        package_name = package_name or f"com.example.app{next(_numbers)}x{_RUN}"
        record = await asyncio.to_thread(
            self.cloud.create_app,
            package_name,
            f"http://127.0.0.1:{port or free_port()}",
            app_type=app_type,
            permissions=permissions,
            owner=developer.email if developer else None,
        )
        for person in owner:
            await asyncio.to_thread(self.cloud.install_app, package_name, person.email)
        return record

    async def raw_app(
        self,
        *owner: Person,
        permissions: Sequence[str] = (),
        app_type: str = "background",
        developer: Person | None = None,
    ) -> RawMiniApp:
        """Register and install an app whose server answers webhooks inside the test."""
        server = AppServer()
        record = await self.register(
            owner, port=server.port, permissions=permissions, app_type=app_type, developer=developer
        )
        await server.start()
        app = RawMiniApp(record, server, [])
        self._apps.append(app)
        return app

    async def start_a(self, phone: RawPhone, person: Person, app: RawMiniApp) -> RawApp:
        """Start the app from the phone and return its acked family A socket."""
        await phone.send("start_app", packageName=app.package_name)
        socket = await app.join_a(person)
        await phone.take("app_started", packageName=app.package_name)
        return socket

    async def start_c(self, phone: RawPhone, person: Person, app: RawMiniApp) -> RawApp:
        """Start the app from the phone and return its acked family C socket."""
        await phone.send("start_app", packageName=app.package_name)
        socket = await app.join_c(person)
        await phone.take("app_started", packageName=app.package_name)
        return socket

    def cut_apps(self) -> None:
        """Reset the TCP connections of all app servers to the cloud."""
        assert self.cloud.proxy is not None
        self.cloud.proxy.cut()

    async def session(self, person: Person) -> dict[str, Any] | None:
        """Return the newest session row of this person, disposed or not."""
        rows = await asyncio.to_thread(self.cloud.list_sessions, person.email, with_disposed=True)
        return max(rows, key=lambda row: row["connectedAt"] or "", default=None)

    async def until_session(
        self,
        person: Person,
        what: str,
        holds: Callable[[dict[str, Any]], bool],
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> dict[str, Any]:
        """Return the session row once `holds(row)`; `what` says in words what was waited for."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            row = await self.session(person)
            if row is not None and holds(row):
                return row
            assert time.monotonic() < deadline, f"not so within {timeout_seconds} s: {what}; last seen: {row}"
            await asyncio.sleep(POLL_SECONDS)

    async def until_app(
        self, person: Person, package_name: str, state: str, timeout_seconds: float = PATIENCE_SECONDS
    ) -> dict[str, Any]:
        """Return the app's entry in the session row once it is in `state`."""
        row = await self.until_session(
            person,
            f"{package_name} is {state}",
            lambda row: app_state(row, package_name) == state,
            timeout_seconds,
        )
        return next(entry for entry in row["apps"] if entry["packageName"] == package_name)

    async def until_subscribed(self, person: Person, package_name: str, *streams: str) -> None:
        """Return once the cloud holds exactly these subscriptions of the app."""
        wanted = sorted(streams)
        await self.until_session(
            person,
            f"{package_name} is subscribed to {wanted}",
            lambda row: any(
                entry["packageName"] == package_name and sorted(entry["subscriptions"]) == wanted
                for entry in row["apps"]
            ),
        )

    def at_end(self, ending: Callable[[], Awaitable[None]]) -> None:
        """Run `ending` when the story is over, before the phones hang up."""
        self._endings.append(ending)

    async def clear(self) -> None:
        """Hang up phones first: what the apps do afterwards concerns nobody."""
        for phone in self._phones:
            with contextlib.suppress(OSError):
                await phone.close()
        for ending in self._endings:
            await ending()
        for app in self._apps:
            for socket in app.opened:
                with contextlib.suppress(OSError):
                    await socket.close()
            await app.server.stop()


def app_state(row: dict[str, Any], package_name: str) -> str | None:
    """Return the state of an app in a `list_sessions` row; None if it has no entry."""
    return next((entry["state"] for entry in row["apps"] if entry["packageName"] == package_name), None)


async def staged(cloud: Cloud) -> AsyncIterator[Stage]:
    """A stage as a fixture body."""
    stage = Stage(cloud)
    try:
        yield stage
    finally:
        await stage.clear()

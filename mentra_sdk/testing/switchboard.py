"""The network side of the cloud in memory: one port with HTTP routes and the sockets of all apps."""

from collections.abc import Iterator

from aiohttp import WSCloseCode, web

from mentra_sdk.testing.app_calls import Message
from mentra_sdk.testing.app_run import AppRun
from mentra_sdk.testing.app_socket import AppSocket
from mentra_sdk.testing.glasses import Glasses
from mentra_sdk.testing.rest import Rest
from mentra_sdk.testing.welcome import send_welcome

SOCKET_ROUTES = ("/app-ws", "/ws/miniapp")


class Switchboard:
    """Connects apps with the glasses of their users. `glasses` are those there are, by user."""

    def __init__(self, glasses: dict[str, Glasses]) -> None:
        self.is_restarting = False
        self.rest = Rest()
        self._glasses = glasses
        self._sockets: set[AppSocket] = set()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The address for HTTP."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def socket_url(self) -> str:
        """The address for the sockets of apps."""
        return f"ws://127.0.0.1:{self._port}{SOCKET_ROUTES[0]}"

    async def open(self) -> None:
        """Listen on a free port of this machine."""
        application = web.Application()
        self.rest.add_routes(application)
        for route in SOCKET_ROUTES:
            application.router.add_get(route, self._serve_socket)
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Close what is open and listen no more."""
        for socket in list(self._sockets):
            socket.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    def save_file(self, data: bytes) -> str:
        """Keep bytes and return the address where they can be read."""
        return self.url + self.rest.save_file(data)

    def cut(self, run: AppRun) -> None:
        """Break the app's connection without a word."""
        for socket in self._sockets_of(run):
            socket.cut()

    def hang_up(self, run: AppRun, code: int, reason: str) -> None:
        """Close the app's socket."""
        for socket in self._sockets_of(run):
            socket.close(code, reason)

    def go_away(self) -> None:
        """Close all sockets and let those who come back wait."""
        self.is_restarting = True
        for socket in list(self._sockets):
            socket.close(WSCloseCode.GOING_AWAY, "Server is shutting down")

    def come_back(self) -> None:
        """Attach those who wait."""
        self.is_restarting = False
        for socket in list(self._sockets):
            socket.admit()

    def find_run(self, session_id: str) -> AppRun | None:
        """Return the app in its user's session."""
        runs = [run for glasses in self._glasses.values() for run in glasses.runs.values()]
        return next((run for run in runs if run.session_id == session_id), None)

    def welcome(self, run: AppRun, socket: AppSocket, kind: str) -> None:
        """Acknowledge an app's socket and tell it the state of the glasses (app-socket §3.3)."""
        for other in self._sockets_of(run):
            if other is not socket:
                other.close(WSCloseCode.OK, "Replaced by new connection")
        run.attach(socket)
        send_welcome(run, self._glasses[run.user_id].hardware, kind)

    def take(self, run: AppRun, message: Message) -> None:
        """Serve a message of an app."""
        self._glasses[run.user_id].requests.take(run, message)

    def take_bytes(self, run: AppRun, data: bytes) -> None:
        """Take sound of an app."""
        self._glasses[run.user_id].requests.take_bytes(data)

    async def _serve_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = AppSocket(request, self)
        self._sockets.add(socket)
        try:
            return await socket.serve()
        finally:
            self._sockets.discard(socket)

    def _sockets_of(self, run: AppRun) -> Iterator[AppSocket]:
        return (socket for socket in list(self._sockets) if socket.run is run)

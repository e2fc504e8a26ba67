"""An HTTP client that is opened when it is first needed and keeps its connections until it is closed."""

from collections.abc import Callable

import aiohttp


class LastingClient:
    """Opens by `make`; after `close` it opens anew when it is needed again."""

    def __init__(self, make: Callable[[], aiohttp.ClientSession]) -> None:
        self._make = make
        self._open: aiohttp.ClientSession | None = None

    def get(self) -> aiohttp.ClientSession:
        """Return the open client; to be called within an event loop, always the same one."""
        if self._open is None:
            self._open = self._make()
        return self._open

    async def close(self) -> None:
        """Close the connections kept for reuse."""
        if self._open is not None:
            await self._open.close()
            self._open = None

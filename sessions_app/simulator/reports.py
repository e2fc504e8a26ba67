"""What the simulated phone reports by REST, as newer phones do (rest §2)."""

from typing import Any
from urllib.parse import urlsplit

import aiohttp

from sessions_app.simulator.errors import Refused, Unreachable

TRANSFER_SECONDS = 20


class PhoneReports:
    """Reports of one phone to the cloud at `url`, whichever of its addresses that is.

    Every method returns the answer; raises Refused when it is no success, Unreachable without one.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
        self._base = f"{scheme}://{parts.netloc}/api/client"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def glasses(self, **state: Any) -> dict[str, Any]:
        """Report a part of the state of the glasses, by the names of the wire."""
        return await self._post("device/state", state)

    async def calendar(self, *events: dict[str, Any]) -> dict[str, Any]:
        """Report entries of the calendar."""
        return await self._post("calendar", {"events": list(events)})

    async def notification(self, **fields: Any) -> dict[str, Any]:
        """Report a notification that appeared."""
        return await self._post("notifications", fields)

    async def dismissed(self, notification_id: str) -> dict[str, Any]:
        """Report that a notification is gone."""
        return await self._post("notifications/dismissed", {"notificationId": notification_id})

    async def location(
        self, latitude: float, longitude: float, *, correlation_id: str = ""
    ) -> dict[str, Any]:
        """Report a position in degrees, or answer with it who asked."""
        path = f"location/poll-response/{correlation_id}" if correlation_id else "location"
        coords = {"latitude": latitude, "longitude": longitude}
        return await self._post(path, {"location": {"coords": coords}})

    async def goodbye(self) -> dict[str, Any]:
        """Log out."""
        return await self._post("goodbye", {})

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=TRANSFER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=self._headers) as http,
                http.post(f"{self._base}/{path}", json=body) as answer,
            ):
                said: dict[str, Any] = await answer.json()
                if not answer.ok:
                    raise Refused(f"The cloud refused {path}: {answer.status} {said.get('error')}.")
                return said
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise Unreachable(f"{self._base}/{path} did not answer: {problem}") from problem

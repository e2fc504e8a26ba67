"""REST as a phone or a developer's program speaks it to one node."""

from typing import Any

import aiohttp

from tests.support.stage import Person, Stage

SECONDS = aiohttp.ClientTimeout(total=20)


async def ask(
    stage: Stage, person: Person | str, method: str, path: str, body: Any = None, *, node: int = 0
) -> tuple[int, Any]:
    """Return status and body of a request with somebody's core token, or with another token."""
    token = person if isinstance(person, str) else person.token
    url = stage.cloud.node_ws_url(node).replace("ws", "http", 1) + path
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(timeout=SECONDS) as http,
        http.request(method, url, json={} if body is None else body, headers=headers) as answer,
    ):
        return answer.status, await answer.json()

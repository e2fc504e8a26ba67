"""Servers made with the SDKs answer calls of tools, and know by its own means who looks at their pages."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.stage import Person

TOOLS = [
    {
        "id": "echo",
        "description": "Says it back",
        "parameters": {"text": {"type": "string", "description": "What"}},
    },
    {"id": "fail", "description": "Cannot be done"},
]


class Api:
    """The cloud's REST interface, as a person's phone asks it."""

    def __init__(self, http: aiohttp.ClientSession, url: str, person: Person) -> None:
        self.http, self._url = http, url
        self._headers = {"Authorization": f"Bearer {person.token}"}

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.request(method, self._url + path, json=body, headers=self._headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: Any) -> Any:
        status, said = await self.send("POST", path, body)
        assert status == 200, said
        return said


async def visitor(probe: Probe, http: aiohttp.ClientSession, **shown: str) -> str | None:
    """Open a page of the app as a browser without cookies does, and return whom the SDK takes for its visitor."""
    async with http.get(f"{probe.app.public_url}/who?{urlencode(shown)}") as answer:
        said: str | None = (await answer.json())["userId"]
        return said


async def test_tools_are_answered_and_visitors_known(play: Play, family: Family) -> None:
    ada = await play.stage.person("ada")
    key = (await asyncio.to_thread(play.stage.cloud.run, "user_token_key")).strip()
    own_key = {"MENTRAOS_CLOUD_USER_TOKEN_PUBLIC_KEY": key}
    probe = await play.probe(family, ada, developer=ada, environment=own_key)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        api = Api(http, probe.cloud_url, ada)
        await call_tools(play, probe, api, ada)
        await open_pages(probe, api, ada, play.stage.cloud.environment["PUBLIC_URL"])


async def call_tools(play: Play, probe: Probe, api: Api, ada: Person) -> None:
    package = probe.app.package_name
    status, said = await api.send("PUT", f"/api/console/apps/{package}", {"tools": TOOLS})
    assert status == 200, said
    call = {"toolId": "echo", "toolParameters": {"text": "grüße 👓"}, "userId": ada.email}
    done = {"status": "success", "reply": "you said grüße 👓"}

    assert await api.send("POST", f"/api/tools/apps/{package}/tool", call) == (200, done)
    await probe.take("tool", toolParameters=call["toolParameters"], userId=ada.email, hasSession=False)
    await play.start(await play.stage.phone(ada), ada, probe)
    assert await api.send("POST", f"/api/tools/apps/{package}/tool", call) == (200, done)
    await probe.take("tool", userId=ada.email, hasSession=True)
    failed = {"status": "error", "message": "the probe cannot do that"}
    assert await api.send("POST", f"/api/tools/apps/{package}/tool", {**call, "toolId": "fail"}) == (
        500,
        failed,
    )
    status, listed = await api.send("GET", f"/api/tools/users/{ada.email}/tools")
    assert [tool["id"] for tool in listed] == ["echo", "fail"]


async def open_pages(probe: Probe, api: Api, ada: Person, url: str) -> None:
    which = {"packageName": probe.app.package_name}
    http = api.http

    signed = (await api.post("/api/auth/generate-webview-signed-user-token", which))["token"]
    assert await visitor(probe, http, aos_signed_user_token=signed) == ada.email
    assert await visitor(probe, http, aos_signed_user_token=signed[:-6] + "AAAAAA") is None

    checksum = (await api.post("/api/auth/hash-with-api-key", {**which, "stringToHash": url}))["hash"]
    token = (await api.post("/api/auth/generate-webview-token", which))["token"]
    shown = {"aos_temp_token": token, "cloudApiUrl": url, "cloudApiUrlChecksum": checksum}
    assert await visitor(probe, http, **shown) == ada.email
    assert await visitor(probe, http, **shown) is None, "a token is good once"

    proof = signed_claim(signed, "frontendToken")
    assert await visitor(probe, http, aos_frontend_token=proof) == ada.email
    assert await visitor(probe, http, aos_frontend_token=proof.replace("ada", "bob")) is None


def signed_claim(token: str, name: str) -> str:
    """Return what a signed token says, without looking at the signature: the SDK did."""
    claims: dict[str, str] = jwt.decode(token, options={"verify_signature": False})
    return claims[name]

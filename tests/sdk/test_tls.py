"""Behind a front that speaks TLS, SDKs and phones talk to the cloud by wss and https and nothing else (rest §6)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.sdk.packages import Family, Program
from tests.sdk.parts import PARTS, pressing
from tests.sdk.play import Play
from tests.sdk.scene import NAMES, PERMISSIONS, REFUSED, Scene
from tests.sdk.test_storage import POLL_SECONDS, WRITTEN_SECONDS
from tests.sdk.test_tools_and_pages import Api, open_pages
from tests.support.certificate import make_certificate
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.hosted_companies import open_for_business, settings_for
from tests.support.hosted_web import HostedWeb
from tests.support.ports import free_port
from tests.support.stage import staged

SCRIPTED = {"SPEECH_ENGINES": "scripted", "SPEECH_VAD": "energy", "SPEECH_TRANSLATORS": "whisper"}
ARGUMENTS = ("--no-demo", "--speech-workers", "1")


@dataclass(frozen=True)
class Guarded:
    """A cloud that is reached by TLS only, and the port at which it calls other companies."""

    cloud: Cloud
    companies_port: int


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Its certificate nobody trusts who is not told to."""
    certificate, port = make_certificate(tmp_path_factory.mktemp("tls")), free_port()
    settings = KNOWN_SECRET | SCRIPTED | settings_for(f"http://127.0.0.1:{port}")
    with Cloud(
        settings, server=SERVER, proxied=True, certificate=certificate, arguments=ARGUMENTS
    ) as running:
        yield Guarded(running, port)


@pytest.fixture
async def scene(programs: dict[Family, Program], guarded: Guarded, family: Family) -> AsyncIterator[Scene]:
    """An app that runs, the phone of its user, and companies that answer."""
    cloud = guarded.cloud
    assert cloud.certificate is not None
    trusts = cloud.certificate.client_context()
    hardware = Hardware(position=(52.5, 13.4), trusts=trusts)
    connector = aiohttp.TCPConnector(ssl=trusts)
    async for stage in staged(cloud):
        play, ada = Play(stage, programs), await stage.person()
        key = (await asyncio.to_thread(cloud.run, "user_token_key")).strip()
        probe = await play.probe(
            family,
            ada,
            *NAMES[family].granted,
            REFUSED,
            permissions=PERMISSIONS,
            developer=ada,
            environment={"MENTRAOS_CLOUD_USER_TOKEN_PUBLIC_KEY": key},
        )
        async with (
            HostedWeb(guarded.companies_port) as web,
            aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http,
            SimulatedPhone(cloud.public_url, ada.token, hardware=hardware) as phone,
        ):
            open_for_business(web)
            scene = Scene(play, ada, phone, hardware, probe, web, Api(http, cloud.public_url, ada))
            await scene.begin()
            yield scene


async def test_everything_a_session_has_works_by_tls(scene: Scene) -> None:
    assert scene.public_url.startswith("https://")
    for part in PARTS[scene.family].values():
        await part(scene)
    await open_pages(scene.probe, scene.api, scene.person, scene.public_url)

    scene.play.stage.cut_apps()
    await scene.probe.take("disconnected", permanent=False)
    await scene.phone.reconnect()
    await scene.probe.take("reconnected", userId=scene.person.email)
    await pressing(scene)

    await scene.phone.stop_app(scene.probe.app.package_name)
    await scene.probe.take("stop", reason="user_disabled")
    await until_stored(scene, theme="dark")


async def until_stored(scene: Scene, **values: str) -> None:
    """Wait until the app stored exactly these values about its user, asked for with its key by https."""
    app = scene.probe.app
    url = f"{scene.public_url}/api/sdk/simple-storage/{scene.person.email}"
    headers = {"Authorization": f"Bearer {app.package_name}:{app.api_key}"}
    async with asyncio.timeout(WRITTEN_SECONDS):
        while True:
            async with scene.api.http.get(url, headers=headers) as answer:
                if (await answer.json())["data"] == values:
                    return
            await asyncio.sleep(POLL_SECONDS)


async def test_who_does_not_trust_the_certificate_is_not_served(guarded: Guarded, tmp_path: Path) -> None:
    stranger = make_certificate(tmp_path).client_context()
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(f"{guarded.cloud.public_url}/livez", ssl=stranger)

"""Behind a front that speaks TLS the SDKs talk to the cloud by wss and https and nothing else (rest §6)."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.sdk.packages import Family, Program
from tests.sdk.play import Play
from tests.sdk.test_storage import POLL_SECONDS, WRITTEN_SECONDS
from tests.support.certificate import make_certificate
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.stage import staged


@pytest.fixture(scope="module")
def guarded_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud that app servers reach by TLS only, with a certificate that nobody else trusts."""
    certificate = make_certificate(tmp_path_factory.mktemp("tls"))
    with Cloud(KNOWN_SECRET, server=SERVER, proxied=True, certificate=certificate) as running:
        yield running


@pytest.fixture
async def guarded(programs: dict[Family, Program], guarded_cloud: Cloud) -> AsyncIterator[Play]:
    async for stage in staged(guarded_cloud):
        yield Play(stage, programs)


async def until_stored(cloud: Cloud, app: str, key: str, email: str, **values: str) -> None:
    """Wait until the app stored exactly these values about a person, asked for by https."""
    assert cloud.certificate is not None
    trusts: ssl.SSLContext = cloud.certificate.client_context()
    url = f"{cloud.public_url}/api/sdk/simple-storage/{email}"
    headers = {"Authorization": f"Bearer {app}:{key}"}
    async with asyncio.timeout(WRITTEN_SECONDS), aiohttp.ClientSession() as http:
        while True:
            async with http.get(url, headers=headers, ssl=trusts) as answer:
                if (await answer.json())["data"] == values:
                    return
            await asyncio.sleep(POLL_SECONDS)


async def test_an_app_starts_stores_loses_the_network_and_stops(guarded: Play, family: Family) -> None:
    ada = await guarded.stage.person()
    phone = await guarded.stage.phone(ada)
    probe = await guarded.probe(family, ada, "button_press")
    assert guarded.stage.cloud.public_url.startswith("https://")
    await guarded.start(phone, ada, probe)
    await phone.take("display_event", packageName=probe.app.package_name)
    await guarded.heard_a_button(phone, ada, probe)

    guarded.stage.cut_apps()
    await probe.take("disconnected", permanent=False)
    await probe.take("reconnected", userId=ada.email)
    await guarded.heard_a_button(phone, ada, probe)

    await probe.order("store", userId=ada.email, values={"theme": "dark"})
    await phone.send("stop_app", packageName=probe.app.package_name)
    await probe.take("stop", reason="user_disabled")
    await phone.take("app_stopped", packageName=probe.app.package_name)
    app = probe.app
    await until_stored(guarded.stage.cloud, app.package_name, app.api_key, ada.email, theme="dark")


async def test_who_does_not_trust_the_certificate_is_not_served(guarded_cloud: Cloud, tmp_path: Path) -> None:
    stranger = make_certificate(tmp_path).client_context()
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(f"{guarded_cloud.public_url}/livez", ssl=stranger)

"""Who looks at an app's page: every proof of rest §3.1, good and bad."""

import hashlib
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mentra_sdk.errors import VisitorUnknown
from mentra_sdk.webview import ISSUER, Visitors
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, USER

PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = "1e" * 32
TOKEN = "ab" * 32


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def frontend(user: str = USER, api_key: str = API_KEY) -> str:
    return f"{user}:{sha256(user + sha256(api_key))}"


def signed(kid: str = "v1", key: Any = PRIVATE_KEY, **claims: Any) -> str:
    usual = {"sub": USER, "iss": ISSUER, "exp": time.time() + 600, "frontendToken": frontend()}
    return jwt.encode({**usual, **claims}, key, "RS256", headers={"kid": kid})


class Page:
    """A cloud's endpoints for pages: its keys, and the exchange of one token, once."""

    def __init__(self) -> None:
        self.url = ""
        self.key_id = "v1"
        self.fails_with = 0
        self.asked: list[str] = []
        self._tokens = {TOKEN}

    async def tell_keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.fails_with:
            return web.Response(status=self.fails_with)
        key = jwt.algorithms.RSAAlgorithm.to_jwk(PRIVATE_KEY.public_key(), as_dict=True)
        return web.json_response({"keys": [{**key, "kid": self.key_id, "alg": "RS256"}]})

    async def exchange(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.fails_with:
            return web.Response(status=self.fails_with)
        assert request.headers["Authorization"] == f"Bearer {PACKAGE}:{API_KEY}"
        body = await request.json()
        assert body["packageName"] == PACKAGE
        if body["aos_temp_token"] not in self._tokens:
            return web.json_response({"success": False, "code": "token_used", "error": "Used."}, status=401)
        self._tokens.clear()
        return web.json_response({"success": True, "userId": USER})


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    serving = Page()
    routes = web.Application()
    routes.router.add_get("/.well-known/jwks.json", serving.tell_keys)
    routes.router.add_post("/api/auth/exchange-user-token", serving.exchange)
    runner = web.AppRunner(routes)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    serving.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield serving
    await runner.cleanup()


@pytest.fixture
def visitors(page: Page) -> Visitors:
    return Visitors(package_name=PACKAGE, api_key=API_KEY, cloud_url=f"{page.url}/")


async def test_a_signed_token_names_the_visitor_and_the_keys_are_kept(page: Page, visitors: Visitors) -> None:
    for _ in range(3):
        assert await visitors.find({"aos_signed_user_token": signed()}) == USER
    assert page.asked == ["/.well-known/jwks.json"]


@pytest.mark.parametrize(
    "token",
    [
        signed(frontendToken=frontend(api_key=OTHER_KEY)),
        signed(frontendToken=frontend("bob@example.com")),
        signed(frontendToken=None),
        signed(sub="bob@example.com"),
        signed(iss="https://elsewhere.example"),
        signed(exp=time.time() - 121),
        signed(kid="v2"),
        signed()[:-8] + "AAAAAAAA",
        jwt.encode({"sub": USER, "iss": ISSUER, "exp": time.time() + 600}, "a" * 32, "HS256"),
        "no.jwt",
        "",
    ],
)
async def test_a_signed_token_that_does_not_hold_names_nobody(visitors: Visitors, token: str) -> None:
    assert await visitors.find({"aos_signed_user_token": token}) is None


async def test_a_clock_may_be_a_little_wrong(visitors: Visitors) -> None:
    assert await visitors.find({"aos_signed_user_token": signed(exp=time.time() - 110)}) == USER


async def test_a_new_key_of_the_cloud_is_asked_for_but_not_all_the_time(
    page: Page, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await visitors.find({"aos_signed_user_token": signed()}) == USER
    page.key_id = "v2"
    for _ in range(2):
        assert await visitors.find({"aos_signed_user_token": signed("v2")}) is None
    assert len(page.asked) == 1
    monkeypatch.setattr("mentra_sdk.webview_keys.LEAST_SECONDS_BETWEEN", 0)
    assert await visitors.find({"aos_signed_user_token": signed("v2")}) == USER


async def test_the_key_may_be_given_as_an_environment_holds_it(page: Page) -> None:
    one_line = pem(PRIVATE_KEY.public_key()).replace("\n", "\\n")
    visitors = Visitors(
        package_name=PACKAGE, api_key=API_KEY, cloud_url=page.url, public_key=one_line, issuer="me"
    )
    assert await visitors.find({"aos_signed_user_token": signed(iss="me")}) == USER
    assert page.asked == []
    other = pem(ec.generate_private_key(ec.SECP256R1()).public_key())
    with pytest.raises(ValueError, match="RSA"):
        Visitors(package_name=PACKAGE, api_key=API_KEY, cloud_url=page.url, public_key=other)


async def test_a_temporary_token_is_exchanged_once(page: Page, visitors: Visitors) -> None:
    assert await visitors.find({"aos_temp_token": TOKEN}) == USER
    assert await visitors.find({"aos_temp_token": TOKEN}) is None
    assert len(page.asked) == 2


async def test_it_is_exchanged_at_the_address_that_a_holder_of_the_key_vouches_for(page: Page) -> None:
    visitors = Visitors(package_name=PACKAGE, api_key=API_KEY, cloud_url="http://127.0.0.1:9")
    shown = {"aos_temp_token": TOKEN, "cloudApiUrl": page.url}
    with pytest.raises(VisitorUnknown, match="does not answer"):
        await visitors.find({**shown, "cloudApiUrlChecksum": sha256(page.url)})
    assert page.asked == []
    vouched = sha256(page.url + sha256(API_KEY))
    assert await visitors.find({**shown, "cloudApiUrlChecksum": vouched}) == USER


@pytest.mark.parametrize("status", [500, 429])
async def test_a_cloud_in_trouble_is_not_taken_for_a_bad_proof(
    page: Page, visitors: Visitors, status: int
) -> None:
    page.fails_with = status
    for shown in ({"aos_signed_user_token": signed()}, {"aos_temp_token": TOKEN}):
        with pytest.raises(VisitorUnknown, match=str(status)):
            await visitors.find(shown)
    assert await visitors.find({"aos_temp_token": TOKEN, "aos_frontend_token": frontend()}) == USER


async def test_a_frontend_token_names_the_visitor(visitors: Visitors) -> None:
    assert visitors.frontend_token(USER) == frontend()
    assert await visitors.find({"aos_frontend_token": frontend()}) == USER
    for bad in (frontend(api_key=OTHER_KEY), frontend().replace("ada", "bob"), ":", USER, "ü:ü", ""):
        assert await visitors.find({"aos_frontend_token": bad}) is None
    assert await visitors.find({}) is None


def test_a_cookie_is_good_for_this_app_and_for_a_while() -> None:
    visitors = Visitors(package_name=PACKAGE, api_key=API_KEY, cloud_url="http://127.0.0.1:9")
    others = (
        Visitors(package_name="com.example.other", api_key=API_KEY, cloud_url="http://127.0.0.1:9"),
        Visitors(package_name=PACKAGE, api_key=OTHER_KEY, cloud_url="http://127.0.0.1:9"),
    )
    cookie = visitors.make_cookie(USER)
    assert visitors.read_cookie(cookie) == USER
    assert [other.read_cookie(cookie) for other in others] == [None, None]
    assert visitors.read_cookie(visitors.make_cookie(USER, seconds=-1)) is None
    assert visitors.read_cookie("") is None

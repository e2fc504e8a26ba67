"""Opening the glasses socket: who is let in, what comes first, what is answered (glasses-socket §1–5)."""

import asyncio
import time
from typing import Any

import jwt
import pytest

from tests.support.cloud_fixtures import JWT_SECRET
from tests.support.stage import Stage
from tests.support.wire import Closed, Peer

NOW = int(time.time())
GOOD = {"email": "eve@example.com", "sub": "17", "iat": NOW, "exp": NOW + 3600}


def forged(secret: str = JWT_SECRET, **changes: Any) -> str:
    """Return a core token with these claims; None removes one."""
    claims = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return jwt.encode(claims, secret, algorithm="HS256")


REFUSED = {
    "another secret": forged("s" * 40),
    "expired": forged(exp=NOW - 60),
    "without an expiry": forged(exp=None),
    "without e-mail": forged(email=None),
    "without subject": forged(sub=None),
    "e-mail that is no text": forged(email=["eve@example.com"]),
    "no signature": jwt.encode(GOOD, "", algorithm="none"),
    "not a token": "abc",
    "empty": "",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
async def test_a_bad_token_is_told_why_and_closed(stage: Stage, token: str) -> None:
    phone = await stage.dial(token)

    refusal = await phone.take("connection_error")
    assert refusal["code"] == "AUTHENTICATION_FAILED"
    assert refusal["message"]
    assert await phone.closed() == Closed(1008, "Authentication failed")
    assert len(phone.inbox.history) == 1


async def test_no_token_at_all_is_refused(stage: Stage) -> None:
    phone = await Peer.open(f"{stage.cloud.ws_url}/glasses-ws", "phone")

    refusal = await phone.take("connection_error", code="AUTHENTICATION_FAILED")
    assert refusal["message"] == "No core token provided"
    assert (await phone.closed()).code == 1008


@pytest.mark.parametrize("path", ["/glasses-ws", "/ws/client"])
async def test_the_token_may_stand_in_the_query(stage: Stage, path: str) -> None:
    ada = await stage.person()

    phone = await Peer.open(f"{stage.cloud.ws_url}{path}?token={ada.token}", "phone")

    await phone.take("connection_ack", sessionId=ada.email)
    await phone.close()


async def test_the_ack_comes_first_and_describes_the_session(stage: Stage) -> None:
    ada = await stage.person()

    phone = await stage.dial(ada.token)

    ack = await phone.take("connection_ack")
    assert phone.inbox.history[0] is ack
    assert ack["sessionId"] == ada.email
    session = ack["userSession"]
    assert session["userId"] == ada.email
    assert session["activeAppSessions"] == []
    assert session["loadingApps"] == []
    assert session["appSubscriptions"] == {}
    assert session["requiresAudio"] is False
    assert session["isTranscribing"] is False
    assert session["minimumTranscriptionLanguages"] == []
    assert session["startTime"].endswith("Z")


async def test_the_address_is_lower_cased(stage: Stage) -> None:
    ada = await stage.person("Ada.Byron+test")

    phone = await stage.dial(ada.token)

    await phone.take("connection_ack", sessionId=ada.email.lower())


async def test_a_ping_is_answered_even_behind_a_heap_of_work(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)
    for level in range(500):
        await phone.send("glasses_battery_update", level=level % 100, charging=False)

    async with asyncio.timeout(5):
        await phone.barrier()


async def test_the_greeting_of_old_phones_gets_another_ack(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)

    await phone.send("connection_init", userId="someone@else.example", coreToken="ignored")

    await phone.take("connection_ack", sessionId=ada.email)


@pytest.mark.parametrize("question", ["request_settings", "settings_update_request"])
async def test_settings_are_answered(stage: Stage, question: str) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)

    await phone.send(question, sessionId=ada.email)

    answer = await phone.take("settings_update")
    assert answer["settings"]["brightness"] == 50
    assert answer["settings"]["headUpAngle"] == 20
    assert answer["settings"]["metricSystemEnabled"] is False

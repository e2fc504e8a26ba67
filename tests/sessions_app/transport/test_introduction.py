"""Message and headers together say who an app is; the message wins."""

import pytest

from sessions_app.app_runs.rules import Handshake
from sessions_app.protocol.app_to_cloud import Reconnect, TpaConnectionInit
from sessions_app.protocol.families import Family
from sessions_app.transport.introduction import introduce

USER, PACKAGE, KEY = "ada-b.c@example.com", "com.example.my-app", "0f" * 32
SESSION = f"{USER}-{PACKAGE}"
HEADERS = {
    "x-user-id": "Ada-B.C@Example.com",
    "x-package-name": PACKAGE,
    "x-api-key": KEY,
    "x-session-id": SESSION,
}


def test_sdk_2_says_everything_in_its_message() -> None:
    said = introduce(TpaConnectionInit(package_name=PACKAGE, session_id=SESSION, api_key=KEY), {})
    assert said is not None
    assert (said.user_id, said.package_name, said.api_key) == (USER, PACKAGE, KEY)
    assert (said.family, said.handshake) == (Family.A, Handshake.INIT)


def test_sdk_3_says_its_user_in_the_headers() -> None:
    message = TpaConnectionInit(package_name=PACKAGE, api_key=KEY, sdk_version="3.0.0-hono.8")
    said = introduce(message, HEADERS)
    assert said is not None
    assert (said.user_id, said.family, said.sdk_version) == (USER, Family.C, "3.0.0-hono.8")


def test_a_reconnect_takes_package_and_key_from_the_headers() -> None:
    said = introduce(Reconnect(session_id=SESSION), HEADERS)
    assert said is not None
    assert (said.package_name, said.api_key, said.handshake) == (PACKAGE, KEY, Handshake.RECONNECT)


def test_the_key_of_the_message_wins() -> None:
    said = introduce(TpaConnectionInit(package_name=PACKAGE, session_id=SESSION, api_key="mine"), HEADERS)
    assert said is not None
    assert said.api_key == "mine"


@pytest.mark.parametrize(
    "session_id", ["", "nonsense", "ada@example.com-com.other.app", PACKAGE, f"-{PACKAGE}"]
)
def test_a_session_id_that_names_nobody_is_no_introduction(session_id: str) -> None:
    assert introduce(TpaConnectionInit(package_name=PACKAGE, session_id=session_id, api_key=KEY), {}) is None


def test_a_message_without_a_package_is_no_introduction() -> None:
    assert introduce(TpaConnectionInit(session_id=SESSION, api_key=KEY), {}) is None

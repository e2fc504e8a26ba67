"""The checks before every request to the hardware (media.md §0)."""

from dataclasses import replace
from typing import Any

import pytest

from sessions_app.media.rules import HardwareFacts, HardwareKind, Hop, hardware_refusal
from sessions_app.phone.capabilities import PROFILES
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.permissions import PermissionType

WELL = HardwareFacts(
    permissions=frozenset(PermissionType),
    app_running=True,
    phone_open=True,
    silent_seconds=1.0,
    glasses_connected=True,
    capabilities=PROFILES["Mentra Live"],
    wifi_connected=True,
)
CAMERA_KINDS = [
    HardwareKind.PHOTO,
    HardwareKind.STREAM,
    HardwareKind.MANAGED_STREAM,
    HardwareKind.CAMERA_FOV,
]
FAILURES: list[tuple[dict[str, Any], ErrorCode, Hop]] = [
    ({"permissions": frozenset()}, ErrorCode.PERMISSION_DENIED, Hop.CLOUD),
    ({"app_running": False}, ErrorCode.APP_NOT_STARTED, Hop.CLOUD),
    ({"phone_open": False}, ErrorCode.PHONE_DISCONNECTED, Hop.PHONE),
    ({"silent_seconds": 31.0}, ErrorCode.STALE_CONNECTION, Hop.PHONE),
    ({"glasses_connected": False}, ErrorCode.GLASSES_DISCONNECTED, Hop.GLASSES),
    ({"capabilities": PROFILES["Even Realities G1"]}, ErrorCode.NOT_SUPPORTED, Hop.GLASSES),
    ({"wifi_connected": False}, ErrorCode.WIFI_NOT_CONNECTED, Hop.GLASSES),
    ({"camera_busy": True}, ErrorCode.CAMERA_BUSY, Hop.GLASSES),
    ({"busy": True}, ErrorCode.RATE_LIMITED, Hop.CLOUD),
]


@pytest.mark.parametrize("kind", HardwareKind)
def test_nothing_is_refused_when_all_is_well(kind: HardwareKind) -> None:
    assert hardware_refusal(kind, WELL) is None


@pytest.mark.parametrize(("facts", "code", "hop"), FAILURES)
def test_each_failure_names_its_code_and_hop(facts: dict[str, Any], code: ErrorCode, hop: Hop) -> None:
    refusal = hardware_refusal(HardwareKind.PHOTO, replace(WELL, **facts))
    assert refusal is not None
    assert (refusal.code, refusal.hop) == (code, hop)
    assert refusal.message


@pytest.mark.parametrize("number", range(len(FAILURES) - 1))
def test_the_first_failure_of_the_chain_is_named(number: int) -> None:
    everything = {name: value for facts, _, _ in reversed(FAILURES[number:]) for name, value in facts.items()}
    refusal = hardware_refusal(HardwareKind.PHOTO, replace(WELL, **everything))
    assert refusal is not None
    assert refusal.code is FAILURES[number][1]


@pytest.mark.parametrize("kind", HardwareKind)
def test_only_the_camera_needs_a_permission(kind: HardwareKind) -> None:
    refusal = hardware_refusal(kind, replace(WELL, permissions=frozenset()))
    assert (refusal is not None) == (kind in CAMERA_KINDS)


@pytest.mark.parametrize("kind", HardwareKind)
def test_what_is_unknown_is_allowed(kind: HardwareKind) -> None:
    assert hardware_refusal(kind, replace(WELL, capabilities=None, wifi_connected=None)) is None


def test_a_missing_part_is_named() -> None:
    refusal = hardware_refusal(HardwareKind.LED, replace(WELL, capabilities=PROFILES["Vuzix Z100"]))
    assert refusal is not None
    assert refusal.message == "The connected glasses have no light"


def test_the_wifi_setup_needs_the_phone_only() -> None:
    facts = replace(WELL, glasses_connected=False, wifi_connected=False, capabilities=PROFILES["Vuzix Z100"])
    assert hardware_refusal(HardwareKind.WIFI_SETUP, facts) is None
    assert hardware_refusal(HardwareKind.WIFI_SETUP, replace(facts, phone_open=False)) is not None


@pytest.mark.parametrize("kind", [HardwareKind.AUDIO, HardwareKind.LED, HardwareKind.CAMERA_FOV])
def test_only_pictures_need_the_wifi(kind: HardwareKind) -> None:
    assert hardware_refusal(kind, replace(WELL, wifi_connected=False)) is None


def test_a_stream_keeps_the_camera_busy_and_a_direct_one_is_not_displaced_by_a_managed_one() -> None:
    streaming = replace(WELL, streaming=True, direct_stream=True)
    photo = hardware_refusal(HardwareKind.PHOTO, streaming)
    managed = hardware_refusal(HardwareKind.MANAGED_STREAM, streaming)
    assert photo is not None
    assert photo.code is ErrorCode.CAMERA_BUSY
    assert managed is not None
    assert managed.code is ErrorCode.STREAM_CONFLICT
    assert hardware_refusal(HardwareKind.STREAM, streaming) is None
    assert hardware_refusal(HardwareKind.MANAGED_STREAM, replace(streaming, direct_stream=False)) is None

"""The user's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from mentra_sdk.capabilities.user_time import UserTime
from tests.mentra_sdk.stage import Stage

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


async def test_the_zone_comes_with_the_ack_and_may_change(stage: Stage) -> None:
    time = stage.session.time
    assert (time.zone, time.format(NOON, "%H:%M")) == ("Europe/Berlin", "14:00")
    await stage.socket.send("augmentos_settings_update", settings={"timezone": "Asia/Tokyo"})
    await stage.settle()
    assert (time.zone, time.format(NOON, "%H:%M")) == ("Asia/Tokyo", "21:00")


def test_the_users_time_is_the_same_moment_in_another_zone() -> None:
    time = UserTime(lambda: "America/New_York")
    local = time.to_local(NOON)
    assert (local, local.hour) == (NOON, 8)
    assert time.now().utcoffset() == time.to_local(datetime.now(UTC)).utcoffset()
    assert abs(time.now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("name", [None, "", "Middle/Earth", "../passwd", "Europe", "\x00"])
def test_without_a_zone_that_is_known_it_is_utc(name: str | None) -> None:
    time = UserTime(lambda: name)
    assert (time.zone, time.format(NOON, "%H:%M")) == ("UTC", "12:00")


def test_a_moment_without_a_zone_means_nothing() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        UserTime(lambda: "UTC").to_local(NOON.replace(tzinfo=None))

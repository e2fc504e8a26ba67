"""What apps, the phone and settings do to the dashboard, and who is told of it."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle.reconciling import phone_arrived
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import DONE, PassDatetime, UserSettingsChanged
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, make_runtime, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
SYSTEM = "org.example.dashboard"
TASKS = "com.example.tasks"
STATUS = "◌ $DATE$, $TIME12$, $GBATT$"
NOTICE = {"notificationId": "n-1", "app": "Messages", "title": "Bob", "content": "Lunch?"}


@pytest.fixture
async def session(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Session:
    """A session in a cloud that has a dashboard app."""
    settings.SYSTEM_DASHBOARD_PACKAGE_NAME = SYSTEM
    return make_runtime(monkeypatch)


def write(session: Session, package: str, type_: str, **fields: Any) -> RecordingLink:
    """Let an app, which is seated for this, send a message of the dashboard."""
    runtime = session[0]
    seat = runtime.apps.find(package)
    if seat is None:
        seat, _ = seat_app(runtime, make_facts(package=package), Family.A)
    dispatch_from_app(runtime, seat, json.dumps({"type": type_, "sessionId": "x", **fields}))
    assert isinstance(seat.link, RecordingLink)
    return seat.link


def tell(session: Session, type_: str, **fields: Any) -> None:
    """Let the phone send a message."""
    dispatch_from_glasses(session[0], json.dumps({"type": type_, **fields}))


async def choose(session: Session, monkeypatch: pytest.MonkeyPatch, **stored: object) -> None:
    """Let the user's stored settings (their stored names) be these."""

    async def read(*_: object) -> dict[str, object]:
        return stored

    monkeypatch.setattr("sessions_app.handlers.settings.in_database", read)
    await carry_out(session[0], UserSettingsChanged())


def seen(session: Session, after_seconds: float = 0.6) -> list[Any]:
    """Return the layouts that came for the dashboard since this was asked last."""
    _, phone, clock = session
    clock.advance(after_seconds)
    events = [each for each in phone.of_type("display_event") if each["view"] == "dashboard"]
    phone.sent[:] = [each for each in phone.sent if each not in events]
    assert {each["packageName"] for each in events} <= {SYSTEM}
    return [each["layout"] for each in events]


def wall(*lines: str) -> dict[str, str]:
    return {"layoutType": "text_wall", "text": "\n".join([STATUS, *lines])}


async def test_content_of_an_app_is_drawn_and_removed(session: Session) -> None:
    write(session, TASKS, "dashboard_content_update", content="3 tasks due", modes=["main"])
    assert seen(session) == [wall("3 tasks due")]
    write(session, TASKS, "dashboard_content_update", content="")
    assert seen(session) == [wall()]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"content": "x" * 2_001}, "content may have at most 2000 characters"),
        ({"content": "x", "modes": ["sideways"]}, "modes must be some of main, expanded, always_on"),
    ],
)
async def test_content_that_cannot_be_is_refused(session: Session, fields: dict[str, Any], why: str) -> None:
    link = write(session, TASKS, "dashboard_content_update", **fields)
    (error,) = link.of_type("tpa_connection_error")
    assert error["code"] == "MALFORMED_MESSAGE"
    assert error["message"].endswith(why)
    assert link.is_open
    assert seen(session) == []


async def test_modes_unknown_here_keep_no_content_from_the_others(session: Session) -> None:
    write(session, TASKS, "dashboard_content_update", content="3 due", modes=["sideways", "main"])
    assert seen(session) == [wall("3 due")]


async def test_only_the_system_app_fills_sections_and_chooses_the_mode(session: Session) -> None:
    stranger = write(session, TASKS, "dashboard_system_update", section="topLeft", content="mine")
    write(session, TASKS, "dashboard_mode_change", mode="expanded")
    assert (seen(session), stranger.of_type("tpa_connection_error")) == ([], [])
    write(session, SYSTEM, "dashboard_system_update", section="topLeft", content="$TIME12$")
    assert seen(session) == [{"layoutType": "double_text_wall", "topText": "$TIME12$", "bottomText": ""}]


@pytest.mark.parametrize(
    ("type_", "fields", "why"),
    [
        ("dashboard_system_update", {"section": "middle", "content": "x"}, "topLeft, topRight, bottomLeft"),
        ("dashboard_system_update", {"section": "topLeft", "content": "x" * 2_001}, "at most 2000"),
        ("dashboard_mode_change", {"mode": "none"}, "mode must be one of main, expanded"),
    ],
)
async def test_what_the_system_app_cannot_mean_is_refused(
    session: Session, type_: str, fields: dict[str, str], why: str
) -> None:
    (error,) = write(session, SYSTEM, type_, **fields).of_type("tpa_connection_error")
    assert (error["code"], why in error["message"]) == ("MALFORMED_MESSAGE", True)


async def test_phone_and_older_apps_are_told_of_a_new_mode(session: Session) -> None:
    runtime, phone, _ = session
    older = [
        seat_app(runtime, make_facts(package=f"com.example.{each}"), each)[1] for each in (Family.A, Family.B)
    ]
    _, newest = seat_app(runtime, make_facts(package="com.example.c"), Family.C)
    write(session, SYSTEM, "dashboard_mode_change", mode="expanded")
    assert [each["mode"] for each in phone.of_type("dashboard_mode_change")] == ["expanded"]
    told = [each["mode"] for link in older for each in link.of_type("dashboard_mode_changed")]
    assert told == ["expanded", "expanded"]
    assert newest.sent == []

    phone_arrived(runtime, without_gap=True)
    assert len(phone.of_type("dashboard_mode_change")) == 2
    runtime.screen.app_stopped(SYSTEM)
    assert phone.of_type("dashboard_mode_change")[-1]["mode"] == "main"
    phone_arrived(runtime, without_gap=True)
    assert len(phone.of_type("dashboard_mode_change")) == 3


async def test_a_dashboard_that_stays_on_is_told_to_phone_and_older_apps(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, phone, _ = session
    phone_arrived(runtime, without_gap=False)
    _, older = seat_app(runtime, make_facts(package=TASKS), Family.A)
    _, newest = seat_app(runtime, make_facts(package="com.example.c"), Family.C)
    await choose(session, monkeypatch, always_on_status_bar=True)
    assert [each["enabled"] for each in phone.of_type("dashboard_always_on_change")] == [True]
    assert [each["enabled"] for each in older.of_type("dashboard_always_on_changed")] == [True]
    assert not newest.of_type("dashboard_always_on_changed")
    assert seen(session) == [wall()]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (("head_position", {"position": "up"}), ("head_position", {"position": "down"})),
        (("open_dashboard", {}), ("dashboard_state", {"isOpen": False})),
        (("dashboard_state", {"isOpen": True}), ("dashboard_state", {"isOpen": False})),
    ],
)
async def test_what_the_user_looks_at_is_drawn_at_once_and_kept_up_to_date(
    session: Session, opens: tuple[str, dict[str, Any]], closes: tuple[str, dict[str, Any]]
) -> None:
    tell(session, opens[0], **opens[1])
    assert seen(session, 0) == [wall()]
    assert seen(session, 120) == [wall(), wall()]
    tell(session, closes[0], **closes[1])
    assert seen(session, 600) == []


async def test_a_head_that_does_something_else_changes_nothing(session: Session) -> None:
    _, link = seat_app(session[0], make_facts(), Family.A, "head_position")
    tell(session, "head_position", position="sideways")
    assert seen(session) == []
    assert link.of_type("data_stream")[0]["data"]["position"] == "sideways"


async def test_notifications_appointments_and_the_battery_are_drawn(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = session[0]
    await choose(session, monkeypatch, timezone="Europe/Berlin")
    tell(session, "phone_notification", **NOTICE)
    assert seen(session) == [wall("Bob: Lunch?")]
    event = {"eventId": "e-1", "title": "Stand-up", "dtStart": "2026-01-02T09:00:00Z"}
    tell(session, "calendar_event", **event)
    assert seen(session) == [wall("Stand-up @ 10am", "Bob: Lunch?")]
    runtime.data.calendar["odd"] = "{"
    tell(session, "phone_notification_dismissed", notificationId="n-1", notificationKey="k")
    assert seen(session) == [wall("Stand-up @ 10am")]
    tell(session, "glasses_battery_update", level=41, charging=False)
    assert seen(session) == [wall("Stand-up @ 10am")]
    tell(session, "glasses_battery_update", level=41, charging=True)
    assert seen(session) == []


async def test_a_notification_without_a_title_is_known_by_its_app(session: Session) -> None:
    tell(session, "phone_notification", notificationId="n-1", app="Messages")
    assert seen(session) == [wall("Messages")]


async def test_twenty_four_hours_are_the_users_choice(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose(session, monkeypatch, twelve_hour_time=False)
    tell(session, "open_dashboard")
    assert seen(session) == [{"layoutType": "text_wall", "text": "◌ $DATE$, $TIME24$, $GBATT$"}]


async def test_the_users_time_goes_to_apps_that_follow_such_news(session: Session) -> None:
    runtime = session[0]
    _, follower = seat_app(runtime, make_facts(package=TASKS), Family.A, "custom_message")
    _, other = seat_app(runtime, make_facts(), Family.A, "head_position")
    assert await carry_out(runtime, PassDatetime("2026-01-02T03:04:05+01:00")) == DONE
    (said,) = follower.of_type("custom_message")
    assert said["action"] == "update_datetime"
    assert said["payload"] == {"datetime": "2026-01-02T03:04:05+01:00", "section": "topLeft"}
    assert other.sent == []

"""What a phone reports by REST becomes the words of its socket and reaches the owner of its session."""

import json
from typing import Any

import pytest

from sessions_app.errors import SessionAbsent
from sessions_app.outbound import owner
from sessions_app.outbound.commands import Reply, TakeFrames
from tests.sessions_app.api.conftest import Ask, Owners

pytestmark = pytest.mark.django_db
EXPO = {
    "id": "77",
    "title": "Stand-up",
    "startDate": "2026-01-02T09:00:00.000Z",
    "endDate": 1767345300000,
    "timeZone": "Europe/Berlin",
    "allDay": False,
    "notes": "not for apps",
    "attendees": [{"email": "bob@example.com"}],
}
EVENT = {
    "type": "calendar_event",
    "eventId": "77",
    "title": "Stand-up",
    "dtStart": "2026-01-02T09:00:00.000Z",
    "dtEnd": "2026-01-02T09:15:00.000Z",
    "timezone": "Europe/Berlin",
    "allDay": False,
}
NOTIFICATION = {"notificationId": "n-1", "app": "Messages", "title": "Bob", "content": ""}
COORDS = {"latitude": 52.52, "longitude": 13.405, "accuracy": 12.5, "altitude": 34}
LOCATION = {"type": "location_update", "lat": 52.52, "lng": 13.405, "accuracy": 12.5}


def frames(owners: Owners) -> list[dict[str, Any]]:
    """Return what the owner was told last."""
    command = owners.asked[-1]
    assert isinstance(command, TakeFrames)
    return [json.loads(frame) for frame in command.frames]


def test_entries_of_a_calendar_are_told_in_the_words_of_the_socket(owners: Owners, ask: Ask) -> None:
    plain = {name: value for name, value in EVENT.items() if name != "type"}
    status, body = ask("POST", "/api/client/calendar", {"events": [EXPO, plain], "calendars": []})
    assert (status, body["success"]) == (200, True)
    assert body["timestamp"].endswith("Z")
    assert frames(owners) == [EVENT, EVENT]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "events array required"),
        ({"events": {}}, "events array required"),
        ([], "events array required"),
        ({"events": [EXPO, {"title": "x"}]}, "events.1.eventId: This field is required."),
        ({"events": [7]}, "events.0: Invalid data. Expected a dictionary, but got int."),
        ({"events": [{**EXPO, "startDate": 1e300}]}, "events.0.startDate: This is no time"),
        ({"events": [EXPO] * 1001}, "events: Send at most 1000 at once."),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(owners: Owners, ask: Ask, body: Any, said: str) -> None:
    status, answer = ask("POST", "/api/client/calendar", body)
    assert status == 400
    assert answer["error"].startswith(said)
    assert not owners.asked


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"location": {"coords": COORDS, "timestamp": 1767322145678}},
            {**LOCATION, "timestamp": 1767322145678},
        ),
        ({"lat": 52.52, "lng": 13.405, "accuracy": 12.5}, LOCATION),
        ({"lat": 52, "lng": 13}, {"type": "location_update", "lat": 52.0, "lng": 13.0}),
    ],
)
def test_a_position_is_told_however_it_is_wrapped(owners: Owners, ask: Ask, body: Any, said: Any) -> None:
    status, _ = ask("POST", "/api/client/location", body)
    assert status == 200
    assert frames(owners) == [said]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lat": 1},
        {"lat": 91, "lng": 0},
        {"location": {}},
        {"location": {"coords": {"latitude": 0, "longitude": 200}}},
        {"lat": 1, "lng": 1, "timestamp": {}},
    ],
)
def test_what_names_no_place_is_refused(owners: Owners, ask: Ask, body: Any) -> None:
    assert ask("POST", "/api/client/location", body)[0] == 400
    assert not owners.asked


def test_a_poll_is_answered_and_the_phone_hears_whether_somebody_waited(owners: Owners, ask: Ask) -> None:
    path = "/api/client/location/poll-response/poll_1b2c"
    status, body = ask("POST", path, {"lat": 52.52, "lng": 13.405})
    assert (status, body["success"], body["resolved"]) == (200, True, True)
    assert frames(owners)[0]["correlationId"] == "poll_1b2c"
    owners.reply = Reply(ok=False, code="NOT_OPEN")
    status, body = ask("POST", path, {"location": {"coords": COORDS}})
    assert (status, body["success"], body["resolved"]) == (200, True, False)


def test_notifications_come_and_go(owners: Owners, ask: Ask) -> None:
    assert ask("POST", "/api/client/notifications", {**NOTIFICATION, "timestamp": 1767322145678})[0] == 200
    assert frames(owners) == [
        {**NOTIFICATION, "type": "phone_notification", "priority": "normal", "timestamp": 1767322145678}
    ]
    gone = {"notificationId": "n-1", "notificationKey": "0|x|1", "packageName": "com.example"}
    assert ask("POST", "/api/client/notifications/dismissed", gone)[0] == 200
    assert frames(owners) == [{**gone, "type": "phone_notification_dismissed"}]


@pytest.mark.parametrize("missing", NOTIFICATION)
def test_a_notification_says_what_it_must(owners: Owners, ask: Ask, missing: str) -> None:
    body = {name: value for name, value in NOTIFICATION.items() if name != missing}
    status, answer = ask("POST", "/api/client/notifications", body)
    assert (status, answer["error"]) == (400, f"{missing}: This field is required.")
    assert ask("POST", "/api/client/notifications/dismissed", {})[0] == 400


def test_what_the_owner_cannot_read_is_refused(owners: Owners, ask: Ask) -> None:
    owners.reply = Reply(ok=False, code="MALFORMED_MESSAGE", message="Expected `float`")
    status, answer = ask("POST", "/api/client/location", {"lat": 1, "lng": 2})
    assert (status, answer["error"]) == (400, "Expected `float`")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("calendar", {"events": []}),
        ("location", {"lat": 1, "lng": 2}),
        ("location/poll-response/x", {"lat": 1, "lng": 2}),
        ("notifications", NOTIFICATION),
        ("notifications/dismissed", {"notificationId": "n"}),
        ("device/state", {"batteryLevel": 7}),
    ],
)
def test_without_a_session_the_phone_is_to_reconnect(
    ask: Ask, path: str, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, answer = ask("POST", f"/api/client/{path}", body, email="nobody@example.com")
    assert (status, answer["error"]) == (503, "NO_ACTIVE_SESSION")
    assert "socket" in answer["message"]


def test_an_owner_that_is_gone_is_no_session(
    owners: Owners, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def absent(*_: Any, **__: Any) -> Reply:
        raise SessionAbsent("No node owns the session")

    monkeypatch.setattr(owner, "ask", absent)
    assert ask("POST", "/api/client/location", {"lat": 1, "lng": 2})[0] == 503

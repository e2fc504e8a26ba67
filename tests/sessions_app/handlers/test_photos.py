"""An app asks for a photo: checked in order, brought where its SDK waits for it, answered in time (media.md §0, §1)."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from sessions_app.handlers import photo_answers
from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.handlers.from_apps import photos
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle import building
from sessions_app.lifecycle.ending import end_runtime
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.awaiting import await_photo
from sessions_app.media.forms import Form
from sessions_app.outbound.commands import Destination, FindRequest, PhotoOutcome, SettlePhoto
from sessions_app.outbound.guard import OutsideAnswer
from sessions_app.protocol.families import Family
from sessions_app.states import RunState
from tests.support.fake_clock import FakeClock
from tests.support.runtime import APP_URL, PACKAGE, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
Posted = list[tuple[str, str]]

PHOTO = '{"type":"photo_request","requestId":"p1","saveToGallery":false}'
TAKEN = '{"type":"photo_response","requestId":"p1","success":true}'
LIVE = '{"type":"glasses_connection_state","modelName":"Mentra Live","status":"CONNECTED"}'
GONE = '{"type":"glasses_connection_state","modelName":"Mentra Live","status":"DISCONNECTED"}'
OFFLINE = LIVE.replace("}", ',"wifi":{"connected":false}}')
RELAY = "/api/photos/relay/t0k3n"
OURS = "https://cloud.example/uploads/p1.jpg"


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> Posted:
    """Keep the forms posted to app servers, and hand out one token for uploads."""
    forms: Posted = []

    async def post_form(url: str, form: Form) -> OutsideAnswer:
        forms.append((url, form.body.decode()))
        return OutsideAnswer(status=404)

    async def in_database(work: Callable[..., Any], **facts: Any) -> str:
        assert (work, facts["package_name"], facts["request_id"]) == (await_photo, PACKAGE, "p1")
        return "t0k3n"

    monkeypatch.setattr(photo_answers, "post_form", post_form)
    monkeypatch.setattr(photos, "in_database", in_database)
    return forms


async def settle() -> None:
    """Let what was spawned come to its end."""
    for _ in range(20):
        await asyncio.sleep(0)


async def ask(session: Session, family: Family, request: str = PHOTO) -> tuple[Any, RecordingLink]:
    """Have an app with a camera permission ask for a photo."""
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts("CAMERA"), family)
    dispatch_from_app(runtime, seat, request)
    await settle()
    return seat, link


def code_of(link: RecordingLink) -> str:
    (said,) = link.of_type("photo_response")
    assert said["success"] is False
    assert link.is_open
    return str(said["error"]["code"])


@pytest.mark.parametrize(
    ("family", "request_", "url"),
    [
        (Family.A, PHOTO, f"{APP_URL}/photo-upload"),
        (Family.B, PHOTO, f"{APP_URL}/photo-upload"),
        (Family.C, PHOTO, RELAY),
        (Family.C, PHOTO.replace("false", 'false,"customWebhookUrl":"https://x/up"'), "https://x/up"),
    ],
)
async def test_the_phone_brings_a_photo_to_where_the_sdk_waits_for_it(
    session: Session, posted: Posted, family: Family, request_: str, url: str
) -> None:
    _, phone, _ = session
    await ask(session, family, request_)
    (asked,) = phone.of_type("photo_request")
    assert asked["webhookUrl"].endswith(url)
    assert (asked["flash"], asked["sound"], asked["size"], asked["compress"]) == (
        True,
        True,
        "medium",
        "none",
    )


@pytest.mark.parametrize("family", [Family.A, Family.B])
async def test_a_photo_brought_to_the_app_needs_no_answer(
    session: Session, posted: Posted, family: Family
) -> None:
    runtime, _, clock = session
    _, link = await ask(session, family)
    dispatch_from_glasses(runtime, TAKEN)
    clock.advance(60)
    await settle()
    assert not link.of_type("photo_response")
    assert not posted


async def test_sdk_3_is_told_of_its_photo_when_it_is_here(session: Session, posted: Posted) -> None:
    runtime, _, _ = session
    _, link = await ask(session, Family.C)
    dispatch_from_glasses(runtime, TAKEN)
    assert not link.of_type("photo_response")
    outcome = PhotoOutcome(photo_url=OURS, width=64, height=48, saved_to_gallery=False)
    assert not (await carry_out(runtime, SettlePhoto("p1", outcome, "com.example.other"))).ok
    assert (await carry_out(runtime, SettlePhoto("p1", outcome, PACKAGE))).ok
    (said,) = link.of_type("photo_response")
    assert (said["photoUrl"], said["width"], said["height"], said["savedToGallery"]) == (OURS, 64, 48, False)
    assert not (await carry_out(runtime, SettlePhoto("p1", outcome, PACKAGE))).ok


async def test_a_photo_that_was_taken_but_never_comes_is_given_up(session: Session, posted: Posted) -> None:
    runtime, _, clock = session
    _, link = await ask(session, Family.C)
    dispatch_from_glasses(runtime, TAKEN)
    clock.advance(24.9)
    assert not link.of_type("photo_response")
    clock.advance(0.2)
    assert code_of(link) == "TIMEOUT"
    assert "last hop: glasses" in link.of_type("photo_response")[0]["error"]["message"]


async def test_an_address_the_phone_itself_names_is_passed_on(session: Session, posted: Posted) -> None:
    runtime, _, _ = session
    _, link = await ask(session, Family.C)
    dispatch_from_glasses(runtime, TAKEN.replace("true", 'true,"photoUrl":"https://phone.example/1.jpg"'))
    assert link.of_type("photo_response")[0]["photoUrl"] == "https://phone.example/1.jpg"


async def test_a_photo_brought_elsewhere_is_said_to_be_there(session: Session, posted: Posted) -> None:
    runtime, _, _ = session
    _, link = await ask(session, Family.B, PHOTO.replace("false", 'true,"customWebhookUrl":"https://x/up"'))
    dispatch_from_glasses(runtime, TAKEN)
    (said,) = link.of_type("photo_response")
    assert (said["success"], said["photoUrl"], said["savedToGallery"]) == (True, "https://x/up", True)


@pytest.mark.parametrize(("family", "forms"), [(Family.A, 1), (Family.B, 0), (Family.C, 1)])
async def test_a_failure_of_the_phone_reaches_each_sdk_in_its_way(
    session: Session, posted: Posted, family: Family, forms: int
) -> None:
    runtime, _, _ = session
    _, link = await ask(session, family)
    failed = {"code": "BLE_LOST", "message": "gone", "details": {"stage": "BLE_TRANSFER", "retryable": True}}
    dispatch_from_glasses(
        runtime,
        json.dumps({"type": "photo_response", "requestId": "p1", "success": False, "error": failed}),
    )
    await settle()
    assert link.of_type("photo_response")[0]["error"] == failed
    assert len(posted) == forms
    for url, body in posted:
        assert url == f"{APP_URL}/photo-upload"
        assert 'name="type"\r\n\r\nphoto_error\r\n' in body
        assert 'name="errorCode"\r\n\r\nBLE_LOST\r\n' in body


async def test_a_silent_phone_is_named_before_the_sdk_gives_up(session: Session, posted: Posted) -> None:
    _, _, clock = session
    _, link = await ask(session, Family.A)
    clock.advance(24.9)
    assert not link.of_type("photo_response")
    clock.advance(0.2)
    assert code_of(link) == "TIMEOUT"
    assert "last hop: phone" in link.of_type("photo_response")[0]["error"]["message"]
    await settle()
    assert len(posted) == 1


async def test_a_late_answer_is_told_to_nobody(session: Session, posted: Posted) -> None:
    runtime, _, clock = session
    _, link = await ask(session, Family.C)
    clock.advance(26)
    dispatch_from_glasses(runtime, TAKEN)
    assert not (await carry_out(runtime, SettlePhoto("p1", PhotoOutcome(photo_url=OURS), PACKAGE))).ok
    assert len(link.of_type("photo_response")) == 1


async def test_waiting_for_the_glasses_is_part_of_the_time(session: Session, posted: Posted) -> None:
    runtime, phone, clock = session
    dispatch_from_glasses(runtime, GONE)
    _, link = await ask(session, Family.B)
    clock.advance(4.5)
    assert not phone.of_type("photo_request")
    dispatch_from_glasses(runtime, LIVE)
    await settle()
    assert phone.of_type("photo_request")
    clock.advance(20.4)
    assert not link.of_type("photo_response")
    clock.advance(0.2)
    assert code_of(link) == "TIMEOUT"


async def test_absent_glasses_are_named(session: Session, posted: Posted) -> None:
    runtime, phone, clock = session
    dispatch_from_glasses(runtime, GONE)
    _, link = await ask(session, Family.B)
    clock.advance(5.1)
    assert code_of(link) == "GLASSES_DISCONNECTED"
    assert not phone.of_type("photo_request")


async def test_an_absent_phone_is_named(session: Session, posted: Posted) -> None:
    runtime, phone, clock = session
    runtime.phone.link = None
    _, link = await ask(session, Family.B)
    assert not link.of_type("photo_response")
    clock.advance(5.1)
    assert code_of(link) == "PHONE_DISCONNECTED"
    assert not phone.of_type("photo_request")


async def test_a_phone_that_leaves_with_the_request_is_given_five_seconds(
    session: Session, posted: Posted
) -> None:
    runtime, phone, clock = session
    _, link = await ask(session, Family.B)
    runtime.phone.link = None
    clock.advance(4.0)
    runtime.phone.link = phone
    clock.advance(2.0)
    runtime.phone.link = None
    clock.advance(5.0)
    assert not link.of_type("photo_response")
    clock.advance(2.0)
    assert code_of(link) == "PHONE_DISCONNECTED"


async def test_a_phone_that_fell_silent_is_named_at_once(session: Session, posted: Posted) -> None:
    _, _, clock = session
    clock.advance(31.0)
    _, link = await ask(session, Family.B)
    assert code_of(link) == "STALE_CONNECTION"


async def test_missing_wifi_is_named_at_once(session: Session, posted: Posted) -> None:
    dispatch_from_glasses(session[0], OFFLINE)
    _, link = await ask(session, Family.B)
    assert code_of(link) == "WIFI_NOT_CONNECTED"


async def test_a_photo_without_the_permission_is_refused_in_both_ways(
    session: Session, posted: Posted
) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts(), Family.A)
    dispatch_from_app(runtime, seat, PHOTO)
    await settle()
    assert code_of(link) == "PERMISSION_DENIED"
    assert "PERMISSION_DENIED" in posted[0][1]
    assert not phone.of_type("photo_request")


@pytest.mark.parametrize("wrong", ['"size":"huge"', '"compress":"very"', '"customWebhookUrl":"file:///etc"'])
async def test_a_request_that_makes_no_sense_is_answered_as_a_photo(
    session: Session, posted: Posted, wrong: str
) -> None:
    _, link = await ask(session, Family.C, PHOTO.replace('"saveToGallery":false', wrong))
    assert code_of(link) == "MALFORMED_MESSAGE"


async def test_nobody_takes_over_the_request_of_another_app(session: Session, posted: Posted) -> None:
    runtime, _, _ = session
    _, link = await ask(session, Family.B)
    thief, loot = seat_app(runtime, make_facts("CAMERA", package="com.example.thief"), Family.B)
    dispatch_from_app(runtime, thief, PHOTO)
    assert code_of(loot) == "MALFORMED_MESSAGE"
    dispatch_from_glasses(runtime, TAKEN.replace("true", 'false,"error":{"code":"X"}'))
    assert code_of(link) == "X"


async def test_a_second_photo_waits_five_seconds_for_the_camera(session: Session, posted: Posted) -> None:
    runtime, phone, clock = session
    seat, link = await ask(session, Family.B)
    for name in ("p2", "p3"):
        dispatch_from_app(runtime, seat, PHOTO.replace("p1", name))
    clock.advance(3)
    assert len(phone.of_type("photo_request")) == 1
    dispatch_from_glasses(runtime, TAKEN)
    await settle()
    assert [asked["requestId"] for asked in phone.of_type("photo_request")] == ["p1", "p2"]
    clock.advance(2.1)
    (busy,) = link.of_type("photo_response")
    assert (busy["requestId"], busy["error"]["code"]) == ("p3", "CAMERA_BUSY")


async def test_what_waits_for_the_camera_is_refused_when_the_session_leaves(
    session: Session, posted: Posted
) -> None:
    runtime, phone, _ = session
    seat, link = await ask(session, Family.B)
    dispatch_from_app(runtime, seat, PHOTO.replace("p1", "p2"))
    runtime.phone.link = None
    runtime.requests.give_up()
    await settle()
    codes = {said["requestId"]: said["error"]["code"] for said in link.of_type("photo_response")}
    assert codes == {"p1": "PHONE_DISCONNECTED", "p2": "CAMERA_BUSY"}
    assert len(phone.of_type("photo_request")) == 1


async def test_the_end_of_a_session_is_told_before_the_apps_are_stopped(
    session: Session, posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, _, _ = session
    _, link = await ask(session, Family.B)
    told: list[str] = []

    async def stop_all(*_: object) -> None:
        told.append(code_of(link))

    monkeypatch.setattr(runtime.apps, "stop_all", stop_all)
    runtime.phone.link = None
    assert await end_runtime(runtime, "grace_expired") == []
    assert told == ["PHONE_DISCONNECTED"]


async def test_an_app_that_is_away_gets_its_answer_when_it_is_back(session: Session, posted: Posted) -> None:
    runtime, _, _ = session
    seat, link = await ask(session, Family.C)
    seat.link, seat.state = None, RunState.GRACE_PERIOD
    await carry_out(runtime, SettlePhoto("p1", PhotoOutcome(photo_url=OURS), PACKAGE))
    assert not link.of_type("photo_response")
    assert [json.loads(text)["photoUrl"] for text in seat.held.take()] == [OURS]


async def test_where_an_open_request_leads_may_be_asked_until_it_is_answered(
    session: Session, posted: Posted
) -> None:
    runtime, _, _ = session
    await ask(session, Family.A, PHOTO.replace("false", 'false,"authToken":"t0"'))
    found = await carry_out(runtime, FindRequest("p1", "photo"))
    assert found.destination == Destination(f"{APP_URL}/photo-upload", "t0")
    for request_id, kind in (("p1", "audio"), ("p2", "photo")):
        assert not (await carry_out(runtime, FindRequest(request_id, kind))).ok
    dispatch_from_glasses(runtime, TAKEN)
    assert (await carry_out(runtime, FindRequest("p1", "photo"))).destination is None


async def test_without_the_database_the_last_known_address_is_used(
    session: Session, posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(building, "find_app_address", hang)
    await ask(session, Family.A)
    assert session[1].of_type("photo_request")[0]["webhookUrl"] == f"{APP_URL}/photo-upload"


async def test_without_the_database_nothing_can_be_awaited_here(
    session: Session, posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object, **__: object) -> str:
        raise TimeoutError

    monkeypatch.setattr(photos, "in_database", hang)
    _, link = await ask(session, Family.C)
    assert code_of(link) == "INTERNAL_ERROR"
    assert not session[1].of_type("photo_request")

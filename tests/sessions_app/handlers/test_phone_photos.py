"""An app on the phone asks for a photo of the glasses and hears of it over the phone's socket."""

from sessions_app.handlers.dispatch import dispatch_from_glasses
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import PhotoOutcome, SettlePhoto, TakePhoto
from sessions_app.protocol.fragments import PhotoError
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink

Session = tuple[SessionRuntime, RecordingLink, FakeClock]

GONE = '{"type":"glasses_connection_state","modelName":"Mentra Live","status":"DISCONNECTED"}'
OURS = "https://cloud.example/uploads/p1.jpg"
LOCAL = TakePhoto("l1", "com.example.local", "https://cloud/up", "tok", "medium", "none", True, False)


async def test_an_app_on_the_phone_hears_of_its_photo_over_the_phone_s_socket(session: Session) -> None:
    runtime, phone, _ = session
    assert (await carry_out(runtime, LOCAL)).ok
    (asked,) = phone.of_type("photo_request")
    assert (asked["webhookUrl"], asked["authToken"]) == ("https://cloud/up", "tok")
    busy = await carry_out(runtime, TakePhoto("l2", *("x", "u", "t", "medium", "none", True, False)))
    assert busy.code == "CAMERA_BUSY"
    dispatch_from_glasses(runtime, '{"type":"photo_response","requestId":"l1","success":true}')
    assert not phone.of_type("phone_photo_ready")
    outcome = PhotoOutcome(photo_url=OURS, mime_type="image/jpeg", size=9)
    assert (await carry_out(runtime, SettlePhoto("l1", outcome, "phone:com.example.local"))).ok
    (ready,) = phone.of_type("phone_photo_ready")
    assert (ready["photoUrl"], ready["mimeType"], ready["size"]) == (OURS, "image/jpeg", 9)


async def test_an_app_on_the_phone_hears_of_failures_too(session: Session) -> None:
    runtime, phone, clock = session
    await carry_out(runtime, LOCAL)
    error = PhotoOutcome(error=PhotoError(code="CAMERA_INIT"))
    await carry_out(runtime, SettlePhoto("l1", error))
    await carry_out(runtime, LOCAL)
    clock.advance(25.1)
    assert [ready["error"] for ready in phone.of_type("phone_photo_ready")] == ["CAMERA_INIT", "TIMEOUT"]
    dispatch_from_glasses(runtime, GONE)
    assert (await carry_out(runtime, LOCAL)).code == "GLASSES_DISCONNECTED"

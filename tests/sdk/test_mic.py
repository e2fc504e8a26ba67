"""The microphone as the SDKs offer it: sound byte for byte, who speaks, and an end of both (streams §11)."""

import hashlib

from tests.sdk.packages import Family
from tests.sdk.play import Play

FRAME = bytes(range(256)) * 2 + bytes(128)
STREAMS = ("VAD", "audio_chunk", "button_press")


async def test_sound_reaches_the_app_byte_for_byte_until_it_wants_none(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, *STREAMS)
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, *STREAMS)
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)

    await phone.send("VAD", status=True)
    began = (await probe.take("data", stream="VAD"))["data"]
    assert began["isSpeaking" if family is Family.C else "status"] in (True, "true")
    for frame in (FRAME, FRAME[::-1]):
        await phone.send_raw(frame)
        chunk = await probe.take("data", stream="audio_chunk")
        assert chunk["data"] == {"bytes": len(frame), "sha256": hashlib.sha256(frame).hexdigest()}
    if family is Family.C:
        await probe.order("tell_mic", userId=ada.email)
        await probe.take("mic", isActive=True, isSpeaking=True)
    await phone.send("VAD", status=False)
    ended = (await probe.take("data", stream="VAD"))["data"]
    assert ended["isSpeaking" if family is Family.C else "status"] in (False, "false")

    await probe.order("stop_mic", userId=ada.email)
    await probe.subscribed(play.stage, ada, "button_press")
    await phone.send_raw(FRAME)
    await play.heard_a_button(phone, ada, probe)
    assert (probe.count("data", stream="audio_chunk"), probe.count("data", stream="VAD")) == (2, 2)
    if family is Family.C:
        await probe.order("tell_mic", userId=ada.email)
        await probe.take("mic", isActive=False)
    await phone.take("microphone_state_change", 8, isMicrophoneEnabled=False)

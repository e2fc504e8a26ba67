"""What glasses report reaches the callbacks of the official SDK, each callback once."""

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.support.wire import RawPhone


async def speak(phone: RawPhone, text: str) -> None:
    await phone.send(
        "local_transcription",
        text=text,
        isFinal=True,
        startTime=1200,
        endTime=2100,
        speakerId=0,
        transcribeLanguage="en-US",
        provider="sherpa",
    )


def speech_stream(family: Family) -> str:
    """Return how the family asks for English speech (app-socket §5.2)."""
    return "transcription:en" if family is Family.C else "transcription:en-US"


async def test_words_heard_by_the_phone_come_back_on_the_display(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, speech_stream(family))
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, speech_stream(family))

    await speak(phone, "turn left")

    heard = await probe.take("data", stream=speech_stream(family))
    assert heard["data"]["text"] == "turn left"
    assert heard["data"]["isFinal"] is True
    echo = {"layoutType": "text_wall", "text": "heard: turn left"}
    await phone.take("display_event", packageName=probe.app.package_name, layout=echo)
    assert probe.count("data") == 1


async def test_a_pressed_button_fires_exactly_one_callback(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "button_press")

    await phone.send("button_press", buttonId="main", pressType="short")
    await phone.send("button_press", buttonId="camera", pressType="long")

    await probe.take("data", data={"buttonId": "main", "pressType": "short"})
    await probe.take("data", data={"buttonId": "camera", "pressType": "long"})
    assert probe.count("data") == 2


async def test_a_gesture_fires_the_general_and_the_special_callback(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "touch_event", "touch_event:double_tap")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "touch_event", "touch_event:double_tap")

    await phone.send("touch_event", device_model="Mentra Live", gesture_name="double_tap", timestamp=78)
    await phone.send("touch_event", device_model="Mentra Live", gesture_name="single_tap", timestamp=79)

    await probe.take("data", stream="touch_event:double_tap")
    await probe.take("data", stream="touch_event")
    await probe.take("data", stream="touch_event")
    assert probe.count("data", stream="touch_event:double_tap") == 1
    assert probe.count("data") == 3


async def test_english_speech_reaches_both_handlers_of_a_v3_app_once(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(Family.C, ada, "transcription:auto", "transcription:en")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "transcription:auto", "transcription:en")

    await speak(phone, "one")
    await speak(phone, "two")

    await probe.take("data", stream="transcription:auto", data={"text": "two"})
    await probe.take("data", stream="transcription:en", data={"text": "two"})
    assert probe.count("data", data={"text": "one"}) == 2

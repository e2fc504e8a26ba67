"""An app that has not declared a permission is told so, and everything else goes on working."""

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.test_events import speak, speech_stream


async def test_a_refused_stream_is_reported_and_the_others_work(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    speech = speech_stream(family)
    probe = await play.probe(family, ada, speech, "button_press", permissions=[])
    await play.start(phone, ada, probe)

    error = await probe.take("permission_error")
    denied = await probe.take("permission_denied")
    await probe.subscribed(play.stage, ada, "button_press")
    await speak(phone, "nobody may hear this")
    await phone.send("button_press", buttonId="main", pressType="short")

    await probe.take("data", stream="button_press")
    assert probe.count("data") == 1
    assert denied["stream"] == speech
    assert denied["permission"] == "MICROPHONE"
    if family is Family.C:
        assert error["deniedPermissions"] == ["MICROPHONE"]
    else:
        assert [(detail["stream"], detail["requiredPermission"]) for detail in error["details"]] == [
            (speech, "MICROPHONE")
        ]
    assert probe.count("disconnected") == 0


async def test_a_v3_app_sees_what_it_was_granted(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(Family.C, ada, permissions=["MICROPHONE", "LOCATION"])

    await phone.send("start_app", packageName=probe.app.package_name)

    granted = (await probe.take("connected"))["permissions"]
    assert {name for name, given in granted.items() if given} == {"microphone", "location"}

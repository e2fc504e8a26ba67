"""What the app may do, as its author learns it."""

from tests.mentra_sdk.stage import Stage


async def test_permissions_come_with_the_ack_and_may_change(stage: Stage) -> None:
    permissions = stage.session.permissions
    assert permissions.list_granted() == ["microphone"]
    assert permissions.has("MICROPHONE")
    permissions.on_update(stage.seen.append)
    for said in ({"location": True}, {"location": True, "microphone": True}, {"microphone": False}):
        await stage.socket.send("settings_update", settings={"permissions": said})
    await stage.settle()
    assert stage.seen == [["location", "microphone"], ["location"]]
    assert permissions.list_granted() == ["location"]


async def test_they_are_understood_by_their_other_names(stage: Stage) -> None:
    await stage.socket.send("settings_update", settings={"appPermissions": {"camera": True}})
    await stage.socket.send("settings_update", settings={"calendar": True})
    await stage.settle()
    assert stage.session.permissions.list_granted() == ["calendar", "camera", "microphone"]


async def test_what_is_refused_is_told_once_and_for_each_stream(stage: Stage) -> None:
    stage.session.permissions.on_error(lambda problem: stage.seen.append((problem.message, problem.denied)))
    stage.session.permissions.on_refused(lambda refused: stage.seen.append(refused.stream))
    await stage.socket.send(
        "permission_error", message="Some were rejected", details=[], deniedPermissions=["MICROPHONE"]
    )
    await stage.socket.send(
        "permission_denied", message="no", permission="MICROPHONE", streamType="transcription:auto"
    )
    await stage.settle()
    assert stage.seen == [("Some were rejected", ("MICROPHONE",)), "transcription:auto"]

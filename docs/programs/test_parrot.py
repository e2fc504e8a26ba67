# --8<-- [start:five]
from parrot import build_app, repeat

from mentra_sdk.testing import FakeSession, MemoryCloud


async def test_it_repeats_what_is_said(cloud: MemoryCloud) -> None:
    glasses = await cloud.start(build_app())
    await glasses.say("hello")
    await glasses.shows("hello")


# --8<-- [end:five]
# --8<-- [start:function]
async def test_it_shouts_if_that_is_wanted() -> None:
    session = FakeSession(settings=[{"type": "toggle", "key": "loud", "defaultValue": True}])
    await repeat(session)
    await session.glasses.say("hello")
    assert session.glasses.display is not None
    assert session.glasses.display.text == "HELLO"


# --8<-- [end:function]
# --8<-- [start:declared]
async def test_without_the_microphone_it_hears_nothing(cloud: MemoryCloud) -> None:
    app = build_app()
    cloud.install(app, permissions=["CAMERA"])
    glasses = await cloud.start(app)
    await glasses.shows("I am listening")
    assert glasses.subscriptions == []


# --8<-- [end:declared]
# --8<-- [start:trouble]
async def test_it_says_when_it_is_back(cloud: MemoryCloud) -> None:
    app = build_app()
    glasses = await cloud.start(app)
    await cloud.blip(app)
    await glasses.shows("Here I am again")


# --8<-- [end:trouble]

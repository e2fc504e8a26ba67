from first_app import app

from mentra_sdk.testing import MemoryCloud


async def test_a_visit(cloud: MemoryCloud) -> None:
    glasses = await cloud.start(app)
    await glasses.shows("Visit number 1")
    await glasses.press_button("camera")
    await glasses.shows("You pressed camera.")
    await glasses.say("good morning")
    await glasses.shows("good morning")

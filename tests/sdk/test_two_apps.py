"""Two apps of different SDK generations share one pair of glasses."""

from tests.sdk.packages import Family
from tests.sdk.play import Play


async def test_a_background_app_draws_over_the_foreground_app_and_gives_the_display_back(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    front = await play.probe(Family.C, ada, app_type="standard")
    back = await play.probe(Family.A, ada, app_type="background")
    await play.start(phone, ada, front)
    await phone.take("display_event", packageName=front.app.package_name)

    await play.start(phone, ada, back)
    await phone.take("display_event", packageName=back.app.package_name)
    await phone.send("stop_app", packageName=back.app.package_name)

    restored = await phone.take("display_event", packageName=front.app.package_name)
    assert restored["layout"]["text"] == f"hello from {front.app.package_name}"
    assert front.count("stop") == 0


async def test_each_app_gets_only_the_streams_it_asked_for(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    buttons = await play.probe(Family.A, ada, "button_press")
    head = await play.probe(Family.C, ada, "head_position")
    await play.start(phone, ada, buttons)
    await play.start(phone, ada, head)
    await buttons.subscribed(play.stage, ada, "button_press")
    await head.subscribed(play.stage, ada, "head_position")

    await phone.send("button_press", buttonId="main", pressType="short")
    await phone.send("head_position", position="up")

    await buttons.take("data", stream="button_press")
    await head.take("data", stream="head_position", data={"position": "up"})
    assert buttons.count("data") == 1
    assert head.count("data") == 1

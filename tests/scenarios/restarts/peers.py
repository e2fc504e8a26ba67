"""What the stories of this folder do again and again."""

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import Closed, RawApp, RawPhone

AWAY = Closed(1001, "Server shutting down")


async def join(
    stage: Stage, phone: RawPhone, ada: Person, app: RawMiniApp, *, family: str, node: int
) -> RawApp:
    """Start an app whose server opens its socket on `node`; it hears buttons."""
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.join_at(ada, stage.cloud.node_ws_url(node), family=family)
    await phone.take("app_started", packageName=app.package_name)
    await socket.subscribe("button_press")
    await stage.until_subscribed(ada, app.package_name, "button_press")
    return socket


async def press(phone: RawPhone, word: str, *sockets: RawApp) -> None:
    """Press a button; each app hears it."""
    await phone.send("button_press", buttonId=word, pressType="short")
    for socket in sockets:
        await socket.take("data_stream", data={"buttonId": word})

"""Every drawing the SDKs have a call for reaches the glasses as it was made (app-socket §7.1)."""

from typing import Any

from tests.sdk.packages import Family
from tests.sdk.play import Play

# A picture of 4 x 2 pixels, black and white.
BITMAP = "Qk1GAAAAAAAAAD4AAAAoAAAABAAAAAIAAAABAAEAAAAAAAgAAADEDgAAxA4AAAIAAAACAAAAAAAA/////wBQAAAAoAAAAA=="
CALLS: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("showTextWall", ["Grüße 👓"], {"layoutType": "text_wall", "text": "Grüße 👓"}),
    (
        "showDoubleTextWall",
        ["above", "below"],
        {"layoutType": "double_text_wall", "topText": "above", "bottomText": "below"},
    ),
    (
        "showReferenceCard",
        ["A title", "its text"],
        {"layoutType": "reference_card", "title": "A title", "text": "its text"},
    ),
    (
        "showDashboardCard",
        ["left", "right"],
        {"layoutType": "dashboard_card", "leftText": "left", "rightText": "right"},
    ),
]
CLEARING = {Family.A: "clearView", Family.B: "clearView", Family.C: "clear"}
DRAWING = {Family.A: "showBitmapView", Family.B: "showBitmapView", Family.C: "showBitmap"}


async def test_each_layout_arrives_as_it_was_drawn(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada)
    await play.start(phone, ada, probe)
    package = probe.app.package_name
    await phone.take("display_event", packageName=package)

    for method, values, layout in CALLS:
        await probe.order("draw", userId=ada.email, method=method, values=values)
        await phone.take("display_event", packageName=package, view="main", layout=layout)

    await probe.order("draw", userId=ada.email, method=DRAWING[family], values=[BITMAP])
    drawn = await phone.take("display_event", packageName=package, layout={"layoutType": "bitmap_view"})
    assert drawn["layout"]["data"]
    await probe.order("draw", userId=ada.email, method=CLEARING[family], values=[])
    await phone.take("display_event", packageName=package, layout={"layoutType": "clear_view"})

"""What a phone tells of itself reaches the official SDK: events, positions, and the state of its glasses."""

from typing import Any

from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from sessions_app.simulator.reports import PhoneReports
from tests.sdk.packages import Family
from tests.sdk.play import Play

GRANTS = ("CALENDAR", "READ_NOTIFICATIONS", "LOCATION")
EVENT = {
    "id": "e-77",
    "title": "Stand-up",
    "startDate": "2026-01-02T09:00:00Z",
    "endDate": "2026-01-02T09:15:00Z",
}
RANG = {"notificationId": "n-1", "app": "Messages", "title": "Bob", "content": "Lunch?"}
NEWS = ("calendar_event", "phone_notification", "phone_notification_dismissed")


def streams_of(family: Family) -> tuple[str, ...]:
    """Return what the family listens to in this test."""
    return (*NEWS, "location_stream" if family is Family.C else "location_update")


async def test_what_the_phone_tells_reaches_its_callbacks(play: Play, family: Family) -> None:
    ada, hardware = await play.stage.person(), Hardware(position=(52.5, 13.4))
    streams = streams_of(family)
    probe = await play.probe(family, ada, *streams, permissions=GRANTS)
    reports = PhoneReports(play.stage.cloud.url, ada.token)
    async with SimulatedPhone(play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await phone.report_calendar_event(
            "e-1", "Early", start="2026-01-02T07:00:00Z", end="2026-01-02T08:00:00Z"
        )
        await phone.start_app(probe.app.package_name)
        await probe.take("session", userId=ada.email)
        await probe.subscribed(play.stage, ada, *streams)
        early = await probe.take("data", stream="calendar_event", data={"eventId": "e-1"})
        assert early["data"]["title"] == "Early"

        await reports.calendar(EVENT)
        told: dict[str, Any] = (await probe.take("data", stream="calendar_event", data={"eventId": "e-77"}))[
            "data"
        ]
        start, end = ("start", "end") if family is Family.C else ("dtStart", "dtEnd")
        assert (told[start], told[end]) == (EVENT["startDate"], EVENT["endDate"])

        await reports.notification(**RANG)
        rang = await probe.take("data", stream="phone_notification")
        assert rang["data"]["app"] == "Messages"
        await reports.dismissed("n-1")
        gone = await probe.take("data", stream="phone_notification_dismissed")
        assert (gone["data"]["notificationId"], gone["data"]["title"]) == ("n-1", "Bob")

        await reports.location(48.1, 11.6)
        moved = await probe.take("data", stream=streams[-1])
        assert (moved["data"]["lat"], moved["data"]["lng"]) == (48.1, 11.6)
        await probe.order("locate", userId=ada.email, accuracy="high")
        located = await probe.take("located")
        assert (located["lat"], located["lng"]) == (48.1, 11.6)


async def test_a_poll_reaches_the_phone_and_comes_back(play: Play, family: Family) -> None:
    ada, hardware = await play.stage.person(), Hardware(position=(52.5, 13.4))
    probe = await play.probe(family, ada, permissions=GRANTS)
    async with SimulatedPhone(play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await phone.start_app(probe.app.package_name)
        await probe.take("session", userId=ada.email)
        await probe.take("webhook", type="session_request", status=200)
        await probe.order("locate", userId=ada.email, accuracy="high")
        located = await probe.take("located")
        assert (located["lat"], located["lng"]) == (52.5, 13.4)


async def test_the_state_of_the_glasses_can_be_watched(play: Play) -> None:
    ada = await play.stage.person()
    probe = await play.probe(Family.C, ada)
    reports = PhoneReports(play.stage.cloud.url, ada.token)
    async with SimulatedPhone(play.stage.cloud.url, ada.token) as phone:
        await phone.start_app(probe.app.package_name)
        await probe.take("session", userId=ada.email)
        await probe.take("webhook", type="session_request", status=200)
        await probe.order("watch_state", userId=ada.email)
        await reports.glasses(modelName="Mentra Live", batteryLevel=72, wifiConnected=True, wifiSsid="lab")
        for name, value in (("connected", True), ("batteryLevel", 72), ("wifiSsid", "lab")):
            await probe.take("state", name=name, value=value)
        await reports.glasses(connected=False)
        await probe.take("state", name="connected", value=False)
        await probe.take("state", name="wifiSsid", value=None)
        assert probe.count("state", name="batteryLevel") == 1

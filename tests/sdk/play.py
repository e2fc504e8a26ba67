"""A stage on which apps of the official SDK appear."""

from collections.abc import Mapping, Sequence

from tests.sdk.packages import Family, Program
from tests.sdk.probe import Probe
from tests.support.ports import free_port
from tests.support.stage import Person, Stage
from tests.support.wire import RawPhone

# What app-socket §8.1 forbids shows in the SDK as this error (families A and B).
_UNKNOWN_TYPE = "Unrecognized message type"


class Play:
    """A story with probe apps; afterwards each of them is checked for messages it did not understand."""

    def __init__(self, stage: Stage, programs: dict[Family, Program]) -> None:
        self.stage = stage
        self._programs = programs

    async def probe(
        self,
        family: Family,
        owner: Person | Sequence[Person],
        *streams: str,
        permissions: Sequence[str] = ("MICROPHONE",),
        app_type: str = "background",
        developer: Person | None = None,
        environment: Mapping[str, str] | None = None,
        package_name: str = "",
    ) -> Probe:
        """Register, install and launch a probe app that subscribes to `streams` in each of its sessions."""
        port = free_port()
        owners = [owner] if isinstance(owner, Person) else owner
        record = await self.stage.register(
            owners,
            port=port,
            permissions=permissions,
            app_type=app_type,
            developer=developer,
            package_name=package_name,
        )
        cloud = self.stage.cloud
        trusted = None if cloud.certificate is None else cloud.certificate.public
        url = cloud.url if trusted is None else cloud.public_url
        probe = Probe(self._programs[family], family, record, port, url, streams, trusted, environment or {})
        self.stage.at_end(probe.kill)
        self.stage.at_end(lambda: _assert_understood_all(probe))
        await probe.start()
        return probe

    async def start(self, phone: RawPhone, person: Person, probe: Probe) -> None:
        """Start the app from the phone and wait until both sides say that it runs."""
        await phone.send("start_app", packageName=probe.app.package_name)
        await phone.take("app_started", packageName=probe.app.package_name)
        await probe.take("session", userId=person.email)
        await probe.take("webhook", type="session_request", status=200)

    async def heard_a_button(self, phone: RawPhone, person: Person, probe: Probe) -> None:
        """Press a button and wait until the app heard it: everything sent to the app before has arrived too."""
        await probe.subscribed(self.stage, person, "button_press")
        await phone.send("button_press", buttonId="marker", pressType="short")
        await probe.take("data", userId=person.email, data={"buttonId": "marker"})


async def _assert_understood_all(probe: Probe) -> None:
    strange = [
        error["message"] for error in probe.events.seen(event="error") if _UNKNOWN_TYPE in error["message"]
    ]
    assert not strange, f"{probe.events.owner}: {strange}"

"""An app of the official SDK in the session of somebody whose phone and glasses are simulated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sessions_app.protocol.base import ToGlasses
from sessions_app.protocol.cloud_to_glasses import MicrophoneStateChange
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.sdk.test_tools_and_pages import Api
from tests.support.hosted_web import HostedWeb
from tests.support.inbox import Item
from tests.support.speech_sound import frames_of, sound_of
from tests.support.stage import Person

PERMISSIONS = ("MICROPHONE", "CAMERA", "LOCATION", "READ_NOTIFICATIONS")
# Not among the permissions: this one is refused.
REFUSED = "calendar_event"
_EVENTS = ("VAD", "audio_chunk", "button_press", "phone_notification")
_SECONDS = 8


@dataclass(frozen=True)
class Names:
    """How a family asks for speech, for a translation and for positions (app-socket §5.2)."""

    speech: str
    translation: str
    positions: str

    @property
    def granted(self) -> tuple[str, ...]:
        """What the app listens to and may."""
        return (*_EVENTS, self.speech, self.translation, self.positions)


_LEGACY = Names("transcription:en-US", "translation:es-ES-to-en-US", "location_update")
NAMES = {
    Family.A: _LEGACY,
    Family.B: _LEGACY,
    Family.C: Names("transcription:en", "translation:es-en", "location_stream"),
}


@dataclass
class Scene:
    """Everybody in a story. `web` stands for companies that the cloud and the app call, `api` is the phone's REST."""

    play: Play
    person: Person
    phone: SimulatedPhone
    hardware: Hardware
    probe: Probe
    web: HostedWeb
    api: Api
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.names = NAMES[self.family]

    @property
    def family(self) -> Family:
        """Which SDK the app is made with."""
        return self.probe.family

    @property
    def public_url(self) -> str:
        """The cloud's address for app servers and phones."""
        return self.play.stage.cloud.public_url

    async def order(self, command: str, **arguments: Any) -> None:
        """Let the app do something for the person."""
        await self.probe.order(command, userId=self.person.email, **arguments)

    async def data(self, stream: str, **fields: Any) -> Item:
        """Wait until a handler of this stream was called with this."""
        told = await self.probe.take("data", _SECONDS, stream=stream, data=fields)
        heard: Item = told["data"]
        return heard

    async def seen(self, kind: type[ToGlasses], holds: Callable[[Item], bool] = lambda _: True) -> Item:
        """Wait until the phone got this."""
        return await self.phone.wait_for(kind, holds, _SECONDS)

    async def say(self, words: str) -> None:
        """Speak near the glasses."""
        for frame in frames_of(sound_of(words)):
            await self.phone.send_audio(frame)

    async def begin(self) -> None:
        """Put on the glasses, start the app and wait until it listens and the microphone is on."""
        await self.phone.report_glasses(model_name="Mentra Live", wifi_ssid="lab")
        await self.phone.start_app(self.probe.app.package_name)
        await self.probe.take("session", userId=self.person.email)
        await self.probe.take("webhook", type="session_request", status=200)
        await self.listens(*self.names.granted)
        await self.seen(MicrophoneStateChange, lambda change: bool(change["isMicrophoneEnabled"]))

    async def listens(self, *streams: str) -> None:
        """Wait until the app listens to exactly these."""
        await self.probe.subscribed(self.play.stage, self.person, *streams)

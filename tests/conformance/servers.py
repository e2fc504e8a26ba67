"""The clouds that play the script behind a recorder: ours, as real processes, and the one in memory."""

from collections.abc import Mapping
from typing import Any, Protocol

from mentra_sdk.testing import MemoryCloud
from mentra_sdk.testing.glasses import Glasses
from tests.conformance.exchange import KEY, PACKAGE, USER, Exchange, normalize
from tests.conformance.recorder import Recorder
from tests.support.cloud import RegisteredApp
from tests.support.rest import ask
from tests.support.stage import Person, Stage
from tests.support.wire import RawPhone

GREETING = {"type": "text", "key": "greeting", "label": "Greeting", "defaultValue": "Hi"}
PERMISSIONS = ("MICROPHONE",)
SOUND_PLAYED = "audio_play_response"
RETURN_SECONDS = 25


class Process(Protocol):
    """An app that can be killed and started again."""

    async def kill(self) -> None: ...

    async def start(self) -> None: ...


class Recorded:
    """What both clouds have in common: the recorder sees when a step is done."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.process: Process | None = None

    async def begin(self, step: str) -> None:
        self.recorder.step = step

    async def blip(self) -> None:
        self.recorder.cut()
        await self.settled()
        # Nothing answers the configuration, which the app repeats after its subscriptions.
        await self.passed("from_app", message={"type": "transcription_config"})

    async def crash(self) -> None:
        assert self.process is not None
        await self.process.kill()
        await self.process.start()
        await self.settled()

    async def drawn(self, text: str) -> None:
        await self.passed("from_app", message={"type": "display_event", "layout": {"text": text}})

    async def answered(self, kind: str) -> None:
        await self.passed("to_app", message={"type": kind})

    async def settled(self) -> None:
        """Wait for the answer to the subscriptions: the refusal of the last of them."""
        await self.passed("to_app", message={"type": "permission_denied"})

    async def chosen(self) -> None:
        """Wait until the app has the settings in both ways; it draws them when the first comes."""
        await self.passed("calls", route="/settings")
        await self.passed("to_app", message={"type": "settings_update"})

    async def ended(self) -> None:
        """Wait until the app was told to stop in both ways, has answered and closed its socket."""
        await self.passed("to_app", message={"type": "app_stopped"})
        await self.passed("from_app", socket="closed")
        await self.passed("calls", route="/webhook")

    async def passed(self, way: str, **frame: Any) -> None:
        """Wait until such a frame has passed in this step: a step that ends before hands it to the next."""
        await self.recorder.frames.take(RETURN_SECONDS, way=way, step=self.recorder.step, **frame)

    def exchange(self, names: Mapping[str, str] | None = None) -> Exchange:
        """Return what passed; `names` as in `normalize`."""
        return normalize(self.recorder.frames.history, names or {})


class OurCloud(Recorded):
    """One person with a phone on the stage, and one app of hers."""

    def __init__(self, recorder: Recorder, stage: Stage, ada: Person, app: RegisteredApp) -> None:
        super().__init__(recorder)
        self.app = app
        self._stage = stage
        self._ada = ada
        self._phone: RawPhone

    @classmethod
    async def prepare(cls, stage: Stage, recorder: Recorder) -> "OurCloud":
        """Register the app, install it for its user and connect her phone."""
        ada, dora = await stage.person(), await stage.person("dora")
        app = await stage.register([ada], port=recorder.port, permissions=PERMISSIONS, developer=dora)
        path = f"/api/console/apps/{app.package_name}"
        assert (await ask(stage, dora, "PUT", path, {"settings": [GREETING]}))[0] == 200
        cloud = cls(recorder, stage, ada, app)
        cloud._phone = await stage.phone(ada)
        return cloud

    async def start(self) -> None:
        await self._phone.send("start_app", packageName=self.app.package_name)
        await self._phone.take("app_started", packageName=self.app.package_name)
        await self.settled()

    async def hear(self, text: str, *, is_final: bool) -> None:
        said = {"text": text, "isFinal": is_final, "transcribeLanguage": "en-US"}
        await self._phone.send("local_transcription", **said)

    async def press(self, button_id: str) -> None:
        await self._phone.send("button_press", buttonId=button_id, pressType="short")

    async def choose(self, key: str, value: str) -> None:
        path = f"/appsettings/{self.app.package_name}"
        assert (await ask(self._stage, self._ada, "POST", path, {"key": key, "value": value}))[0] == 200
        await self.chosen()

    async def answered(self, kind: str) -> None:
        if kind == SOUND_PLAYED:
            request = await self._phone.take("audio_play_request")
            await self._phone.send(SOUND_PLAYED, requestId=request["requestId"], success=True, duration=0)
        await super().answered(kind)

    async def stop(self) -> None:
        await self._phone.send("stop_app", packageName=self.app.package_name)
        await self._phone.take("app_stopped", packageName=self.app.package_name)
        await self.ended()

    def exchange(self, names: Mapping[str, str] | None = None) -> Exchange:
        package = self.app.package_name
        title = package.rpartition(".")[2].capitalize()
        own = {self._ada.email: USER, package: PACKAGE, self.app.api_key: KEY, title: "Story"}
        return super().exchange(own)


class CloudInMemory(Recorded):
    """The cloud of `mentra_sdk.testing`, which reaches the app by its address."""

    def __init__(self, recorder: Recorder, cloud: MemoryCloud) -> None:
        super().__init__(recorder)
        self._cloud = cloud
        self._glasses: Glasses
        cloud.install(
            recorder.url, package_name=PACKAGE, permissions=PERMISSIONS, settings=[GREETING], api_key=KEY
        )

    async def start(self) -> None:
        self._glasses = await self._cloud.start(self.recorder.url, USER)
        await self.settled()

    async def hear(self, text: str, *, is_final: bool) -> None:
        await self._glasses.say(text, is_final=is_final)

    async def press(self, button_id: str) -> None:
        await self._glasses.press_button(button_id)

    async def choose(self, key: str, value: str) -> None:
        await self._cloud.change_setting(self.recorder.url, key, value, USER)
        await self.chosen()

    async def stop(self) -> None:
        await self._cloud.stop(self.recorder.url, USER)
        await self.ended()

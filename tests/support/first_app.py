"""The story of the tutorial's app, in whatever language: it counts visits and shows what its wearer does and says."""

from dataclasses import dataclass
from typing import Self

from tests.support.cloud import RegisteredApp
from tests.support.ports import free_port
from tests.support.stage import Person, Stage
from tests.support.wire import RawPhone

# What documented programs say; where tests run them, others take their place.
PACKAGE_NAME, PORT, CLOUD_URL = "com.example.first", "3000", "http://127.0.0.1:8000"
BUTTON = {"buttonId": "camera", "pressType": "short"}
WORDS = {"text": "good morning", "isFinal": True, "startTime": 1, "endTime": 2, "transcribeLanguage": "en-US"}


@dataclass(frozen=True)
class DocumentedApp:
    """An app on a stage, registered as the documents say, with the person who wears it."""

    stage: Stage
    ada: Person
    record: RegisteredApp
    port: int

    @classmethod
    async def registered(cls, stage: Stage) -> Self:
        """Return a new app with a new person who has it."""
        port = free_port()
        ada = await stage.person()
        return cls(stage, ada, await stage.register([ada], port=port, permissions=["MICROPHONE"]), port)

    @property
    def environment(self) -> dict[str, str]:
        """What its program finds in its environment."""
        return {"API_KEY": self.record.api_key}

    def fitted(self, code: str, package_name: str) -> str:
        """Return a program as its author would change it for this app: name, port and address of the cloud."""
        assert package_name in code
        named = code.replace(package_name, self.record.package_name)
        return named.replace(PORT, str(self.port)).replace(CLOUD_URL, self.stage.cloud.url)

    async def start(self) -> RawPhone:
        """Return a phone that asked for the app."""
        phone = await self.stage.phone(self.ada)
        await phone.send("start_app", packageName=self.record.package_name)
        return phone

    async def shows(self, phone: RawPhone, text: str) -> None:
        """Wait until the glasses show this text."""
        wall = {"layoutType": "text_wall", "text": text}
        await phone.take("display_event", packageName=self.record.package_name, layout=wall)


async def play_first_app(app: DocumentedApp) -> None:
    """Wear the tutorial's app, which runs: it greets, shows the button and repeats what is said."""
    phone = await app.start()
    await app.shows(phone, "Visit number 1")
    await app.stage.until_subscribed(app.ada, app.record.package_name, "button_press", "transcription:auto")
    await phone.send("button_press", **BUTTON)
    await app.shows(phone, "You pressed camera.")
    await phone.send("local_transcription", **WORDS)
    await app.shows(phone, "good morning")

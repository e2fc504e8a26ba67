"""The handle a test holds: one user with glasses and a phone, what they do and what their apps do with them."""

from collections.abc import Mapping
from typing import Any

from mentra_sdk.testing.app_calls import Message
from mentra_sdk.testing.app_run import AppRun
from mentra_sdk.testing.hardware import Hardware
from mentra_sdk.testing.requests import Requests, SaveFile
from mentra_sdk.testing.screen import Drawing, Screen, Wanted
from mentra_sdk.testing.waiting import PATIENCE_SECONDS, Changes
from mentra_sdk.testing.wearer import Wearer


class Glasses(Wearer):
    """Glasses in the test. Methods of Wearer make something happen; those here set the scene and wait for apps.

    Every wait ends with an AssertionError that says what there is instead.
    """

    def __init__(self, user_id: str, save_file: SaveFile) -> None:
        self.user_id = user_id
        self.changes = Changes()
        self.runs: dict[str, AppRun] = {}
        self.hardware = Hardware()
        self._screen = Screen(self.changes, self.describe)
        self.requests = Requests(self._screen, self.hardware, self.changes, save_file)
        self._taken: list[Message] = []
        super().__init__(self.hardware, self.runs)

    @property
    def display(self) -> Drawing | None:
        """What the glasses show now; None when no app has drawn yet."""
        return self._screen.current

    @property
    def drawings(self) -> list[Drawing]:
        """Everything that was shown, oldest first."""
        return list(self._screen.drawings)

    @property
    def dashboard(self) -> Mapping[str, str]:
        """What each app has put on the dashboard, by package name."""
        return self.requests.dashboard

    @property
    def subscriptions(self) -> list[str]:
        """The streams that the user's apps are subscribed to."""
        return sorted({stream for run in self.runs.values() for stream in run.subscriptions or []})

    @property
    def written_sound(self) -> bytes:
        """What apps wrote into streams of the speaker, one stream after the other."""
        return b"".join(self.hardware.written_sound.values())

    def camera_shows(self, picture: bytes) -> None:
        """Let photos be this picture, the bytes of an image file."""
        self.hardware.picture, self.hardware.camera_failure = picture, None

    def camera_fails(self, code: str = "CAMERA_BUSY", message: str = "The camera is in use") -> None:
        """Let photos fail with this code."""
        self.hardware.camera_failure = (code, message)

    def sounds_take(self, seconds: float) -> None:
        """Let the glasses report this playing time for each sound; the answer comes at once all the same."""
        self.hardware.sound_seconds, self.hardware.sound_failure = seconds, None

    def sounds_fail(self, error: str = "SPEAKER_UNAVAILABLE") -> None:
        """Let the glasses refuse to play."""
        self.hardware.sound_failure = error

    async def move_to(self, lat: float, lng: float, *, accuracy: float | None = None) -> None:
        """Be somewhere, in degrees and metres; answers apps that asked."""
        accurate = {} if accuracy is None else {"accuracy": accuracy}
        self.hardware.position = {"lat": lat, "lng": lng, **accurate}
        self._tell(["location_update", "location_stream"], self.hardware.position)
        self.requests.answer_polls()

    async def shows(self, wanted: Wanted, *, timeout_seconds: float = PATIENCE_SECONDS) -> Drawing:
        """Wait for a drawing: one that contains a text ("" is a dark display), a Layout, or what a function accepts.

        Looks at the present drawing and at those since the last that was found, so that nothing quick is missed.
        """
        return await self._screen.shows(wanted, timeout_seconds)

    async def dashboard_shows(self, text: str, *, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the dashboard contains a text of some app."""

        def find() -> bool | None:
            return any(text in content for content in self.dashboard.values()) or None

        def complain() -> str:
            return f"the dashboard did not show {text!r}, it shows {dict(self.dashboard)}\n{self.describe()}"

        await self.changes.until(find, complain, timeout_seconds)

    async def subscribed(self, stream: str, *, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until an app is subscribed to a stream, such as "button_press" or "transcription:de"."""

        def find() -> bool | None:
            return stream in self.subscriptions or None

        await self.changes.until(
            find, lambda: f"nobody subscribed to {stream}\n{self.describe()}", timeout_seconds
        )

    async def receives(
        self, kind: str, *, timeout_seconds: float = PATIENCE_SECONDS, **fields: Any
    ) -> Message:
        """Wait for a message of an app by its type, such as "rgb_led_control", and by its fields on the wire.

        Each message is returned once.
        """

        def find() -> Message | None:
            for message in self._untaken():
                if message.get("type") == kind and fields.items() <= message.items():
                    self._taken.append(message)
                    return message
            return None

        def complain() -> str:
            said = ", ".join(str(message.get("type")) for message in self._untaken()) or "nothing"
            return f"no app sent {kind} with {fields}; there is {said}\n{self.describe()}"

        return await self.changes.until(find, complain, timeout_seconds)

    def describe(self) -> str:
        """Return a line for each app of the user."""
        return "\n".join(run.describe() for run in self.runs.values()) or f"{self.user_id} has no apps"

    def _untaken(self) -> list[Message]:
        everything = [message for run in self.runs.values() for message in run.received]
        return [message for message in everything if not any(message is taken for taken in self._taken)]

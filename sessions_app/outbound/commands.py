"""What may be asked of the owner of a session, from any process. Data only."""

from typing import Any

import msgspec

from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.fragments import PhotoError


class Command(msgspec.Struct, tag_field="command", frozen=True):
    """Base of all commands."""


class StartApp(Command, frozen=True):
    """Start an installed app and answer when it runs or failed (lifecycle §5)."""

    package_name: str


class StopApp(Command, frozen=True):
    """Stop an app and answer when it is stopped (lifecycle §6)."""

    package_name: str
    reason: StopReason


class AddOutput(Command, frozen=True):
    """An app that watches a managed stream has it sent on to a further address."""

    stream_id: str
    package_name: str
    url: str
    name: str | None = None


class RemoveOutput(Command, frozen=True):
    """An app takes one of its outputs back."""

    stream_id: str
    package_name: str
    output_id: str


class ListOutputs(Command, frozen=True):
    """Where is a managed stream sent on to? Asked by an app that watches it."""

    stream_id: str
    package_name: str


class AttachApp(Command, frozen=True):
    """An app's socket on another node wants its seat.

    `node_id` and `guest` say where frames go; the rest is what the socket's node learned of the app. With
    `handshake` "transfer" the socket had its seat with the last owner and is told nothing.
    """

    package_name: str
    node_id: str
    guest: int
    handshake: str
    key_id: int
    family: str
    sdk_version: str
    setting_values: list[dict[str, object]]
    user_settings: dict[str, object]
    introduced_at: float
    greeting: str


class HandOn(Command, frozen=True):
    """The phone is at the asker's node, which takes the session next: let go of it and give what no row holds.

    `generation` is the one the asker found in the row; an owner of another one refuses.
    """

    generation: int


class EndSession(Command, frozen=True):
    """Tear the hot state down: the row is already DISPOSING (lifecycle §2)."""

    reason: str


class SettingsChanged(Command, frozen=True):
    """The user changed settings of an app: read them and tell its socket and its server.

    What they are is not said: of two such commands the one that comes last need not be the one sent last.
    """

    package_name: str


class UserSettingsChanged(Command, frozen=True):
    """The user changed settings of the system: read them anew, tell the phone and the apps."""


class KeyRevoked(Command, frozen=True):
    """An API key ended: close app sockets that used it."""

    package_name: str
    key_id: int


class PermissionsChanged(Command, frozen=True):
    """What an app declares, or its webhook secret, changed: read it anew and judge its subscriptions again."""

    package_name: str


class RecordingChanged(Command, frozen=True):
    """The user wants their sessions with an app recorded for inspection from now on, or not any more."""

    package_name: str
    is_recorded: bool


class FindRequest(Command, frozen=True):
    """Where does an open request to the phone lead? `kind` is a HardwareKind."""

    request_id: str
    kind: str


class PhotoOutcome(msgspec.Struct, frozen=True):
    """What became of a photo: where it can be opened and what it is, or the `error`. `size` is in bytes."""

    photo_url: str = ""
    mime_type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    saved_to_gallery: bool | None = None
    error: PhotoError | None = None


class SettlePhoto(Command, frozen=True):
    """Tell whoever waits for a photo what became of it; with a `package_name`, only if it is that app's."""

    request_id: str
    outcome: PhotoOutcome
    package_name: str = ""


class TakePhoto(Command, frozen=True):
    """Have the glasses take a photo for an app on the phone and post it to `upload_url` with `token`."""

    request_id: str
    package_name: str
    upload_url: str
    token: str
    size: str
    compress: str
    sound: bool
    save_to_gallery: bool


class AskForTelemetry(Command, frozen=True):
    """Ask the apps of the session for their logs of the last `window_ms` milliseconds, for an incident."""

    incident_id: str
    window_ms: int


class TellApp(Command, frozen=True):
    """Give the app's socket a text, or hold it while that is on its way back."""

    package_name: str
    text: str


class FindListener(Command, frozen=True):
    """Does any app hear this stream now?"""

    stream: str


class ConfigureAudio(Command, frozen=True):
    """The phone sends sound in another form from now on: PCM, or LC3 in frames of so many bytes."""

    lc3_frame_bytes: int | None


class TakeFrames(Command, frozen=True):
    """The phone says something by REST: messages in the words of its socket, taken in their order."""

    frames: list[str]


class ReportDevice(Command, frozen=True):
    """The phone reports a part of the state of its glasses (GlassesInfo) by REST; the answer says what is known now."""

    changes: dict[str, object]


class CheckPhone(Command, frozen=True):
    """Is the phone's socket open?"""


class SayGoodbye(Command, frozen=True):
    """The phone logs out: its session ends in a few seconds unless a new socket comes."""


class PassDatetime(Command, frozen=True):
    """The phone says what date and time its user has, as ISO 8601: tell apps that follow such news."""

    datetime: str


class ReadSound(Command, frozen=True):
    """What comes after a position of a speaker stream? `reader` gets it alone; with `most` 0 it keeps its place."""

    token: str
    reader: str
    after: int
    most: int


class LetGoOfSound(Command, frozen=True):
    """The phone does not fetch a speaker stream any more."""

    token: str
    reader: str


AnyCommand = (
    AddOutput
    | RemoveOutput
    | ListOutputs
    | ConfigureAudio
    | TakeFrames
    | ReportDevice
    | CheckPhone
    | SayGoodbye
    | StartApp
    | StopApp
    | AttachApp
    | HandOn
    | EndSession
    | SettingsChanged
    | UserSettingsChanged
    | KeyRevoked
    | PermissionsChanged
    | RecordingChanged
    | FindRequest
    | SettlePhoto
    | TakePhoto
    | FindListener
    | TellApp
    | PassDatetime
    | ReadSound
    | LetGoOfSound
    | AskForTelemetry
)


class Sound(msgspec.Struct, frozen=True):
    """A piece of a speaker stream, up to a position; `is_over` after the last one."""

    position: int
    data: bytes = b""
    is_over: bool = False


class HandedSound(msgspec.Struct, frozen=True):
    """The sound of a speaker stream that nobody is known to have, from a position on."""

    token: str
    start: int
    data: bytes


class Handed(msgspec.Struct, frozen=True):
    """What one owner gives to the next: its newest snapshot, per app the texts held for it, sound on its way."""

    snapshot: dict[str, Any] = {}
    held: dict[str, list[tuple[str, str]]] = {}
    sounds: list[HandedSound] = []

    def and_then(self, later: "Handed") -> "Handed":
        """Return what two owners gave one after the other."""
        packages = {*self.held, *later.held}
        held = {name: [*self.held.get(name, ()), *later.held.get(name, ())] for name in packages}
        return Handed(later.snapshot or self.snapshot, held, later.sounds or self.sounds)


class Destination(msgspec.Struct, frozen=True):
    """Where the phone is to bring a photo or to get a sound, and what it is to show there, if anything."""

    url: str
    auth_token: str = ""


class AppliedState(msgspec.Struct, frozen=True, rename="camel"):
    """What is known of phone and glasses after a report; without a model there is no profile (rest §2)."""

    is_glasses_connected: bool
    is_phone_connected: bool
    model_name: str | None = None
    capabilities: dict[str, Any] | None = None


class OutputFacts(msgspec.Struct, frozen=True, rename="camel"):
    """Where a managed stream is sent on to; `status` is `active` or `error`."""

    output_id: str
    url: str
    name: str | None
    status: str


class Reply(msgspec.Struct, frozen=True):
    """The owner's answer. When `ok` is false, `code` is a stage, an error code or a verdict, `message` explains it."""

    ok: bool
    code: str = ""
    message: str = ""
    outputs: list[OutputFacts] = []
    handed: Handed | None = None
    destination: Destination | None = None
    applied: AppliedState | None = None
    sound: Sound | None = None


DONE = Reply(ok=True)
SEATED = Reply(ok=True, code="SEATED", message="The socket has this seat already")
MOVED = Reply(ok=False, code="NO_ACTIVE_SESSION", message="The session has moved on")
STREAM_OVER = Reply(ok=False, code="STREAM_OVER", message="There is no such stream, or not any more")
STREAM_TAKEN = Reply(ok=False, code="STREAM_TAKEN", message="The stream is being fetched already")
OVERTAKEN = Reply(ok=False, code="OVERTAKEN", message="A newer socket of the app has the seat")

_decoder: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_reply_decoder = msgspec.json.Decoder(Reply)
_encoder = msgspec.json.Encoder()


def dump(data: Command | Reply) -> bytes:
    """Return a command or a reply as bytes for another process."""
    return _encoder.encode(data)


def load_command(data: bytes) -> AnyCommand:
    """Return the command in `data`; raises msgspec.DecodeError."""
    return _decoder.decode(data)


def load_reply(data: bytes) -> Reply:
    """Return the reply in `data`; raises msgspec.DecodeError."""
    return _reply_decoder.decode(data)

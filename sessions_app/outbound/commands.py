"""What may be asked of the owner of a session, from any process. Data only."""

import msgspec

from sessions_app.protocol.codes import StopReason


class Command(msgspec.Struct, tag_field="command", frozen=True):
    """Base of all commands."""


class StartApp(Command, frozen=True):
    """Start an installed app and answer when it runs or failed (lifecycle §5)."""

    package_name: str


class StopApp(Command, frozen=True):
    """Stop an app and answer when it is stopped (lifecycle §6)."""

    package_name: str
    reason: StopReason


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


class EndSession(Command, frozen=True):
    """Tear the hot state down: the row is already DISPOSING (lifecycle §2)."""

    reason: str


class LetGo(Command, frozen=True):
    """Another node owns the session since `generation`: forget it without touching its rows."""

    generation: int


class SettingsChanged(Command, frozen=True):
    """The user changed settings of an app; tell its socket and its server."""

    package_name: str
    settings: list[dict[str, object]]


class UserSettingsChanged(Command, frozen=True):
    """The user changed settings of the system (camelCase names): tell phone and apps that follow them."""

    changes: dict[str, object]


class KeyRevoked(Command, frozen=True):
    """An API key ended: close app sockets that used it."""

    package_name: str
    key_id: int


class PermissionsChanged(Command, frozen=True):
    """The declared permissions of an app changed: judge its subscriptions again."""

    package_name: str


AnyCommand = (
    StartApp
    | StopApp
    | AttachApp
    | EndSession
    | LetGo
    | SettingsChanged
    | UserSettingsChanged
    | KeyRevoked
    | PermissionsChanged
)


class Reply(msgspec.Struct, frozen=True):
    """The owner's answer. When `ok` is false, `code` is a stage, an error code or a verdict, `message` explains it."""

    ok: bool
    code: str = ""
    message: str = ""


DONE = Reply(ok=True)

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

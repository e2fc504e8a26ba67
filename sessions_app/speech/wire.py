"""The private protocol between nodes and speech workers: messages, and frames on a byte stream.

A frame is a 4-byte little-endian length of what follows, one byte for its kind, and a body. Control messages are
MessagePack; sound is binary, because it is nearly all there is. Pure: knows no socket.

A *channel* is one session on one connection. Its sound is one stream of PCM16, mono, 16,000 Hz, shared by all its
recognisers; a *position* counts samples since that stream began and never goes back, also not when the session
moves to another worker or node. Times in milliseconds are positions divided by 16.
"""

from collections.abc import Iterator
from struct import Struct as Layout
from typing import Final, NamedTuple

import msgspec

SAMPLE_RATE: Final = 16_000
SAMPLES_A_MILLISECOND: Final = 16
SAMPLE_BYTES: Final = 2
MAX_FRAME_BYTES: Final = 4 * 1024 * 1024

_HEAD: Final = Layout("<IB")
_SOUND_HEAD: Final = Layout("<IQ")
_SPOKEN_HEAD: Final = Layout("<I")
_CONTROL, _SOUND, _SPOKEN = 1, 2, 3


class Message(msgspec.Struct, frozen=True, tag=True, tag_field="type", omit_defaults=True, gc=False):
    """A control message."""


class RecognizerWish(msgspec.Struct, frozen=True, gc=False):
    """One recogniser of a session (streams-and-permissions §12).

    `setting` is a locale such as `en-US`, or `auto`. `transcribes` is false when nobody wants the words themselves,
    only translations of them into `targets` (locales). Hints are language codes.
    """

    setting: str
    transcribes: bool = True
    targets: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    diarization: bool = False
    identify_language: bool = True


# Both ways.
class Beat(Message, frozen=True):
    """Sent every half second by both sides; a side that hears nothing for 1.5 s takes the other for dead."""


# Of a worker, first of all.
class Challenge(Message, frozen=True):
    """The first message of a connection: prove that you know the secret of this deployment."""

    worker_id: str
    nonce: bytes


class Welcome(Message, frozen=True):
    """The proof was right; channels may be opened."""


# Of a node.
class Hello(Message, frozen=True):
    """The proof: HMAC-SHA-256 of the nonce under the deployment's secret."""

    node_id: str
    proof: bytes


class OpenChannel(Message, frozen=True):
    """Take the sound of a session. Sound starts at `position`.

    A worker that still holds the session takes it over when `generation` is not older than the one it knows, and goes
    on where it was. `utterance` names the utterance that was under way at `position`, "" for none: the first one that
    is found in the sound keeps this name. `heard` is the number of the last final words that the node has: those that
    the worker still holds after it are sent again, and new ones, of any worker, are counted on from it.
    """

    channel: int
    session_id: str
    generation: int
    position: int
    recognizers: tuple[RecognizerWish, ...]
    wants_voice: bool = False
    utterance: str = ""
    heard: int = 0


class ConfigureChannel(Message, frozen=True):
    """Replace what is wanted of a channel; recognisers that stay are not disturbed."""

    channel: int
    recognizers: tuple[RecognizerWish, ...]
    wants_voice: bool = False


class PhoneVoice(Message, frozen=True):
    """The phone said that somebody speaks, or that they stopped: then the running utterance ends now."""

    channel: int
    is_speaking: bool


class CloseChannel(Message, frozen=True):
    """No more sound. The running utterance is finished; held that long for another node that asks for the session."""

    channel: int
    keep_seconds: float = 0.0


class GotWords(Message, frozen=True):
    """Final words up to this number reached the apps; until then the worker keeps them for a new connection."""

    channel: int
    number: int


class Speak(Message, frozen=True):
    """Read a text aloud as MP3. `voice`, `model` and the settings are those of media §3; "" and None: defaults."""

    request: int
    text: str
    language: str = ""
    voice: str = ""
    model: str = ""
    stability: float | None = None
    similarity_boost: float | None = None
    style: float | None = None
    speed: float | None = None


class StopSpeaking(Message, frozen=True):
    """Nobody listens any more."""

    request: int


# Of a worker.
class ChannelOpened(Message, frozen=True):
    """The channel is open; the worker already has the sound before `position`."""

    channel: int
    position: int


class ChannelRefused(Message, frozen=True):
    """The channel cannot be opened: SPEECH_FULL, SPEECH_DRAINING or SPEECH_STALE (a newer owner has the session)."""

    channel: int
    code: str
    message: str


class ChannelLost(Message, frozen=True):
    """Another node took the session over, or the worker drains; the node opens it elsewhere if it still owns it."""

    channel: int
    code: str


class Words(Message, frozen=True):
    """What was heard, of one recogniser. `number` counts the final ones of a session and is 0 for interim ones.

    The utterance keeps its name from the first interim to the final; the final closes it. `start` and `end` are in
    milliseconds. `language` is a locale or language code, the detected one for `auto`. A final may be empty: what
    sounded like speech was none.
    """

    channel: int
    setting: str
    utterance: str
    text: str
    is_final: bool
    start: int
    end: int
    language: str
    provider: str
    number: int = 0
    confidence: float | None = None
    speaker: str | None = None


class TranslatedWords(Message, frozen=True):
    """The same in another language; `did_translate` is false when the words were in the target language already."""

    channel: int
    setting: str
    target: str
    utterance: str
    text: str
    original: str
    is_final: bool
    start: int
    end: int
    language: str
    provider: str
    did_translate: bool = True
    number: int = 0
    confidence: float | None = None
    speaker: str | None = None


class Voice(Message, frozen=True):
    """Somebody began to speak, or stopped; sent while the channel wants to know."""

    channel: int
    is_speaking: bool
    position: int


class Settled(Message, frozen=True):
    """What was heard before `position` needs no hearing again; `utterance` is the one under way there, or ""."""

    channel: int
    position: int
    utterance: str = ""


class SoundDropped(Message, frozen=True):
    """The worker could not keep up and let this many samples go unheard, the oldest first."""

    channel: int
    samples: int


class Trouble(Message, frozen=True):
    """A recogniser, or with `target` its translation, does not work now.

    SPEECH_ENGINE_FAILED, SPEECH_LANGUAGE_UNSUPPORTED, TRANSLATION_UNSUPPORTED or TRANSLATION_FAILED.
    """

    channel: int
    setting: str
    code: str
    message: str
    target: str = ""


class TroubleOver(Message, frozen=True):
    """It works again."""

    channel: int
    setting: str
    target: str = ""


class SpeakingEnded(Message, frozen=True):
    """All sound of a text was sent."""

    request: int


class SpeakingRefused(Message, frozen=True):
    """A text cannot be read: SPEECH_FULL, VOICE_UNSUPPORTED or VOICE_FAILED."""

    request: int
    code: str
    message: str


class Sound(NamedTuple):
    """A piece of a channel's sound: PCM16 that begins at `position`."""

    channel: int
    position: int
    samples: bytes


class Spoken(NamedTuple):
    """A piece of MP3 of a text that is read aloud."""

    request: int
    sound: bytes


Control = (
    Beat
    | Challenge
    | Welcome
    | Hello
    | OpenChannel
    | ConfigureChannel
    | PhoneVoice
    | CloseChannel
    | GotWords
    | Speak
    | StopSpeaking
    | ChannelOpened
    | ChannelRefused
    | ChannelLost
    | Words
    | TranslatedWords
    | Voice
    | Settled
    | SoundDropped
    | Trouble
    | TroubleOver
    | SpeakingEnded
    | SpeakingRefused
)
Frame = Control | Sound | Spoken

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Control).decode


class BadFrame(ValueError):
    """Bytes that are no frame of this protocol: the connection is to be closed."""


def pack(message: Control) -> bytes:
    """Return the frame of a control message."""
    body = _encode(message)
    return _HEAD.pack(len(body) + 1, _CONTROL) + body


def pack_sound(channel: int, position: int, samples: bytes) -> bytes:
    """Return the frame of a piece of a channel's sound."""
    return b"".join(
        (
            _HEAD.pack(_SOUND_HEAD.size + len(samples) + 1, _SOUND),
            _SOUND_HEAD.pack(channel, position),
            samples,
        )
    )


def pack_spoken(request: int, sound: bytes) -> bytes:
    """Return the frame of a piece of MP3."""
    return b"".join(
        (_HEAD.pack(_SPOKEN_HEAD.size + len(sound) + 1, _SPOKEN), _SPOKEN_HEAD.pack(request), sound)
    )


class FrameReader:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield every frame that is complete now; raises BadFrame."""
        self._rest += data
        begin = 0
        try:
            while len(self._rest) - begin >= _HEAD.size:
                length, kind = _HEAD.unpack_from(self._rest, begin)
                if not 0 < length <= MAX_FRAME_BYTES:
                    raise BadFrame(f"A frame of {length} bytes")
                end = begin + _HEAD.size - 1 + length
                if len(self._rest) < end:
                    return
                body = bytes(self._rest[begin + _HEAD.size : end])
                begin = end
                yield _read(kind, body)
        finally:
            del self._rest[:begin]


def _read(kind: int, body: bytes) -> Frame:
    try:
        if kind == _SOUND:
            channel, position = _SOUND_HEAD.unpack_from(body)
            return Sound(channel, position, body[_SOUND_HEAD.size :])
        if kind == _SPOKEN:
            return Spoken(_SPOKEN_HEAD.unpack_from(body)[0], body[_SPOKEN_HEAD.size :])
        if kind == _CONTROL:
            message: Control = _decode(body)
            return message
    except Exception as problem:
        raise BadFrame(f"A frame of kind {kind} cannot be read: {problem}") from problem
    raise BadFrame(f"A frame of unknown kind {kind}")

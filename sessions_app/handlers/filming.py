"""What apps and the phone alike may ask of the camera's live video: checked, then done (media.md §5, §6)."""

from collections.abc import Callable
from dataclasses import dataclass

from sessions_app.handlers.asking import Question, ask_when_possible
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.rules import HardwareFacts, HardwareKind
from sessions_app.protocol import app_to_cloud, glasses_to_cloud
from sessions_app.protocol.codes import ErrorCode
from sessions_app.states import StreamKind
from sessions_app.streaming.addresses import output_problem, url_problem
from sessions_app.streaming.rules import MOST_OUTPUTS
from sessions_app.streaming.stream import Wish
from sessions_app.streaming.wire import video_of

ManagedRequest = app_to_cloud.ManagedStreamRequest | glasses_to_cloud.ManagedStreamRequest
QUALITIES = ("720p", "1080p")
NO_SERVER = "This cloud has no media server for managed streams; stream to an address of your own instead"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an app by its package, or the phone; what is known of it, and how it is told of a refusal."""

    name: str
    facts: Callable[[], HardwareFacts]
    refuse: Callable[[ErrorCode, str], None]


def ask_direct(runtime: SessionRuntime, asker: Asker, url: str, wish: Wish) -> None:
    """Have the glasses push to an address of the asker's choice; what ran before makes way."""
    problem = url_problem(url)
    if problem:
        asker.refuse(ErrorCode.MALFORMED_MESSAGE, problem)
        return

    def start() -> None:
        if not runtime.camera.start_direct(asker.name, url, wish):
            asker.refuse(ErrorCode.WEBSOCKET_CLOSED, "The connection to the phone closed while sending")

    _ask(runtime, asker, HardwareKind.STREAM, start)


def ask_managed(runtime: SessionRuntime, asker: Asker, message: ManagedRequest) -> None:
    """Have the glasses push to the media server, or let one more watch what they push there already."""
    problem = _managed_problem(message)
    if problem:
        asker.refuse(ErrorCode.MALFORMED_MESSAGE, problem)
        return
    if not runtime.camera.has_media_server:
        asker.refuse(ErrorCode.NOT_SUPPORTED, NO_SERVER)
        return
    wish = Wish(
        video=video_of(message.quality, message.video),
        audio=message.audio,
        stream=message.stream,
        sound=message.sound is not False,
        destinations=[(each.url, each.name) for each in message.restream_destinations or ()],
    )
    _ask(runtime, asker, HardwareKind.MANAGED_STREAM, lambda: runtime.camera.start_managed(asker.name, wish))


def stop_direct(runtime: SessionRuntime, name: str, stream_id: str | None) -> bool:
    """Have the glasses stop the asker's own stream; false when none of it runs."""
    stream = runtime.camera.stream
    if stream is None or stream.kind is not StreamKind.DIRECT or stream.owner != name:
        return False
    if stream_id and stream_id != stream.stream_id:
        return False
    runtime.camera.stop()
    return True


def _ask(runtime: SessionRuntime, asker: Asker, kind: HardwareKind, start: Callable[[], None]) -> None:
    ask_when_possible(runtime, Question(kind, asker.name, asker.facts, start, asker.refuse))


def _managed_problem(message: ManagedRequest) -> str:
    if message.quality and message.quality not in QUALITIES:
        return f"quality must be one of {', '.join(QUALITIES)}"
    destinations = message.restream_destinations or []
    if len(destinations) > MOST_OUTPUTS:
        return f"restreamDestinations may hold {MOST_OUTPUTS} at most"
    if len({each.url for each in destinations}) < len(destinations):
        return "restreamDestinations names an address twice"
    return next((problem for each in destinations if (problem := output_problem(each.url))), "")

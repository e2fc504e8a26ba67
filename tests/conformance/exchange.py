"""An exchange between a cloud and an app in a form that two recordings can be compared in, and kept as JSON.

What is left out or made equal, because it differs between any two recordings:
- time stamps, and the ids that are made up anew: utterances, requests, streams;
- addresses, users, packages and keys, which become the ones below;
- the version of the SDK;
- what comes by the clock: pings with their pongs, and changes of the glasses' state, told twice a second at most;
- the order of the streams in a subscription, which is a set;
- fields that are null;
- `sessionId` and `packageName` of what an app says after its introduction: the cloud knows them by the socket and reads
  neither (app-socket §7), the official SDK leaves them out here and there, and writes the session of its
  dashboard messages in another way;
- the complaint that there is no speech engine, which comes when the cloud has noticed.
The messages of each direction keep their order; how the two directions interleave depends on the machine.
"""

import json
from collections.abc import Iterable, Mapping
from difflib import ndiff
from pathlib import Path
from typing import Any

from tests.support.inbox import matches

FOLDER = Path(__file__).resolve().parents[1] / "data" / "exchanges"
OFFICIAL = FOLDER / "mentra-sdk-3.0.0-alpha.4.json"

USER = "ada@example.com"
PACKAGE = "com.example.story"
KEY = "k" * 64
SESSION = f"{USER}-{PACKAGE}"
WAYS = ("calls", "to_app", "from_app")

Step = dict[str, list[Any]]
Exchange = dict[str, Step]
"""What passed, by step and way."""

_MADE_UP = frozenset(
    {"timestamp", "timeStamp", "utteranceId", "requestId", "streamId", "sdkVersion", "startTime", "endTime"}
    | {"websocketUrl", "mentraOSWebsocketUrl", "augmentOSWebsocketUrl"}
)
_INTRODUCTIONS = frozenset({"tpa_connection_init", "reconnect"})
_BY_THE_CLOCK = (
    {"type": "ping"},
    {"type": "pong"},
    {"code": "SPEECH_UNAVAILABLE"},
    {"type": "device_state_update", "fullSnapshot": False},
)


def normalize(frames: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Exchange:
    """Return the exchange in `frames` of a recorder; `names` says what stands for user, package and key."""
    exchange: Exchange = {}
    for frame in frames:
        if any(matches(frame.get("message", {}), one) for one in _BY_THE_CLOCK):
            continue
        step = exchange.setdefault(frame["step"], {way: [] for way in WAYS})
        what = {name: value for name, value in frame.items() if name not in ("step", "way")}
        if frame["way"] == "from_app" and "message" in frame:
            what["message"] = _without_names(frame["message"])
        step[frame["way"]].append(_rename(_plain(what), names))
    return exchange


def shape(exchange: Exchange) -> Exchange:
    """Return what every cloud must have in common: the kinds of messages, their order, and who answered what."""
    return {
        name: {way: [_kind(frame) for frame in step[way]] for way in WAYS} for name, step in exchange.items()
    }


def differences(one: Exchange, other: Exchange) -> list[str]:
    """Return a line for each frame that only one of two exchanges has in its place."""
    lines: list[str] = []
    for name in one | other:
        for way in WAYS:
            before, now = (
                [json.dumps(frame) for frame in each.get(name, {}).get(way, [])] for each in (one, other)
            )
            if one.get(name, {}).get(way) != other.get(name, {}).get(way):
                lines += [f"{name}, {way}: {line}" for line in ndiff(before, now) if line[0] in "-+"]
    return lines


def load(path: Path) -> Exchange:
    """Return a kept exchange."""
    exchange: Exchange = json.loads(path.read_text())["steps"]
    return exchange


def save(path: Path, exchange: Exchange, about: str) -> None:
    """Keep an exchange, with a sentence about it."""
    path.write_text(json.dumps({"about": about, "steps": exchange}, indent=1, ensure_ascii=False) + "\n")


def _kind(frame: Mapping[str, Any]) -> str:
    message = frame.get("message", {})
    words = [frame.get("route"), frame.get("status"), frame.get("socket"), frame.get("code")]
    words += [message.get("type"), message.get("streamType"), message.get("layout", {}).get("text")]
    return " ".join(str(word) for word in words if word is not None)


def _without_names(message: Mapping[str, Any]) -> dict[str, Any]:
    dropped = () if message["type"] in _INTRODUCTIONS else ("sessionId", "packageName")
    return {name: value for name, value in message.items() if name not in dropped}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _plain(each) for name, each in value.items() if name not in _MADE_UP}
        return {name: _listed(name, each) for name, each in sorted(kept.items()) if each is not None}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _listed(name: str, value: Any) -> Any:
    return sorted(value) if name == "subscriptions" else value


def _rename(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _rename(each, names) for name, each in value.items()}
    if isinstance(value, list):
        return [_rename(each, names) for each in value]
    if isinstance(value, str):
        for real, shown in names.items():
            value = value.replace(real, shown)
    return value

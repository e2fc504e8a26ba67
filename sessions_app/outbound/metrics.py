"""Numbers of this process for operators. Counting must cost next to nothing, so rooms add to plain integers:

    relayed_frames["audio"] += 1

and the integers become Prometheus families only when somebody scrapes. Knows no socket and no message.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from django.db.models import Count
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from sessions_app.models import UserSession
from sessions_app.states import SessionState

registry = CollectorRegistry()

# Labels: which socket ("glasses", "app"); why it ended ("replaced", "peer", "network", "slow", …; pitfalls P-12).
open_sockets: Counter[str] = Counter()
socket_closes: Counter[tuple[str, str]] = Counter()
parked_sockets: Counter[str] = Counter()
# Labels: what was relayed ("audio", "event", "display", …).
relayed_frames: Counter[str] = Counter()
relayed_bytes: Counter[str] = Counter()
# Label: the kind of peer that was too slow for its audio.
dropped_audio_frames: Counter[str] = Counter()
# Label: whose frames were more than its limit ("glasses", "app").
refused_frames: Counter[str] = Counter()
# Label: what became of a UDP packet ("taken", "of nobody", "malformed").
udp_packets: Counter[str] = Counter()
# Label: the stage a start reached ("connected", "webhook_failed", "timed_out", …).
app_starts: Counter[str] = Counter()
# Label: "attempt" or how it ended ("connected", "dormant", …).
resurrections: Counter[str] = Counter()
# Label: what happened to the circuit of an app host ("trying", "open", "closed", "call held back").
circuits: Counter[str] = Counter()
# Label: a host that does not answer; 1 each.
open_circuits: Counter[str] = Counter()
# Label: what lost its transport ("session", "app").
grace_entries: Counter[str] = Counter()
# Labels: what waits for whom ("event for app", "frame for owner"); what became of it ("held", "dropped").
held_texts: Counter[tuple[str, str]] = Counter()
# Label: what became of a message for a user of an app ("delivered", "dropped").
app_messages: Counter[str] = Counter()
# Label: what became of an entry noted for inspectors ("stored", "dropped").
inspected: Counter[str] = Counter()
# Label: what happened to the channel of a session, to a line or to a text to be spoken ("opened", "moved", …).
speech_events: Counter[str] = Counter()
# Label: what came of what was heard ("interim", "final", "translation", "not told").
speech_words: Counter[str] = Counter()
# Label: where sound for recognisers gave way ("line", "kept", "worker").
speech_dropped_samples: Counter[str] = Counter()
# Label: what became of final words that are to be kept ("noted", "dropped").
transcript_segments: Counter[str] = Counter()
# Label: the step of a disposal that failed.
failed_disposal_steps: Counter[str] = Counter()

# Label: what this node has in memory ("session", "outbox_bytes", …); filled by `count_in_memory`.
in_memory: Counter[str] = Counter()
_watched: dict[str, Callable[[], int]] = {}
_alive: defaultdict[str, WeakSet[object]] = defaultdict(WeakSet)

webhook_seconds = Histogram(
    "mentra_webhook_seconds",
    "Time an app server took to answer one webhook attempt.",
    ["kind", "outcome"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 6, 10),
    registry=registry,
)


@dataclass(frozen=True)
class _Family:
    name: str
    text: str
    labels: tuple[str, ...]
    values: Counter[Any]
    is_gauge: bool = False


_FAMILIES = (
    _Family("mentra_open_sockets", "WebSockets open on this node.", ("kind",), open_sockets, is_gauge=True),
    _Family("mentra_socket_closes", "WebSockets ended, by cause.", ("kind", "cause"), socket_closes),
    _Family(
        "mentra_parked_sockets", "App sockets waiting for a user.", ("kind",), parked_sockets, is_gauge=True
    ),
    _Family("mentra_relayed_frames", "Frames handed to a peer.", ("kind",), relayed_frames),
    _Family("mentra_relayed_bytes", "Payload bytes handed to a peer.", ("kind",), relayed_bytes),
    _Family(
        "mentra_dropped_audio_frames", "Audio frames a slow peer missed.", ("kind",), dropped_audio_frames
    ),
    _Family("mentra_refused_frames", "Frames of peers that sent too many.", ("kind",), refused_frames),
    _Family("mentra_udp_packets", "UDP packets, by what became of them.", ("outcome",), udp_packets),
    _Family("mentra_app_starts", "App starts, by the stage reached.", ("stage",), app_starts),
    _Family(
        "mentra_resurrections", "Attempts to bring an app back, and their ends.", ("outcome",), resurrections
    ),
    _Family("mentra_circuits", "What happened to circuits of app hosts.", ("event",), circuits),
    _Family(
        "mentra_open_circuits",
        "App hosts that do not answer this node.",
        ("host",),
        open_circuits,
        is_gauge=True,
    ),
    _Family("mentra_grace_entries", "Transports lost that got a grace period.", ("kind",), grace_entries),
    _Family(
        "mentra_held_texts", "Messages held for a peer on its way back.", ("kind", "outcome"), held_texts
    ),
    _Family(
        "mentra_app_messages", "Messages between users of an app, by outcome.", ("outcome",), app_messages
    ),
    _Family(
        "mentra_speech_events",
        "What happened between sessions and speech workers.",
        ("event",),
        speech_events,
    ),
    _Family(
        "mentra_speech_words", "Results of recognisers, by what came of them.", ("outcome",), speech_words
    ),
    _Family(
        "mentra_speech_dropped_samples",
        "Samples of sound that no recogniser heard.",
        ("where",),
        speech_dropped_samples,
    ),
    _Family("mentra_inspected", "Messages and webhooks noted for inspectors.", ("outcome",), inspected),
    _Family(
        "mentra_transcript_segments", "Final words kept for their user.", ("outcome",), transcript_segments
    ),
    _Family(
        "mentra_failed_disposal_steps", "Parts of disposals that failed.", ("step",), failed_disposal_steps
    ),
    _Family("mentra_in_memory", "What this node has in memory now.", ("kind",), in_memory, is_gauge=True),
)


def watch(kind: str, count: Callable[[], int]) -> None:
    """Have something that must not pile up counted at each scrape, on the event loop."""
    _watched[kind] = count


def born(kind: str, thing: object) -> None:
    """Have `thing` counted as long as anything refers to it: what is not freed at its end shows up as a leak."""
    _alive[kind].add(thing)
    _watched.setdefault(kind, lambda: len(_alive[kind]))


def anything_alive() -> bool:
    """Whether anything that was born is not freed yet."""
    return any(_alive.values())


def count_in_memory() -> None:
    """Count what is watched; to be called on the event loop, whose data it looks at."""
    for kind, count in _watched.items():
        in_memory[kind] = count()


class _SessionStates:
    """How many sessions the database holds in each state that is not over; asked at most every five seconds."""

    FRESH_SECONDS = 5.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._asked_at = float("-inf")

    def counts(self) -> dict[str, int]:
        """Return state → number; blocking (one query)."""
        with self._lock:
            if time.monotonic() - self._asked_at > self.FRESH_SECONDS:
                rows = UserSession.objects.exclude(state=SessionState.DISPOSED).order_by()
                found = dict(rows.values_list("state").annotate(Count("id")))
                self._counts = {state.value: found.get(state.value, 0) for state in _LIVE}
                self._asked_at = time.monotonic()
            return self._counts

    def known(self) -> dict[str, int]:
        """Return what the last query found; empty when that is too old, as while the database is away."""
        return self._counts if time.monotonic() - self._asked_at <= 2 * self.FRESH_SECONDS else {}


_LIVE = tuple(state for state in SessionState if state is not SessionState.DISPOSED)
_session_states = _SessionStates()


def count_sessions_by_state() -> dict[str, int]:
    """Return how many sessions are in each live state, in the whole cloud; blocking, at most 5 s old."""
    return _session_states.counts()


class _CountersOfThisProcess(Collector):
    """Turns the integers above into Prometheus families at a scrape."""

    def describe(self) -> list[Any]:
        return []

    def collect(self) -> Iterator[Any]:
        for family in _FAMILIES:
            yield _as_prometheus(family)
        states = GaugeMetricFamily(
            "mentra_sessions", "Sessions of the whole cloud, by state.", labels=["state"]
        )
        for state, number in _session_states.known().items():
            states.add_metric([state], number)
        yield states


def _as_prometheus(family: _Family) -> CounterMetricFamily | GaugeMetricFamily:
    kind = GaugeMetricFamily if family.is_gauge else CounterMetricFamily
    metric = kind(family.name, family.text, labels=list(family.labels))
    for label, number in list(family.values.items()):
        metric.add_metric([label] if isinstance(label, str) else list(label), number)
    return metric


registry.register(_CountersOfThisProcess())
